"""Summarize reports: counts, means, the most frequent misconceptions, the slowest submissions, the errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import msgspec

from autograder.report import Report, Status

__all__ = [
    "AssignmentSummary",
    "MisconceptionCount",
    "SlowSubmission",
    "Summarizer",
    "Summary",
    "UngradedSubmission",
]

MOST_MISCONCEPTIONS = 5
MOST_SLOW = 3


class MisconceptionCount(msgspec.Struct, frozen=True):
    """A misconception and how many students had it."""

    name: str
    title: str
    students: int


class SlowSubmission(msgspec.Struct, frozen=True):
    """A slow submission, and how many seconds it took."""

    student: str
    seconds: float


class UngradedSubmission(msgspec.Struct, frozen=True):
    """A submission that could not be graded and needs a person's attention."""

    student: str
    assignment: str
    reason: str


class AssignmentSummary(msgspec.Struct, frozen=True):
    """One assignment. `mean` is None where nobody has a score."""

    name: str
    counts: dict[str, int]
    mean: float | None
    max_score: float | None
    misconceptions: tuple[MisconceptionCount, ...]
    slowest: tuple[SlowSubmission, ...]


class Summary(msgspec.Struct, frozen=True):
    """All assignments of a run."""

    assignments: tuple[AssignmentSummary, ...]
    errors: tuple[UngradedSubmission, ...]


class Summarizer:
    """Builds a summary from reports as they come, without keeping them."""

    def __init__(self) -> None:
        self._assignments: dict[str, _Totals] = {}
        self._errors: list[UngradedSubmission] = []

    def add(self, report: Report) -> None:
        """Add one report."""
        self._assignments.setdefault(report.assignment, _Totals()).add(report)
        if report.status is Status.ERROR:
            self._errors.append(UngradedSubmission(report.student, report.assignment, report.reason))

    def summary(self, titles: Callable[[str], Mapping[str, str]]) -> Summary:
        """Return the summary so far; `titles` returns an assignment's misconception titles by name."""
        by_name = sorted(self._assignments.items())
        return Summary(tuple(totals.summary(name, titles) for name, totals in by_name), tuple(self._errors))


class _Totals:
    """The totals of one assignment."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._scores: list[float] = []
        self._max: float | None = None
        self._misconceptions: Counter[str] = Counter()
        self._slow: list[SlowSubmission] = []

    def add(self, report: Report) -> None:
        """Count one report."""
        self._counts[report.status.value] += 1
        if report.score is not None:
            self._scores.append(report.score)
            self._max = report.max_score
        tests = (test for question in report.questions for test in question.tests)
        self._misconceptions.update({test.misconception for test in tests if test.misconception})
        if report.status is not Status.MISSING:
            slow = [*self._slow, SlowSubmission(report.student, report.seconds)]
            self._slow = sorted(slow, key=lambda each: -each.seconds)[:MOST_SLOW]

    def summary(self, name: str, titles_of: Callable[[str], Mapping[str, str]]) -> AssignmentSummary:
        """Summarize; `titles_of` is called only if a misconception was found."""
        titles = titles_of(name) if self._misconceptions else {}
        mean = sum(self._scores) / len(self._scores) if self._scores else None
        most = sorted(self._misconceptions.items(), key=lambda each: (-each[1], each[0]))[:MOST_MISCONCEPTIONS]
        named = tuple(MisconceptionCount(key, titles.get(key, key), count) for key, count in most)
        counts = {status.value: self._counts[status.value] for status in Status}
        return AssignmentSummary(name, counts, mean, self._max, named, tuple(self._slow))
