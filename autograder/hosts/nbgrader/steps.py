"""The steps that replace the execution of notebooks in `nbgrader autograde`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode
from traitlets.config import Application

from autograder.batch.run import GradeOptions, grade
from autograder.course import load_course
from autograder.errors import AutograderError
from autograder.explain import comment, question_html, question_text
from autograder.hosts.nbgrader.release import POINTS
from autograder.report import QuestionResult, Report, Status

__all__ = ["CourseLatePolicy", "Explain", "GradeInSandbox", "NotGraded", "ReportSource"]


class NotGraded(Exception):
    """A submission has no result, through no fault of its author: it must not become a score."""


class ReportSource(msgspec.Struct):
    """Reports for one run of nbgrader: of the course `course_file`, from `submitted`, kept in `results`.

    Grading is incremental, so the first request brings every report of its assignment up to date, in parallel.
    """

    course_file: Path
    submitted: Path
    results: Path
    found: dict[tuple[str, str], Report] = {}

    def report(self, assignment: str, student: str, *, alone: bool) -> Report:
        """Return a submission's report; with `alone` the rest of the class is not graded along.

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
        order = GradeOptions(submitted=self.submitted, out=self.results, assignments=(assignment,), students=students)
        try:
            outcome = grade(load_course(self.course_file), order)
        except AutograderError as error:
            raise NotGraded(str(error)) from error
        if outcome.interrupted:
            raise KeyboardInterrupt
        self.found.update({(report.assignment, report.student): report for report in outcome.reports})


Resources = dict[str, Any]
_DESKS: dict[tuple[Path, Path, Path], ReportSource] = {}
"""One per course directory; nbgrader makes its steps anew for each notebook, and a class is graded only once."""


class _Step(NbGraderPreprocessor):
    """What our steps share: where the course is, and where reports are kept."""

    course_file = Unicode("", help="The course file, course.yml.").tag(config=True)
    results = Unicode("results", help="The folder for reports, in the course directory if relative.").tag(config=True)

    def _desk(self) -> ReportSource:
        directory = CourseDirectory(config=self.config)
        root = Path(directory.root)
        submitted = Path(directory.format_path(directory.submitted_directory, ".", ".")).resolve()
        where = Path(self.course_file), submitted, root / self.results
        return _DESKS.setdefault(where, ReportSource(*where))


class GradeInSandbox(_Step):
    """Instead of nbgrader's Execute: put the points and reasons of our report into the cells for them.

    Raises NotGraded where there is no result: nbgrader then lists the submission as failed and grades the others.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Grade one notebook."""
        about = resources["nbgrader"]
        report = self._desk().report(about["assignment"], about["student"], alone=_one_student())
        cells = {
            each["grade_id"]: cell for cell in nb.cells if (each := cell.metadata.get("nbgrader", {})).get("grade")
        }
        for question in report.questions:
            cell = cells.get(f"{POINTS}{question.name}")
            if cell is not None:
                cell.outputs = _outputs(question, report)
            elif question.name not in cells:  # as written answers are, also those of a file that could not be read
                raise NotGraded(
                    f"the gradebook has no cell for the points of {question.name!r}: "
                    "run `autograder release`, `nbgrader generate_assignment --force` and `nbgrader autograde` again"
                )
        resources["autograder"] = report
        return nb, resources


def _one_student() -> bool:
    """Return whether nbgrader grades one student only: named on its command line, or clicked in formgrader."""
    directory = getattr(Application.instance(), "coursedir", None) if Application.initialized() else None
    return directory is None or directory.student_id != "*"


def _outputs(question: QuestionResult, report: Report) -> list[NotebookNode]:
    """Make the two outputs that nbgrader reads as reason and score."""
    score = min(max(float(question.score or 0.0), 0.0), float(question.max_score))
    reason = {"text/plain": question_text(question, report.lang), "text/html": question_html(question, report.lang)}
    shown = new_output("display_data", data=reason)
    scored = new_output("execute_result", data={"text/plain": repr(score)}, execution_count=1)
    return [shown, scored]


class Explain(NbGraderPreprocessor):
    """After SaveAutoGrades, which resets it: the automatic comment on each of the student's own cells."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Comment on one notebook."""
        report, about = resources["autograder"], resources["nbgrader"]
        words = {q.name: comment(q) for q in report.questions if not q.manual}
        with Gradebook(about["db_url"]) as book:
            for name, text in words.items():
                entry = book.find_comment(name, about["notebook"], about["assignment"], about["student"])
                entry.auto_comment = text or None
            book.db.commit()
        return nb, resources


class CourseLatePolicy(LateSubmissionPlugin):
    """The late policy of course.yml, for nbgrader's AssignLatePenalties."""

    course_file = Unicode("", help="The course file, course.yml.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:  # noqa: ARG002 - nbgrader's signature
        """Return the late penalty in points; nbgrader asks only for late submissions."""
        course = load_course(Path(self.course_file))
        assignment = course.assignment(self.parent.assignment_id)
        most = self.parent.gradebook.find_assignment(assignment.name).max_score
        return course.policy(assignment).penalty(score, most, total_seconds_late)
