"""What an archive of submissions holds, in the one form that every LMS is read into."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

import msgspec

from autograder.lms.archive import Archive, ArchiveMember
from autograder.lms.roster import Person, Roster, fold_name

__all__ = [
    "ArchiveContents",
    "ArchiveEntry",
    "MemberResult",
    "MemberStatus",
    "StudentMatch",
    "is_junk",
    "junk_members",
    "match_student",
    "student_members",
]

_JUNK = {".ds_store", "thumbs.db", "desktop.ini", "index.html", "__macosx"}


class MemberStatus(StrEnum):
    """What became of a member of the archive: exactly one of these."""

    TAKEN = "taken"
    SUPERSEDED = "superseded"
    IGNORED = "ignored"
    UNMATCHED = "unmatched"


class MemberResult(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the archive, what became of it, and why."""

    path: str
    fate: MemberStatus
    student: str = ""
    reason: str = ""


class ArchiveEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a student submitted.

    item      the member of the archive
    source    how the archive calls who handed it in; entries of one source and attempt belong together
    file      the name that the student gave the file
    attempt   tells attempts apart; empty where an archive holds one only
    when      the time of the submission; without a time zone it is in that of the server
    late      what the archive says of lateness, if it does
    ids       what the archive tells of the person: field of a roster -> value
    others    further ways to read the ids out of an ambiguous name
    name      the person's or group's name, as far as the archive keeps it
    people    for a group: the ids of each of its members
    """

    item: ArchiveMember
    source: str
    file: str
    attempt: str = ""
    when: datetime | None = None
    late: bool | None = None
    ids: dict[str, str] = {}
    others: tuple[tuple[str, dict[str, str]], ...] = ()
    name: str = ""
    people: tuple[dict[str, str], ...] = ()


class ArchiveContents(msgspec.Struct, frozen=True, kw_only=True):
    """An archive as one LMS module reads it: each member is an entry, or is in `rest` with a fate and a reason."""

    lms: str
    entries: tuple[ArchiveEntry, ...]
    rest: tuple[MemberResult, ...] = ()


class StudentMatch(msgspec.Struct, frozen=True):
    """Whose an entry is: nobody's with a reason, one student's, or those of a team; `source` corrects the entry's."""

    members: tuple[Person, ...] = ()
    reason: str = ""
    team: str = ""
    source: str = ""


def is_junk(item: ArchiveMember) -> bool:
    """Return whether a member comes from an operating system or the LMS itself, not from a student."""
    parts = [part.casefold() for part in PurePosixPath(item.path).parts]
    return bool(parts) and (parts[0] in _JUNK or parts[-1] in _JUNK or parts[-1].startswith("._"))


def student_members(archive: Archive) -> list[ArchiveMember]:
    """Return the members that a student may have submitted."""
    return [item for item in archive.items if not is_junk(item)]


def junk_members(archive: Archive) -> list[MemberResult]:
    """List the others."""
    reason = "not from a student"
    return [
        MemberResult(path=item.path, fate=MemberStatus.IGNORED, reason=reason)
        for item in archive.items
        if is_junk(item)
    ]


def match_student(entry: ArchiveEntry, roster: Roster) -> StudentMatch:
    """Find in the roster whose an entry is, by its ids. Names decide only where the ids can be read in two ways."""
    if entry.people:
        return _team(entry, roster)
    readings = [(entry.name, entry.ids), *entry.others]
    found = [(name, ids, member) for name, ids in readings if (member := _by_ids(ids, roster))]
    if len(readings) > 1:
        found = [each for each in found if fold_name(each[0]) == fold_name(each[2].name)]
    if len(found) == 1:
        _, ids, member = found[0]
        return StudentMatch((member,), source=next(iter(ids.values())) if len(readings) > 1 else "")
    said = ", ".join(f"{field} {value}" for field, value in entry.ids.items()) or entry.source
    return StudentMatch(reason=f"more than one student fits {said}" if found else f"nobody in the roster has {said}")


def _team(entry: ArchiveEntry, roster: Roster) -> StudentMatch:
    members = [_by_ids(ids, roster) for ids in entry.people]
    known = tuple(member for member in members if member)
    if len(known) < len(members):
        lost = next(ids for ids, member in zip(entry.people, members, strict=True) if not member)
        said = ", ".join(f"{field} {value}" for field, value in lost.items()) or "a submitter without any id"
        return StudentMatch(reason=f"nobody in the roster has {said}")
    return StudentMatch(known, team=entry.source if len(known) > 1 else "")


def _by_ids(ids: dict[str, str], roster: Roster) -> Person | None:
    """Find the one person that every known id agrees on."""
    found = [roster.all(field, value) for field, value in ids.items() if value]
    told = [people for people in found if people]
    if not told or any(people != told[0] for people in told) or len(told[0]) > 1:
        return None
    return told[0][0]
