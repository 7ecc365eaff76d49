"""D2L Brightspace: the zip of an assignment's submissions, and the CSV of "Export grades"."""

from __future__ import annotations

import re
from datetime import datetime

from autograder.errors import TemplateRefused
from autograder.lms.archive import Archive, ArchiveMember
from autograder.lms.columns import Column, ColumnQuery, Sheet, choose_column, column_index, parse_number
from autograder.lms.intake import (
    ArchiveContents,
    ArchiveEntry,
    MemberResult,
    MemberStatus,
    StudentMatch,
    junk_members,
    student_members,
)
from autograder.lms.registry import ArchiveFormat, Lms
from autograder.lms.roster import Roster
from autograder.lms.table import Table

__all__ = ["LMS", "moment"]

_FOLDER = re.compile(r"^(?P<user>[0-9]+)-[0-9]+ - (?P<name>.+) - (?P<when>[^/]*[0-9]{3,4}(?: ?[AaPp]\.? ?[Mm]\.?)?)$")
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?P<minute>[0-9]{2}) ?(?:(?P<half>[AaPp])\.? ?[Mm]\.?)?$")
_COLUMN = re.compile(r"(?P<title>.*) Points Grade(?P<rest>(?: <.*>)?)", re.DOTALL)
_MOST = re.compile(r"MaxPoints:([0-9.,]+)")
_MONTHS = (
    ("jan", "ene"), ("feb",), ("mar",), ("apr", "abr"), ("may",), ("jun",), ("jul",), ("aug", "ago"), ("sep", "set"),
    ("oct",), ("nov",), ("dec", "dic"),
)  # fmt: skip


def _recognises(item: ArchiveMember) -> bool:
    """Return whether a member is in a folder named as Brightspace names them: user-folder - name - date and time."""
    return _split(item.path) is not None


def _read(archive: Archive) -> ArchiveContents:
    """List the submissions: a folder each; those of one user are attempts, in the order of their times."""
    entries, rest = [], junk_members(archive)
    for item in student_members(archive):
        split = _split(item.path)
        if not split:
            rest.append(
                MemberResult(
                    path=item.path, fate=MemberStatus.UNMATCHED, reason="not in a folder as Brightspace names them"
                )
            )
            continue
        found, file = split
        entries.append(
            ArchiveEntry(
                item=item,
                source=found["user"],
                file=file,
                attempt=found["when"],
                when=moment(found["when"]),
                name=found["name"],
            )
        )
    return ArchiveContents(lms="brightspace", entries=tuple(entries), rest=tuple(rest))


def _match(entry: ArchiveEntry, roster: Roster) -> StudentMatch:
    """Find whose an entry is by the name, for its number stands in no grade file: only one person may have it."""
    fitting = roster.called(entry.name)
    if len(fitting) > 1:
        return StudentMatch(reason=f"more than one student is called {entry.name}: say whose it is with --map")
    if not fitting:
        return StudentMatch(reason=f"nobody in the roster is called {entry.name}")
    return StudentMatch((fitting[0],))


def moment(text: str) -> datetime | None:
    """Read "Nov 28, 2025 110 AM" or "14 de agosto de 2026 2334"; None for what is neither.

    The last two digits are the minutes: strptime reads 110 as eleven o'clock.
    """
    clock = _CLOCK.search(text)
    if not clock:
        return None
    words = re.findall(r"[^\W\d_]+|[0-9]+", text[: clock.start()])
    numbers = [int(word) for word in words if word.isdigit()]
    month = next((number for word in words if (number := _month(word))), 0)
    days, years = [each for each in numbers if each <= 31], [each for each in numbers if each >= 1000]
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].casefold() == "p" else 0)
    try:
        return datetime(years[0], month, days[0], hour, int(clock["minute"]))
    except (IndexError, ValueError):
        return None


def _month(word: str) -> int:
    short = word.casefold()[:3]
    return next((number for number, names in enumerate(_MONTHS, 1) if short in names), 0)


def _split(path: str) -> tuple[re.Match[str], str] | None:
    """Find the folder of the submission, at the top or below one folder."""
    parts = path.split("/")
    for depth in (0, 1):
        if len(parts) > depth + 1 and (found := _FOLDER.match(parts[depth])):
            return found, "/".join(parts[depth + 1 :])
    return None


def _sheet(table: Table, ask: ColumnQuery) -> Sheet:
    """Find the column "<item> Points Grade" of a grade export. Comments have no place in it.

    Raises TemplateRefused if this is no grade export, or the column cannot be told.
    """
    if column_index(table, "End-of-Line Indicator") != len(table.header) - 1:
        raise TemplateRefused(
            f"{ask.where} is not a grade export of Brightspace: its last column is not End-of-Line Indicator. Use "
            "Grades > Enter Grades > Export, with Points grade and Username or Org Defined ID."
        )
    columns = []
    for index, text in enumerate(table.header):
        found = _COLUMN.fullmatch(text)
        if found:
            most = _MOST.search(found["rest"])
            columns.append(
                Column(
                    index=index, title=found["title"], header=text, max_score=parse_number(most[1]) if most else None
                )
            )
    return Sheet(score=choose_column(columns, ask))


LMS = Lms(
    name="brightspace",
    archive=ArchiveFormat(recognises=_recognises, read=_read, match=_match),
    grade_files={"d2l": _sheet},
)
