"""The LMSs whose archives can be read, and which of them an archive comes from."""

from __future__ import annotations

from typing import Protocol

from autograder.errors import ArchiveRefused
from autograder.lms import blackboard, brightspace, gradescope
from autograder.lms.archive import Archive, ArchiveMember
from autograder.lms.canvas import files as canvas_files
from autograder.lms.intake import ArchiveContents, ArchiveEntry, StudentMatch, student_members
from autograder.lms.moodle import files as moodle_files
from autograder.lms.roster import Roster

__all__ = ["FORMATS", "ArchiveFormat", "choose_format"]

_ENOUGH = 0.8


class ArchiveFormat(Protocol):
    """What a module of one LMS offers."""

    NAME: str

    def recognises(self, item: ArchiveMember) -> bool:
        """Return whether a member is named as this LMS names them."""

    def read(self, archive: Archive) -> ArchiveContents:
        """List what was handed in."""

    def match(self, entry: ArchiveEntry, roster: Roster) -> StudentMatch:
        """Find whose an entry is."""


FORMATS: dict[str, ArchiveFormat] = {
    module.NAME: module for module in (canvas_files, moodle_files, blackboard, brightspace, gradescope)
}  # fmt: skip


def choose_format(archive: Archive, name: str = "auto") -> ArchiveFormat:
    """Return the format of a name, or the one that recognises more than 80 % of the members.

    Raises ArchiveRefused if no format does, or more than one.
    """
    if name != "auto":
        return FORMATS[name]
    items = student_members(archive)
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
