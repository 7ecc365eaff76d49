"""From the reports of a run to the grades that may leave this machine: late policy applied, standings kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from pathlib import Path

import msgspec

from autograder import explain
from autograder.batch.discovery import submission_time
from autograder.course import Assignment, Course, LatePolicy
from autograder.i18n import N_, render
from autograder.lms import ledger as ledger_module
from autograder.lms import marks
from autograder.lms.ledger import HandIn
from autograder.lms.marks import Marks, reports_of
from autograder.report import Report, Status
from autograder.text import printable

__all__ = [
    "MOST_COMMENT",
    "GatheredGrades",
    "Grade",
    "GradeSource",
    "GradeTerms",
    "Standing",
    "gather_grades",
    "grades_of",
    "late_text",
    "ledger_folder",
    "reports_of",
    "round_score",
]


class Standing(StrEnum):
    """Five different things, of which only `graded` has a score that may leave this machine."""

    GRADED = "graded"
    PENDING = "pending"
    FAILED = "failed"
    MISSING = "missing"
    EXCUSED = "excused"


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """One student's result for one assignment, late policy applied.

    student    the name of the student's folder or file, as in the reports
    standing   what is known; `failed` means that grading failed because of a grader error
    score      points after the late penalty, rounded half up to 2 places; None unless `graded`
    raw_score  points before it; None unless `graded`
    penalty    points that lateness cost; 0 where there is none
    max_score  the most that can be reached; None where nothing was ever graded
    late_days  days begun after the due date and the grace period
    comment    the reasons as plain text, in the student's language
    reason     why there is no score, for the instructor; empty where there is one
    """

    student: str
    standing: Standing
    score: float | None = None
    raw_score: float | None = None
    penalty: float = 0.0
    max_score: float | None = None
    late_days: int = 0
    comment: str = ""
    reason: str = ""


def round_score(score: float) -> float:
    """Round half up to two decimal places, as people do; exact for every float that prints with two."""
    return float(Decimal(repr(score)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


MOST_COMMENT = 30_000
"""Longest comment in characters; a cell of a spreadsheet holds 32,767."""

_LATE = N_("late by {days} days begun: {penalty} points taken off the {raw} that were earned")
_CUT = N_("the rest is left out: it is too long")
_NO_TIME = "late by an unknown time: write it into timestamp.txt beside the work, or say --no-late-policy"
_STANDING = {Status.PENDING: Standing.PENDING, Status.ERROR: Standing.FAILED, Status.MISSING: Standing.MISSING}


class GradeTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What grades depend on beside the reports.

    hand_ins     what the LMS said of each student's work (`handins.read(folder).of(assignment)`); a student in it
                 without a report is `missing`
    submitted    the folder of submissions: a timestamp.txt in it counts more than what the LMS said
    excused      students whose work does not count, whatever it is
    late_policy  False leaves the score as it was earned: for an LMS with a late policy of its own
    marks        what people gave for written answers
    """

    hand_ins: Mapping[str, HandIn] = {}
    submitted: Path | None = None
    excused: frozenset[str] = frozenset()
    late_policy: bool = True
    marks: Marks = {}


class GradeSource(msgspec.Struct, frozen=True, kw_only=True):
    """Which grades are meant: `results` is what `autograder grade` wrote.

    submitted    the folder with lms.json; None looks for one in `results` and beside it
    excused      students whose work does not count
    late_policy  False leaves the late policy of course.yml out
    marks        a file of marks for written answers, see `lms.marks`
    """

    assignment: str
    results: Path
    submitted: Path | None = None
    excused: frozenset[str] = frozenset()
    late_policy: bool = True
    marks: Path | None = None


class GatheredGrades(msgspec.Struct, frozen=True, kw_only=True):
    """The grades of an assignment, and what is known of the work; `folder` is None if nothing says when it came."""

    reports: Mapping[str, Report]
    grades: tuple[Grade, ...]
    hand_ins: Mapping[str, HandIn]
    key: str
    folder: Path | None
    notes: tuple[str, ...] = ()


_PLAIN = GradeTerms()


def grades_of(course: Course, assignment: str, results: Path, terms: GradeTerms = _PLAIN) -> tuple[Grade, ...]:
    """Return each student's grade for an assignment, sorted by student; `results` is what `autograder grade` wrote.

    Work whose time is not known is in time, unless the LMS marked it as late: then it has no score, and `reason` says
    so. Raises LmsError if there is no report of the assignment, or one that cannot be read.
    """
    place = course.assignment(assignment)
    reports = reports_of(results, place.name)
    students = sorted(reports.keys() | terms.hand_ins.keys() | terms.excused)
    return tuple(_grade(course, place, student, reports.get(student), terms) for student in students)


