"""grades.csv, read back as a spreadsheet would."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from autograder.report import Report, Status
from autograder.results.store import COLUMNS, grades_csv

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
FORMULAS = st.sampled_from("=+-@\t\r").flatmap(lambda first: TEXT.map(lambda rest: first + rest))


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


@given(st.lists(st.tuples(TEXT | FORMULAS, TEXT | FORMULAS), max_size=8))
def test_whatever_the_texts_are_the_table_stays_a_table_without_formulas(texts):
    reports = [Report(student=s, assignment="a", status=Status.GRADED, score=1.0, reason=r) for s, r in texts]
    head, *body = rows(grades_csv(reports))
    assert tuple(head) == COLUMNS
    assert len(body) == len(reports)
    for row in body:
        assert len(row) == len(COLUMNS)
        assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row)


def test_a_formula_is_kept_readable():
    (_, row) = rows(grades_csv([Report(student="=1+1", assignment="a", status=Status.MISSING)]))
    assert row[0] == "'=1+1"


def test_a_score_that_is_not_there_is_empty_and_zero_is_zero():
    reports = [
        Report(student="a", assignment="x", status=Status.MISSING),
        Report(student="b", assignment="x", status=Status.ERROR, reason="broken"),
        Report(student="c", assignment="x", status=Status.GRADED, score=0.0, max_score=7.5, seconds=1.234),
        Report(student="d", assignment="x", status=Status.PENDING, score=1 / 3, max_score=7.5),
    ]
    _, *body = rows(grades_csv(reports))
    assert [row[3] for row in body] == ["", "", "0", "0.333333"]
    assert body[2] == ["c", "x", "graded", "0", "7.5", "1.23", ""]
