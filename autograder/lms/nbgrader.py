"""The CSV of `nbgrader export`: one line for each student and assignment."""

from __future__ import annotations

from autograder.errors import TemplateRefused
from autograder.lms.columns import Column, ColumnQuery, Sheet, column_index, parse_number
from autograder.lms.registry import Lms
from autograder.lms.table import Table

__all__ = ["LMS"]


def _rows_of(table: Table, assignment: str) -> frozenset[int]:
    """Return the rows of an assignment."""
    column = column_index(table, "assignment")
    rows = range(1, len(table.rows))
    return frozenset(row for row in rows if column is not None and table.value(row, column) == assignment)


def _sheet(table: Table, ask: ColumnQuery) -> Sheet:
    """Find score, score before the penalty, and penalty. nbgrader writes 0 for what is missing: such lines stay.

    Raises TemplateRefused if this is no such file, has no line of the assignment, or states several maxima.
    """
    score, most = column_index(table, "score"), column_index(table, "max_score")
    if None in (score, most, column_index(table, "student_id"), column_index(table, "assignment")):
        raise TemplateRefused(f"{ask.where} was not written by `nbgrader export`: it lacks a column.")
    assert score is not None
    assert most is not None
    name = ask.column or ask.assignment
    rows = _rows_of(table, name)
    width = len(table.header)
    shifted = frozenset(row for row in rows if len(table.rows[row]) > width)
    maxima = {parse_number(table.value(row, most)) for row in rows - shifted}
    if len(maxima) != 1:
        problem = "more than one maximum for" if rows else "no line of"
        raise TemplateRefused(f"{ask.where} has {problem} {name}. Export it again.")
    reason = "the line has more cells than there are columns: a comma in a name, which nbgrader does not quote"
    return Sheet(
        score=Column(index=score, title="score", header="score", max_score=maxima.pop()),
        locked=dict.fromkeys(shifted, reason),
        rows=rows,
        raw=column_index(table, "raw_score"),
        penalty=column_index(table, "late_submission_penalty", "late_penalty"),
    )


LMS = Lms(name="nbgrader", grade_files={"nbgrader-csv": _sheet})
