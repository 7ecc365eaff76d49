"""Whether what course.yml says of single questions fits the assignment."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.course import Assignment, Course
from autograder.errors import ReleaseError
from autograder.grading.criterion import Criterion

__all__ = ["check_visibility"]


def check_visibility(course: Course, assignment: Assignment, criteria: Sequence[Criterion]) -> None:
    """Raise ReleaseError where the assignment's own `visibility` names a question that it does not have.

    The course's may name questions of any assignment.
    """
    known = {criterion.question for criterion in criteria}
    odd = sorted(set(assignment.visibility.questions) - known) if assignment.visibility else []
    if odd:
        raise ReleaseError(
            f"{course.path}: visibility names {odd[0]!r}, and {assignment.name} has no such question. "
            f"It has: {', '.join(sorted(known))}."
        )
