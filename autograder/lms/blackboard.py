"""Blackboard Learn: the gradebook_*.zip of an assignment, and the file to work offline."""

from __future__ import annotations

import re
from datetime import datetime

from autograder.lms.archive import Archive, Item
from autograder.lms.intake import Entry, Fate, Line, Match, Reading, junk, matched, relevant
from autograder.lms.roster import Roster

__all__ = ["NAME", "match", "read", "recognises"]

NAME = "blackboard"

_NAME = re.compile(
    r"^(?P<stem>(?P<owner>.+?)_attempt_(?P<when>[0-9]{4}(?:-[0-9]{2}){5}))(?:_(?P<file>.+)|\.txt)$", re.DOTALL
)
_WHO = re.compile(r"\A\ufeff?Name: .*\((?P<username>[^()\n]+)\)\s*$", re.MULTILINE)
_LONGEST_RECEIPT = 1 << 20


def recognises(item: Item) -> bool:
    """Tell whether a member is named as Blackboard names them: assignment_username_attempt_time_name."""
    return "/" not in item.path and _NAME.match(item.path) is not None


def read(archive: Archive) -> Reading:
    """List what was handed in; every attempt may be there, each with a receipt, which tells the user name for sure."""
    entries, rest = [], junk(archive)
    found = [(item, _NAME.match(item.path) if "/" not in item.path else None) for item in relevant(archive)]
    receipts = {each["stem"]: _username(archive, item, each) for item, each in found if each and not each["file"]}
    for item, each in found:
        if not each:
            rest.append(Line(path=item.path, fate=Fate.UNMATCHED, reason="not named as Blackboard names files"))
        elif not each["file"]:
            rest.append(Line(path=item.path, fate=Fate.IGNORED, reason="a receipt"))
        else:
            entries.append(_entry(item, each, receipts.get(each["stem"], "")))
    return Reading(lms=NAME, entries=tuple(entries), rest=tuple(rest))


def match(entry: Entry, roster: Roster) -> Match:
    """Find whose an entry is by the user name; without a receipt only one of the roster may fit the file's name."""
    if entry.ids:
        return matched(entry, roster)
    owner = entry.source.casefold()
    fitting = tuple(each for each in roster.members if each.login and owner.endswith(f"_{each.login.casefold()}"))
    if len(fitting) == 1:
        return Match(fitting)
    what = "more than one user name" if fitting else "no user name"
    return Match(reason=f"there is no receipt, and {what} of the roster fits the end of {entry.source}")


def _entry(item: Item, found: re.Match[str], username: str) -> Entry:
    try:
        when = datetime.strptime(found["when"], "%Y-%m-%d-%H-%M-%S")  # it writes no zone
    except ValueError:
        when = None
    return Entry(
        item=item,
        source=username or found["owner"],
        file=found["file"],
        attempt=found["when"],
        when=when,
        ids={"login": username} if username else {},
    )


def _username(archive: Archive, item: Item, found: re.Match[str]) -> str:
    """Read the user name from the first line of a receipt; the file's name must agree, for students write in both."""
    if item.size > _LONGEST_RECEIPT:
        return ""
    who = _WHO.match(archive.read(item).decode("utf-8", "replace"))
    return who["username"] if who and found["owner"].endswith(f"_{who['username']}") else ""
