"""What a push would change: who is who, our grades beside those on the platform, and why some stay here."""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from autograder.errors import PushError
from autograder.lms.grades import Grade, Standing
from autograder.lms.push.model import CurrentGrade, JoinBy, PlanRow, PlatformMember, PushAction, PushPlan, Target
from autograder.lms.push.state import SAME, PushedGrade, PushPhase, digest_of, scale_score
from autograder.lms.roster import Person, folder_name
from autograder.text import printable

__all__ = [
    "JoinedMembers",
    "PushTerms",
    "has_comment",
    "join_members",
    "make_plan",
    "payload_digest",
    "scores_agree",
    "sendable_comment",
]


_SHOWN = 3
_FIELDS = {JoinBy.ID: "user_id", JoinBy.SIS: "number", JoinBy.LOGIN: "login", JoinBy.EMAIL: "email"}


class JoinedMembers(msgspec.Struct, frozen=True):
    """Who is who: the members by our student's name, and the students whom several members could be."""

    by: JoinBy | None
    members: Mapping[str, PlatformMember]
    ambiguous: frozenset[str]


def join_members(
    students: Sequence[str],
    members: Sequence[PlatformMember],
    by: JoinBy | None = None,
    people: Mapping[str, Person] | None = None,
) -> JoinedMembers:
    """Find the member that each student is, by one kind of name; capitals and small letters are alike.

    A student's name is the id itself, as `lms import` writes it; where `people` are given, by student, their ids are
    taken instead. Left to itself it takes the kind that fits every student. It does not mix kinds: a number can be one
    student's id on the platform and another's at the university.

    Raises PushError if no kind fits all, or two fit differently.
    """
    if by is not None or not students:
        return _by(students, members, by or JoinBy.ID, people)
    attempts = [_by(students, members, kind, people) for kind in JoinBy]
    complete = [joined for joined in attempts if len(joined.members) == len(set(students))]
    if not complete:
        raise PushError(_no_kind(students, attempts))
    first = complete[0]
    for other in complete[1:]:
        if _keys(first) != _keys(other):
            kinds = f"by {first.by} they are other people than by {other.by}"
            raise PushError(f"it is not clear who the students are: {kinds}. Say which with --join.")
    return first


def _keys(joined: JoinedMembers) -> Mapping[str, str]:
    return {student: member.key for student, member in joined.members.items()}


def _by(
    students: Sequence[str], members: Sequence[PlatformMember], kind: JoinBy, people: Mapping[str, Person] | None
) -> JoinedMembers:
    known = _names(students, kind, people)
    named = [(_folded(name, people), member) for member in members if (name := member.names.get(kind, "").strip())]
    times = Counter(name for name, _ in named)
    unique = {name: member for name, member in named if times[name] == 1}
    found = {student: unique[name] for student, name in known.items() if name in unique}
    claims = Counter(member.key for member in found.values())
    twice = {student for student, member in found.items() if claims[member.key] > 1}
    several = {student for student, name in known.items() if times[name] > 1}
    kept = {student: member for student, member in found.items() if student not in twice}
    return JoinedMembers(kind, kept, frozenset(twice | several))


def _names(students: Sequence[str], kind: JoinBy, people: Mapping[str, Person] | None) -> Mapping[str, str]:
    """Return each student's name of one kind, folded for comparison."""
    if people is None:
        return {student: student.casefold() for student in students}
    ids = {student: str(getattr(people[student], _FIELDS[kind])) for student in students if student in people}
    return {student: name.strip().casefold() for student, name in ids.items() if name.strip()}


def _folded(name: str, people: Mapping[str, Person] | None) -> str:
    return (name if people is not None else folder_name(name)).casefold()


