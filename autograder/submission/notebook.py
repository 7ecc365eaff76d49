"""Read a notebook of format 3 or 4. Outputs and everything else that is not needed are skipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
from msgspec import Raw

from autograder.errors import SubmissionError
from autograder.i18n import N_
from autograder.submission import decoding
from autograder.submission.model import (
    MAX_CELL_BYTES,
    MAX_CELLS,
    Draft,
    Submission,
    long_answer,
    long_cell,
    plain_name,
    printable_prefix,
    submission_language,
    too_many_cells,
)

__all__ = ["parse_notebook"]

T = TypeVar("T")
D = TypeVar("D")

KNOWN_FORMAT = 4
MAX_WORKSHEETS = 100
MAX_RAW_BYTES = 8 * MAX_CELL_BYTES
"""Longest JSON that is decoded to the text of one cell: escapes and lists of lines are longer than the text."""

_ABSENT = Raw(b"")
_IGNORED = frozenset({"heading", "html", "raw"})

_LANGUAGE = N_("the notebook says that its language is {language}; its cells are run as Python")
_NEWER = N_("the notebook has the newer format {version}; what is known of it was read")
_DAMAGED = N_("an entry among the cells is damaged and was left out")
_DAMAGED_CODE = N_("the text of code cell {cell} is damaged and was left out")
_DAMAGED_ANSWER = N_("the answer to {question} is damaged and was left out")
_UNKNOWN = N_("cells of the unknown type {kind} were left out")


# Fields stay raw where a value of the wrong type must not make the rest unreadable.
class _Document(msgspec.Struct):
    nbformat: Raw = _ABSENT
    metadata: Raw = _ABSENT
    cells: Raw = _ABSENT
    worksheets: Raw = _ABSENT


class _Cell(msgspec.Struct):
    cell_type: Raw = _ABSENT
    source: Raw = _ABSENT
    input: Raw = _ABSENT
    metadata: Raw = _ABSENT


class _Worksheet(msgspec.Struct):
    cells: Raw = _ABSENT


class _Metadata(msgspec.Struct):
    autograder: Raw = _ABSENT
    nbgrader: Raw = _ABSENT
    kernelspec: Raw = _ABSENT
    language_info: Raw = _ABSENT


class _Ours(msgspec.Struct):
    lang: Raw = _ABSENT
    assignment: Raw = _ABSENT
    question: Raw = _ABSENT
    answer: Raw = _ABSENT


class _Named(msgspec.Struct):
    name: Raw = _ABSENT
    language: Raw = _ABSENT
    grade_id: Raw = _ABSENT


def _bounded(length: int) -> msgspec.json.Decoder[msgspec.Struct]:
    """Return a decoder of arrays that stops after `length` items, before it has made an object of each."""
    fields = [(f"item{number}", Raw, _ABSENT) for number in range(length)]
    return msgspec.json.Decoder(msgspec.defstruct("Array", fields, array_like=True, forbid_unknown_fields=True))


_DOCUMENT = msgspec.json.Decoder(_Document)
_CELLS, _WORKSHEETS = _bounded(MAX_CELLS), _bounded(MAX_WORKSHEETS)
_CELL, _WORKSHEET = msgspec.json.Decoder(_Cell), msgspec.json.Decoder(_Worksheet)
_METADATA, _OURS = msgspec.json.Decoder(_Metadata), msgspec.json.Decoder(_Ours)
_NAMED = msgspec.json.Decoder(_Named)
_STRING, _INTEGER = msgspec.json.Decoder(str), msgspec.json.Decoder(int)
_TEXT = msgspec.json.Decoder(str | list[str])


def parse_notebook(text: bytes, filename: str) -> Submission:
    """Read a notebook; `text` is UTF-8. Raises SubmissionError."""
    try:
        return _submission(_document(text), filename)
    except RecursionError:
        raise SubmissionError(
            "the file is not a notebook (it is nested too deeply): "
            "open the notebook in Jupyter, save it, and submit that"
        ) from None


def _document(text: bytes) -> _Document:
    try:
        return _DOCUMENT.decode(text)
    except msgspec.ValidationError:
        raise decoding.not_a_notebook() from None
    except msgspec.DecodeError as error:
        reason = decoding.json_problem(text, str(error))
    # Python writes NaN and lone surrogates, and Jupyter reads them; most are in outputs, where they are harmless.
    try:
        return _DOCUMENT.decode(decoding.without_nan(decoding.without_half_pairs(text)))
    except msgspec.DecodeError:
        raise reason from None


def _submission(document: _Document, filename: str) -> Submission:
    draft = Draft()
    version = _lenient(_INTEGER, document.nbformat, KNOWN_FORMAT)
    if version > KNOWN_FORMAT:
        draft.remark(_NEWER, version=version)
    metadata = _lenient(_METADATA, document.metadata, _Metadata())
    _note_language(draft, metadata)
    for raw in _cells(document):
        _add(draft, raw)
    ours = _lenient(_OURS, metadata.autograder, _Ours())
    lang = submission_language(_string(ours.lang), filename)
    return draft.submission(lang, plain_name(_string(ours.assignment)) or None)


def _cells(document: _Document) -> Iterator[Raw]:
    """Yield the cells of format 4, or of all worksheets of format 3."""
    if _is_array(document.cells):
        yield from _items(_CELLS, document.cells)
    elif _is_array(document.worksheets):
        sheets = (_lenient(_WORKSHEET, raw, _Worksheet()) for raw in _items(_WORKSHEETS, document.worksheets))
        arrays = (_items(_CELLS, sheet.cells) for sheet in sheets if _is_array(sheet.cells))
        for count, raw in enumerate((raw for array in arrays for raw in array), start=1):
            if count > MAX_CELLS:
                raise too_many_cells()
            yield raw
    else:
        raise decoding.not_a_notebook()


def _items(decoder: msgspec.json.Decoder[msgspec.Struct], raw: Raw) -> Iterable[Raw]:
    try:
        items: tuple[Raw, ...] = msgspec.structs.astuple(decoder.decode(raw))
    except msgspec.ValidationError:
        raise too_many_cells() from None
    return items[: items.index(_ABSENT)] if _ABSENT in items else items


def _add(draft: Draft, raw: Raw) -> None:
    """Add a code cell or a written answer to the draft; ignore other cells."""
    cell = _lenient(_CELL, raw, None)
    if cell is None:
        draft.remark(_DAMAGED)
        return
    kind = _string(cell.cell_type)
    metadata = _lenient(_METADATA, cell.metadata, _Metadata())
    ours = _lenient(_OURS, metadata.autograder, _Ours())
    if kind == "code":
        _add_code(draft, cell, _string(ours.question) or _string(_named(metadata.nbgrader).grade_id))
    elif kind == "markdown":
        _add_answer(draft, cell, plain_name(_string(ours.answer)))
    elif not kind:
        draft.remark(_DAMAGED)
    elif kind not in _IGNORED:
        draft.remark(_UNKNOWN, kind=printable_prefix(kind))


def _add_code(draft: Draft, cell: _Cell, question: str) -> None:
    raw = _source(cell)
    if len(memoryview(raw)) > MAX_RAW_BYTES:
        raise long_cell(draft.next_cell)
    try:
        text = _text(raw)
    except msgspec.DecodeError:
        draft.remark(_DAMAGED_CODE, cell=draft.next_cell)
        text = ""
    draft.code(text, plain_name(question))


def _add_answer(draft: Draft, cell: _Cell, question: str) -> None:
    if not question:
        return
    raw = _source(cell)
    if len(memoryview(raw)) > MAX_RAW_BYTES:
        raise long_answer(question)
    try:
        draft.answer(question, _text(raw))
    except msgspec.DecodeError:
        draft.remark(_DAMAGED_ANSWER, question=question)


def _source(cell: _Cell) -> Raw:
    """Return the text of a cell: `source`, or `input` in code cells of format 3."""
    return cell.source if memoryview(cell.source) else cell.input


def _text(raw: Raw) -> str:
    """Decode a string or a list of lines; raises msgspec.DecodeError."""
    if not memoryview(raw):
        return ""
    found = _TEXT.decode(raw)
    return found if isinstance(found, str) else "".join(found)


def _note_language(draft: Draft, metadata: _Metadata) -> None:
    """Add a remark if the notebook is not in Python. Kernels may have any name, so the language is tried first."""
    kernel = _named(metadata.kernelspec)
    found = _string(_named(metadata.language_info).name) or _string(kernel.language) or _string(kernel.name)
    if found and "py" not in found.lower():
        draft.remark(_LANGUAGE, language=printable_prefix(found))


def _named(raw: Raw) -> _Named:
    return _lenient(_NAMED, raw, _Named())


def _string(raw: Raw) -> str:
    return _lenient(_STRING, raw, "")


def _is_array(raw: Raw) -> bool:
    return bytes(memoryview(raw)[:1]) == b"["


def _lenient(decoder: msgspec.json.Decoder[T], raw: Raw, default: D) -> T | D:
    """Decode a value that may have any type; return `default` if it is absent or of another type."""
    if not memoryview(raw):
        return default
    try:
        return decoder.decode(raw)
    except msgspec.DecodeError:
        return default
