"""From a submission in an nbgrader course to its report: graded before, or now together with the rest of the class."""

from __future__ import annotations

from pathlib import Path

import msgspec

from autograder.batch.grade import Order, grade
from autograder.course import load
from autograder.errors import AutograderError
from autograder.hosts.quiet import Quiet
from autograder.report import Report, Status

__all__ = ["Desk", "NotGraded"]


class NotGraded(Exception):
    """A submission has no result, through no fault of its author: it must not become a score."""


class Desk(msgspec.Struct):
    """Reports for one run of nbgrader: of the course `course_file`, from `submitted`, kept in `results`.

    Grading is incremental, so the first request brings every report of its assignment up to date, in parallel.
    """

    course_file: Path
    submitted: Path
    results: Path
    found: dict[tuple[str, str], Report] = {}

    def report(self, assignment: str, student: str, *, alone: bool) -> Report:
        """Give a submission's report; `alone` keeps the rest of the class out of it.

        Raises NotGraded with the reason if there is none.
        """
        key = assignment, student
        if key not in self.found:
            self._grade(assignment, (student,) if alone else ())
        report = self.found.pop(key, None)  # asked for again, the submission may have changed
        if report is None or report.status is Status.MISSING:
            raise NotGraded(f"{student} has no file for {assignment!r} in {self.submitted} that could be graded")
        if report.status is Status.ERROR:
            raise NotGraded(f"{student} · {assignment}: {report.reason}")
        return report

    def _grade(self, assignment: str, students: tuple[str, ...]) -> None:
        order = Order(submitted=self.submitted, out=self.results, assignments=(assignment,), students=students)
        try:
            outcome = grade(load(self.course_file), order, Quiet())
        except AutograderError as error:
            raise NotGraded(str(error)) from error
        if outcome.interrupted:
            raise KeyboardInterrupt
        self.found.update({(report.assignment, report.student): report for report in outcome.reports})
