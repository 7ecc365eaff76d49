"""A grade file as the LMS wrote it: every cell keeps its place, so that all but the changed ones stay byte for byte.

The csv module forgets how a cell was quoted, which line ending and which encoding a file had. Here a file is decoded
only if encoding it again gives the same bytes, and a change replaces the characters of one cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from autograder.errors import TemplateRefused

__all__ = ["MAX_BYTES", "Table", "TableCell"]

MAX_BYTES = 64 << 20
_MAX_CELLS = 4_000_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS = ",;\t"
_MARKS = str.maketrans({"✗": "[-]", "✓": "[+]", "·": "*", "–": "-", "\N{NO-BREAK SPACE}": " "})


class TableCell(NamedTuple):
    """One cell: its value without quotes, where it stands in the text, and whether it was quoted."""

    value: str
    start: int
    end: int
    quoted: bool


class Table:
    """A delimited file. Raises TemplateRefused, with the line, if it cannot be read without a loss.

    data  the bytes of the file: UTF-8 or UTF-16 with or without a mark, else Windows' western encoding
    """

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_BYTES:
            raise TemplateRefused(f"the file has more than {MAX_BYTES >> 20} MB: give the grade file of one course.")
        self._mark, self.encoding = _encoding(data)
        self._text = _decoded(data[len(self._mark) :], self.encoding)
        self.delimiter = _delimiter(self._text)
        self.rows: list[list[TableCell]] = list(_rows(self._text, self.delimiter))

    @property
    def header(self) -> list[str]:
        """The values of the first line."""
        return [cell.value for cell in self.rows[0]] if self.rows else []

    def value(self, row: int, column: int) -> str:
        """Return a cell's value; a line that ends early has empty cells there."""
        cells = self.rows[row]
        return cells[column].value if column < len(cells) else ""

    def line(self, row: int) -> int:
        """Return the number of the line in which a row begins."""
        return self._text.count("\n", 0, self.rows[row][0].start) + 1

    def replaced(self, edits: Mapping[tuple[int, int], str]) -> bytes:
        """Return the file with new values at (row, column); everything else is unchanged, byte for byte."""
        parts, position = [], 0
        for start, end, text in sorted(self._splices(edits)):
            parts += [self._text[position:start], text]
            position = end
        parts.append(self._text[position:])
        return self._mark + "".join(parts).encode(self.encoding, "replace")

    def _splices(self, edits: Mapping[tuple[int, int], str]) -> Iterator[tuple[int, int, str]]:
        beyond: dict[int, dict[int, str]] = {}
        for (row, column), value in edits.items():
            cells = self.rows[row]
            if column < len(cells):
                cell = cells[column]
                if value != cell.value:
                    yield cell.start, cell.end, self._written(value, quoted=cell.quoted)
            elif value:
                beyond.setdefault(row, {})[column] = value
        for row, values in beyond.items():
            cells = self.rows[row]
            columns = range(len(cells), max(values) + 1)
            added = "".join(self.delimiter + self._written(values.get(column, ""), quoted=False) for column in columns)
            yield cells[-1].end, cells[-1].end, added

    def _written(self, value: str, *, quoted: bool) -> str:
        if not self.encoding.startswith("utf"):
            value = value.translate(_MARKS)
        needs = any(char in value for char in (self.delimiter, '"', "\r", "\n")) or value != value.strip()
        return '"' + value.replace('"', '""') + '"' if quoted or needs else value


def _encoding(data: bytes) -> tuple[bytes, str]:
    """Return the byte order mark and the encoding."""
    if data.startswith(_BINARY):
        raise TemplateRefused("the file is a workbook, not text. Give the file as the LMS wrote it, or save it as CSV.")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return mark, encoding
    if b"\0" in data[:200]:
        return b"", "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    try:
        data.decode()
    except UnicodeDecodeError:
        return b"", "cp1252"
    return b"", "utf-8"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
        if "\0" not in text and text.encode(encoding) == data:
            return text
    except UnicodeError:
        pass
    raise TemplateRefused(f"the file cannot be read as {encoding} text. Export it from the LMS again.")


def _delimiter(text: str) -> str:
    """Choose what gives the first line the most cells."""
    try:
        counts = {each: len(next(_rows(text, each), [])) for each in _DELIMITERS}
    except TemplateRefused:
        counts = {each: text.partition("\n")[0].count(each) for each in _DELIMITERS}
    return max(_DELIMITERS, key=lambda each: counts[each])


def _rows(text: str, delimiter: str) -> Iterator[list[TableCell]]:
    cell = re.compile(rf'"((?:[^"]|"")*+)"(?=[{delimiter}\r\n]|\Z)|([^{delimiter}\r\n]*)')
    position, cells, count = 0, list[TableCell](), 0
    while position < len(text) or cells:
        found = cell.match(text, position)
        assert found
        cells.append(_cell(text, found))
        count += 1
        if count > _MAX_CELLS:
            raise TemplateRefused(f"the file has more than {_MAX_CELLS} cells: give the grade file of one course.")
        position = found.end()
        if text.startswith(delimiter, position):
            position += 1
            continue
        yield cells
        cells = []
        position += 2 if text.startswith("\r\n", position) else 1


def _cell(text: str, found: re.Match[str]) -> TableCell:
    quoted = found[1] is not None
    if not quoted and found[2].startswith('"'):
        line = text.count("\n", 0, found.start()) + 1
        raise TemplateRefused(f"line {line}: a quotation mark that is not closed. Export the file from the LMS again.")
    return TableCell(found[1].replace('""', '"') if quoted else found[2], found.start(), found.end(), quoted)
