"""A Python script, with `# %%` cells or without -> a submission."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

from autograder.errors import SubmissionError
from autograder.submission.model import MAX_CELLS, Draft, Submission, plain_name, submission_language, too_many_cells

__all__ = ["parse_script"]

MAX_SCRIPT_BYTES = 1 << 20
"""Longest script: Jupytext takes some seconds for each MB."""

MAX_HEADER = 1_000
"""Longest line that begins a cell, in characters: Jupytext hands what stands there to Python's parser."""

_MARKER = re.compile(r"^[ \t]*#[ \t]*%%(?:\s|$)", re.MULTILINE)
# Inside a cell Jupytext takes a shebang for a shell command that was commented out, and would bring it back.
_PREAMBLE = re.compile(r"\A(?:#!.*\n|#.*coding[:=].*\n|[ \t]*\n)*+")
_YAML_HEADER = re.compile(r"\A\s*+# ?---[ \t]*\n(?:#.*\n)*?# ?---[ \t]*(?:\n|\Z)")


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
    """Take away what Jupytext would spend unbounded time or trust on: a YAML header, long markers, too many cells."""
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
    # Behind a marker nothing is taken for a YAML header, in whatever way it is written.
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
