"""Gradescope's two files: what it says about a submission, and a report as its results.json."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from math import fsum
from pathlib import Path
from typing import Any

import msgspec

from autograder.batch.discovery import read_bounded
from autograder.course import Assignment, Course
from autograder.course.model import KeepAttempt, Visibility
from autograder.explain import cell_text, score_text, status_text
from autograder.i18n import N_, render
from autograder.report import QuestionResult, Report, Status, TestResult
from autograder.text import printable

__all__ = ["MARK", "SubmissionHistory", "encode_results", "read_history", "results_json", "ungraded_results"]


MOST_BYTES = 16 << 20


class SubmissionHistory(msgspec.Struct, frozen=True):
    """One submission's surroundings; `scores` are (number of the attempt from 1, points) of those we graded before."""

    created: datetime | None = None
    due: datetime | None = None
    attempt: int = 1
    scores: tuple[tuple[int, float], ...] = ()

    def seconds_late(self, course_due: datetime | None) -> float:
        """Return the seconds after the due date, negative before it; minus infinity if either is unknown.

        Gradescope's date goes before the course's: it knows of extensions.
        """
        due = self.due or course_due
        return -math.inf if due is None or self.created is None else (self.created - due).total_seconds()


def read_history(path: Path, mark: str) -> SubmissionHistory:
    """Read submission_metadata.json; what is absent or of an unknown form is left out, never guessed.

    `mark` is the key of `extra_data` under which we left the score of an attempt.
    """
    try:
        data = msgspec.json.decode(read_bounded(path, MOST_BYTES))
    except (OSError, msgspec.DecodeError):
        return SubmissionHistory()
    before = _list(_get(data, "previous_submissions"))
    before.sort(key=lambda each: str(_get(each, "submission_time") or ""))
    scores = []
    for number, each in enumerate(before, start=1):
        score = _get(each, "results", "extra_data", mark, "score")
        if isinstance(score, int | float) and math.isfinite(score):
            scores.append((number, float(score)))
    return SubmissionHistory(
        created=_moment(_get(data, "created_at")),
        due=_due(data),
        attempt=len(before) + 1,
        scores=tuple(scores),
    )


def _due(data: Any) -> datetime | None:
    """Return the latest due date among the members of a group, each of whom may have an extension."""
    own = [_moment(_get(user, "assignment", "due_date")) for user in _list(_get(data, "users"))]
    dates = [date for date in own if date is not None]
    return max(dates) if dates else _moment(_get(data, "assignment", "due_date"))


