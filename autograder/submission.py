"""A submitted file nobody trusts -> the code cells to run, bounded, and repaired where that is harmless.

Nothing here executes or parses Python: hostile source is for the sandbox. Outputs, ids and most metadata are ignored,
so that they can be missing, doubled or forged without effect.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from autograder.errors import SubmissionError
from autograder.words import N_

__all__ = ["MAX_BYTES", "Note", "Submission", "read"]

MAX_BYTES = 20 << 20
MAX_CELLS = 2000
MAX_CELL_CHARACTERS = 1 << 20
MAX_CODE_CHARACTERS = 4 << 20
MAX_PIECES = 1_000_000  # commas or brackets: each may become an object many times its size
MAX_NAME = 64
MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
LANGUAGES = frozenset({"en", "es"})
KINDS = frozenset({"code", "markdown", "raw", "heading", "html"})
_NAME = re.compile(r"[a-z][a-z0-9-]*").fullmatch
_PERCENT = re.compile(r"^# ?%%", re.MULTILINE).search

TOO_LARGE = N_("the file has {size} MB, and at most {most} MB are read: clear all outputs, save, and hand it in again")
NOT_TEXT = N_("the file is not text in UTF-8: open it in Jupyter, save it as a notebook, and hand it in again")
EMPTY = N_("the file is empty: save the notebook, and hand it in again")
NOT_JSON = N_("the file is damaged (no valid JSON at byte {place}): save the notebook in Jupyter, and hand it in again")
TOO_DEEP = N_("the file is nested deeper than any notebook: save the notebook in Jupyter, and hand it in again")
NOT_NOTEBOOK = N_("the file is no notebook (it has no list of cells): hand in the .ipynb that Jupyter saves")
TOO_MANY = N_("the notebook has more than {most} cells: remove those that you do not need, and hand it in again")
TOO_MANY_PIECES = N_("the file has more than {most} values: clear all outputs, save, and hand it in again")
TOO_LONG = N_("the notebook has more code than the {most} MB that are read: remove data from its cells")
OTHER_KIND = N_("a file named {name} cannot be graded: hand in a notebook (.ipynb) or a Python script (.py)")
OTHER_KERNEL = N_("the notebook names the kernel {kernel}; its cells were run as Python")
NO_CODE = N_("the notebook has no code cells")
REPEATED = N_("{count} code cells stand in the notebook more than once; they were run in order")
UNKNOWN_CELLS = N_("{count} cells of an unknown kind were left out")


class Note(msgspec.Struct, frozen=True):
    """Something about a file that the reader of its report should know: a template and its parameters."""

    template: str
    params: dict[str, str | int] = {}


class Submission(msgspec.Struct, frozen=True):
    """What a file holds: code cells in order, its language and assignment if it says so, written answers by name."""

    cells: tuple[str, ...]
    lang: str | None = None
    assignment: str | None = None
    answers: dict[str, str] = {}
    notes: tuple[Note, ...] = ()


class _Cell(msgspec.Struct):
    """A cell; nbformat 3 calls the source `input`. Fields are decoded one by one, so that a wrong type costs one."""

    cell_type: msgspec.Raw = msgspec.Raw(b"null")
    source: msgspec.Raw = msgspec.Raw(b"null")
    input: msgspec.Raw = msgspec.Raw(b"null")
    metadata: msgspec.Raw = msgspec.Raw(b"null")


class _Worksheet(msgspec.Struct):
    cells: list[msgspec.Raw] = []


class _Notebook(msgspec.Struct):
    cells: list[msgspec.Raw] | None = None
    worksheets: list[_Worksheet] | None = None
    metadata: msgspec.Raw = msgspec.Raw(b"null")


_notebook_of = msgspec.json.Decoder(_Notebook).decode
_cell_of = msgspec.json.Decoder(_Cell).decode
_metadata_of = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def read(data: bytes, filename: str) -> Submission:
    """Read a notebook (.ipynb of format 3 or 4) or a script (.py, plain or percent).

    Raises SubmissionError with what is wrong and what the student can do; nothing else.
    """
    if len(data) > MAX_BYTES:
        raise SubmissionError(TOO_LARGE, size=round(len(data) / 2**20, 1), most=MAX_BYTES >> 20)
    text = _text(data)
    if not text.strip():
        raise SubmissionError(EMPTY)
    lower = filename.lower()
    if lower.endswith(".py"):
        return _script(text, lower)
    if not lower.endswith((".ipynb", ".json")):
        raise SubmissionError(OTHER_KIND, name=_shown(filename))
    return _notebook(text, lower)


def _text(data: bytes) -> str:
    encoding = "utf-8"
    for mark, name in MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise SubmissionError(NOT_TEXT) from None


def _notebook(text: str, filename: str) -> Submission:
    notebook = _parsed(text)
    raw = notebook.cells
    if raw is None and notebook.worksheets is not None:
        raw = [cell for sheet in notebook.worksheets for cell in sheet.cells]
    if raw is None:
        raise SubmissionError(NOT_NOTEBOOK)
    if len(raw) > MAX_CELLS:
        raise SubmissionError(TOO_MANY, most=MAX_CELLS)
    cells = [cell for cell in map(_cell, raw) if cell is not None]
    kinds = [_text_of(cell.cell_type) for cell in cells]
    code = [_source(cell) for cell, kind in zip(cells, kinds, strict=True) if kind == "code"]
    _bound(code)
    ours = _metadata(notebook.metadata, "autograder")
    lang, assignment = _text_of(ours.get("lang")), _text_of(ours.get("assignment"))
    return Submission(
        cells=tuple(code),
        lang=lang if lang in LANGUAGES else _language(filename),
        assignment=assignment if len(assignment) <= MAX_NAME and _NAME(assignment) else None,
        answers=dict(_answers(cells, kinds)),
        notes=tuple(_notes(notebook, code, len(raw) - sum(kind in KINDS for kind in kinds))),
    )


def _parsed(text: str) -> _Notebook:
    if text.count(",") > MAX_PIECES or text.count("{") + text.count("[") > MAX_PIECES:
        raise SubmissionError(TOO_MANY_PIECES, most=MAX_PIECES)
    try:
        try:
            return _notebook_of(text)
        except msgspec.ValidationError:
            raise SubmissionError(NOT_NOTEBOOK) from None
        except msgspec.DecodeError:
            return _notebook_of(_standard(text))
    except RecursionError:
        raise SubmissionError(TOO_DEEP) from None


def _standard(text: str) -> bytes:
    """Write a notebook again that Python's lenient reader takes: outputs may hold NaN, which is no JSON."""
    try:
        data = json.loads(text)
        kept = {key: data.get(key) for key in ("cells", "worksheets", "metadata")}
        for cell in kept["cells"] or []:
            cell.pop("outputs", None)
        return msgspec.json.encode({key: value for key, value in kept.items() if value is not None})
    except json.JSONDecodeError as error:
        raise SubmissionError(NOT_JSON, place=error.pos) from None
    except (ValueError, TypeError, AttributeError):  # ValueError: an integer of too many digits, half a surrogate pair
        raise SubmissionError(NOT_NOTEBOOK) from None


