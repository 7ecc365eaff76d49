"""The master notebook of an assignment for `otter assign`: questions, visible checks, written answers, our plugin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import fsum
from typing import Any

import yaml

from autograder.course.records import Visibility, When
from autograder.errors import ReleaseError
from autograder.grading.criterion import Criterion
from autograder.hosts.otter.checks import assigned, check_cell
from autograder.jupyter import nbformat
from autograder.release.cells import BEGIN, END, Cell, Kind, Source, prompt
from autograder.release.notebook import notebook_of

__all__ = ["PLUGIN", "master_notebook"]

PLUGIN = "autograder.hosts.otter.plugin.SandboxPlugin"


def master_notebook(
    source: Source, criteria: Sequence[Criterion], lang: str, settings: dict[str, Any], visibility: Visibility
) -> nbformat.NotebookNode:
    """Build the master notebook of one language.

    A question becomes otter's question with its solution, what students find in its place, and its visible checks as
    tests without points; a written question becomes a manual one. `settings` are those of otter that depend on what
    travels with the notebook. Raises ReleaseError where a question has no criteria.
    """
    notebook = notebook_of(source, lang, lambda cell: cell.text)
    cells = source.in_language(lang)
    pairs = list(zip(cells, notebook.cells, strict=True))
    built = [_raw(f"# ASSIGNMENT CONFIG\n{_yaml(_config(settings, criteria, visibility))}")]
    questions = _Questions(source, criteria, pairs)
    for place in range(len(pairs)):
        built += questions.cells(place)
    notebook.cells = built
    return notebook


class _Questions:
    """Where each question of a notebook begins and ends."""

    def __init__(
        self, source: Source, criteria: Sequence[Criterion], pairs: Sequence[tuple[Cell, nbformat.NotebookNode]]
    ) -> None:
        self._source, self._pairs = source, pairs
        names = {criterion.question for criterion in criteria}
        self._points = {name: fsum(c.points for c in criteria if c.question == name) for name in names}

    def cells(self, place: int) -> Iterator[nbformat.NotebookNode]:
        """Give what stands in the place of one cell of the notebook."""
        cell, raw = self._pairs[place]
        if cell.kind is Kind.QUESTION:
            yield from self._question(cell, raw)
        elif cell.kind is Kind.MANUAL:
            yield from self._written(cell, place)
        elif cell.kind is not Kind.ANSWER and not self._moved(cell, place):
            yield raw

    def _question(self, cell: Cell, raw: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
        checks = [other for other, _ in self._pairs if other.kind is Kind.CHECK and other.name == cell.name]
        yield _raw(f"# BEGIN QUESTION\n{_yaml({'name': cell.name, 'points': self._earned(cell)})}")
        raw.source = _with_both(cell.text, cell.name)
        yield from _block("SOLUTION", raw)
        yield from _block(
            "TESTS",
            *(nbformat.v4.new_code_cell(check_cell(check, number)) for number, check in enumerate(checks, 1)),  # type: ignore[no-untyped-call]
        )
        yield _raw("# END QUESTION")

    def _written(self, cell: Cell, place: int) -> Iterator[nbformat.NotebookNode]:
        answers = [raw for other, raw in self._pairs if other.kind is Kind.ANSWER and other.name == cell.name]
        about = {"name": cell.name, "manual": True, "points": self._earned(cell)}
        yield _raw(f"# BEGIN QUESTION\n{_yaml(about)}")
        yield self._pairs[place][1]
        yield from _block("PROMPT", *answers)
        yield _raw("# END QUESTION")

    def _earned(self, cell: Cell) -> float:
        if cell.name not in self._points:
            raise ReleaseError(f"{self._source.path}:{cell.line}: no test of the hidden grader is of {cell.name!r}.")
        return self._points[cell.name]

    def _moved(self, cell: Cell, place: int) -> bool:
        """Tell whether a check is only in otter's tests: it follows its question, and nothing later needs its names."""
        before = next((other for other, _ in reversed(self._pairs[:place]) if other.kind is not Kind.CHECK), None)
        follows = cell.kind is Kind.CHECK and before is not None and before.kind is Kind.QUESTION
        return follows and before is not None and before.name == cell.name and not assigned(cell.text)


def _config(settings: dict[str, Any], criteria: Sequence[Criterion], visibility: Visibility) -> dict[str, Any]:
    times = {visibility.when(criterion.question) for criterion in criteria if not criterion.manual}
    generate = {
        "show_all_public": True,
        "show_hidden": When.HIDDEN not in times,
        "force_public_test_summary": times != {When.VISIBLE},
    }
    return {
        "export_cell": {"pdf": False, "run_tests": False, "ignore_log": True},
        "tests": {"ok_format": False},
        "generate": generate,
        **settings,
    }


def _with_both(text: str, question: str) -> str:
    """Mark the solutions of a cell for otter, which takes them away, and write what students find in their place."""
    lines: list[str] = []
    for line in text.split("\n"):
        mark, indent = line.strip(), line[: len(line) - len(line.lstrip())]
        if mark == BEGIN:
            wanted = prompt(lines, line, question)
            lines.append(f"{indent}# BEGIN SOLUTION NO PROMPT")
        elif mark == END:
            lines += [f"{indent}# END SOLUTION", f'{indent}""" # BEGIN PROMPT', wanted, f'{indent}""" # END PROMPT']
        else:
            lines.append(line)
    return "\n".join(lines)


def _block(kind: str, *cells: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    yield _raw(f"# BEGIN {kind}")
    yield from cells
    yield _raw(f"# END {kind}")


def _raw(text: str) -> nbformat.NotebookNode:
    cell: nbformat.NotebookNode = nbformat.v4.new_raw_cell(text)  # type: ignore[no-untyped-call]  # nbformat annotates only a part
    return cell


def _yaml(value: dict[str, Any]) -> str:
    return str(yaml.safe_dump(value, sort_keys=False)).rstrip()