def gather_grades(course: Course, basis: GradeSource) -> GatheredGrades:
    """Return the selected grades with what lms.json knows. Raises LmsError, also on an invalid lms.json."""
    place = course.assignment(basis.assignment)
    folder = basis.submitted or ledger_folder(basis.results)
    ledger = ledger_module.read_ledger(folder) if folder else ledger_module.Ledger()
    hand_ins = ledger.of(place.name)
    reports = reports_of(basis.results, place.name)
    terms = GradeTerms(
        hand_ins=hand_ins,
        submitted=folder,
        excused=basis.excused,
        late_policy=basis.late_policy,
        marks=marks.read_marks(basis.marks, reports) if basis.marks else {},
    )
    found = grades_of(course, place.name, basis.results, terms)
    untold = not folder and basis.late_policy and place.due is not None
    note = "no times of submission are known: all work counts as in time (--submitted names the folder with them)"
    notes = (note,) if untold else ()
    full = {student: marks.apply_marks(report, terms.marks) for student, report in reports.items()}
    return GatheredGrades(reports=full, grades=found, hand_ins=hand_ins, key=ledger.key, folder=folder, notes=notes)


def ledger_folder(results: Path) -> Path | None:
    """Find the folder of submissions with an lms.json, in the folder for results or beside it; else None."""
    places = (results / "submitted", results.absolute().parent / "submitted")
    return next((place for place in places if (place / ledger_module.FILE).is_file()), None)


def _grade(course: Course, place: Assignment, student: str, report: Report | None, terms: GradeTerms) -> Grade:
    if student in terms.excused:
        return Grade(student=student, standing=Standing.EXCUSED, max_score=report.max_score if report else None)
    if report is None:
        return Grade(student=student, standing=Standing.MISSING, reason="no report: grade it first")
    report = marks.apply_marks(report, terms.marks)
    if report.status is not Status.GRADED or report.score is None or report.max_score is None:
        return _without_score(report)
    seconds = _seconds_late(place, student, terms)
    return _graded(course.policy(place), report, report.score, report.max_score, seconds)


def _without_score(report: Report) -> Grade:
    standing = _STANDING.get(report.status, Standing.FAILED)  # "graded" without a score is a grader error
    written = "written answers without a mark: see `autograder lms marks`"
    reason = written if standing is Standing.PENDING else report.reason or "no score"
    comment = "" if standing is Standing.MISSING else _bounded(explain.report_text(report), report.lang)
    return Grade(student=report.student, standing=standing, max_score=report.max_score, comment=comment, reason=reason)


def _seconds_late(place: Assignment, student: str, terms: GradeTerms) -> float | None:
    """Return the seconds after the due date (negative: before it); None if it is late by an unknown amount."""
    if place.due is None or not terms.late_policy:
        return 0.0
    hand_in = terms.hand_ins.get(student)
    when = submission_time(terms.submitted, student, place.name) if terms.submitted else None
    when = when or (hand_in.submitted_at if hand_in else None)
    if when is not None:
        return (when - place.due).total_seconds()
    return None if hand_in and hand_in.late else 0.0


def _graded(policy: LatePolicy, report: Report, earned: float, most: float, seconds: float | None) -> Grade:
    if seconds is None and (policy.per_day or policy.max_days is not None):
        return Grade(student=report.student, standing=Standing.PENDING, max_score=most, reason=_NO_TIME)
    raw, score = round_score(earned), round_score(earned - policy.penalty(earned, most, seconds or 0.0))
    grade = Grade(
        student=report.student,
        standing=Standing.GRADED,
        score=score,
        raw_score=raw,
        penalty=round_score(raw - score),
        max_score=most,
        late_days=policy.days_late(seconds or 0.0),
    )
    return _with_comment(grade, report)


def _with_comment(grade: Grade, report: Report) -> Grade:
    head, *rest = explain.report_text(report).splitlines()
    if grade.penalty:
        head = explain.score_text(grade.score, grade.max_score, report.lang)
        rest = [f"  {late_text(grade, report.lang)}", *rest]
    return msgspec.structs.replace(grade, comment=_bounded("\n".join([head, *rest]), report.lang))


def late_text(grade: Grade, lang: str) -> str:
    """Return a sentence about the late penalty of a grade."""
    return render(
        _LATE, {"days": grade.late_days, "penalty": f"{grade.penalty:g}", "raw": f"{grade.raw_score:g}"}, lang
    )


def _bounded(text: str, lang: str) -> str:
    """Shorten a comment, and write out what a terminal or a browser would obey in a student's text."""
    text = "\n".join(map(printable, text.splitlines()))
    if len(text) <= MOST_COMMENT:
        return text
    return f"{text[:MOST_COMMENT]}\n... ({render(_CUT, {}, lang)})"