def _get(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


MARK = "nn_autograder"
"""Under this key `extra_data` holds what a later attempt wants to know of this one."""

MOST_TEXT = 20_000

_BY_HAND = N_("A person grades this.")
_LATE = N_("Handed in late: {penalty} points less.")
_BEFORE = N_("Attempt {number}. Attempt {best} had the most so far: {score}.")
_BEST = N_("The best attempt counts.")
_FAULT = N_(
    "This submission was not graded, through no fault of yours. The 0 is not your result: tell your instructor."
)


def results_json(course: Course, assignment: Assignment, report: Report, history: SubmissionHistory) -> dict[str, Any]:
    """Build the content of results.json from a report; finite numbers and bounded texts only.

    The score is that of the automatic criteria, late policy of the course applied, and with `keep: best` the best of
    this and earlier attempts. A report without a score becomes `not_graded`.
    """
    if report.status is Status.ERROR:
        return _kept_best(ungraded_results(report.reason, report.lang), course, history)
    questions = [question for question in report.questions if not question.manual]
    earned, most = fsum(q.score or 0.0 for q in questions), fsum(q.max_score for q in questions)
    late = history.seconds_late(assignment.due)
    penalty = course.policy(assignment).penalty(earned, most, late) if math.isfinite(late) else 0.0
    own = _number(earned - penalty)
    best = max(history.scores, key=lambda attempt: attempt[1], default=(0, own))
    lines = [report.reason, *report.notes, *(cell_text(error, report.lang) for error in report.cell_errors)]
    lines += [render(_LATE, {"penalty": f"{penalty:g}"}, report.lang)] if penalty else []
    lines += _attempts(course, history, best, most, report.lang)
    shown = course.seen(assignment)
    found: dict[str, Any] = {
        "score": own,
        "output": _text("\n".join(filter(None, lines))),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [test for number, q in enumerate(report.questions, 1) for test in _tests(q, number, shown, report)],
        "extra_data": {MARK: _kept(report, own)},
    }
    if board := _leaderboard(report):
        found["leaderboard"] = board
    if report.status is Status.MISSING:
        found["output"] = _text(f"{status_text(report.status, report.lang)}: {report.reason}")
    return _kept_best(found, course, history)


def ungraded_results(reason: str, lang: str = "en") -> dict[str, Any]:
    """Build valid results for a submission that could not be graded; Gradescope wants a number: a 0 that says so."""
    told = {"name": status_text(Status.ERROR, lang), "output": render(_FAULT, {}, lang), "visibility": "visible"}
    why = {"name": "For instructors", "output": _text(reason), "visibility": "hidden", "status": "failed"}
    return {
        "score": 0.0,
        "stdout_visibility": "hidden",
        "tests": [told | {"status": "failed"}, why],
        "extra_data": {MARK: {"status": Status.ERROR.value}},
    }


def encode_results(found: dict[str, Any]) -> bytes:
    """Encode results as JSON."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"


def _kept_best(found: dict[str, Any], course: Course, history: SubmissionHistory) -> dict[str, Any]:
    best = max((score for _, score in history.scores), default=0.0) if course.keep is KeepAttempt.BEST else 0.0
    return found | {"score": max(found["score"], best)}


def _tests(question: QuestionResult, number: int, shown: Visibility, report: Report) -> Iterator[dict[str, Any]]:
    when = shown.when(question.name)
    for place, test in enumerate(question.tests, start=1):
        made: dict[str, Any] = {
            "name": _text(test.criterion, 500),
            "number": f"{number}.{place}",
            "tags": [question.name],
            "visibility": when.value,
            "output": _text(_reason(test, by_hand=question.manual, lang=report.lang)),
        }
        if not question.manual:
            made |= {"score": _number(test.points), "max_score": _number(test.max_points)}
            made["status"] = "passed" if test.passed else "failed"
        yield made


def _leaderboard(report: Report) -> list[dict[str, Any]]:
    """Return what trainings are ranked by: accuracy, then the loss of the last epoch, both measured by the grader."""
    training = report.figures.training if report.figures else None
    if training is None:
        return []
    loss = training.losses[-1] if training.losses else None
    rows: list[dict[str, Any]] = [{"name": "Accuracy", "value": _number(training.accuracy)}]
    return rows + ([{"name": "Loss", "value": _number(loss), "order": "asc"}] if loss is not None else [])


def _reason(test: TestResult, *, by_hand: bool, lang: str) -> str:
    if by_hand:
        return f"{render(_BY_HAND, {}, lang)} {score_text(None, test.max_points, lang)}"
    return "\n\n".join(filter(None, (test.message, test.hint)))


def _attempts(course: Course, history: SubmissionHistory, best: tuple[int, float], most: float, lang: str) -> list[str]:
    if not history.scores:
        return []
    words: dict[str, object] = {"number": history.attempt, "best": best[0], "score": score_text(best[1], most, lang)}
    return [render(_BEFORE, words, lang)] + ([render(_BEST, {}, lang)] if course.keep is KeepAttempt.BEST else [])


def _kept(report: Report, own: float) -> dict[str, Any]:
    kept = {"score": own, "status": report.status.value, "isolation": report.isolation, "engine": report.engine}
    return kept | {"seconds": _number(report.seconds), "content_hash": report.content_hash}


def _number(value: float) -> float:
    return round(value, 5) if math.isfinite(value) else 0.0


def _text(text: str, most: int = MOST_TEXT) -> str:
    """Cut a text, and write out what JSON, a terminal or a browser could stumble over."""
    clean = "\n".join(map(printable, text.splitlines()))
    return clean if len(clean) <= most else f"{clean[:most]} …"
