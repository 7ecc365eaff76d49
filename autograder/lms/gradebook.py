"""Fill the grade file of an LMS: each score and comment on the line of its student, everything else unchanged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from html import escape
from pathlib import Path

import msgspec

from autograder import explain
from autograder.atomic import replace_file
from autograder.course import Course
from autograder.errors import LmsError, TemplateRefused
from autograder.i18n import LANGUAGES
from autograder.lms import roster
from autograder.lms.columns import Column, ColumnQuery, Sheet, format_score, parse_number
from autograder.lms.grades import Grade, GradeSource, Standing, gather_grades
from autograder.lms.ledger import HandIn
from autograder.lms.registry import grade_files
from autograder.lms.roster import Person, Roster
from autograder.lms.table import Table
from autograder.text import formula_guarded, printable

__all__ = [
    "ExportOptions",
    "FillStatus",
    "FilledFile",
    "FilledLine",
    "GradeFileFiller",
    "export_grades",
    "match_grades",
]


_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_HEADS = [re.escape(explain.score_text(1.0, 2.0, lang)) for lang in LANGUAGES]
_OURS = re.compile("|".join(head.replace("1", r"[\d.]+").replace("2", r"[\d.]+") for head in _HEADS))


Edits = dict[tuple[int, int], str]


class FillStatus(StrEnum):
    """What became of a grade: only `lost` is a failure."""

    WRITTEN = "written"
    SAME = "unchanged"
    LEFT = "left as it is"
    LOST = "has no line"


class FilledLine(msgspec.Struct, frozen=True, kw_only=True):
    """A student's line: what it held, what it holds now, and why it was left alone."""

    student: str
    standing: Standing
    outcome: FillStatus
    before: str = ""
    after: str = ""
    reason: str = ""


class FilledFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file to give back to the LMS, and what became of each grade."""

    data: bytes
    column: str
    told: tuple[FilledLine, ...]
    notes: tuple[str, ...] = ()

    @property
    def lost(self) -> int:
        """How many scores did not find their place."""
        return sum(each.outcome is FillStatus.LOST for each in self.told)


class GradeFileFiller:
    """Fills one file. `again` also replaces comments that somebody else wrote."""

    def __init__(self, table: Table, sheet: Sheet, people: Roster, *, again: bool = False) -> None:
        self._table, self._sheet, self._people, self._again = table, sheet, people, again
        column = sheet.score.index
        self._comma = any(_COMMA.fullmatch(row[column].value) for row in table.rows[1:] if len(row) > column)

    def fill(self, grades: Sequence[Grade], hand_ins: Mapping[str, HandIn]) -> FilledFile:
        """Put the grades in place.

        Raises TemplateRefused if the file's maximum is not the assignment's, or a score exceeds it.
        """
        _check(self._sheet.score, grades)
        lines = match_grades(grades, self._people, hand_ins, self._sheet.rows)
        edits: Edits = {}
        told = []
        for grade in grades:
            line = lines[grade.student]
            new, said = self._line(grade, line.row) if isinstance(line, Person) else ({}, _nowhere(grade, line))
            edits |= new
            told.append(said)
        met = {line.row for line in lines.values() if isinstance(line, Person)}
        notes = (*self._sheet.notes, *self._others(met))
        return FilledFile(
            data=self._table.replaced(edits), column=self._sheet.score.title, told=tuple(told), notes=notes
        )

    def _line(self, grade: Grade, row: int) -> tuple[Edits, FilledLine]:
        place = (row, self._sheet.score.index)
        before = self._table.value(*place)
        told = FilledLine(student=grade.student, standing=grade.standing, outcome=FillStatus.LEFT, before=before)
        if reason := _obstacle(self._sheet, grade, row, before):
            return {}, msgspec.structs.replace(told, reason=reason)
        if grade.score is None:
            edits, note = {place: self._sheet.excused}, ""
        else:
            comment, note = self._comment(grade, row)
            edits = dict(self._scores(grade, row)) | comment
        changed = {where: text for where, text in edits.items() if self._table.value(*where) != text}
        outcome = FillStatus.WRITTEN if changed else FillStatus.SAME
        return changed, msgspec.structs.replace(told, outcome=outcome, after=edits.get(place, before), reason=note)

    def _scores(self, grade: Grade, row: int) -> Iterator[tuple[tuple[int, int], str]]:
        sheet = self._sheet
        values = ((sheet.score.index, grade.score), (sheet.raw, grade.raw_score), (sheet.penalty, grade.penalty))
        for column, value in values:
            if column is not None and value is not None and parse_number(self._table.value(row, column)) != value:
                yield (row, column), format_score(value, comma=self._comma)

    def _comment(self, grade: Grade, row: int) -> tuple[Edits, str]:
        column = self._sheet.feedback
        if column is None or not grade.comment:
            return {}, ""
        there = re.sub("<[^>]*>", "", self._table.value(row, column)).strip()
        if there and not self._again and not _OURS.match(there):
            return {}, "its comment is somebody else's and was kept (--replace-comments writes over it)"
        return {(row, column): _html(grade.comment) if row in self._sheet.html else formula_guarded(grade.comment)}, ""

    def _others(self, met: set[int]) -> Iterator[str]:
        """Note how many scores stay in the file because their students have no report here."""
        rows = {each.row for each in self._people.members} - met
        rows &= self._sheet.rows if self._sheet.rows is not None else rows
        column = self._sheet.score.index
        scored = sum(parse_number(self._table.value(row, column)) is not None for row in rows)
        if scored:
            yield f"students with a score in the file and without a report here: {scored}; they keep it"


def match_grades(
    grades: Sequence[Grade], people: Roster, hand_ins: Mapping[str, HandIn], rows: frozenset[int] | None = None
) -> dict[str, Person | str]:
    """Find each student among `people` by all ids that are known; text instead says why there is nobody.

    rows  the lines of the file that count; None means all
    """
    found = {grade.student: _place(grade.student, hand_ins.get(grade.student), people, rows) for grade in grades}
    counts = Counter(line.row for line in found.values() if isinstance(line, Person))
    shared = "another student's grade belongs into the same line"
    return {name: shared if isinstance(line, Person) and counts[line.row] > 1 else line for name, line in found.items()}


def _nowhere(grade: Grade, reason: str) -> FilledLine:
    outcome = FillStatus.LOST if grade.standing is Standing.GRADED else FillStatus.LEFT
    return FilledLine(student=grade.student, standing=grade.standing, outcome=outcome, reason=reason)


def _html(text: str) -> str:
    lines = [escape(line, quote=False).replace("  ", "&nbsp; ") for line in text.splitlines()]
    return f"<p>{'<br>'.join(lines)}</p>"


def _check(column: Column, grades: Sequence[Grade]) -> None:
    for grade in grades:
        if grade.standing is not Standing.GRADED or grade.score is None:
            continue
        most = column.max_score if column.max_score is not None else grade.max_score
        if grade.max_score != most:
            raise TemplateRefused(
                f"{printable(column.title)} is out of {most:g} in the LMS, and out of {grade.max_score or 0:g} here. "
                "Set the same number of points in the LMS, export the file again. Nothing was written."
            )
        if most is not None and grade.score > most:
            raise TemplateRefused(
                f"{printable(grade.student)} has {grade.score:g} of {most:g} points: an LMS would cut that off. "
                "Correct the grader. Nothing was written."
            )


def _place(student: str, hand_in: HandIn | None, people: Roster, rows: frozenset[int] | None) -> Person | str:
    fields = ("login", "number", "email", "user_id", "student")
    ids = list(hand_in.member.ids().items()) if hand_in else [(field, student) for field in fields]
    if people.key == "student":  # nbgrader's own ids are the names of our folders
        ids.append(("student", student))
    found: dict[int, Person] = {}
    for field, value in ids:
        found |= {each.row: each for each in people.all(field, value) if rows is None or each.row in rows}
    if not found:
        return "nobody in the file has this id"
    return found.popitem()[1] if len(found) == 1 else "the ids lead to more than one line of the file"


def _obstacle(sheet: Sheet, grade: Grade, row: int, before: str) -> str:
    """Return why a line is left unchanged; empty if it is to be written."""
    if row in sheet.locked:
        return sheet.locked[row]
    if sheet.excused and before.strip().casefold() == sheet.excused.casefold():
        return "excused in the LMS"
    if grade.standing is Standing.EXCUSED and sheet.excused:
        return ""
    return "" if grade.standing is Standing.GRADED else grade.reason or grade.standing.value


class ExportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to fill in, and with what.

    target            a name of `grade_files()`; `template` is the file that the LMS exported
    column, feedback  the columns' headers, where the assignment's name does not tell
    again             whether to replace comments that somebody else wrote
    """

    basis: GradeSource
    target: str
    template: Path
    column: str = ""
    feedback: str = ""
    again: bool = False


def export_grades(course: Course, order: ExportOptions, out: Path) -> FilledFile:
    """Write the LMS's file with the grades of one assignment to `out`; the template stays as it is.

    Raises LmsError: no reports, a file that is not the LMS's, a column that cannot be told, another maximum.
    """
    if out.resolve() == order.template.resolve():
        raise LmsError(f"{printable(str(out))} is the template itself. Choose another -o, and keep the original.")
    known = gather_grades(course, order.basis)
    table = roster.read_table(order.template)
    where = printable(str(order.template))
    ask = ColumnQuery(assignment=order.basis.assignment, column=order.column, feedback=order.feedback, where=where)
    sheet = grade_files()[order.target](table, ask)
    people = roster.roster_of_table(table, order.template, known.key, sheet.rows)
    filled = GradeFileFiller(table, sheet, people, again=order.again).fill(known.grades, known.hand_ins)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        replace_file(out, filled.data)
    except OSError as error:
        raise LmsError(f"cannot write {printable(str(error.filename or out))}: {error.strerror}.") from None
    return msgspec.structs.replace(filled, notes=(*known.notes, *filled.notes))
