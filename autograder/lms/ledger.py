"""What was handed in, by whom and when: `lms.json` beside the submissions, so that grades find their way back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from autograder.atomic import replace_file
from autograder.errors import LmsError
from autograder.lms.roster import Person, Roster
from autograder.text import printable

__all__ = ["FILE", "TIMESTAMP", "HandIn", "Ledger", "format_timestamp", "read_ledger", "settle_folders"]

FILE = "lms.json"
TIMESTAMP = "%Y-%m-%d %H:%M:%S.%f %Z"
"""nbgrader's own form of timestamp.txt."""

_STABLE = ("login", "number", "email")


class HandIn(msgspec.Struct, frozen=True, kw_only=True):
    """One student's latest work for one assignment, as the LMS gave it.

    member        the person, with the ids of the roster that was read then
    lms           which LMS the archive came from
    archive       the archive's file name; `path` is the work's path inside it
    source        how the archive calls who handed in: a user id, a participant number, a user name
    attempt       which attempt it was, in the LMS's own words; empty where the archive does not say
    submitted_at  when, with its time zone; None where the archive does not say
    late          what the archive says of lateness; None where it says nothing
    team          the archive's name of the group that handed in together; empty for a single student
    digest        SHA-256 of the file, in hexadecimal
    """

    member: Person
    lms: str
    archive: str = ""
    path: str = ""
    source: str = ""
    attempt: str = ""
    submitted_at: datetime | None = None
    late: bool | None = None
    team: str = ""
    digest: str = ""


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """All of lms.json: the field that folders are named after, and assignment -> student -> what was handed in."""

    format_version: int = 1
    key: str = ""
    assignments: dict[str, dict[str, HandIn]] = {}

    def of(self, assignment: str) -> Mapping[str, HandIn]:
        """Return the submissions of an assignment, by student."""
        return self.assignments.get(assignment, {})

    def write(self, folder: Path) -> None:
        """Replace lms.json in one step. Raises OSError."""
        replace_file(folder / FILE, msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n")


def settle_folders(people: Roster, ledger: Ledger) -> Roster:
    """Keep the folder of each student with an earlier submission, whatever field the roster names folders after.

    Somebody is known again by user name, student number or email address, if none of the three says otherwise.
    """
    before: dict[tuple[str, str], set[Person]] = {}
    for hand_ins in ledger.assignments.values():
        for hand_in in hand_ins.values():
            for field in _STABLE:
                before.setdefault((field, getattr(hand_in.member, field)), set()).add(hand_in.member)
    names = [_earlier_name(member, before) for member in people.members]
    if len(set(map(str.casefold, names))) < len(names):
        return people
    members = zip(people.members, names, strict=True)
    renamed = tuple(msgspec.structs.replace(member, student=name) for member, name in members)
    return Roster(renamed, people.key)


def _earlier_name(member: Person, before: Mapping[tuple[str, str], set[Person]]) -> str:
    ids = {field: value for field in _STABLE if (value := getattr(member, field))}
    seen = set().union(*(before.get(pair, set()) for pair in ids.items()))
    same = {old.student for old in seen if all(getattr(old, field) in ("", value) for field, value in ids.items())}
    return same.pop() if len(same) == 1 else member.student


def read_ledger(folder: Path) -> Ledger:
    """Read lms.json of a folder of submissions; an empty one if there is none. Raises LmsError on a damaged one."""
    path = folder / FILE
    try:
        ledger = msgspec.json.decode(path.read_bytes(), type=Ledger)
    except (FileNotFoundError, NotADirectoryError):
        return Ledger()
    except OSError as error:
        raise LmsError(f"cannot read {printable(str(path))}: {error.strerror}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        remedy = "Put it back from a copy, or move it away and import the archives again."
        raise LmsError(f"{printable(str(path))} is damaged ({printable(str(error))}). {remedy}") from None
    if ledger.format_version != 1:
        raise LmsError(f"{printable(str(path))} was written by a newer nn-autograder. Update this one.")
    return ledger


def format_timestamp(moment: datetime) -> str:
    """Write a moment as nbgrader does."""
    return moment.astimezone(UTC).strftime(TIMESTAMP)
