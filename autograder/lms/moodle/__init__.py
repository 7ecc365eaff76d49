"""Moodle: the zip of "Download all submissions", grading worksheets and gradebook files, the zip of feedback files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autograder.errors import LmsError, TemplateRefused
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
from autograder.lms.ledger import HandIn
from autograder.lms.registry import ArchiveFormat, Lms, PushService, RestSettings
from autograder.lms.roster import Roster, fold_name, id_columns
from autograder.lms.table import Table
from autograder.text import printable

if TYPE_CHECKING:
    from autograder.lms.push.http import Patience
    from autograder.lms.push.model import Target

__all__ = ["LMS"]

_NAME = re.compile(
    r"^(?P<name>[^_/]+)_(?P<participant>[0-9]+)_(?P<subtype>assignsubmission|assignfeedback)_(?P<plugin>[a-z0-9]+)"
    r"_?(?P<sep>/|_|)(?P<file>.+)$",
    re.DOTALL,
)
_NO_NUMBER = re.compile(r"^[^_/]+_assignsubmission_file")
_GRADE = ("Grade", "Calificación")
_KIND = re.compile("(?:Assignment|Tarea|Quiz|Cuestionario): ")
_NO = {"no", "non", "nein", "não", "nee"}
_BLIND = {"participant", "participante"}


def _recognises(item: ArchiveMember) -> bool:
    """Return whether a member is named as Moodle names them: name_number_assignsubmission_file/name."""
    return bool(_NAME.match(item.path) or _NO_NUMBER.match(item.path))


def _read(archive: Archive) -> ArchiveContents:
    """List the submissions. Moodle exports the last attempt only; a member's time is that of the submission."""
    entries, rest = [], junk_members(archive)
    for item in student_members(archive):
        found = _NAME.match(item.path)
        if not found:
            what = (
                "the work of people who are in no group" if _NO_NUMBER.match(item.path) else "not named as Moodle does"
            )
            rest.append(MemberResult(path=item.path, fate=MemberStatus.UNMATCHED, reason=what))
        elif (found["subtype"], found["plugin"]) != ("assignsubmission", "file"):
            rest.append(MemberResult(path=item.path, fate=MemberStatus.IGNORED, reason="not a file that was handed in"))
        else:
            entries.append(
                ArchiveEntry(
                    item=item,
                    source=found["participant"],
                    file=found["file"],
                    when=item.modified,
                    ids={"participant": found["participant"]},
                    name=found["name"],
                )
            )
    return ArchiveContents(lms="moodle", entries=tuple(entries), rest=tuple(rest))


def _match(entry: ArchiveEntry, roster: Roster) -> StudentMatch:
    """Find whose an entry is: by the participant's number, which the worksheet of this assignment has as Identifier.

    In a team assignment the number is that of the group and may be anybody's as a participant: so the name must fit.
    """
    mates = [each for each in roster.members if each.team and fold_name(each.team) == fold_name(entry.name)]
    if mates:
        return StudentMatch(tuple(mates), team=entry.name)
    found = match_student(entry, roster)
    if not found.members:
        if all(not each.participant for each in roster.members):
            return StudentMatch(reason="the roster has no Identifier: give the grading worksheet of this assignment")
        return found
    [member] = found.members
    if not member.name or fold_name(member.name) == fold_name(entry.name) or entry.name.casefold() in _BLIND:
        return found
    reason = (
        f"number {entry.source} is {member.name}, not {entry.name}: for the work of a team say whose it is with --map"
    )
    return StudentMatch(reason=reason)


def _feedback_path(hand_in: HandIn) -> str:
    """Name a page so that Moodle gives it to the right participant: in the folder of the submission.

    A team's work is in the team's folder, which Moodle would not recognise: each member's own number is used.
    Raises LmsError where there is none.
    """
    if hand_in.team:
        if not hand_in.member.participant:
            raise LmsError("the participant's number is not known: import with the grading worksheet as --roster")
        return f"Participant_{hand_in.member.participant}_assignfeedback_file/feedback.html"
    found = _NAME.match(hand_in.path)
    if not found:
        raise LmsError(f"{printable(hand_in.path)} is not named as Moodle names files")
    return hand_in.path[: found.start("file")] + "feedback.html"


def _worksheet(table: Table, ask: ColumnQuery) -> Sheet:
    """Find the columns of an offline grading worksheet, which holds one assignment and the comments as HTML.

    The headers are in the site's language: the grade is the column before the maximum, which is the same number in
    every line. Raises TemplateRefused if they cannot be told.
    """
    rows = range(1, len(table.rows))
    wanted = column_index(table, ask.column) if ask.column else column_index(table, *_GRADE)
    for index in range(2, len(table.header)) if wanted is None else [wanted + 1]:
        values = {parse_number(table.value(row, index)) for row in rows}
        if len(values) == 1 and (most := values.pop()) is not None and most > 0:
            break
    else:
        listed = ", ".join(repr(text) for text in table.header)
        raise TemplateRefused(
            f"{ask.where} is not a grading worksheet: no column of grades is followed by one with the maximum. "
            f"Download it with the action Download grading worksheet. Its columns are: {listed}"
        )
    title = table.header[index - 1]
    locked = {row: "Moodle does not let this grade be changed" for row in rows if _is_no(table.value(row, index + 1))}
    return Sheet(
        score=Column(index=index - 1, title=title, header=title, max_score=most),
        feedback=feedback_column(table, ask, "Feedback comments", "Comentarios de retroalimentación"),
        html=frozenset(rows),
        locked=locked,
    )


def _gradebook(table: Table, ask: ColumnQuery) -> Sheet:
    """Find the columns of a gradebook CSV for Moodle's import, which works for any manual grade item.

    Raises TemplateRefused for the column of an assignment: the import would lock its grades against the assignment.
    """
    columns, people = [], set(id_columns(table.header).values())
    for index, text in enumerate(table.header):
        title = re.sub(r" \((?:Real|Porcentaje|Percentage|Letter|Letra)\)$", "", text)
        kind = _KIND.match(title)
        problem = f"{text} is an assignment's: use --to moodle-worksheet, or its grades are locked" if kind else ""
        if index not in people:
            columns.append(
                Column(index=index, title=title[kind.end() :] if kind else title, header=text, problem=problem)
            )
    score = choose_column(columns, ask)
    stem = score.header.removesuffix(" (Real)")
    labels = [f"{stem}{ending}" for ending in (" (Feedback)", " feedback", " (Retroalimentación)")]
    note = "Moodle's gradebook file does not say out of how many points a column is: compare before you import it"
    return Sheet(score=score, feedback=feedback_column(table, ask, *labels), notes=(note,))


def _is_no(text: str) -> bool:
    return text.strip().casefold() in _NO


def _connect(settings: RestSettings, assignment: str, patience: Patience | None) -> Target:
    from autograder.lms.moodle.push import connect_moodle

    return connect_moodle(settings, assignment, patience)


LMS = Lms(
    name="moodle",
    archive=ArchiveFormat(recognises=_recognises, read=_read, match=_match),
    grade_files={"moodle-worksheet": _worksheet, "moodle-csv": _gradebook},
    feedback_path=_feedback_path,
    push=PushService(settings=RestSettings, connect=_connect),
)