def _no_kind(students: Sequence[str], attempts: Sequence[JoinedMembers]) -> str:
    total = len(set(students))
    fits = ", ".join(f"{joined.by} fits {len(joined.members)}" for joined in attempts)
    best = max(attempts, key=lambda joined: len(joined.members))
    left = sorted(set(students) - set(best.members))
    shown = ", ".join(printable(name) for name in left[:_SHOWN]) + (", ..." if len(left) > _SHOWN else "")
    head = f"no kind of name fits all {total} students: {fits} (not: {shown})"
    return f"{head}. Say what the students' names are with --join; who is not found then is listed and left out."


_HELD = {
    Standing.PENDING: (PushAction.PENDING, "written answers are not graded yet"),
    Standing.FAILED: (PushAction.FAILED, "grading failed because of a grader error; run autograder grade again"),
    Standing.MISSING: (PushAction.MISSING, "nothing was handed in"),
    Standing.EXCUSED: (PushAction.EXCUSED, "excused"),
}
MAX_COMMENT = 20_000
"""Longest comment in characters that is sent; a platform's own limit lies above."""

_TAG = re.compile(r"<[^>]*>")


class PushTerms(msgspec.Struct, frozen=True, kw_only=True):
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
    target: Target, assignment: str, grades: Sequence[Grade], entries: Mapping[str, PushedGrade], terms: PushTerms
) -> PushPlan:
    """Compare grades with what the platform has; reads, and writes nothing.

    Raises PushError if the platform cannot be read or students cannot be told apart.
    """
    graded = [grade for grade in grades if grade.standing is Standing.GRADED]
    students = [grade.student for grade in graded]
    joined = join_members(students, target.members(), terms.join, terms.people) if graded else _NOBODY
    there = target.read() if graded else {}
    times = Counter(grade.student for grade in grades)
    judge = _Judge(target, joined, there, entries, terms)
    rows = tuple(judge.row(grade, alone=times[grade.student] == 1) for grade in grades)
    return PushPlan(
        target=target.name,
        assignment=assignment,
        rows=rows,
        join=joined.by,
        stop=_too_deep(rows, terms.max_drop),
        notes=tuple(target.notes()),
    )


_NOBODY = JoinedMembers(None, {}, frozenset())


class _Judge:
    """Decides, one grade at a time, what would happen to it."""

    def __init__(
        self,
        target: Target,
        joined: JoinedMembers,
        there: Mapping[str, CurrentGrade],
        entries: Mapping[str, PushedGrade],
        terms: PushTerms,
    ) -> None:
        self._target, self._joined, self._there = target, joined, there
        self._entries, self._terms = entries, terms

    def row(self, grade: Grade, *, alone: bool) -> PlanRow:
        """Decide about one grade; `alone` is False where the same student is listed twice."""
        if grade.standing is not Standing.GRADED:
            move, reason = _HELD[grade.standing]
            return PlanRow(grade=grade, move=move, reason=grade.reason or reason)
        if not alone:
            return PlanRow(grade=grade, move=PushAction.AMBIGUOUS, reason="listed twice among the results")
        member = self._joined.members.get(grade.student)
        if member is None:
            return self._stranger(grade)
        there = self._there.get(member.key, CurrentGrade())
        theirs = scale_score(there.score, there.maximum, grade.max_score)
        move, reason = self._move(grade, there, theirs)
        comment = not _comment_done(grade, there, self._entries.get(grade.student))
        return PlanRow(grade=grade, move=move, member=member, theirs=theirs, with_comment=comment, reason=reason)

    def _stranger(self, grade: Grade) -> PlanRow:
        if grade.student in self._joined.ambiguous:
            reason = f"several people are called this ({self._joined.by})"
            return PlanRow(grade=grade, move=PushAction.AMBIGUOUS, reason=reason)
        return PlanRow(
            grade=grade, move=PushAction.UNKNOWN, reason=f"nobody in the course is called this ({self._joined.by})"
        )

    def _move(self, grade: Grade, there: CurrentGrade, theirs: float | None) -> tuple[PushAction, str]:
        if problem := _unfit(grade, self._target.maximum):
            return PushAction.MAXIMUM, problem
        entry = self._entries.get(grade.student)
        same = scores_agree(grade.score, theirs)
        if there.excused:
            return PushAction.EXCUSED_THERE, "excused on the platform"
        if not same and (held := self._held(grade, there, theirs, entry)):
            return held
        if same:
            commented = _comment_done(grade, there, entry) or there.locked or there.overridden
            return (PushAction.SAME, there.remark) if commented else (PushAction.COMMENT, "only the comment is new")
        if theirs is None or grade.score is None:
            return PushAction.NEW, there.remark
        return (PushAction.RAISE if grade.score > theirs else PushAction.DROP), there.remark

    def _held(
        self, grade: Grade, there: CurrentGrade, theirs: float | None, entry: PushedGrade | None
    ) -> tuple[PushAction, str] | None:
        if there.overridden:
            return PushAction.OVERRIDDEN, "a person set this grade in the gradebook"
        if there.locked:
            return PushAction.LOCKED, "the grade is locked on the platform"
        if entry is None:
            return None
        if not entry.explains(theirs, grade.max_score or entry.max_score):
            return PushAction.BY_HAND, f"{entry.score:g} was sent, and a person changed it there"
        if entry.phase is PushPhase.KEPT and entry.digest == payload_digest(grade) and not self._terms.again:
            return PushAction.REFUSED_BEFORE, f"{entry.reason}; once that is fixed, push with --again"
        return None


