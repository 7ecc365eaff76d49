"""The grade file's cells: what was not changed is what it was, byte for byte."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import TemplateRefused
from autograder.lms.table import Table

VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)  # csv quotes no \r
FORMULAS = st.sampled_from(
    ["=1+1", "00123", " padded ", "O'Brien, Seán", 'say "no"', "two\nlines", "a;b\tc", "\ufeff", ""]
)
CELLS = st.one_of(VALUES, FORMULAS)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[list[str]]]:
    """A file as some spreadsheet would write it, and its values; the header decides the delimiter."""
    delimiter = draw(st.sampled_from(",;\t"))
    width = draw(st.integers(2, 5))
    header = [f"column {number}" for number in range(width)]
    rows = [header, *draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6))]
    text = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    csv.writer(
        text, delimiter=delimiter, quoting=quoting, lineterminator=draw(st.sampled_from(["\n", "\r\n"]))
    ).writerows(rows)
    return text.getvalue().encode(draw(ENCODINGS)), rows


@given(files(), st.data())
def test_only_the_changed_cell_is_other(made, data):
    raw, rows = made
    table = Table(raw)
    assert [[cell.value for cell in row] for row in table.rows] == rows
    assert table.replaced({}) == raw
    row = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    value = data.draw(CELLS)
    after = Table(table.replaced({(row, column): value}))
    expected = [list(cells) for cells in rows]
    expected[row][column] = value
    assert [[cell.value for cell in cells] for cells in after.rows] == expected
    for number, cells in enumerate(table.rows):
        for position, cell in enumerate(cells):
            if (number, position) != (row, column):
                assert span(after, after.rows[number][position]) == span(table, cell)


def span(table: Table, cell) -> str:
    return table._text[cell.start : cell.end]


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_kept(raw):
    try:
        table = Table(raw)
    except TemplateRefused:
        return
    assert table.replaced({}) == raw


def test_quotes_stay_where_they_were():
    table = Table(b'\xef\xbb\xbf"Last Name"\t"HW 1"\r\n"N\xc3\xba\xc3\xb1ez"\t""\r\n')
    assert table.replaced({(1, 1): "17.5"}) == b'\xef\xbb\xbf"Last Name"\t"HW 1"\r\n"N\xc3\xba\xc3\xb1ez"\t"17.5"\r\n'


def test_a_line_that_ends_early_grows():
    assert Table(b"a,b,c\n1\n2,,\n").replaced({(1, 2): "x", (2, 1): "y"}) == b"a,b,c\n1,,x\n2,y,\n"


def test_a_western_file_stays_western():
    raw = "name;score\r\nNúñez;\r\n".encode("cp1252")
    assert Table(raw).replaced({(1, 1): "✗ no"}) == "name;score\r\nNúñez;[-] no\r\n".encode("cp1252")


@pytest.mark.parametrize(
    "raw", [b'a,b\n"x"y,1\n', b'a,b\n"x,1\n', b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"\xff\xfea"]
)
def test_what_cannot_be_kept_is_refused(raw):
    with pytest.raises(TemplateRefused):
        Table(raw)


def test_many_open_quotes_take_no_time():
    with pytest.raises(TemplateRefused, match="line 2"):
        Table(b"a,b\n" + b'"x\n' * 200_001)
