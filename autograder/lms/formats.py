"""The LMSs whose archives can be read, and which of them an archive comes from."""

from __future__ import annotations

from typing import Protocol

from autograder.errors import ArchiveRefused
from autograder.lms import blackboard, brightspace, canvas, gradescope, moodle
from autograder.lms.archive import Archive, Item
from autograder.lms.intake import Entry, Match, Reading, relevant
from autograder.lms.roster import Roster

__all__ = ["FORMATS", "Format", "chosen"]

_ENOUGH = 0.8


class Format(Protocol):
    """What a module of one LMS offers."""

    NAME: str

    def recognises(self, item: Item) -> bool:
        """Tell whether a member looks like this LMS's."""

    def read(self, archive: Archive) -> Reading:
        """List what was handed in."""

    def match(self, entry: Entry, roster: Roster) -> Match:
        """Find whose an entry is."""


FORMATS: dict[str, Format] = {
    module.NAME: module for module in (canvas, moodle, blackboard, brightspace, gradescope)
}  # fmt: skip


def chosen(archive: Archive, name: str = "auto") -> Format:
    """Give the format of a name, or the one that recognises more than 80 % of the members.

    Raises ArchiveRefused if no format does, or more than one.
    """
    if name != "auto":
        return FORMATS[name]
    items = relevant(archive)
    if not items:
        raise ArchiveRefused(f"{archive.name} holds nothing that a student handed in. Nothing was written.")
    shares = {each.NAME: sum(map(each.recognises, items)) / len(items) for each in FORMATS.values()}
    best = max(shares, key=lambda each: shares[each])
    if shares[best] > _ENOUGH and sum(share == shares[best] for share in shares.values()) == 1:
        return FORMATS[best]
    counts = ", ".join(f"{each} {share:.0%}" for each, share in shares.items())
    raise ArchiveRefused(
        f"{archive.name} does not look like an archive of one LMS (members that fit: {counts}). If you know where it "
        "is from, name that with --format. Nothing was written."
    )
