"""What every source must hold to before it is released; each rule names the line and the remedy."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, zip_longest

from autograder.release.cells import BEGIN, END, Cell, Kind, Source, refuse

__all__ = ["verify"]

_WRITTEN = (Kind.PROSE, Kind.MANUAL)


def verify(source: Source) -> None:
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
            refuse(
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
        if mark in (BEGIN, END) and cell.kind is not Kind.QUESTION:
            refuse(
                source.path, line, f"{mark!r} outside a starter cell", 'Give the cell a question="..." in its header.'
            )
        if mark == BEGIN:
            if opened:
                refuse(
                    source.path,
                    line,
                    f"{BEGIN!r} inside the solution begun in line {opened}",
                    f"Write {END!r} before it.",
                )
            opened = line
        elif mark == END:
            if not opened:
                refuse(source.path, line, f"{END!r} without a beginning", f"Write {BEGIN!r} above the solution.")
            opened, pairs = 0, pairs + 1
    if opened:
        refuse(source.path, opened, f"{BEGIN!r} without an end", f"Write {END!r} below the solution.")
    if cell.kind is Kind.QUESTION and not pairs:
        refuse(
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
                refuse(
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
            refuse(
                source.path,
                line,
                f"prose in {fullest} has no counterpart in {fewest}",
                f'Add a `# %% [markdown] lang="{fewest}"` cell beside it.',
            )
        for cell in cells:
            if not cell.text.strip():
                refuse(source.path, cell.line, "an empty cell of prose", "Write it or take it out.")


def _names(source: Source) -> None:
    """Check that questions are distinct, that each has its visible check, and each written question its answer cell."""
    _distinct(source, Kind.QUESTION)
    _distinct(source, Kind.ANSWER)
    _paired(source, Kind.QUESTION, Kind.CHECK, "visible check", 'Add a `# %% check="{name}"` cell after it.')
    _paired(source, Kind.CHECK, Kind.QUESTION, "starter cell", 'Add a `# %% question="{name}"` cell before it.')
    _paired(source, Kind.MANUAL, Kind.ANSWER, "answer cell", 'Add a `# %% [markdown] answer="{name}"` cell after it.')
    _paired(
        source, Kind.ANSWER, Kind.MANUAL, "written question", 'Add a `# %% [markdown] manual="{name}"` cell before it.'
    )


def _distinct(source: Source, kind: Kind) -> None:
    seen: dict[str, int] = {}
    for cell in source.cells:
        if cell.kind is kind and cell.name in seen:
            refuse(
                source.path,
                cell.line,
                f"a second {kind.value} cell {cell.name!r}, after the one in line {seen[cell.name]}",
                "Rename one of them.",
            )
        if cell.kind is kind:
            seen[cell.name] = cell.line


def _paired(source: Source, kind: Kind, partner: Kind, what: str, remedy: str) -> None:
    partners = {cell.name for cell in source.cells if cell.kind is partner}
    for cell in source.cells:
        if cell.kind is kind and cell.name not in partners:
            refuse(source.path, cell.line, f"{kind.value} {cell.name!r} has no {what}", remedy.format(name=cell.name))
