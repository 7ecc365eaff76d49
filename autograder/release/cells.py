"""The typed cells of an assignment's source, and the solution markers inside them."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

import msgspec

from autograder.errors import ReleaseError

__all__ = [
    "BEGIN",
    "END",
    "Cell",
    "CellKind",
    "Source",
    "prompt_line",
    "refuse_source",
    "solution_text",
    "starter_text",
]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"

_DEF = re.compile(r"^(\s*)def (\w+)\(")


class CellKind(StrEnum):
    """What a cell is for."""

    PROSE = "prose"
    CODE = "code"
    QUESTION = "question"
    CHECK = "check"
    MANUAL = "manual"
    ANSWER = "answer"

    @property
    def is_code(self) -> bool:
        """Return whether cells of this kind are run."""
        return self in (CellKind.CODE, CellKind.QUESTION, CellKind.CHECK)


class Cell(msgspec.Struct, frozen=True):
    """One cell: `line` is its header's in the source (from 1); `lang` is empty where both languages share the cell."""

    kind: CellKind
    text: str
    line: int
    name: str = ""
    lang: str = ""


class Source(msgspec.Struct, frozen=True):
    """An assignment's one source: its path, the languages it is written in, and its cells in order."""

    path: Path
    assignment: str
    languages: tuple[str, ...]
    cells: tuple[Cell, ...]

    def in_language(self, lang: str) -> tuple[Cell, ...]:
        """Select the cells that the notebook of one language shows; raises ReleaseError on a language it has not."""
        if lang not in self.languages:
            known = ", ".join(self.languages)
            raise ReleaseError(f"{self.path}: no prose in language {lang!r}. Choose one of: {known}.")
        return tuple(cell for cell in self.cells if cell.lang in ("", lang))

    def questions(self) -> tuple[str, ...]:
        """Return the names of the questions that a program grades, in order."""
        return tuple(cell.name for cell in self.cells if cell.kind is CellKind.QUESTION)


def refuse_source(path: Path, line: int, problem: str, remedy: str) -> NoReturn:
    """Raise ReleaseError with the place, what is wrong there, and what to do."""
    raise ReleaseError(f"{path}:{line}: {problem}. {remedy}")


def solution_text(text: str) -> str:
    """Drop the marker lines and keep the solution."""
    return "\n".join(line for line in text.split("\n") if line.strip() not in (BEGIN, END))


def starter_text(text: str, question: str) -> str:
    """Replace each marked solution by one `raise NotImplementedError` that says which function to write."""
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        mark = line.strip()
        if mark == BEGIN:
            kept.append(prompt_line(kept, line, question))
        if not inside and mark != BEGIN:
            kept.append(line)
        inside = mark == BEGIN or (inside and mark != END)
    return "\n".join(kept)


def prompt_line(before: list[str], marker: str, question: str) -> str:
    """Return the line that replaces a solution whose marker is on the line `marker`, after the lines `before`."""
    indent = marker[: len(marker) - len(marker.lstrip())]
    return f'{indent}raise NotImplementedError("write {_function_around(before, indent, question)} here")'


def _function_around(lines: list[str], indent: str, question: str) -> str:
    """Return the name of the function around a marker; outside all functions, that of the question."""
    matches = (_DEF.match(line) for line in reversed(lines))
    return next((match[2] for match in matches if match and len(match[1]) < len(indent)), question)
