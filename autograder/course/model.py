"""A course as everything else sees it: frozen records, and the rule for late submissions."""

from __future__ import annotations

import difflib
import math
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec

from autograder.course import files as secrets
from autograder.errors import CourseError
from autograder.sandbox.limits import Limits

__all__ = ["Assignment", "Course", "KeepAttempt", "LatePolicy", "PenaltyBase", "ShowWhen", "Visibility"]

DAY = 86_400.0


class PenaltyBase(StrEnum):
    """What a late penalty is a fraction of: the score that was earned, or the most that could be."""

    SCORE = "score"
    MAX_SCORE = "max_score"


class LatePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What lateness costs; without any setting, nothing.

    per_day        fraction lost for each day begun, 0 to 1
    max_days       most days late that are accepted at all, 0 to 366; absent: no limit
    grace_minutes  minutes, 0 to 10080, by which every border moves: the due date, each day, and the last day
    of             what `per_day` is a fraction of: `score` (default) or `max_score`
    """

    per_day: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    max_days: Annotated[int, msgspec.Meta(ge=0, le=366)] | None = None
    grace_minutes: Annotated[float, msgspec.Meta(ge=0, le=10_080)] = 0.0
    of: PenaltyBase = PenaltyBase.SCORE

    def days_late(self, seconds_late: float) -> int:
        """Count the days begun after the due date and the grace period."""
        return math.ceil(max(seconds_late - 60 * self.grace_minutes, 0.0) / DAY)

    def penalty(self, score: float, max_score: float, seconds_late: float) -> float:
        """Compute the points lost by a submission that came `seconds_late` after its due date (negative: before).

        The result lies between 0 and `score`, is 0 up to the end of the grace period, never falls as lateness grows,
        and is the whole score after `max_days`. Nothing is rounded. Raises ValueError unless all three are finite.
        """
        if not all(map(math.isfinite, (score, max_score, seconds_late))):
            raise ValueError(f"cannot take a penalty of {score} of {max_score} points, {seconds_late} seconds late")
        earned = max(score, 0.0)
        days = self.days_late(seconds_late)
        if self.max_days is not None and days > self.max_days:
            return earned
        whole = earned if self.of is PenaltyBase.SCORE else max(max_score, 0.0)
        return min(earned, whole * self.per_day * days)


class ShowWhen(StrEnum):
    """When students see a criterion with its points and reasons, in the words of Gradescope."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


class KeepAttempt(StrEnum):
    """Which of a student's attempts counts where a host keeps several."""

    LATEST = "latest"
    BEST = "best"


class Visibility(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What students see, and when, where a host shows results by itself.

    criteria   when they see the criteria with points and reasons (default: at once)
    questions  the same for single questions, by name; the others follow `criteria`
    """

    criteria: ShowWhen = ShowWhen.VISIBLE
    questions: dict[str, ShowWhen] = {}

    def when(self, question: str) -> ShowWhen:
        """Give the time for a question."""
        return self.questions.get(question, self.criteria)


class Assignment(msgspec.Struct, frozen=True):
    """One assignment; `due` carries its time zone, `late_policy` and `visibility` replace the course's as a
    whole where they are given.

    `baseline` is the file of TensorFlow's results for one run, if not the record in the folder is to be used.
    """

    name: str
    folder: Path
    due: datetime | None = None
    weight: float = 1.0
    late_policy: LatePolicy | None = None
    baseline: Path | None = None
    visibility: Visibility | None = None


class Course(msgspec.Struct, frozen=True, dict=True, kw_only=True):
    """A course: `path` is its course.yml, `root` the folder of that; the first language is the default one."""

    path: Path
    root: Path
    id: str
    title: dict[str, str]
    languages: tuple[str, ...]
    secret_source: str
    assignments: tuple[Assignment, ...]
    late_policy: LatePolicy
    sandbox: Limits
    visibility: Visibility = Visibility()
    keep: KeepAttempt = KeepAttempt.LATEST

    @cached_property
    def secret(self) -> bytes:
        """Read what hidden inputs are drawn from, at first use; a file that does not exist yet is made then.

        Raises CourseError if it cannot be read or made.
        """
        return secrets.read_secret(self.secret_source, self.root)

    def assignment(self, name: str) -> Assignment:
        """Find an assignment by its name; raises CourseError that suggests near names."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        names = [assignment.name for assignment in self.assignments]
        near = difflib.get_close_matches(name[:200].lower(), names, n=3)
        remedy = f"Did you mean {' or '.join(near)}?" if near else f"It has: {', '.join(names)}."
        raise CourseError(f"{self.path}: the course has no assignment {name[:200]!r}. {remedy}")

    def policy(self, assignment: Assignment) -> LatePolicy:
        """Give the late policy in force for an assignment: its own, else the course's."""
        return self.late_policy if assignment.late_policy is None else assignment.late_policy

    def seen(self, assignment: Assignment) -> Visibility:
        """Give what students see of an assignment: its own setting, else the course's."""
        return self.visibility if assignment.visibility is None else assignment.visibility

    def title_in(self, lang: str) -> str:
        """Give the title in a language, else in the first of the course's languages that has one."""
        return next(self.title[code] for code in (lang, *self.languages, *self.title) if code in self.title)
