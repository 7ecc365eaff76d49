"""What Gradescope says about a submission: when it came, when it was due, and what came before it."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from autograder.batch.find import read_bounded

__all__ = ["History", "read_history"]

MOST_BYTES = 16 << 20


class History(msgspec.Struct, frozen=True):
    """One submission's surroundings; `scores` are (number of the attempt from 1, points) of those we graded before."""

    created: datetime | None = None
    due: datetime | None = None
    attempt: int = 1
    scores: tuple[tuple[int, float], ...] = ()

    def seconds_late(self, course_due: datetime | None) -> float:
        """Give the seconds after the due date, negative before it; infinitely early where either is not known.

        Gradescope's date goes before the course's: it knows of extensions.
        """
        due = self.due or course_due
        return -math.inf if due is None or self.created is None else (self.created - due).total_seconds()


def read_history(path: Path, mark: str) -> History:
    """Read submission_metadata.json; what is absent or of an unknown form is left out, never guessed.

    `mark` is the key of `extra_data` under which we left the score of an attempt.
    """
    try:
        data = msgspec.json.decode(read_bounded(path, MOST_BYTES))
    except (OSError, msgspec.DecodeError):
        return History()
    before = _list(_get(data, "previous_submissions"))
    before.sort(key=lambda each: str(_get(each, "submission_time") or ""))
    scores = []
    for number, each in enumerate(before, start=1):
        score = _get(each, "results", "extra_data", mark, "score")
        if isinstance(score, int | float) and math.isfinite(score):
            scores.append((number, float(score)))
    return History(
        created=_moment(_get(data, "created_at")),
        due=_due(data),
        attempt=len(before) + 1,
        scores=tuple(scores),
    )


def _due(data: Any) -> datetime | None:
    """Take the latest due date among the members of a group, each of whom may have an extension."""
    own = [_moment(_get(user, "assignment", "due_date")) for user in _list(_get(data, "users"))]
    dates = [date for date in own if date is not None]
    return max(dates) if dates else _moment(_get(data, "assignment", "due_date"))


def _get(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
