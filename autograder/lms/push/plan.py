"""What a push would change: our grades beside those on the platform, and why some of them stay here."""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from autograder.lms.push.join import Joined, join
from autograder.lms.push.records import JoinBy, Move, Plan, Row, Target, There
from autograder.lms.push.state import SAME, Entry, Phase, digest, scaled
from autograder.lms.records import Grade, Standing
from autograder.lms.roster import Member as Person

__all__ = ["Terms", "agree", "comment_there", "make_plan", "payload", "sendable"]

_HELD = {
    Standing.PENDING: (Move.PENDING, "written answers are not graded yet"),
    Standing.FAILED: (Move.FAILED, "grading failed through a fault of ours; run autograder grade again"),
    Standing.MISSING: (Move.MISSING, "nothing was handed in"),
    Standing.EXCUSED: (Move.EXCUSED, "excused"),
}
MAX_COMMENT = 20_000
"""Longest comment in characters that is sent; a platform's own limit lies above."""

_TAG = re.compile(r"<[^>]*>")


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What the instructor allows.

    max_drop  points by which a grade may drop
    join      what the students' names are on the platform; None finds out
    people    the students' ids, where their names are none of these
    again     send also what was refused before
    """

    max_drop: float = 0.0
    join: JoinBy | None = None
    people: Mapping[str, Person] | None = None
    again: bool = False


def make_plan(
    target: Target, assignment: str, grades: Sequence[Grade], entries: Mapping[str, Entry], terms: Terms
) -> Plan:
    """Compare grades with what the platform has; reads, and writes nothing.

    Raises PushError if the platform cannot be read or students cannot be told apart.
    """
    graded = [grade for grade in grades if grade.standing is Standing.GRADED]
    students = [grade.student for grade in graded]
    joined = join(students, target.members(), terms.join, terms.people) if graded else _NOBODY
    there = target.read() if graded else {}
    times = Counter(grade.student for grade in grades)
    judge = _Judge(target, joined, there, entries, terms)
    rows = tuple(judge.row(grade, alone=times[grade.student] == 1) for grade in grades)
    return Plan(
        target=target.name,
        assignment=assignment,
        rows=rows,
        join=joined.by,
        stop=_too_deep(rows, terms.max_drop),
        notes=tuple(target.notes()),
    )


_NOBODY = Joined(None, {}, frozenset())


class _Judge:
    """Decides, one grade at a time, what would happen to it."""

    def __init__(
        self,
        target: Target,
        joined: Joined,
        there: Mapping[str, There],
        entries: Mapping[str, Entry],
        terms: Terms,
    ) -> None:
        self._target, self._joined, self._there = target, joined, there
        self._entries, self._terms = entries, terms

    def row(self, grade: Grade, *, alone: bool) -> Row:
        """Decide about one grade; `alone` is False where the same student is listed twice."""
        if grade.standing is not Standing.GRADED:
            move, reason = _HELD[grade.standing]
            return Row(grade=grade, move=move, reason=grade.reason or reason)
        if not alone:
            return Row(grade=grade, move=Move.AMBIGUOUS, reason="listed twice among the results")
        member = self._joined.members.get(grade.student)
        if member is None:
            return self._stranger(grade)
        there = self._there.get(member.key, There())
        theirs = scaled(there.score, there.maximum, grade.max_score)
        move, reason = self._move(grade, there, theirs)
        comment = not _comment_done(grade, there, self._entries.get(grade.student))
        return Row(grade=grade, move=move, member=member, theirs=theirs, with_comment=comment, reason=reason)

    def _stranger(self, grade: Grade) -> Row:
        if grade.student in self._joined.ambiguous:
            reason = f"several people are called this ({self._joined.by})"
            return Row(grade=grade, move=Move.AMBIGUOUS, reason=reason)
        return Row(grade=grade, move=Move.UNKNOWN, reason=f"nobody in the course is called this ({self._joined.by})")

    def _move(self, grade: Grade, there: There, theirs: float | None) -> tuple[Move, str]:
        if problem := _unfit(grade, self._target.maximum):
            return Move.MAXIMUM, problem
        entry = self._entries.get(grade.student)
        same = agree(grade.score, theirs)
        if there.excused:
            return Move.EXCUSED_THERE, "excused on the platform"
        if not same and (held := self._held(grade, there, theirs, entry)):
            return held
        if same:
            commented = _comment_done(grade, there, entry) or there.locked or there.overridden
            return (Move.SAME, there.remark) if commented else (Move.COMMENT, "only the comment is new")
        if theirs is None or grade.score is None:
            return Move.NEW, there.remark
        return (Move.RAISE if grade.score > theirs else Move.DROP), there.remark

    def _held(self, grade: Grade, there: There, theirs: float | None, entry: Entry | None) -> tuple[Move, str] | None:
        if there.overridden:
            return Move.OVERRIDDEN, "a person set this grade in the gradebook"
        if there.locked:
            return Move.LOCKED, "the grade is locked on the platform"
        if entry is None:
            return None
        if not entry.explains(theirs, grade.max_score or entry.max_score):
            return Move.BY_HAND, f"{entry.score:g} was sent, and a person changed it there"
        if entry.phase is Phase.KEPT and entry.digest == payload(grade) and not self._terms.again:
            return Move.REFUSED_BEFORE, f"{entry.reason}; if that is mended, push with --again"
        return None


def payload(grade: Grade) -> str:
    """Name what is sent for a grade."""
    return digest(grade.score, grade.max_score, grade.comment)


def agree(ours: float | None, theirs: float | None) -> bool:
    """Tell whether two grades are the same; no grade is like no other, not even like 0."""
    return ours is not None and theirs is not None and abs(ours - theirs) < SAME


def sendable(comment: str) -> str:
    """Take out of a comment what no database keeps: control characters, halves of characters; bound its length."""
    kept = "".join(char for char in comment if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return kept if len(kept) <= MAX_COMMENT else kept[: MAX_COMMENT - 1] + "…"


def comment_there(comment: str, there: There) -> bool:
    """Tell whether a comment is among those that the platform shows, as text or as HTML; spaces do not count."""
    ours = _squeezed(sendable(comment))
    return any(ours in _readings(each) for each in there.comments or ())


def _comment_done(grade: Grade, there: There, entry: Entry | None) -> bool:
    """A comment that was read back once is not sent again, not even after a person deleted it."""
    sent = entry is not None and entry.phase is Phase.AGREED and entry.comment == digest(grade.comment)
    return not grade.comment or sent or comment_there(grade.comment, there)


def _readings(text: str) -> set[str]:
    return {_squeezed(text), _squeezed(html.unescape(text)), _squeezed(html.unescape(_TAG.sub("", text)))}


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _unfit(grade: Grade, maximum: float | None) -> str:
    """Say why a score cannot go into the column at all."""
    score, most = grade.score, grade.max_score
    if score is None or not math.isfinite(score) or score < 0:
        return "graded, and without a score that can be written"
    if most is None or not math.isfinite(most) or most <= 0:
        return "the most that can be reached is not known"
    if score > most + SAME:
        return f"{score:g} is more than the {most:g} that can be reached"
    if maximum is not None and abs(maximum - most) >= SAME:
        return f"the column holds {maximum:g} points at most, ours are out of {most:g}; make the two equal there"
    return ""


def _too_deep(rows: Sequence[Row], max_drop: float) -> str:
    """Say which grades would drop too far; empty if none would."""
    drops = [
        (row.theirs - row.grade.score, row)
        for row in rows
        if row.move is Move.DROP and row.theirs is not None and row.grade.score is not None
    ]
    deep = [(depth, row) for depth, row in drops if depth > max_drop + SAME]
    if not deep:
        return ""
    most = max(depth for depth, _ in deep)
    number = f"{len(deep)} grade{'s' if len(deep) > 1 else ''}"
    allow = math.ceil(most * 100 - 1e-6) / 100
    head = f"{number} would drop by more than {max_drop:g} points, at most by {allow:g}"
    return f"{head}. Nothing is written. If that is meant, allow it with --max-drop {allow:g}."
