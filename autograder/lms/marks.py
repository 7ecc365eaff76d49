"""Marks that a person gives for written answers: a CSV beside the results, which makes a pending grade whole."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path

import msgspec

from autograder.atomic import replace_file
from autograder.errors import LmsError
from autograder.lms.columns import parse_number
from autograder.lms.roster import read_table
from autograder.report import QuestionResult, Report, Status
from autograder.results.store import reports_in
from autograder.text import formula_guarded, printable

__all__ = ["COLUMNS", "Mark", "Marks", "apply_marks", "read_marks", "reports_of", "write_marks"]

COLUMNS = ("student", "question", "points", "max_points", "comment")


class Mark(msgspec.Struct, frozen=True):
    """What a person gave for one question, and what they say about it."""

    points: float
    comment: str = ""


Marks = Mapping[tuple[str, str], Mark]
"""(student, question) -> mark; a question without one is still open."""


def reports_of(results: Path, assignment: str) -> dict[str, Report]:
    """Read the reports of an assignment, by student; raises LmsError if there are none, or one cannot be read."""
    where = printable(str(results))
    found = {}
    for path, report in reports_in(results):
        if path.parent.name != assignment:
            continue
        if report is None or report.assignment != assignment:
            raise LmsError(f"{printable(str(path))} is no report of {assignment}. Remove it, then grade again.")
        found[report.student] = report
    if not found:
        raise LmsError(f"{where} holds no reports of {assignment}. Run `autograder grade` first, or name its -o.")
    return found


def read_marks(path: Path, reports: Mapping[str, Report]) -> Marks:
    """Read marks; an empty cell is an answer that nobody has marked yet, not a zero.

    Raises LmsError, naming the line, on a student or question that the reports do not have as a written one, on points
    that are no number between 0 and the most, and on two marks for one answer.
    """
    table = read_table(path)
    header = [text.strip().casefold() for text in table.header]
    if not set(COLUMNS[:3]) <= set(header):
        raise LmsError(f"{printable(str(path))}: the first line must name the columns {', '.join(COLUMNS[:3])}.")
    found: dict[tuple[str, str], Mark] = {}
    for row in range(1, len(table.rows)):
        where = f"{printable(str(path))}:{table.line(row)}"
        line = {name: table.value(row, header.index(name)) for name in COLUMNS if name in header}
        points = line["points"].strip()
        if not points:
            continue
        student, question = line["student"], line["question"].strip()
        if student not in reports:
            student = student.removeprefix("'")  # what kept a spreadsheet from computing it
        mark = Mark(_points(points, _most(reports.get(student), question, where), where), line.get("comment", ""))
        if (student, question) in found:
            raise LmsError(f"{where}: a second mark for {printable(student)}, {printable(question)}. Remove one.")
        found[student, question] = mark
    return found


def write_marks(results: Path, assignment: str, out: Path) -> tuple[int, int]:
    """Write a line for every written answer to `out`, keeping the marks that are there.

    Gives how many answers there are, and how many of them have no points. Raises LmsError: no reports, bad marks.
    """
    reports = reports_of(results, assignment)
    known = read_marks(out, reports) if out.exists() else {}
    answers = [(student, each) for student in sorted(reports) for each in reports[student].questions if each.manual]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for student, question in answers:
        mark = known.get((student, question.name))
        points, comment = (f"{mark.points:g}", formula_guarded(mark.comment)) if mark else ("", "")
        writer.writerow([formula_guarded(student), question.name, points, f"{question.max_score:g}", comment])
    try:
        replace_file(out, text.getvalue().encode())
    except OSError as error:
        raise LmsError(f"cannot write {printable(str(error.filename or out))}: {error.strerror}.") from None
    return len(answers), sum((student, question.name) not in known for student, question in answers)


def apply_marks(report: Report, marks: Marks) -> Report:
    """Put marks into a report; it is graded, with their points, once no written answer is without one."""
    if report.status is not Status.PENDING:
        return report
    questions = tuple(_marked(each, marks.get((report.student, each.name))) for each in report.questions)
    written = [each for each in questions if each.manual]
    still_open = not written or any(each.score is None for each in questions)  # without one, something else is open
    score = math.fsum(each.score or 0.0 for each in questions)
    status = Status.PENDING if still_open else Status.GRADED
    return msgspec.structs.replace(report, questions=questions, score=score, status=status)


def _marked(question: QuestionResult, mark: Mark | None) -> QuestionResult:
    if mark is None or not question.manual:
        return question
    says = (mark.comment, *("" for _ in question.tests[1:]))  # instead of "a person will grade this"
    tests = tuple(msgspec.structs.replace(test, message=said) for test, said in zip(question.tests, says, strict=False))
    return msgspec.structs.replace(question, score=mark.points, tests=tests)


def _most(report: Report | None, question: str, where: str) -> float:
    if report is None:
        raise LmsError(f"{where}: there is no report of this student. Begin with the file of `autograder lms marks`.")
    written = {each.name: each.max_score for each in report.questions if each.manual}
    if question not in written:
        named = ", ".join(written) or "none"
        raise LmsError(f"{where}: no written question {printable(question)!r} in the report; it has: {named}.")
    return written[question]


def _points(text: str, most: float, where: str) -> float:
    value = parse_number(text)
    if value is None or not 0 <= value <= most:
        raise LmsError(f"{where}: points must be a number from 0 to {most:g}, and empty while nobody has marked it.")
    return value
