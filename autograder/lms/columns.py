"""A grade file of some LMS: where in it the scores and comments of one assignment stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from autograder.errors import TemplateRefused
from autograder.lms.roster import fold_name
from autograder.lms.table import Table
from autograder.text import printable

__all__ = [
    "Column",
    "ColumnQuery",
    "Sheet",
    "choose_column",
    "column_index",
    "feedback_column",
    "format_score",
    "parse_number",
]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column that may hold the scores of an assignment; `problem` says why it cannot be written to."""

    index: int
    title: str
    header: str
    id: str = ""
    max_score: float | None = None
    problem: str = ""


class ColumnQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for in a file: the assignment, and the columns where the instructor named them."""

    assignment: str
    column: str = ""
    feedback: str = ""
    where: str = "the file"


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """Where the scores and comments of one assignment stand in a grade file.

    score      the column of the score, with the maximum that the file states, if it does
    feedback   the index of the column for comments; None if the file has none
    html       lines whose comment is read as HTML; in all others it is plain text
    locked     line -> why it must not be changed
    rows       the lines of this assignment, where the file holds several; None means all
    excused    what a cell holds for an excused student; empty if the LMS writes nothing of the kind
    raw        the index of a column for the score before the late penalty, if there is one; `penalty` likewise
    notes      what the instructor has to know before the file goes back
    """

    score: Column
    feedback: int | None = None
    html: frozenset[int] = frozenset()
    locked: Mapping[int, str] = {}
    rows: frozenset[int] | None = None
    excused: str = ""
    raw: int | None = None
    penalty: int | None = None
    notes: tuple[str, ...] = ()


def choose_column(columns: Sequence[Column], ask: ColumnQuery) -> Column:
    """Find a column by header, title or id, or by the assignment's name; raises TemplateRefused with candidates."""
    wanted = ask.column
    if wanted:
        found = [each for each in columns if wanted in (each.header, each.id)]
        found = found or [each for each in columns if wanted == each.title]
        found = found or [each for each in columns if fold_name(wanted) == fold_name(each.title)]
    else:
        found = [each for each in columns if fold_name(each.title) == fold_name(ask.assignment)]
    if len(found) == 1 and not found[0].problem:
        return found[0]
    listed = ", ".join(repr(printable(each.header)) for each in columns) or "none"
    name = printable(wanted or ask.assignment)
    problem = found[0].problem if len(found) == 1 else f"{len(found) or 'no'} columns are called {name!r}"
    raise TemplateRefused(f"{ask.where}: {problem}. Name one with --column; the columns for scores are: {listed}")


def feedback_column(table: Table, ask: ColumnQuery, *labels: str) -> int | None:
    """Find the column for comments: the one that was named, else one of these; TemplateRefused if it is not there."""
    found = column_index(table, ask.feedback) if ask.feedback else column_index(table, *labels)
    if ask.feedback and found is None:
        raise TemplateRefused(f"{ask.where}: no column is called {printable(ask.feedback)!r}; see --feedback-column.")
    return found


def parse_number(text: str) -> float | None:
    """Read a number with a point or a comma; None if it is none."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def format_score(score: float, *, comma: bool = False) -> str:
    """Write a score with at most two decimal places and no needless zeros."""
    text = f"{score:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def column_index(table: Table, *labels: str) -> int | None:
    """Find the first column with one of these headers; capitals and outer spaces do not count."""
    wanted = {label.casefold() for label in labels}
    header = [" ".join(text.split()).casefold() for text in table.header]
    return next((index for index, text in enumerate(header) if text in wanted), None)
