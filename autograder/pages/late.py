"""When submissions came: the timestamp.txt that nbgrader keeps beside each one, and the course's due dates."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.batch.find import read_bounded
from autograder.course import Assignment, Course

__all__ = ["FILE", "days_late", "handed_in", "lateness"]

FILE = "timestamp.txt"
_LIMIT = 200  # bytes
_DAY = 86_400.0

Lateness = Callable[[str], int | None]
"""Days late by student: 0 in time, None where nobody knows."""


def lateness(course: Course, assignment: str, submitted: Path | None) -> Lateness:
    """Tell how to look up the days late of an assignment's submissions, which lie in nbgrader's layout.

    Without a folder, a due date, or such an assignment nothing is known of any.
    """
    known = next((each for each in course.assignments if each.name == assignment), None)
    if submitted is None or known is None or known.due is None:
        return lambda _: None

    def look(student: str) -> int | None:
        if Path(student).name != student:  # no folder of submissions has such a name
            return None
        return days_late(course, known, handed_in(submitted / student / assignment / FILE))

    return look


def days_late(course: Course, assignment: Assignment, when: datetime | None) -> int | None:
    """Count the days begun after due date and grace period; 0 is in time, None is unknown."""
    if when is None or assignment.due is None:
        return None
    seconds = (when - assignment.due).total_seconds() - 60 * course.policy(assignment).grace_minutes
    return max(0, math.ceil(seconds / _DAY))


def handed_in(path: Path) -> datetime | None:
    """Read a timestamp such as `2027-02-05 23:58:01 UTC`; None if there is none, or it cannot be read.

    The zone is a name of the time-zone database or an offset; without one it is UTC, as nbgrader has it.
    """
    try:
        text = read_bounded(path, _LIMIT)[:_LIMIT].decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return None
    clock, _, zone = text.rpartition(" ")
    for moment, name in ((text, ""), (clock, zone)):
        try:
            when = datetime.fromisoformat(moment)
            return when if when.tzinfo else when.replace(tzinfo=ZoneInfo(name) if name else UTC)
        except (ValueError, ZoneInfoNotFoundError, OSError):
            continue
    return None
