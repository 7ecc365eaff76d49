"""Gradescope: the zip of "Download submissions" of a programming assignment."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from autograder.errors import ArchiveRefused
from autograder.lms.archive import Archive, ArchiveMember
from autograder.lms.intake import (
    ArchiveContents,
    ArchiveEntry,
    MemberResult,
    MemberStatus,
    StudentMatch,
    junk_members,
    match_student,
    student_members,
)
from autograder.lms.registry import ArchiveFormat, Lms
from autograder.lms.roster import Roster

__all__ = ["LMS"]

_DEEPEST = 100
_METADATA = "submission_metadata.yml"
_NAME = re.compile(r"^(?:assignment_[0-9]+_export/)?(?P<key>submission_[0-9]+)(?:/(?P<file>.+)|\.pdf)$", re.DOTALL)


def _recognises(item: ArchiveMember) -> bool:
    """Return whether a member is in a submission's folder, or is the list of submissions."""
    return bool(_NAME.match(item.path)) or _is_metadata(item)


def _read(archive: Archive) -> ArchiveContents:
    """List the submissions; submission_metadata.yml names the submitters. Raises ArchiveRefused without it."""
    entries, rest = [], junk_members(archive)
    items = student_members(archive)
    listed = _metadata(archive, [item for item in items if _is_metadata(item)])
    for item in items:
        found = _NAME.match(item.path)
        if _is_metadata(item):
            rest.append(MemberResult(path=item.path, fate=MemberStatus.IGNORED, reason="the list of submissions"))
        elif not found or not found["file"]:
            rest.append(
                MemberResult(path=item.path, fate=MemberStatus.UNMATCHED, reason="not in the folder of a submission")
            )
        elif found["key"] not in listed:
            rest.append(
                MemberResult(
                    path=item.path, fate=MemberStatus.UNMATCHED, reason=f"{_METADATA} does not list {found['key']}"
                )
            )
        else:
            entries.append(_entry(item, found, listed[found["key"]]))
    return ArchiveContents(lms="gradescope", entries=tuple(entries), rest=tuple(rest))


def _match(entry: ArchiveEntry, roster: Roster) -> StudentMatch:
    """Find whose an entry is, by email address and student number; several submitters are a team."""
    return match_student(entry, roster)


def _entry(item: ArchiveMember, found: re.Match[str], facts: dict[str, Any]) -> ArchiveEntry:
    listed = facts.get(":submitters")
    submitters = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    when = facts.get(":created_at")
    if isinstance(when, datetime) and when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return ArchiveEntry(
        item=item,
        source=found["key"],
        file=found["file"],
        when=when if isinstance(when, datetime) else None,
        name=", ".join(name for each in submitters if isinstance(name := each.get(":name"), str)),
        people=tuple(map(_ids, submitters)) or ({},),
    )


def _ids(person: dict[str, Any]) -> dict[str, str]:
    """Return the ids that are text: YAML may have turned others into numbers without their leading zeros."""
    told = {"email": person.get(":email"), "number": person.get(":sid")}
    return {field: value for field, value in told.items() if isinstance(value, str) and value}


def _is_metadata(item: ArchiveMember) -> bool:
    return item.path.split("/")[-1] == _METADATA and item.path.count("/") <= 1


def _metadata(archive: Archive, items: list[ArchiveMember]) -> dict[str, dict[str, Any]]:
    import yaml

    if len(items) != 1:
        raise ArchiveRefused(f"{archive.name} has no {_METADATA}: download the submissions again. Nothing was written.")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = archive.read(items[0])
    try:
        depth = 0
        for event in yaml.parse(data, Loader=loader):  # libyaml itself dies of a list in a list in a list ...
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise yaml.YAMLError("lists in lists, too deep")
        listed = yaml.load(data, Loader=loader)  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = " ".join(str(error).split())[:200]
        raise ArchiveRefused(f"{archive.name}: {_METADATA} cannot be read ({problem}). Nothing was written.") from None
    if not isinstance(listed, dict):
        raise ArchiveRefused(f"{archive.name}: {_METADATA} lists no submissions. Nothing was written.")
    return {str(key): facts for key, facts in listed.items() if isinstance(facts, dict)}


LMS = Lms(name="gradescope", archive=ArchiveFormat(recognises=_recognises, read=_read, match=_match))
