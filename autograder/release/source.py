"""Read an assignment's one source, a Jupytext percent notebook, into typed cells."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping
from itertools import groupby, zip_longest
from pathlib import Path

from autograder.course.files import solution_path
from autograder.errors import ReleaseError
from autograder.jupyter import jupytext
from autograder.release.cells import BEGIN, END, Cell, CellKind, Source, refuse_source
from autograder.release.inlining import with_visible_checks

__all__ = ["parse_source", "read_source", "source_path", "verify_source"]


_WRITTEN = (CellKind.PROSE, CellKind.MANUAL)


def verify_source(source: Source) -> None:
    """Raise ReleaseError at the first rule that the source breaks."""
    _known_languages(source)
    for cell in source.cells:
        _markers(source, cell)
    _same_code(source)
    _prose_in_every_language(source)
    _names(source)


def _known_languages(source: Source) -> None:
    for cell in source.cells:
        if cell.lang and cell.lang not in source.languages:
            known = ", ".join(source.languages)
            refuse_source(
                source.path,
                cell.line,
                f"language {cell.lang!r} is not one of the course's ({known})",
                "Correct the cell's lang, or add the language to course.yml.",
            )


def _markers(source: Source, cell: Cell) -> None:
    """Check that solution markers come in pairs, in starter cells and nowhere else."""
    opened = 0
    pairs = 0
    for line, text in enumerate(cell.text.split("\n"), start=cell.line + 1):
        mark = text.strip()
        if mark in (BEGIN, END) and cell.kind is not CellKind.QUESTION:
            refuse_source(
                source.path, line, f"{mark!r} outside a starter cell", 'Give the cell a question="..." in its header.'
            )
        if mark == BEGIN:
            if opened:
                refuse_source(
                    source.path,
                    line,
                    f"{BEGIN!r} inside the solution begun in line {opened}",
                    f"Write {END!r} before it.",
                )
            opened = line
        elif mark == END:
            if not opened:
                refuse_source(source.path, line, f"{END!r} without a beginning", f"Write {BEGIN!r} above the solution.")
            opened, pairs = 0, pairs + 1
    if opened:
        refuse_source(source.path, opened, f"{BEGIN!r} without an end", f"Write {END!r} below the solution.")
    if cell.kind is CellKind.QUESTION and not pairs:
        refuse_source(
            source.path,
            cell.line,
            f"starter cell {cell.name!r} has no solution markers: students would get the answer",
            f"Write {BEGIN!r} and {END!r} around the solution.",
        )


def _same_code(source: Source) -> None:
    """Check that a program sees the same notebook in every language."""
    first, *others = source.languages
    wanted = _code(source, first)
    for lang in others:
        for one, other in zip_longest(wanted, _code(source, lang)):
            if one is None or other is None or (one.kind, one.name, one.text) != (other.kind, other.name, other.text):
                line = (one or other).line
                refuse_source(
                    source.path,
                    line,
                    f"code differs between the languages {first} and {lang}",
                    "Take lang out of the code cell's header, so that both languages share it.",
                )


def _code(source: Source, lang: str) -> list[Cell]:
    return [cell for cell in source.in_language(lang) if cell.kind.is_code]


def _prose_in_every_language(source: Source) -> None:
    """Check that each stretch of prose has as many cells in one language as in the other, and none is empty."""
    for written, stretch in groupby(source.cells, key=lambda cell: cell.kind in _WRITTEN):
        if not written:
            continue
        cells = list(stretch)
        counts = Counter(cell.lang for cell in cells if cell.lang)
        fewest = min(source.languages, key=lambda lang: counts[lang])
        fullest = max(source.languages, key=lambda lang: counts[lang])
        if counts[fewest] < counts[fullest]:
            line = next(cell.line for cell in cells if cell.lang == fullest)
            refuse_source(
                source.path,
                line,
                f"prose in {fullest} has no counterpart in {fewest}",
                f'Add a `# %% [markdown] lang="{fewest}"` cell beside it.',
            )
        for cell in cells:
            if not cell.text.strip():
                refuse_source(source.path, cell.line, "an empty cell of prose", "Write it or take it out.")


def _names(source: Source) -> None:
    """Check that questions are distinct, that each has its visible check, and each written question its answer cell."""
    _distinct(source, CellKind.QUESTION)
    _distinct(source, CellKind.ANSWER)
    _paired(source, CellKind.QUESTION, CellKind.CHECK, "visible check", 'Add a `# %% check="{name}"` cell after it.')
    _paired(source, CellKind.CHECK, CellKind.QUESTION, "starter cell", 'Add a `# %% question="{name}"` cell before it.')
    _paired(
        source,
        CellKind.MANUAL,
        CellKind.ANSWER,
        "answer cell",
        'Add a `# %% [markdown] answer="{name}"` cell after it.',
    )
    _paired(
        source,
        CellKind.ANSWER,
        CellKind.MANUAL,
        "written question",
        'Add a `# %% [markdown] manual="{name}"` cell before it.',
    )


def _distinct(source: Source, kind: CellKind) -> None:
    seen: dict[str, int] = {}
    for cell in source.cells:
        if cell.kind is kind and cell.name in seen:
            refuse_source(
                source.path,
                cell.line,
                f"a second {kind.value} cell {cell.name!r}, after the one in line {seen[cell.name]}",
                "Rename one of them.",
            )
        if cell.kind is kind:
            seen[cell.name] = cell.line


def _paired(source: Source, kind: CellKind, partner: CellKind, what: str, remedy: str) -> None:
    partners = {cell.name for cell in source.cells if cell.kind is partner}
    for cell in source.cells:
        if cell.kind is kind and cell.name not in partners:
            refuse_source(
                source.path, cell.line, f"{kind.value} {cell.name!r} has no {what}", remedy.format(name=cell.name)
            )


_HEADER = re.compile(r"^# ?%%(\s|$)")
_NAMING = (CellKind.QUESTION, CellKind.CHECK, CellKind.MANUAL, CellKind.ANSWER)
_KEYS = ("lang", *(kind.value for kind in _NAMING))
_TEXT_KINDS = (CellKind.MANUAL, CellKind.ANSWER)
_JUPYTEXT_KEYS = frozenset({"lines_to_next_cell", "lines_to_end_of_cell_marker"})


def source_path(folder: Path) -> Path:
    """Find the source in an assignment's folder: solutions/dot-product/dot_product.py; raises ReleaseError."""
    path = solution_path(folder)
    if not path.is_file():
        raise ReleaseError(
            f"{folder}: no {path.name} in this folder. Write the assignment there as a Jupytext percent notebook: "
            "prose, solutions between markers, and visible checks."
        )
    return path


