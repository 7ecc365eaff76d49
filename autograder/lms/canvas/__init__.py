"""Canvas: the zip of "Download submissions", the gradebook CSV, and files for "Upload submissions"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from autograder.errors import LmsError, TemplateRefused
from autograder.lms.archive import Archive, ArchiveMember
from autograder.lms.columns import Column, ColumnQuery, Sheet, choose_column, parse_number
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
from autograder.lms.ledger import HandIn
from autograder.lms.registry import ArchiveFormat, Lms, PushService, RestSettings
from autograder.lms.roster import Roster, fold_name
from autograder.lms.table import Table
from autograder.text import printable

if TYPE_CHECKING:
    from autograder.lms.push.http import Patience
    from autograder.lms.push.model import Target

__all__ = ["LMS"]

_PLACE = re.compile(
    r"(?:^|(?<=_))(?P<id>[0-9]+|anon_[0-9A-Za-z]+)_(?:[0-9]+_(?P<file>.+)|(?P<typed>text|link)\.html)$", re.DOTALL
)
_TITLE = re.compile(r"(?P<title>.*)\s\((?P<id>[0-9]+)\)", re.DOTALL)
_COPY = re.compile(
    r"^(?P<stem>.+?)-(?:[1-7]|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?P<ext>(?:\.[A-Za-z]\w*)*\.[A-Za-z0-9]+)$"
)


def _recognises(item: ArchiveMember) -> bool:
    """Return whether a member is named as Canvas names them: name_[LATE_]user_file_name."""
    return "/" not in item.path and next(_places(item.path), None) is not None


def _read(archive: Archive) -> ArchiveContents:
    """List the submissions. Canvas exports the current attempt only, without times, and marks names with LATE.

    Names may hold underscores and digits, so a file name can be read in several ways: all are kept, for the roster to
    decide. Nobody becomes somebody else by calling themselves "x_123_4".
    """
    entries, rest = [], junk_members(archive)
    for item in student_members(archive):
        readings = list(_places(item.path)) if "/" not in item.path else []
        if not readings:
            reason = "not named as Canvas names files"
            rest.append(MemberResult(path=item.path, fate=MemberStatus.UNMATCHED, reason=reason))
            continue
        entries.append(_entry(item, readings))
    return ArchiveContents(lms="canvas", entries=tuple(entries), rest=tuple(rest))


def _match(entry: ArchiveEntry, roster: Roster) -> StudentMatch:
    """Find whose an entry is, by Canvas's ID. Group work carries the id of one member and the name of the group."""
    if entry.ids["user_id"].startswith("anon_"):
        return StudentMatch(reason="an anonymous assignment: say whose it is with --map")
    found = match_student(entry, roster)
    if len(found.members) != 1 or not entry.name:
        return found
    [member] = found.members
    names = [entry.name, *(name for name, _ in entry.others)]
    mates = [each for each in roster.members if each.team and fold_name(each.team) == fold_name(entry.name)]
    if member in mates:
        return StudentMatch(tuple(mates), team=entry.name, source=found.source)
    if any(fold_name(name) == fold_name(member.name) for name in names):
        return found
    reason = f"is named {entry.name}, not {member.name}: if this is the work of a group, say whose with --map"
    return StudentMatch(found.members, reason=reason, source=found.source)


def _entry(item: ArchiveMember, readings: list[re.Match[str]]) -> ArchiveEntry:
    first, *others = readings
    name, late = _name(first)
    file = first["file"] or f"{first['typed']}.html"
    copied = _COPY.match(file)
    return ArchiveEntry(
        item=item,
        source=first["id"],
        file=copied["stem"] + copied["ext"] if copied else file,
        late=late,
        ids={"user_id": first["id"]},
        others=tuple((_name(each)[0], {"user_id": each["id"]}) for each in others),
        name=name,
    )


def _name(reading: re.Match[str]) -> tuple[str, bool]:
    """Return the name before the ids, and whether it is marked LATE."""
    before = reading.string[: reading.start()].removesuffix("_")
    late = before == "LATE" or before.endswith("_LATE")
    return before.removesuffix("LATE").removesuffix("_") if late else before, late


def _places(path: str) -> Iterator[re.Match[str]]:
    """Find every place in a name where a user id and a file id may stand."""
    position = 0
    while found := _PLACE.search(path, position):
        yield found
        position = found.start() + 1


def _sheet(table: Table, ask: ColumnQuery) -> Sheet:
    """Find an assignment's column in a gradebook CSV. Comments have no place in it: they go back as files.

    Raises TemplateRefused if this is no gradebook, or the column cannot be told.
    """
    header = table.header
    if len(header) < 4 or "Student" not in header[0] or not any(text.strip() == "ID" for text in header[:4]):
        raise TemplateRefused(f"{ask.where} is not a gradebook of Canvas: use Grades > Export > Entire Gradebook.")
    points = next((row for row in range(1, len(table.rows)) if "Points Possible" in table.value(row, 0)), None)
    first = next((index for index, text in enumerate(header) if index > 1 and "Section" in text), 1) + 1
    columns = []
    for index, text in enumerate(header):
        found = _TITLE.fullmatch(text)
        if index >= first and found:
            said = table.value(points, index) if points is not None else ""
            problem = f"{text} is computed by Canvas" if "read only" in said else ""
            most = parse_number(said)
            columns.append(
                Column(
                    index=index,
                    title=found["title"],
                    header=text,
                    id=found["id"],
                    max_score=most,
                    problem=problem,
                )
            )
    return Sheet(score=choose_column(columns, ask), excused="EX")


def _feedback_path(hand_in: HandIn) -> str:
    """Name a page so that Canvas gives it to the right student: as the file was downloaded, but for its ending.

    Canvas takes the first two tokens that are digits only for the user and the file. Raises LmsError where that would
    be somebody else, or the page would be skipped.
    """
    stem = hand_in.path[: -len(PurePosixPath(hand_in.path).suffix)]
    tokens = stem.split("_")
    digits = [token for token in tokens if re.fullmatch("[0-9]+", token)]
    if digits[:1] != [hand_in.source] or len(digits) < 2:
        raise LmsError(f"Canvas would take the name {printable(hand_in.path)} for somebody else's: add it by hand")
    if tokens[-1].startswith("link"):
        raise LmsError(f"Canvas skips files that are called as {printable(tokens[-1])}: add it by hand")
    return f"{stem}.html"


def _connect(settings: RestSettings, assignment: str, patience: Patience | None) -> Target:
    from autograder.lms.canvas.push import connect_canvas

    return connect_canvas(settings, assignment, patience)


LMS = Lms(
    name="canvas",
    archive=ArchiveFormat(recognises=_recognises, read=_read, match=_match),
    grade_files={"canvas": _sheet},
    feedback_path=_feedback_path,
    push=PushService(settings=RestSettings, connect=_connect),
)
