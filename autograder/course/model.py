"""A course as frozen records, and the rule for late submissions."""

from __future__ import annotations

import difflib
import math
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec

from autograder.course import files as secrets
from autograder.errors import CourseError
from autograder.sandbox.limits import Limits

__all__ = ["Assignment", "Course", "KeepAttempt", "LatePolicy", "PenaltyBase", "ShowWhen", "Visibility"]

DAY = 86_400.0


class PenaltyBase(StrEnum):
    """What a late penalty is a fraction of: the earned score, or the maximum score."""

    SCORE = "score"
    MAX_SCORE = "max_score"


class LatePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The penalty for late submissions; by default there is none.

    per_day        fraction lost for each day begun, 0 to 1
    max_days       days late after which a submission scores nothing, 0 to 366; absent: no limit
    grace_minutes  minutes, 0 to 10080, that are added to the due date, to each day, and to the last day
    of             what `per_day` is a fraction of: `score` (default) or `max_score`
    """

    per_day: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    max_days: Annotated[int, msgspec.Meta(ge=0, le=366)] | None = None
    grace_minutes: Annotated[float, msgspec.Meta(ge=0, le=10_080)] = 0.0
    of: PenaltyBase = PenaltyBase.SCORE

    def days_late(self, seconds_late: float) -> int:
        """Return the number of days begun since the due date and the grace period."""
        return math.ceil(max(seconds_late - 60 * self.grace_minutes, 0.0) / DAY)

    def penalty(self, score: float, max_score: float, seconds_late: float) -> float:
        """Return the points lost by a submission `seconds_late` after its due date (negative: before).

        The result is between 0 and `score`, is 0 until the grace period ends, never decreases with lateness, and is the
        whole score after `max_days`. It is not rounded. Raises ValueError unless all three numbers are finite.
        """
        if not all(map(math.isfinite, (score, max_score, seconds_late))):
            raise ValueError(f"no penalty for {score} of {max_score} points, {seconds_late} seconds late")
        earned = max(score, 0.0)
        days = self.days_late(seconds_late)
        if self.max_days is not None and days > self.max_days:
            return earned
        whole = earned if self.of is PenaltyBase.SCORE else max(max_score, 0.0)
        return min(earned, whole * self.per_day * days)


class ShowWhen(StrEnum):
    """When students see a criterion with its points and reasons, in Gradescope's terms."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


class KeepAttempt(StrEnum):
    """Which of a student's attempts counts if a host keeps several."""

    LATEST = "latest"
    BEST = "best"


class Visibility(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What students see, and when, on hosts that show results themselves.

    criteria   when they see the criteria with points and reasons (default: immediately)
    questions  the same for single questions, by name; the others follow `criteria`
    """

    criteria: ShowWhen = ShowWhen.VISIBLE
    questions: dict[str, ShowWhen] = {}

    def when(self, question: str) -> ShowWhen:
        """Return when students see a question's criteria."""
        return self.questions.get(question, self.criteria)


class Assignment(msgspec.Struct, frozen=True):
    """One assignment. `due` has a time zone; `late_policy` and `visibility` replace the course's completely.

    `baseline` is a file of TensorFlow's results for one run, to be used instead of the record in the folder.
    """

    name: str
    folder: Path
    due: datetime | None = None
    weight: float = 1.0
    late_policy: LatePolicy | None = None
    baseline: Path | None = None
    visibility: Visibility | None = None


class Course(msgspec.Struct, frozen=True, dict=True, kw_only=True):
    """A course: `path` is its course.yml, `root` that file's folder; the first language is the default."""

    path: Path
    root: Path
    id: str
    title: dict[str, str]
    languages: tuple[str, ...]
    secret_source: str
    assignments: tuple[Assignment, ...]
    late_policy: LatePolicy
    sandbox: Limits
    visibility: Visibility = Visibility()
    keep: KeepAttempt = KeepAttempt.LATEST

    @cached_property
    def secret(self) -> bytes:
        """The secret from which hidden inputs are drawn, read at first use; a missing file is created.

        Raises CourseError if it cannot be read or created.
        """
        return secrets.read_secret(self.secret_source, self.root)

    def assignment(self, name: str) -> Assignment:
        """Return an assignment by its name; raises CourseError, which suggests similar names."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        names = [assignment.name for assignment in self.assignments]
        near = difflib.get_close_matches(name[:200].lower(), names, n=3)
        remedy = f"Did you mean {' or '.join(near)}?" if near else f"It has: {', '.join(names)}."
        raise CourseError(f"{self.path}: the course has no assignment {name[:200]!r}. {remedy}")

    def policy(self, assignment: Assignment) -> LatePolicy:
        """Return the late policy of an assignment: its own, else the course's."""
        return self.late_policy if assignment.late_policy is None else assignment.late_policy

    def seen(self, assignment: Assignment) -> Visibility:
        """Return what students see of an assignment: its own setting, else the course's."""
        return self.visibility if assignment.visibility is None else assignment.visibility

    def title_in(self, lang: str) -> str:
        """Return the title in a language, else in the first of the course's languages that has one."""
        return next(self.title[code] for code in (lang, *self.languages, *self.title) if code in self.title)