def read_source(path: Path, languages: tuple[str, ...] = ("en", "es")) -> Source:
    """Read and verify a source; raises ReleaseError naming file, line and remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{path}: cannot be read ({error}). Check that it is a UTF-8 text file.") from error
    return parse_source(text, path, languages)


def parse_source(text: str, path: Path, languages: tuple[str, ...] = ("en", "es")) -> Source:
    """Parse a source's text into typed, verified cells; `path` is for errors and the assignment's name."""
    notebook = jupytext.reads(text, fmt="py:percent")
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if _HEADER.match(line)]
    if len(lines) != len(notebook.cells) or not lines:
        first = lines[0] if lines else 1
        refuse_source(
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
    verify_source(source)
    return source


def _cell(path: Path, line: int, cell_type: str, text: str, metadata: Mapping[str, str]) -> Cell:
    """Type one cell by the key in its header."""
    for key in metadata.keys() - _JUPYTEXT_KEYS:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            remedy = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(_KEYS)}."
            refuse_source(path, line, f"unknown key {key!r} in the cell's header", remedy)
    named = [kind for kind in _NAMING if kind.value in metadata]
    if len(named) > 1:
        both = " and ".join(kind.value for kind in named)
        refuse_source(path, line, f"the cell is both {both}", "Split it into two cells.")
    kind = named[0] if named else (CellKind.PROSE if cell_type == "markdown" else CellKind.CODE)
    if cell_type != ("markdown" if kind in (CellKind.PROSE, *_TEXT_KINDS) else "code"):
        wanted = "a [markdown] cell" if kind in _TEXT_KINDS else "a code cell, without [markdown]"
        refuse_source(
            path,
            line,
            f"{kind.value} cell {metadata.get(kind.value, '')!r} is written as {cell_type}",
            f"Make it {wanted}.",
        )
    text = with_visible_checks(path, line, text) if kind.is_code else text
    return Cell(kind=kind, text=text, line=line, name=metadata.get(kind.value, ""), lang=metadata.get("lang", ""))
