"""Blackboard Learn: the gradebook_*.zip of an assignment, and the file to work offline."""

from __future__ import annotations

import re
from datetime import datetime

from autograder.errors import TemplateRefused
from autograder.lms.archive import Archive, ArchiveMember
from autograder.lms.columns import (
    Column,
    ColumnQuery,
    Sheet,
    choose_column,
    column_index,
    feedback_column,
    parse_number,
)
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
from autograder.lms.table import Table

__all__ = ["LMS"]

_NAME = re.compile(
    r"^(?P<stem>(?P<owner>.+?)_attempt_(?P<when>[0-9]{4}(?:-[0-9]{2}){5}))(?:_(?P<file>.+)|\.txt)$", re.DOTALL
)
_WHO = re.compile(r"\A\ufeff?Name: .*\((?P<username>[^()\n]+)\)\s*$", re.MULTILINE)
_COLUMN = re.compile(
    r"(?P<title>.*) \[Total Pts: (?P<points>[\d.,]+|up to [\d.,]+)(?: (?P<type>\w+))?\](?: ?\|(?P<id>\d+))?", re.DOTALL
)
_LONGEST_RECEIPT = 1 << 20


def _recognises(item: ArchiveMember) -> bool:
    """Return whether a member is named as Blackboard names them: assignment_username_attempt_time_name."""
    return "/" not in item.path and _NAME.match(item.path) is not None


def _read(archive: Archive) -> ArchiveContents:
    """List the submissions; there may be several attempts, each with a receipt that states the user name."""
    entries, rest = [], junk_members(archive)
    found = [(item, _NAME.match(item.path) if "/" not in item.path else None) for item in student_members(archive)]
    receipts = {each["stem"]: _username(archive, item, each) for item, each in found if each and not each["file"]}
    for item, each in found:
        if not each:
            rest.append(
                MemberResult(path=item.path, fate=MemberStatus.UNMATCHED, reason="not named as Blackboard names files")
            )
        elif not each["file"]:
            rest.append(MemberResult(path=item.path, fate=MemberStatus.IGNORED, reason="a receipt"))
        else:
            entries.append(_entry(item, each, receipts.get(each["stem"], "")))
    return ArchiveContents(lms="blackboard", entries=tuple(entries), rest=tuple(rest))


def _match(entry: ArchiveEntry, roster: Roster) -> StudentMatch:
    """Find whose an entry is by the user name; without a receipt only one of the roster may fit the file's name."""
    if entry.ids:
        return match_student(entry, roster)
    owner = entry.source.casefold()
    fitting = tuple(each for each in roster.members if each.login and owner.endswith(f"_{each.login.casefold()}"))
    if len(fitting) == 1:
        return StudentMatch(fitting)
    what = "more than one user name" if fitting else "no user name"
    return StudentMatch(reason=f"there is no receipt, and {what} of the roster fits the end of {entry.source}")


def _entry(item: ArchiveMember, found: re.Match[str], username: str) -> ArchiveEntry:
    try:
        when = datetime.strptime(found["when"], "%Y-%m-%d-%H-%M-%S")  # it writes no zone
    except ValueError:
        when = None
    return ArchiveEntry(
        item=item,
        source=username or found["owner"],
        file=found["file"],
        attempt=found["when"],
        when=when,
        ids={"login": username} if username else {},
    )


def _username(archive: Archive, item: ArchiveMember, found: re.Match[str]) -> str:
    """Read the user name from the first line of a receipt; the file's name must agree, for students write in both."""
    if item.size > _LONGEST_RECEIPT:
        return ""
    who = _WHO.match(archive.read(item).decode("utf-8", "replace"))
    return who["username"] if who and found["owner"].endswith(f"_{who['username']}") else ""


def _sheet(table: Table, ask: ColumnQuery) -> Sheet:
    """Find a column in the file to work offline; its header must keep the id. Comments are HTML where the file says so.

    Raises TemplateRefused if this is no such file, or the column cannot be told.
    """
    if column_index(table, "Username", "Nombre de usuario") is None:
        raise TemplateRefused(f"{ask.where} has no column Username: use Work Offline > Download in the Grade Center.")
    columns = []
    for index, text in enumerate(table.header):
        found = _COLUMN.fullmatch(text)
        if found:
            computed = found["points"].startswith("up to") or (found["type"] or "Score") != "Score"
            problem = f"{text} is computed or holds no score" if computed else ""
            problem = problem or ("" if found["id"] else f"{text} has no id: Blackboard would make a new column")
            columns.append(
                Column(
                    index=index,
                    title=found["title"],
                    header=text,
                    id=found["id"] or "",
                    max_score=parse_number(found["points"]),
                    problem=problem,
                )
            )
    form = column_index(table, "Feedback Format")
    rows = range(1, len(table.rows)) if form is not None else ()
    html = frozenset(row for row in rows if form is not None and table.value(row, form).strip().casefold() == "html")
    return Sheet(
        score=choose_column(columns, ask), feedback=feedback_column(table, ask, "Feedback to Learner"), html=html
    )


LMS = Lms(
    name="blackboard",
    archive=ArchiveFormat(recognises=_recognises, read=_read, match=_match),
    grade_files={"blackboard": _sheet},
)
