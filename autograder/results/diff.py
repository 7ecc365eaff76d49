"""Compare two output folders: whose score changed, and which criteria made the difference."""

from __future__ import annotations

from pathlib import Path

import msgspec

from autograder.errors import OutputError
from autograder.report import Report, Status, TestResult
from autograder.results.store import reports_in
from autograder.text import printable

__all__ = ["CriterionChange", "ReportChange", "ResultsDiff", "diff_results"]


class CriterionChange(msgspec.Struct, frozen=True):
    """A criterion with another result; None if a run did not have it."""

    question: str
    criterion: str
    old_points: float | None
    new_points: float | None
    old_misconception: str
    new_misconception: str
    message: str


class ReportChange(msgspec.Struct, frozen=True):
    """A submission with another result; None if a run did not have it."""

    student: str
    assignment: str
    old_status: Status | None
    new_status: Status | None
    old_score: float | None
    new_score: float | None
    flips: tuple[CriterionChange, ...] = ()
    reason: str = ""


class ResultsDiff(msgspec.Struct, frozen=True):
    """All changes, and how many submissions did not change."""

    changes: tuple[ReportChange, ...]
    same: int
    unreadable: tuple[str, ...] = ()


def diff_results(old: Path, new: Path) -> ResultsDiff:
    """Compare the reports of two output folders. Raises OutputError if one has none."""
    unreadable: list[str] = []
    before, after = _reports(old, unreadable), _reports(new, unreadable)
    keys = sorted(before.keys() | after.keys())
    compared = (_change(key, before.get(key), after.get(key)) for key in keys)
    changes = tuple(change for change in compared if change)
    return ResultsDiff(changes, len(keys) - len(changes), tuple(unreadable))


def _reports(out: Path, unreadable: list[str]) -> dict[tuple[str, str], Report]:
    if not (out / "reports").is_dir():
        raise OutputError(f"{printable(str(out))} has no reports: name a folder that `autograder grade` wrote.")
    found = {}
    for path, report in reports_in(out):
        if report is None:
            unreadable.append(printable(str(path)))
        else:
            found[report.assignment, report.student] = report
    return found


def _change(key: tuple[str, str], old: Report | None, new: Report | None) -> ReportChange | None:
    flips = _flips(old, new) if old and new else ()
    assignment, student = key
    change = ReportChange(
        student=student,
        assignment=assignment,
        old_status=old.status if old else None,
        new_status=new.status if new else None,
        old_score=old.score if old else None,
        new_score=new.score if new else None,
        flips=flips,
        reason=new.reason if new else "",
    )
    same = (change.old_status, change.old_score) == (change.new_status, change.new_score)
    return None if same and not flips else change


def _flips(old: Report, new: Report) -> tuple[CriterionChange, ...]:
    before, after = _tests(old), _tests(new)
    flips = []
    for key in [*before, *(key for key in after if key not in before)]:
        was, now = before.get(key), after.get(key)
        if _outcome(was) != _outcome(now):
            flips.append(_flip(key[0], was, now))
    return tuple(flips)


def _tests(report: Report) -> dict[tuple[str, str], TestResult]:
    return {(question.name, test.id): test for question in report.questions for test in question.tests}


def _outcome(test: TestResult | None) -> tuple[bool, float, float, str] | None:
    return (test.passed, test.points, test.max_points, test.misconception) if test else None


def _flip(question: str, was: TestResult | None, now: TestResult | None) -> CriterionChange:
    shown = now or was
    return CriterionChange(
        question=question,
        criterion=shown.criterion if shown else "",
        old_points=was.points if was else None,
        new_points=now.points if now else None,
        old_misconception=was.misconception if was else "",
        new_misconception=now.misconception if now else "",
        message=now.message if now else "",
    )
