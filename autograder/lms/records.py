"""What every LMS module speaks of: a student's grade for one assignment, and where it stands."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import msgspec

__all__ = ["Grade", "Standing", "rounded"]


class Standing(StrEnum):
    """Five different things, of which only `graded` has a score that may leave this machine."""

    GRADED = "graded"
    PENDING = "pending"
    FAILED = "failed"
    MISSING = "missing"
    EXCUSED = "excused"


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """One student's result for one assignment, late policy applied.

    student    the name of the student's folder or file, as in the reports
    standing   what is known; `failed` means that grading failed through no fault of the student's
    score      points after the late penalty, rounded half up to 2 places; None unless `graded`
    raw_score  points before it; None unless `graded`
    penalty    points that lateness cost; 0 where there is none
    max_score  the most that can be reached; None where nothing was ever graded
    late_days  days begun after the due date and the grace period
    comment    the reasons as plain text, in the student's language
    reason     why there is no score, for the instructor; empty where there is one
    """

    student: str
    standing: Standing
    score: float | None = None
    raw_score: float | None = None
    penalty: float = 0.0
    max_score: float | None = None
    late_days: int = 0
    comment: str = ""
    reason: str = ""


def rounded(score: float) -> float:
    """Round half up to two decimal places, as people do; exact for every float that prints with two."""
    return float(Decimal(repr(score)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
