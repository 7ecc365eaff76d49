"""What every platform has in common: members, the grade that is there, what would change, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from autograder.lms.grades import Grade

__all__ = [
    "HELD_BY_PEOPLE",
    "SENT",
    "CurrentGrade",
    "GradeChange",
    "JoinBy",
    "PlanRow",
    "PlatformMember",
    "PushAction",
    "PushOutcome",
    "PushPlan",
    "PushStatus",
    "Target",
    "WriteReply",
]


class JoinBy(StrEnum):
    """What a student's name in our reports is on the platform."""

    ID = "id"
    SIS = "sis"
    LOGIN = "login"
    EMAIL = "email"


class PlatformMember(msgspec.Struct, frozen=True):
    """A person whom the platform lets us grade: its own id, the display name, and the other names it tells us."""

    key: str
    name: str
    names: Mapping[JoinBy, str]


class CurrentGrade(msgspec.Struct, frozen=True, kw_only=True):
    """The grade that a student has on the platform now.

    score      points of `maximum`; None where there is no grade, which is not 0
    maximum    the most that the column holds; None where the platform does not say
    comments   what is written beside it; None where the platform does not show that
    excused    the platform leaves the student out of this assignment
    overridden a person set it in the gradebook, above what any program writes
    locked     nobody may change it now
    remark     what a person should know about this grade, such as a late policy of the platform's own
    """

    score: float | None = None
    maximum: float | None = None
    comments: tuple[str, ...] | None = None
    excused: bool = False
    overridden: bool = False
    locked: bool = False
    remark: str = ""


class PushAction(StrEnum):
    """What a push would do with one student's grade; only those in SENT are ever sent."""

    NEW = "new"
    RAISE = "raise"
    DROP = "drop"
    COMMENT = "comment"
    SAME = "same"
    PENDING = "pending"
    FAILED = "failed"
    MISSING = "missing"
    EXCUSED = "excused"
    EXCUSED_THERE = "excused there"
    OVERRIDDEN = "overridden"
    BY_HAND = "by hand"
    LOCKED = "locked"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    MAXIMUM = "maximum"
    REFUSED_BEFORE = "refused before"


SENT = frozenset({PushAction.NEW, PushAction.RAISE, PushAction.DROP, PushAction.COMMENT})

HELD_BY_PEOPLE = frozenset(
    {
        PushAction.PENDING,
        PushAction.MISSING,
        PushAction.EXCUSED,
        PushAction.EXCUSED_THERE,
        PushAction.OVERRIDDEN,
        PushAction.BY_HAND,
    }
)
"""Held back because a person decided so, or has yet to: nothing is wrong."""


class PlanRow(msgspec.Struct, frozen=True, kw_only=True):
    """One student's line of a plan.

    theirs        what the platform has, in points of our maximum
    with_comment  whether the comment is not there yet
    """

    grade: Grade
    move: PushAction
    member: PlatformMember | None = None
    theirs: float | None = None
    with_comment: bool = False
    reason: str = ""


class PushPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a push would do. `stop` says why nothing may be written, and what to do; empty where all is well."""

    target: str
    assignment: str
    rows: tuple[PlanRow, ...]
    join: JoinBy | None = None
    stop: str = ""
    notes: tuple[str, ...] = ()

    @property
    def to_send(self) -> tuple[PlanRow, ...]:
        """The rows that would be written."""
        return tuple(row for row in self.rows if row.move in SENT)

    @property
    def clean(self) -> bool:
        """Return whether every graded student's grade is there, will be, or is held back by a person."""
        fine = SENT | HELD_BY_PEOPLE | {PushAction.SAME}
        return not self.stop and all(row.move in fine for row in self.rows)


class GradeChange(msgspec.Struct, frozen=True, kw_only=True):
    """One grade to write. `with_score` and `with_comment` say which of the two is not there yet."""

    member: PlatformMember
    score: float
    max_score: float
    comment: str
    with_score: bool = True
    with_comment: bool = True


class WriteReply(msgspec.Struct, frozen=True):
    """What the platform said to one change: taken, or refused for good, or (`settled` False) nobody knows."""

    taken: bool
    reason: str = ""
    settled: bool = True


class PushStatus(StrEnum):
    """How a grade that was sent ended."""

    AGREED = "agreed"
    REFUSED = "refused"
    KEPT = "kept"
    NOT_WRITTEN = "not written"
    NOT_KNOWN = "not known"


class PushOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One student's grade after the push.

    result  agreed: read back and equal; refused: the platform said no; kept: it said yes, and has another grade;
            not written: it is not there, a rerun sends it; not known: nothing could be read back, a rerun looks again
    found   what was read back, in points of our maximum; None where there is no grade or nothing was read
    """

    student: str
    result: PushStatus
    score: float
    found: float | None = None
    reason: str = ""


class Target(Protocol):
    """One column of one gradebook on one platform.

    name     what people call it                     key       what the state file calls it
    maximum  the maximum that grades must have; None where the platform rescales
    batch    how many grades go into one request
    """

    @property
    def name(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def maximum(self) -> float | None: ...
    @property
    def batch(self) -> int: ...

    def notes(self) -> Sequence[str]:
        """Return what a person should know about this column before writing to it."""

    def lacking(self) -> Sequence[str]:
        """Return which required permissions the token lacks; raises PushError."""

    def members(self) -> Sequence[PlatformMember]:
        """List who can be graded; raises PushError."""

    def read(self) -> Mapping[str, CurrentGrade]:
        """Read the grades that are there, by member's key; raises PushError."""

    def write(self, changes: Sequence[GradeChange]) -> Mapping[str, WriteReply]:
        """Send changes; raises PushError if none was taken, PushUnsettled if nobody knows. By member's key."""
