"""How late submissions came: when that was, held against the course's due dates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from autograder.batch.times import handed_in
from autograder.course import Course

__all__ = ["lateness"]

Lateness = Callable[[str], int | None]
"""Days late by student: 0 in time, None where nobody knows."""


def lateness(course: Course, assignment: str, submitted: Path | None) -> Lateness:
    """Tell how to look up the days late of an assignment's submissions, which lie in nbgrader's layout.

    Without a folder, a due date, or such an assignment nothing is known of any.
    """
    known = next((each for each in course.assignments if each.name == assignment), None)
    if submitted is None or known is None or known.due is None:
        return lambda _: None

    due, policy = known.due, course.policy(known)

    def look(student: str) -> int | None:
        when = handed_in(submitted, student, assignment)
        return None if when is None else policy.days_late((when - due).total_seconds())

    return look
