"""What a run amounts to: counts, means, the most frequent misconceptions, the slowest, the errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec

from autograder.report import Report, Status

__all__ = ["AssignmentSummary", "MisconceptionCount", "SlowSubmission", "Summary", "UngradedSubmission", "summarize"]

MOST = 5


class MisconceptionCount(msgspec.Struct, frozen=True):
    """A named mistake and how many students made it."""

    name: str
    title: str
    students: int


class SlowSubmission(msgspec.Struct, frozen=True):
    """A submission that took long, in seconds."""

    student: str
    seconds: float


class UngradedSubmission(msgspec.Struct, frozen=True):
    """A submission that could not be graded; a person must look at it."""

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


def summarize(reports: Iterable[Report], titles: Callable[[str], Mapping[str, str]]) -> Summary:
    """Sum up reports; `titles` gives an assignment's misconceptions in the language of whoever reads the sums."""
    by_name: dict[str, _Sum] = {}
    errors = []
    for report in reports:
        by_name.setdefault(report.assignment, _Sum()).add(report)
        if report.status is Status.ERROR:
            errors.append(UngradedSubmission(report.student, report.assignment, report.reason))
    return Summary(tuple(by_name[name].result(name, titles) for name in sorted(by_name)), tuple(errors))


class _Sum:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._scores: list[float] = []
        self._max: float | None = None
        self._mistakes: Counter[str] = Counter()
        self._slow: list[SlowSubmission] = []

    def add(self, report: Report) -> None:
        """Count one report."""
        self._counts[report.status.value] += 1
        if report.score is not None:
            self._scores.append(report.score)
            self._max = report.max_score
        tests = (test for question in report.questions for test in question.tests)
        self._mistakes.update({test.misconception for test in tests if test.misconception})
        if report.status is not Status.MISSING:
            self._slow = sorted(
                [*self._slow, SlowSubmission(report.student, report.seconds)], key=lambda slow: -slow.seconds
            )[:3]

    def result(self, name: str, titles_of: Callable[[str], Mapping[str, str]]) -> AssignmentSummary:
        """Sum up; `titles_of` gives the titles of an assignment's misconceptions, and is asked only if one was made."""
        titles = titles_of(name) if self._mistakes else {}
        mean = sum(self._scores) / len(self._scores) if self._scores else None
        most = self._mistakes.most_common(MOST)
        mistakes = tuple(MisconceptionCount(key, titles.get(key, key), count) for key, count in most)
        counts = {status.value: self._counts[status.value] for status in Status}
        return AssignmentSummary(name, counts, mean, self._max, mistakes, tuple(self._slow))
