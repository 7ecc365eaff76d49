"""Grades out of nbgrader's gradebook as CSV: quoted, safe in a spreadsheet, missing kept apart from zero."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from autograder.text import formula_guarded

__all__ = ["COLUMNS", "GuardedCsv"]

COLUMNS = (
    "assignment", "student_id", "last_name", "first_name", "email", "status", "raw_score", "late_penalty", "score",
    "max_score", "duedate", "timestamp",
)  # fmt: skip


class GuardedCsv(ExportPlugin):
    """`nbgrader export --exporter=autograder.hosts.nbgrader.export.GuardedCsv --to=grades.csv`

    `status` is `graded`, `pending` (a person has yet to grade something), `ungraded` (no result: run
    `nbgrader autograde` again) or `missing`; the last two have no score.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file."""
        target = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", target)
        with target.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(self._rows(gradebook))

    def _rows(self, gradebook: Gradebook) -> Iterator[list[str]]:
        wanted, students = set(map(str, self.assignment)), set(map(str, self.student))
        for assignment in gradebook.assignments:
            for student in gradebook.students:
                if (not wanted or assignment.name in wanted) and (not students or student.id in students):
                    yield [_cell(value) for value in _row(gradebook, assignment, student)]


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> tuple[Any, ...]:
    who = (assignment.name, student.id, student.last_name, student.first_name, student.email)
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return (*who, "missing", None, None, None, assignment.max_score, assignment.duedate, None)
    status = _status(submission)
    rest = (assignment.max_score, assignment.duedate, submission.timestamp)
    if status == "ungraded":
        return (*who, status, None, None, None, *rest)
    penalty = submission.late_submission_penalty
    return (*who, status, submission.score, penalty, max(0.0, submission.score - penalty), *rest)


def _status(submission: Any) -> str:
    by_hand = {cell.name for notebook in submission.assignment.notebooks for cell in notebook.solution_cells}
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    if any(grade.auto_score is grade.manual_score is None and grade.name not in by_hand for grade in grades):
        return "ungraded"
    return "pending" if any(grade.needs_manual_grade for grade in grades) else "graded"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else formula_guarded(str(value))