def _cell(raw: msgspec.Raw) -> _Cell | None:
    try:
        return _cell_of(raw)
    except msgspec.MsgspecError:
        return None


def _text_of(raw: msgspec.Raw | None) -> str:
    """Give a text, or the joined lines of a list of texts; empty for anything else."""
    try:
        value = msgspec.json.decode(raw or b"null", type=str | list[str] | None)
    except msgspec.MsgspecError:
        return ""
    return "".join(value) if isinstance(value, list) else value or ""


def _source(cell: _Cell) -> str:
    return _text_of(cell.source) or _text_of(cell.input)


def _metadata(raw: msgspec.Raw | None, *keys: str) -> dict[str, msgspec.Raw]:
    """Give the table below `keys`, empty where there is none."""
    try:
        table = _metadata_of(raw or b"null")
    except msgspec.MsgspecError:
        return {}
    return _metadata(table.get(keys[0]), *keys[1:]) if keys else table


def _answers(cells: list[_Cell], kinds: list[str]) -> Iterator[tuple[str, str]]:
    for cell, kind in zip(cells, kinds, strict=True):
        if kind == "markdown" and bytes(cell.metadata) not in (b"{}", b"null"):
            name = _text_of(_metadata(cell.metadata, "autograder").get("answer"))
            if name and len(name) <= MAX_NAME:
                yield name, _source(cell)


def _notes(notebook: _Notebook, code: list[str], unknown: int) -> Iterator[Note]:
    language = _text_of(_metadata(notebook.metadata, "language_info").get("name"))
    language = language or _text_of(_metadata(notebook.metadata, "kernelspec").get("language"))
    if language and language.lower() not in ("python", "ipython"):
        yield Note(OTHER_KERNEL, {"kernel": _shown(language)})
    if not code:
        yield Note(NO_CODE)
    repeated = sum(count - 1 for source, count in Counter(code).items() if source.strip())
    if repeated:
        yield Note(REPEATED, {"count": repeated})
    if unknown:
        yield Note(UNKNOWN_CELLS, {"count": unknown})


def _script(text: str, filename: str) -> Submission:
    """Read a script: in percent format its cells, otherwise all of it as one cell."""
    if not _PERCENT(text):
        cells = [text]
    else:
        if len(text) > MAX_CODE_CHARACTERS:
            raise SubmissionError(TOO_LONG, most=MAX_CODE_CHARACTERS >> 20)
        import jupytext  # noqa: PLC0415 - it takes long to import, and few submissions are scripts

        try:
            notebook = jupytext.reads(text, fmt="py:percent")
        except Exception:  # hostile text may break a parser that was written for friends
            raise SubmissionError(NOT_NOTEBOOK) from None
        cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    if len(cells) > MAX_CELLS:
        raise SubmissionError(TOO_MANY, most=MAX_CELLS)
    _bound(cells)
    return Submission(tuple(cells), _language(filename))


def _bound(code: list[str]) -> None:
    if max(map(len, code), default=0) > MAX_CELL_CHARACTERS or sum(map(len, code)) > MAX_CODE_CHARACTERS:
        raise SubmissionError(TOO_LONG, most=MAX_CODE_CHARACTERS >> 20)


def _language(filename: str) -> str | None:
    marked = re.search(r"\.(en|es)\.(?:ipynb|py|json)$", filename)
    return marked[1] if marked else None


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:40])
