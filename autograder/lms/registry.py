"""The LMSs: one module each, listed in MODULES, and everything that is special about one is its `LMS` record."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated

import msgspec

from autograder.errors import ArchiveRefused, PushError

if TYPE_CHECKING:
    from autograder.lms.archive import Archive, ArchiveMember
    from autograder.lms.columns import ColumnQuery, Sheet
    from autograder.lms.intake import ArchiveContents, ArchiveEntry, StudentMatch
    from autograder.lms.ledger import HandIn
    from autograder.lms.push.model import Target
    from autograder.lms.roster import Roster
    from autograder.lms.table import Table

__all__ = [
    "MODULES",
    "ArchiveFormat",
    "Lms",
    "PlatformId",
    "PushService",
    "PushSetting",
    "RestSettings",
    "ServiceSettings",
    "archive_formats",
    "choose_format",
    "feedback_paths",
    "grade_files",
    "push_services",
]

MODULES = (
    "autograder.lms.canvas",
    "autograder.lms.moodle",
    "autograder.lms.blackboard",
    "autograder.lms.brightspace",
    "autograder.lms.gradescope",
    "autograder.lms.nbgrader",
    "autograder.lms.ags",
)
"""Every LMS, by the module whose `LMS` describes it; imported when one of the functions below is called."""

_ENOUGH = 0.8


class ArchiveFormat(msgspec.Struct, frozen=True, kw_only=True):
    """How to read an LMS's archive of submissions.

    recognises  whether a member of an archive is named as this LMS names them
    read        lists what was submitted
    match       finds the student, or the team, that an entry belongs to
    """

    recognises: Callable[[ArchiveMember], bool]
    read: Callable[[Archive], ArchiveContents]
    match: Callable[[ArchiveEntry, Roster], StudentMatch]


class PushSetting(msgspec.Struct, frozen=True, kw_only=True):
    """What a field of an LMS's settings means: its option on the command line, its name in errors, its help.

    address   whether it is an address that secrets are sent to
    required  whether a push needs it
    """

    option: str
    noun: str
    help: str
    metavar: str | None = None
    address: bool = False
    required: bool = True

    @property
    def parameter(self) -> str:
        """The name of the option's value in a command's arguments."""
        return self.option.lstrip("-").replace("-", "_")


PlatformId = Annotated[int, msgspec.Meta(ge=0)] | Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
"""A number or a name on the platform."""


class ServiceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An LMS's section of lms.yml: our assignments' numbers or names there.

    A subclass adds fields; one that is annotated with a PushSetting is also an option of the commands.
    """

    assignments: dict[str, PlatformId] = {}

    @classmethod
    def options(cls) -> Mapping[str, PushSetting]:
        """Return the fields that the command line can set, by name."""
        fields = msgspec.structs.fields(cls)
        found = {field.name: getattr(field.type, "__metadata__", ()) for field in fields}
        return {name: each for name, metadata in found.items() for each in metadata if isinstance(each, PushSetting)}


class RestSettings(ServiceSettings, frozen=True, forbid_unknown_fields=True):
    """Canvas or Moodle: the site, and the course's number there."""

    url: Annotated[
        str, PushSetting(option="--url", noun="address", help="The address of Canvas or Moodle.", address=True)
    ] = ""
    course: Annotated[
        PlatformId,
        PushSetting(
            option="--lms-course", noun="number of the course", help="The course on the platform.", metavar="NUMBER"
        ),
    ] = ""

    @property
    def site(self) -> str:
        """The address without a slash at its end."""
        return self.url.rstrip("/")

    def course_number(self) -> str:
        """Return the course's number as text; raises PushError if it cannot be part of an address."""
        from autograder.text import printable

        course = str(self.course)
        if not re.fullmatch(r"[\w.:~-]+", course):
            raise PushError(f"{printable(course)!r} is not a course number. It is in the address of the course's page.")
        return course


class PushService(msgspec.Struct, frozen=True, kw_only=True):
    """How to write grades to a platform over the network.

    settings  the record of the section in lms.yml, and of the options that override it
    connect   finds a column: (settings, its name there, patience) -> Target; it imports what is slow to import
    """

    settings: type[ServiceSettings]
    connect: Callable[..., Target]


class Lms(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is special about one LMS; what it does not offer is left out.

    archive        how to read its archive of submissions
    grade_files    name for `export --to` -> what finds the columns in a file of this kind
    feedback_path  where in a zip of feedback the page for a submission is; raises LmsError if it has no place there
    push           how to write grades over the network
    """

    name: str
    archive: ArchiveFormat | None = None
    grade_files: Mapping[str, Callable[[Table, ColumnQuery], Sheet]] = {}
    feedback_path: Callable[[HandIn], str] | None = None
    push: PushService | None = None


def archive_formats() -> Mapping[str, ArchiveFormat]:
    """Return how to read archives, by the name of the LMS."""
    return {lms.name: lms.archive for lms in _all() if lms.archive}


def grade_files() -> Mapping[str, Callable[[Table, ColumnQuery], Sheet]]:
    """Return what finds the columns of a grade file, by the name of its kind."""
    return {name: sheet for lms in _all() for name, sheet in lms.grade_files.items()}


def feedback_paths() -> Mapping[str, Callable[[HandIn], str]]:
    """Return what places pages in a zip of feedback, by the name of the LMS."""
    return {lms.name: lms.feedback_path for lms in _all() if lms.feedback_path}


def push_services() -> Mapping[str, PushService]:
    """Return the services that grades can be pushed to, by the name of the LMS."""
    return {lms.name: lms.push for lms in _all() if lms.push}


def choose_format(archive: Archive, name: str = "auto") -> str:
    """Return `name`, or for "auto" the format that recognises more than 80 % of the members.

    Raises ArchiveRefused if no format does, or more than one.
    """
    from autograder.lms.intake import student_members

    if name != "auto":
        return name
    items = student_members(archive)
    if not items:
        raise ArchiveRefused(f"{archive.name} holds nothing that a student submitted. Nothing was written.")
    shares = {each: sum(map(form.recognises, items)) / len(items) for each, form in archive_formats().items()}
    best = max(shares, key=lambda each: shares[each])
    if shares[best] > _ENOUGH and sum(share == shares[best] for share in shares.values()) == 1:
        return best
    counts = ", ".join(f"{each} {share:.0%}" for each, share in shares.items())
    raise ArchiveRefused(
        f"{archive.name} does not look like an archive of one LMS (members that fit: {counts}). If you know where it "
        "is from, name that with --format. Nothing was written."
    )


def _all() -> tuple[Lms, ...]:
    return tuple(importlib.import_module(name).LMS for name in MODULES)
