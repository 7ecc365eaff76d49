"""From the reports of a run to the grades that may leave this machine: late policy applied, standings kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from autograder import explain
from autograder.batch.names import printable
from autograder.batch.store import reports_in
from autograder.course import Assignment, Course, LatePolicy
from autograder.errors import LmsError
from autograder.lms.handins import HandIn, submitted_at
from autograder.lms.records import Grade, Standing, rounded
from autograder.report import Report, Status
from autograder.words import N_, render

__all__ = ["MOST_COMMENT", "Terms", "grades", "reports_of"]

MOST_COMMENT = 30_000
"""Longest comment in characters; a cell of a spreadsheet holds 32,767."""

_LATE = N_("late by {days} days begun: {penalty} points taken off the {raw} that were earned")
_CUT = N_("the rest is left out: it is too long")
_NO_TIME = "late, but when it came is not known: write the time into timestamp.txt beside it, or leave the policy out"
_STANDING = {Status.PENDING: Standing.PENDING, Status.ERROR: Standing.FAILED, Status.MISSING: Standing.MISSING}


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What grades depend on beside the reports.

    hand_ins     what the LMS said of each student's work (`handins.read(folder).of(assignment)`); a student in it
                 without a report is `missing`
    submitted    the folder of submissions: a timestamp.txt in it counts more than what the LMS said
    excused      students whose work does not count, whatever it is
    late_policy  False leaves the score as it was earned: for an LMS with a late policy of its own
    """

    hand_ins: Mapping[str, HandIn] = {}
    submitted: Path | None = None
    excused: frozenset[str] = frozenset()
    late_policy: bool = True


_PLAIN = Terms()


def grades(course: Course, assignment: str, results: Path, terms: Terms = _PLAIN) -> tuple[Grade, ...]:
    """Give each student's grade for an assignment, sorted by student; `results` is what `autograder grade` wrote.

    Work whose time is not known is in time, unless the LMS marked it as late: then it has no score, and `reason` says
    so. Raises LmsError if there is no report of the assignment, or one that cannot be read.
    """
    place = course.assignment(assignment)
    reports = reports_of(results, place.name)
    students = sorted(reports.keys() | terms.hand_ins.keys() | terms.excused)
    return tuple(_grade(course, place, student, reports.get(student), terms) for student in students)


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


def _grade(course: Course, place: Assignment, student: str, report: Report | None, terms: Terms) -> Grade:
    if student in terms.excused:
        return Grade(student=student, standing=Standing.EXCUSED, max_score=report.max_score if report else None)
    if report is None:
        return Grade(student=student, standing=Standing.MISSING, reason="no report: grade it first")
    if report.status is not Status.GRADED or report.score is None or report.max_score is None:
        return _without_score(report)
    seconds = _seconds_late(place, student, terms)
    return _graded(course.policy(place), report, report.score, report.max_score, seconds)


def _without_score(report: Report) -> Grade:
    standing = _STANDING.get(report.status, Standing.FAILED)  # "graded" without a score is a fault of ours
    reason = report.reason or ("written answers are not graded yet" if standing is Standing.PENDING else "no score")
    comment = "" if standing is Standing.MISSING else _bounded(explain.report_text(report), report.lang)
    return Grade(student=report.student, standing=standing, max_score=report.max_score, comment=comment, reason=reason)


def _seconds_late(place: Assignment, student: str, terms: Terms) -> float | None:
    """Tell by how much it came after the due date (negative: before it); None if late by nobody knows how much."""
    if place.due is None or not terms.late_policy:
        return 0.0
    hand_in = terms.hand_ins.get(student)
    when = submitted_at(terms.submitted, student, place.name) if terms.submitted else None
    when = when or (hand_in.submitted_at if hand_in else None)
    if when is not None:
        return (when - place.due).total_seconds()
    return None if hand_in and hand_in.late else 0.0


def _graded(policy: LatePolicy, report: Report, earned: float, most: float, seconds: float | None) -> Grade:
    if seconds is None and (policy.per_day or policy.max_days is not None):
        return Grade(student=report.student, standing=Standing.PENDING, max_score=most, reason=_NO_TIME)
    raw, score = rounded(earned), rounded(earned - policy.penalty(earned, most, seconds or 0.0))
    grade = Grade(
        student=report.student,
        standing=Standing.GRADED,
        score=score,
        raw_score=raw,
        penalty=rounded(raw - score),
        max_score=most,
        late_days=policy.days_late(seconds or 0.0),
    )
    return _with_comment(grade, report)


def _with_comment(grade: Grade, report: Report) -> Grade:
    head, *rest = explain.report_text(report).splitlines()
    if grade.penalty:
        head = explain.score_text(grade.score, grade.max_score, report.lang)
        params = {"days": grade.late_days, "penalty": f"{grade.penalty:g}", "raw": f"{grade.raw_score:g}"}
        rest = [f"  {render(_LATE, params, report.lang)}", *rest]
    return msgspec.structs.replace(grade, comment=_bounded("\n".join([head, *rest]), report.lang))


def _bounded(text: str, lang: str) -> str:
    if len(text) <= MOST_COMMENT:
        return text
    return f"{text[:MOST_COMMENT]}\n... ({render(_CUT, {}, lang)})"
