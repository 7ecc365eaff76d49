"""Moodle: the zip of "Download all submissions", grading worksheets and gradebook files, the zip of feedback files."""

from __future__ import annotations

import re

from autograder.lms.archive import Archive, Item
from autograder.lms.intake import Entry, Fate, Line, Match, Reading, junk, matched, relevant
from autograder.lms.roster import Roster, plain

__all__ = ["NAME", "match", "place", "read", "recognises"]

NAME = "moodle"

_NAME = re.compile(
    r"^(?P<name>[^_/]+)_(?P<participant>[0-9]+)_(?P<subtype>assignsubmission|assignfeedback)_(?P<plugin>[a-z0-9]+)"
    r"_?(?P<sep>/|_|)(?P<file>.+)$",
    re.DOTALL,
)
_NO_NUMBER = re.compile(r"^[^_/]+_assignsubmission_file")
_BLIND = {"participant", "participante"}


def recognises(item: Item) -> bool:
    """Tell whether a member is named as Moodle names them: name_number_assignsubmission_file/name."""
    return bool(_NAME.match(item.path) or _NO_NUMBER.match(item.path))


def read(archive: Archive) -> Reading:
    """List what was handed in. Moodle gives the last attempt only; the time of a member is when it was handed in."""
    entries, rest = [], junk(archive)
    for item in relevant(archive):
        found = _NAME.match(item.path)
        if not found:
            what = (
                "the work of people who are in no group" if _NO_NUMBER.match(item.path) else "not named as Moodle does"
            )
            rest.append(Line(path=item.path, fate=Fate.UNMATCHED, reason=what))
        elif (found["subtype"], found["plugin"]) != ("assignsubmission", "file"):
            rest.append(Line(path=item.path, fate=Fate.IGNORED, reason="not a file that was handed in"))
        else:
            entries.append(
                Entry(
                    item=item,
                    source=found["participant"],
                    file=found["file"],
                    when=item.modified,
                    ids={"participant": found["participant"]},
                    name=found["name"],
                )
            )
    return Reading(lms=NAME, entries=tuple(entries), rest=tuple(rest))


def match(entry: Entry, roster: Roster) -> Match:
    """Find whose an entry is: by the participant's number, which the worksheet of this assignment has as Identifier.

    In a team assignment the number is that of the group and may be anybody's as a participant: so the name must fit.
    """
    mates = [each for each in roster.members if each.team and plain(each.team) == plain(entry.name)]
    if mates:
        return Match(tuple(mates), team=entry.name)
    found = matched(entry, roster)
    if not found.members:
        if all(not each.participant for each in roster.members):
            return Match(reason="the roster has no Identifier: give the grading worksheet of this assignment")
        return found
    [member] = found.members
    if not member.name or plain(member.name) == plain(entry.name) or entry.name.casefold() in _BLIND:
        return found
    reason = (
        f"number {entry.source} is {member.name}, not {entry.name}: for the work of a team say whose it is with --map"
    )
    return Match(reason=reason)


def place(path: str) -> tuple[str, str] | None:
    """Split a submission's path: what a feedback file's path begins with, and the participant; None if it is none."""
    found = _NAME.match(path)
    return (path[: found.start("file")], found["participant"]) if found else None
