"""What an assignment's hidden grader asks for, without grading anybody."""

from __future__ import annotations

from typing import NoReturn

from autograder.course import Assignment, Course
from autograder.grading.criterion import Criterion
from autograder.grading.engine import Engine
from autograder.grading.session import conduct

__all__ = ["criteria"]


class _Nowhere:
    """A sandbox for a session without submissions."""

    level = ""

    def run(self, _: object) -> NoReturn:
        raise AssertionError("no submission is graded here")


def criteria(course: Course, assignment: Assignment) -> tuple[Criterion, ...]:
    """Collect the criteria of an assignment in the order of its questions, those for a person included.

    Raises GraderError where the grader is broken.
    """
    engine = Engine(course, [assignment], _Nowhere(), (), lambda _: None)
    conduct(engine, course, [assignment])
    return engine.criteria(assignment.name)
