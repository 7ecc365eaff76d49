"""Read an assignment's one source, a Jupytext percent notebook, into typed cells."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import ReleaseError
from autograder.jupyter import jupytext
from autograder.release import rules
from autograder.release.cells import Cell, Kind, Source, refuse

__all__ = ["parse", "read", "source_path", "stem"]

_HEADER = re.compile(r"^# ?%%(\s|$)")
_NAMING = (Kind.QUESTION, Kind.CHECK, Kind.MANUAL, Kind.ANSWER)
_KEYS = ("lang", *(kind.value for kind in _NAMING))
_TEXT_KINDS = (Kind.MANUAL, Kind.ANSWER)
_JUPYTEXT_KEYS = frozenset({"lines_to_next_cell", "lines_to_end_of_cell_marker"})


def stem(assignment: str) -> str:
    """Give the stem of an assignment's Python files: its name with `-` replaced by `_`, as Python's modules want."""
    return assignment.replace("-", "_")


def source_path(folder: Path) -> Path:
    """Find the source in an assignment's folder: solutions/dot-product/dot_product.py; raises ReleaseError."""
    path = folder / f"{stem(folder.name)}.py"
    if not path.is_file():
        raise ReleaseError(
            f"{folder}: no {path.name} in this folder. Write the assignment there as a Jupytext percent notebook: "
            "prose, solutions between markers, and visible checks."
        )
    return path


def read(path: Path, languages: tuple[str, ...] = ("en", "es")) -> Source:
    """Read and verify a source; raises ReleaseError naming file, line and remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{path}: cannot be read ({error}). Check that it is a UTF-8 text file.") from error
    return parse(text, path, languages)


def parse(text: str, path: Path, languages: tuple[str, ...] = ("en", "es")) -> Source:
    """Turn a source's text into typed, verified cells; `path` names it in errors and gives the assignment's name."""
    notebook = jupytext.reads(text, fmt="py:percent")
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if _HEADER.match(line)]
    if len(lines) != len(notebook.cells) or not lines:
        first = lines[0] if lines else 1
        refuse(
            path,
            first,
            "text before the first cell, or a line in a string that looks like a cell header",
            "Begin the file with a `# %%` line, and write no other line that starts with `# %%`.",
        )
    cells = (
        _cell(path, line, raw.cell_type, raw.source, raw.metadata)
        for line, raw in zip(lines, notebook.cells, strict=True)
    )
    source = Source(path=path, assignment=path.parent.name, languages=languages, cells=tuple(cells))
    rules.verify(source)
    return source


def _cell(path: Path, line: int, cell_type: str, text: str, metadata: Mapping[str, str]) -> Cell:
    """Type one cell by the key in its header."""
    for key in metadata.keys() - _JUPYTEXT_KEYS:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            remedy = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(_KEYS)}."
            refuse(path, line, f"unknown key {key!r} in the cell's header", remedy)
    named = [kind for kind in _NAMING if kind.value in metadata]
    if len(named) > 1:
        both = " and ".join(kind.value for kind in named)
        refuse(path, line, f"the cell is {both} at once", "Split it into two cells.")
    kind = named[0] if named else (Kind.PROSE if cell_type == "markdown" else Kind.CODE)
    if cell_type != ("markdown" if kind in (Kind.PROSE, *_TEXT_KINDS) else "code"):
        wanted = "a [markdown] cell" if kind in _TEXT_KINDS else "a code cell, without [markdown]"
        refuse(
            path,
            line,
            f"{kind.value} cell {metadata.get(kind.value, '')!r} is written as {cell_type}",
            f"Make it {wanted}.",
        )
    return Cell(kind=kind, text=text, line=line, name=metadata.get(kind.value, ""), lang=metadata.get("lang", ""))
