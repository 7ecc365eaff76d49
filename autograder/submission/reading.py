"""Read any submitted file: a Python script here, a notebook in `notebook`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

from autograder.errors import SubmissionError
from autograder.i18n import N_
from autograder.submission.decoding import decode_utf8
from autograder.submission.model import (
    MAX_CELLS,
    Draft,
    Remark,
    Submission,
    plain_name,
    submission_language,
    too_many_cells,
)
from autograder.submission.notebook import parse_notebook

__all__ = ["parse_script", "read_submission"]

_RENAMED = N_("the file is named .py and contains a notebook; it was read as a notebook")

MAX_SCRIPT_BYTES = 1 << 20
"""Longest script: Jupytext takes several seconds per MB."""

MAX_HEADER = 1_000
"""Longest line that begins a cell, in characters: Jupytext passes it to Python's parser."""

_MARKER = re.compile(r"^[ \t]*#[ \t]*%%(?:\s|$)", re.MULTILINE)
# Inside a cell, Jupytext would turn a shebang into a shell command.
_PREAMBLE = re.compile(r"\A(?:#!.*\n|#.*coding[:=].*\n|[ \t]*\n)*+")
_YAML_HEADER = re.compile(r"\A\s*+# ?---[ \t]*\n(?:#.*\n)*?# ?---[ \t]*(?:\n|\Z)")


def read_submission(data: bytes, filename: str) -> Submission:
    """Read a submission: a notebook (format 3 or 4) or a Python script, with or without `# %%` cells.

    A `filename` in .py is a script, any other a notebook; it may contain the language: softmax.es.ipynb. Nothing is run
    or parsed as Python. Raises SubmissionError, and nothing else, whatever the bytes are.
    """
    text = decode_utf8(data)
    if not filename.lower().endswith(".py"):
        return parse_notebook(text, filename)
    if text.lstrip().startswith(b"{") and b'"nbformat"' in text:
        found = parse_notebook(text, filename)
        return Submission(found.cells, found.lang, found.assignment, found.answers, (Remark(_RENAMED), *found.remarks))
    return parse_script(text, filename)


def parse_script(text: bytes, filename: str) -> Submission:
    """Read a script; `text` is UTF-8. Raises SubmissionError."""
    if len(text) > MAX_SCRIPT_BYTES:
        raise SubmissionError(
            "the script has more than {limit} KB: make the data in it smaller, and submit again",
            limit=MAX_SCRIPT_BYTES >> 10,
        )
    script = text.decode().replace("\r\n", "\n").replace("\r", "\n")
    draft = Draft()
    if _MARKER.search(script):
        _add_cells(draft, script)
    else:
        draft.code(script)
    return draft.submission(submission_language(None, filename), None)


def _add_cells(draft: Draft, script: str) -> None:
    notebook = _jupytext(_bounded(script))
    if len(notebook) > MAX_CELLS:
        raise too_many_cells()
    for cell in notebook:
        mark = cell["metadata"].get("autograder")
        ours = mark if isinstance(mark, Mapping) else {}
        if cell["cell_type"] == "code":
            draft.code(cell["source"], plain_name(ours.get("question")))
        elif cell["cell_type"] == "markdown" and (question := plain_name(ours.get("answer"))):
            draft.answer(question, cell["source"])


def _bounded(script: str) -> str:
    """Remove a YAML header, which Jupytext would trust, and check what would take it unbounded time."""
    lines = script.splitlines()
    markers = [(number, line) for number, line in enumerate(lines, 1) if "%%" in line and line.lstrip().startswith("#")]
    if len(markers) > MAX_CELLS:
        raise too_many_cells()
    for number, line in markers:
        if len(line) > MAX_HEADER:
            raise SubmissionError(
                "line {line} begins a cell and has more than {limit} characters: shorten it, and submit again",
                line=number,
                limit=MAX_HEADER,
            )
    body = _YAML_HEADER.sub("", _PREAMBLE.sub("", script)).lstrip("\n")
    # After a marker, nothing is read as a YAML header.
    return body if _MARKER.match(body) else f"# %%\n{body}"


def _jupytext(script: str) -> list[dict[str, Any]]:
    from autograder.jupyter import jupytext

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cells: list[dict[str, Any]] = jupytext.reads(script, fmt="py:percent").cells
    except Exception:
        raise SubmissionError(
            "the script's cells cannot be read: check the lines that begin with # %%, or submit the notebook itself"
        ) from None
    return cells
