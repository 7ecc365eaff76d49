"""Which member of the course each of our students is. One kind of name is used for the whole class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from autograder.batch.names import printable
from autograder.errors import PushError
from autograder.lms.push.records import JoinBy, Member
from autograder.lms.roster import Member as Person
from autograder.lms.roster import folder_name

__all__ = ["Joined", "join"]

_SHOWN = 3
_FIELDS = {JoinBy.ID: "user_id", JoinBy.SIS: "number", JoinBy.LOGIN: "login", JoinBy.EMAIL: "email"}


class Joined(msgspec.Struct, frozen=True):
    """Who is who: the members by our student's name, and the students whom several members could be."""

    by: JoinBy | None
    members: Mapping[str, Member]
    ambiguous: frozenset[str]


def join(
    students: Sequence[str],
    members: Sequence[Member],
    by: JoinBy | None = None,
    people: Mapping[str, Person] | None = None,
) -> Joined:
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


def _keys(joined: Joined) -> Mapping[str, str]:
    return {student: member.key for student, member in joined.members.items()}


def _by(
    students: Sequence[str], members: Sequence[Member], kind: JoinBy, people: Mapping[str, Person] | None
) -> Joined:
    known = _names(students, kind, people)
    named = [(_folded(name, people), member) for member in members if (name := member.names.get(kind, "").strip())]
    times = Counter(name for name, _ in named)
    unique = {name: member for name, member in named if times[name] == 1}
    found = {student: unique[name] for student, name in known.items() if name in unique}
    claims = Counter(member.key for member in found.values())
    twice = {student for student, member in found.items() if claims[member.key] > 1}
    several = {student for student, name in known.items() if times[name] > 1}
    kept = {student: member for student, member in found.items() if student not in twice}
    return Joined(kind, kept, frozenset(twice | several))


def _names(students: Sequence[str], kind: JoinBy, people: Mapping[str, Person] | None) -> Mapping[str, str]:
    """Give each student's name of a kind, as it is compared."""
    if people is None:
        return {student: student.casefold() for student in students}
    ids = {student: str(getattr(people[student], _FIELDS[kind])) for student in students if student in people}
    return {student: name.strip().casefold() for student, name in ids.items() if name.strip()}


def _folded(name: str, people: Mapping[str, Person] | None) -> str:
    return (name if people is not None else folder_name(name)).casefold()


def _no_kind(students: Sequence[str], attempts: Sequence[Joined]) -> str:
    total = len(set(students))
    fits = ", ".join(f"{joined.by} fits {len(joined.members)}" for joined in attempts)
    best = max(attempts, key=lambda joined: len(joined.members))
    left = sorted(set(students) - set(best.members))
    shown = ", ".join(printable(name) for name in left[:_SHOWN]) + (", ..." if len(left) > _SHOWN else "")
    head = f"no kind of name fits all {total} students: {fits} (not: {shown})"
    return f"{head}. Say what the students' names are with --join; who is not found then is listed and left out."
