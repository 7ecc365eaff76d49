"""Build notebooks from a source: what students get, the same with solutions, and with one answer replaced."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from autograder.errors import ReleaseError
from autograder.jupyter import nbformat
from autograder.release.cells import Cell, CellKind, Source, solution_text, starter_text

__all__ = [
    "FORMAT_VERSION",
    "notebook_of",
    "replace_function",
    "serialise",
    "solution_notebook",
    "student_notebook",
    "variant_notebook",
]


def replace_function(text: str, name: str, answer: str) -> str | None:
    """Put `answer` (the text of one function `name`, imports before it allowed) where `text` defines `name`.

    None where `text` defines no such function; raises ReleaseError where the answer is not one function.
    """
    for node in _parsed(text, name).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            _check_answer(answer, name)
            lines = text.split("\n")
            return "\n".join([*lines[: node.lineno - 1], answer.strip("\n"), *lines[node.end_lineno :]])
    return None


def _check_answer(answer: str, name: str) -> None:
    others = [node for node in _parsed(answer, name).body if not isinstance(node, ast.Import | ast.ImportFrom)]
    if len(others) != 1 or not isinstance(others[0], ast.FunctionDef) or others[0].name != name:
        raise ReleaseError(
            f"an answer for {name!r} is not one function. Give imports and one `def {name}`, nothing else."
        )


def _parsed(text: str, where: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise ReleaseError(f"{where}: line {error.lineno}: {error.msg}. Correct it and try again.") from error


FORMAT_VERSION = 1

# Fixed, not taken from the machine at hand: the same source gives the same bytes everywhere.
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def student_notebook(source: Source, lang: str) -> nbformat.NotebookNode:
    """Build what students get: solutions replaced by `raise NotImplementedError`; raises ReleaseError."""
    return notebook_of(source, lang, lambda cell: starter_text(cell.text, cell.name))


def solution_notebook(source: Source, lang: str) -> nbformat.NotebookNode:
    """Build the notebook with the reference solutions in place: a submission that deserves full marks."""
    return notebook_of(source, lang, lambda cell: solution_text(cell.text))


def variant_notebook(source: Source, lang: str, replacements: Mapping[str, str]) -> nbformat.NotebookNode:
    """Build the solution notebook with some functions answered otherwise.

    replacements: name of a function -> source text of the function that answers in its place (what `Variant.source`
    returns); imports before it are kept.
    Raises ReleaseError where a name is in no starter cell, or the text is not one function.
    """
    missing = set(replacements)

    def answered(cell: Cell) -> str:
        text = solution_text(cell.text)
        for name, answer in replacements.items():
            changed = replace_function(text, name, answer)
            if changed is not None:
                text = changed
                missing.discard(name)
        return text

    notebook = notebook_of(source, lang, answered)
    if missing:
        names = ", ".join(sorted(missing))
        raise ReleaseError(f"{source.path}: no starter cell defines {names}. Check the function's name.")
    return notebook


def serialise(notebook: nbformat.NotebookNode) -> str:
    """Return the notebook's file text, the same for the same notebook, with a final newline."""
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook, version=4)
    return text if text.endswith("\n") else text + "\n"


def notebook_of(source: Source, lang: str, answer: Callable[[Cell], str]) -> nbformat.NotebookNode:
    """Build the notebook of one language; `answer` gives the text of a question's cell. Raises ReleaseError."""
    ids: Counter[str] = Counter()
    about = {"format_version": FORMAT_VERSION, "assignment": source.assignment, "lang": lang}
    document = {
        "cells": [_raw(cell, answer, ids) for cell in source.in_language(lang)],
        "metadata": {"autograder": about, "kernelspec": _KERNEL, "language_info": _LANGUAGE},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    notebook: nbformat.NotebookNode = nbformat.from_dict(document)
    return notebook


def _raw(cell: Cell, answer: Callable[[Cell], str], ids: Counter[str]) -> dict[str, Any]:
    text = answer(cell) if cell.kind is CellKind.QUESTION else cell.text
    raw = {"id": _id(cell, ids), "metadata": _metadata(cell), "source": text}
    if cell.kind.is_code:
        return raw | {"cell_type": "code", "execution_count": None, "outputs": []}
    return raw | {"cell_type": "markdown"}


def _id(cell: Cell, ids: Counter[str]) -> str:
    """Return an id of the cell's kind, question and number, so that both languages share ids."""
    base = "-".join(part for part in (cell.kind.value, cell.name) if part)
    ids[base] += 1
    return f"{base}-{ids[base]}"[-64:]


def _metadata(cell: Cell) -> dict[str, Any]:
    """Tag what belongs to a question, and keep Jupyter from deleting it by a slip of the hand."""
    if not cell.name:
        return {}
    metadata: dict[str, Any] = {"autograder": {cell.kind.value: cell.name}, "deletable": False}
    if cell.kind in (CellKind.CHECK, CellKind.MANUAL):
        metadata["editable"] = False
    return metadata
