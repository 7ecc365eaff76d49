"""Which member of the course each of our students is. One kind of name is used for the whole class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from autograder.batch.names import printable
from autograder.errors import PushError
from autograder.lms.push.records import JoinBy, Member

__all__ = ["Joined", "join"]

_SHOWN = 3


class Joined(msgspec.Struct, frozen=True):
    """Who is who: the members by our student's name, and the names that several members share."""

    by: JoinBy | None
    members: Mapping[str, Member]
    ambiguous: frozenset[str]


def join(students: Sequence[str], members: Sequence[Member], by: JoinBy | None = None) -> Joined:
    """Find the member that each student is, by one kind of name; capitals and small letters are alike.

    Left to itself it takes the kind that fits every student. It does not mix kinds: a number can be one student's id on
    the platform and another's number at the university. Raises PushError if no kind fits all, or two fit differently.
    """
    if by is not None or not students:
        return _by(students, members, by or JoinBy.ID)
    attempts = [_by(students, members, kind) for kind in JoinBy]
    complete = [joined for joined in attempts if len(joined.members) == len(set(students))]
    if not complete:
        raise PushError(_no_kind(students, attempts))
    first = complete[0]
    for other in complete[1:]:
        if {s: m.key for s, m in first.members.items()} != {s: m.key for s, m in other.members.items()}:
            kinds = f"by {first.by} they are other people than by {other.by}"
            raise PushError(f"it is not clear who the students are: {kinds}. Say which with --join.")
    return first


def _by(students: Sequence[str], members: Sequence[Member], kind: JoinBy) -> Joined:
    named = [(name.casefold(), member) for member in members if (name := member.names.get(kind, "").strip())]
    times = Counter(name for name, _ in named)
    unique = {name: member for name, member in named if times[name] == 1}
    found = {student: unique[student.casefold()] for student in students if student.casefold() in unique}
    claims = Counter(member.key for member in found.values())
    twice = {student for student, member in found.items() if claims[member.key] > 1}
    several = {student for student in students if times[student.casefold()] > 1}
    kept = {student: member for student, member in found.items() if student not in twice}
    return Joined(kind, kept, frozenset(twice | several))


def _no_kind(students: Sequence[str], attempts: Sequence[Joined]) -> str:
    total = len(set(students))
    fits = ", ".join(f"{joined.by} fits {len(joined.members)}" for joined in attempts)
    best = max(attempts, key=lambda joined: len(joined.members))
    left = sorted(set(students) - set(best.members))
    shown = ", ".join(printable(name) for name in left[:_SHOWN]) + (", ..." if len(left) > _SHOWN else "")
    head = f"no kind of name fits all {total} students: {fits} (not: {shown})"
    return f"{head}. Say what the students' names are with --join; who is not found then is listed and left out."
