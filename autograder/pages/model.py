"""The records that pages are made from: rows, questions, misconceptions and sections, and how late work was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from autograder.batch.discovery import submission_time
from autograder.course import Course
from autograder.pages.labels import Labels
from autograder.report import Report, Status

__all__ = [
    "AssignmentSection",
    "MistakeCount",
    "PageContext",
    "QuestionSummary",
    "SubmissionRow",
    "TrainingSummary",
    "lateness",
    "page_frame",
    "share_of",
    "submission_row",
]


class TrainingSummary(msgspec.Struct, frozen=True):
    """How a submission's training went, as far as the class is concerned."""

    losses: tuple[float | None, ...]
    accuracy: float
    seconds: float


class SubmissionRow(msgspec.Struct, frozen=True):
    """One submission in a table.

    points    what the table says: "18 / 20", or nothing
    share     of the points that were graded automatically, 0 to 1; None where there is no score
    late      days late, 0 in time, None unknown
    mistakes  names of the misconceptions found
    """

    student: str
    assignment: str
    status: Status
    score: float | None
    max_score: float | None
    points: str
    share: float | None
    seconds: float | None
    reason: str
    lang: str = "en"
    late: int | None = None
    mistakes: tuple[str, ...] = ()
    learnt: TrainingSummary | None = None

    @property
    def flags(self) -> str:
        """What a table can be filtered by."""
        return f"{self.status.value} late" if self.late else self.status.value


class QuestionSummary(msgspec.Struct, frozen=True):
    """A question in the overview; `lost` counts submissions without all of its points."""

    assignment: str
    name: str
    max_score: float
    difficulty: float | None
    discrimination: float | None
    lost: int


class MistakeCount(msgspec.Struct, frozen=True):
    """A misconception, and how many students made it in a question."""

    assignment: str
    question: str
    name: str
    title: str
    students: int


class AssignmentSection(msgspec.Struct, frozen=True):
    """What the overview keeps of an assignment; entries are sorted by student."""

    name: str
    entries: tuple[SubmissionRow, ...]
    questions: tuple[QuestionSummary, ...]
    mistakes: tuple[MistakeCount, ...]
    unreadable: tuple[str, ...] = ()
    pages: int = 0

    def count(self, status: Status) -> int:
        """Count the submissions of a status."""
        return sum(each.status is status for each in self.entries)

    @property
    def problems(self) -> tuple[SubmissionRow, ...]:
        """The submissions that could not be graded because of a grader error."""
        return tuple(each for each in self.entries if each.status is Status.ERROR)

    @property
    def missing(self) -> int:
        """How many students handed in nothing."""
        return self.count(Status.MISSING)

    @property
    def handed_in(self) -> int:
        """How many handed in something."""
        return len(self.entries) - self.missing

    @property
    def late(self) -> int | None:
        """How many came late; None where that is known of nobody."""
        known = [each.late for each in self.entries if each.late is not None]
        return sum(days > 0 for days in known) if known else None

    @property
    def shares(self) -> Sequence[float]:
        """The shares of those that have a score."""
        return [each.share for each in self.entries if each.share is not None]

    @property
    def durations(self) -> Sequence[float]:
        """Seconds that grading took, of whatever was handed in."""
        return [each.seconds for each in self.entries if each.seconds is not None]

    @property
    def median(self) -> float | None:
        """The median share."""
        return median(self.shares) if self.shares else None

    @property
    def median_seconds(self) -> float | None:
        """The median time."""
        return median(self.durations) if self.durations else None

    @property
    def longest(self) -> float | None:
        """The longest time."""
        return max(self.durations, default=None)


def share_of(report: Report) -> float | None:
    """Return the share of the automatic points that a report has earned; None if it has no score."""
    reachable = sum(question.max_score for question in report.questions if not question.manual)
    if report.score is None or not reachable:
        return None
    return sum(question.score or 0.0 for question in report.questions if not question.manual) / reachable


def submission_row(report: Report, late: int | None) -> SubmissionRow:
    """Reduce a report to what tables show."""
    tests = [test for question in report.questions for test in question.tests]
    learnt = report.figures.training if report.figures else None
    scored = report.score is not None and report.status in (Status.GRADED, Status.PENDING)
    return SubmissionRow(
        student=report.student,
        assignment=report.assignment,
        status=report.status,
        score=report.score if scored else None,
        max_score=report.max_score,
        points=f"{report.score:g} / {report.max_score or 0:g}" if scored else "",
        share=share_of(report) if scored else None,
        seconds=None if report.status is Status.MISSING else report.seconds,
        reason=report.reason,
        lang=report.lang,
        late=None if report.status is Status.MISSING else late,
        mistakes=tuple(dict.fromkeys(test.misconception for test in tests if test.misconception)),
        learnt=TrainingSummary(learnt.losses, learnt.accuracy, learnt.seconds) if learnt else None,
    )


class PageContext(msgspec.Struct, frozen=True):
    """What all pages of a run share. `assignments` are those that have reports, `target` is where pages go."""

    course: Course
    target: Path
    lang: str
    assignments: tuple[str, ...]
    submitted: Path | None
    when: str


def page_frame(context: PageContext, labels: Labels, here: str, root: str) -> dict[str, Any]:
    """Return what the head of every instructor's page shows; `root` is the relative path of the overview's folder."""
    return {
        "t": labels,
        "course": context.course.title_in(context.lang),
        "assignments": context.assignments,
        "here": here,
        "root": root,
        "when": context.when,
    }


Lateness = Callable[[str], int | None]
"""Days late by student: 0 in time, None where unknown."""


def lateness(course: Course, assignment: str, submitted: Path | None) -> Lateness:
    """Return a function that looks up the days late of an assignment's submissions in nbgrader's layout.

    Without a folder, a due date, or such an assignment nothing is known of any.
    """
    known = next((each for each in course.assignments if each.name == assignment), None)
    if submitted is None or known is None or known.due is None:
        return lambda _: None

    due, policy = known.due, course.policy(known)

    def look(student: str) -> int | None:
        when = submission_time(submitted, student, assignment)
        return None if when is None else policy.days_late((when - due).total_seconds())

    return look