def payload_digest(grade: Grade) -> str:
    """Name what is sent for a grade."""
    return digest_of(grade.score, grade.max_score, grade.comment)


def scores_agree(ours: float | None, theirs: float | None) -> bool:
    """Return whether two scores are the same; a missing score equals nothing, not even 0."""
    return ours is not None and theirs is not None and abs(ours - theirs) < SAME


def sendable_comment(comment: str) -> str:
    """Remove what databases refuse (control characters, lone surrogates) from a comment, and bound its length."""
    kept = "".join(char for char in comment if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return kept if len(kept) <= MAX_COMMENT else kept[: MAX_COMMENT - 1] + "…"


def has_comment(comment: str, there: CurrentGrade) -> bool:
    """Return whether a comment is among those that the platform shows, as text or HTML, ignoring spaces."""
    ours = _squeezed(sendable_comment(comment))
    return any(ours in _readings(each) for each in there.comments or ())


def _comment_done(grade: Grade, there: CurrentGrade, entry: PushedGrade | None) -> bool:
    """A comment that was read back once is not sent again, not even after a person deleted it."""
    sent = entry is not None and entry.phase is PushPhase.AGREED and entry.comment == digest_of(grade.comment)
    return not grade.comment or sent or has_comment(grade.comment, there)


def _readings(text: str) -> set[str]:
    return {_squeezed(text), _squeezed(html.unescape(text)), _squeezed(html.unescape(_TAG.sub("", text)))}


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _unfit(grade: Grade, maximum: float | None) -> str:
    """Return why a score cannot be written into the column; empty if it can."""
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


def _too_deep(rows: Sequence[PlanRow], max_drop: float) -> str:
    """Return which grades would drop too far; empty if none would."""
    drops = [
        (row.theirs - row.grade.score, row)
        for row in rows
        if row.move is PushAction.DROP and row.theirs is not None and row.grade.score is not None
    ]
    deep = [(depth, row) for depth, row in drops if depth > max_drop + SAME]
    if not deep:
        return ""
    most = max(depth for depth, _ in deep)
    number = f"{len(deep)} grade{'s' if len(deep) > 1 else ''}"
    allow = math.ceil(most * 100 - 1e-6) / 100
    head = f"{number} would drop by more than {max_drop:g} points, at most by {allow:g}"
    return f"{head}. Nothing is written. If that is meant, allow it with --max-drop {allow:g}."
