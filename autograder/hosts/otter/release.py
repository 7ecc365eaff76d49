"""Write what `otter assign` turns into a student notebook and autograder.zip: the master notebook and our plugin."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from math import fsum
from pathlib import Path
from typing import Any

import yaml

from autograder.course import Course
from autograder.course.model import ShowWhen, Visibility
from autograder.errors import OutputError, ReleaseError
from autograder.grading.criterion import Criterion
from autograder.grading.session import collect_criteria
from autograder.hosts import packaging
from autograder.hosts.packaging import check_visibility
from autograder.jupyter import nbformat
from autograder.release.cells import BEGIN, END, Cell, CellKind, Source, prompt_line
from autograder.release.notebook import notebook_of, serialise
from autograder.release.source import read_source, source_path

__all__ = ["BUNDLE", "PLUGIN", "assigned_names", "check_cell", "master_notebook", "write_master"]


BUNDLE = "autograder-course.zip"


def check_cell(cell: Cell, number: int) -> str:
    """Turn a check cell into the text of a test cell: a function whose arguments are the names it uses.

    What the cell shows at its end (an expression) is left out.
    """
    tree = ast.parse(cell.text)
    body = list(tree.body)
    if len(body) > 1 and isinstance(body[-1], ast.Expr) and not isinstance(body[-1].value, ast.Call):
        body.pop()
    wanted = sorted(_loaded(body) - assigned_names(cell.text) - set(dir(builtins)))
    function = ast.FunctionDef(
        name=f"check_{cell.name}_{number}",
        args=ast.arguments([], [ast.arg(name) for name in wanted], None, [], [], None, []),
        body=body,
        decorator_list=[],
    )
    code = ast.unparse(ast.fix_missing_locations(ast.Module([function], [])))
    return f'""" # BEGIN TEST CONFIG\npoints: 0\nhidden: false\n""" # END TEST CONFIG\n{code}'


def assigned_names(text: str) -> set[str]:
    """Collect the names that a cell gives a value."""
    nodes = list(ast.walk(ast.parse(text)))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    named = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    imports = {alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    return names | named | {(alias.asname or alias.name).partition(".")[0] for alias in imports}


def _loaded(body: Sequence[ast.stmt]) -> set[str]:
    nodes = (node for statement in body for node in ast.walk(statement))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


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
        """Return the cells that replace one cell of the notebook."""
        cell, raw = self._pairs[place]
        if cell.kind is CellKind.QUESTION:
            yield from self._question(cell, raw)
        elif cell.kind is CellKind.MANUAL:
            yield from self._written(cell, place)
        elif cell.kind is not CellKind.ANSWER and not self._moved(cell, place):
            yield raw

    def _question(self, cell: Cell, raw: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
        checks = [other for other, _ in self._pairs if other.kind is CellKind.CHECK and other.name == cell.name]
        yield _raw(f"# BEGIN QUESTION\n{_yaml({'name': cell.name, 'points': self._earned(cell)})}")
        raw.source = _with_both(cell.text, cell.name)
        yield from _block("SOLUTION", raw)
        yield from _block(
            "TESTS",
            *(nbformat.v4.new_code_cell(check_cell(check, number)) for number, check in enumerate(checks, 1)),
        )
        yield _raw("# END QUESTION")

    def _written(self, cell: Cell, place: int) -> Iterator[nbformat.NotebookNode]:
        answers = [raw for other, raw in self._pairs if other.kind is CellKind.ANSWER and other.name == cell.name]
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
        """Return whether a check is only an otter test: it follows its question, and no later cell uses its names."""
        before = next((other for other, _ in reversed(self._pairs[:place]) if other.kind is not CellKind.CHECK), None)
        follows = cell.kind is CellKind.CHECK and before is not None and before.kind is CellKind.QUESTION
        return follows and before is not None and before.name == cell.name and not assigned_names(cell.text)


def _config(settings: dict[str, Any], criteria: Sequence[Criterion], visibility: Visibility) -> dict[str, Any]:
    times = {visibility.when(criterion.question) for criterion in criteria if not criterion.manual}
    generate = {
        "show_all_public": True,
        "show_hidden": ShowWhen.HIDDEN not in times,
        "force_public_test_summary": times != {ShowWhen.VISIBLE},
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
            wanted = prompt_line(lines, line, question)
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
    cell: nbformat.NotebookNode = nbformat.v4.new_raw_cell(text)
    return cell


def _yaml(value: dict[str, Any]) -> str:
    return str(yaml.safe_dump(value, sort_keys=False)).rstrip()


_FILES = "/autograder/source/files"  # where otter puts an assignment's own files in its container


def write_master(course: Course, name: str, outdir: Path, *, lang: str = "", level: str = "best") -> tuple[Path, ...]:
    """Write outdir/<name>/<name>.ipynb, the master, and beside it what grading needs; give the paths.

    That is the course cut down to this assignment, secret included, and this package as a wheel. `level` is the
    isolation level asked for. Raises CourseError, ReleaseError, GraderError, or OutputError where the folder cannot
    be written.
    """
    assignment, lang = course.assignment(name), lang or course.languages[0]
    wheel, packed = packaging.build_wheel()
    settings = {
        "requirements": [f"nn-autograder @ file://{_FILES}/{wheel}"],
        "autograder_files": [BUNDLE, wheel],
        "plugins": [{PLUGIN: {"assignment": name, "level": level}}],
    }
    source = read_source(source_path(assignment.folder), tuple(course.languages))
    wanted = collect_criteria(course, assignment)
    check_visibility(course, assignment, wanted)
    notebook = master_notebook(source, wanted, lang, settings, course.seen(assignment))
    content = {
        f"{name}.ipynb": serialise(notebook).encode(),
        BUNDLE: packaging.zip_files(packaging.course_files(course, assignment)),
        wheel: packed,
    }
    folder = outdir / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for filename, data in content.items():
            (folder / filename).write_bytes(data)
        (folder / BUNDLE).chmod(0o600)  # it holds the solutions and the secret
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}). Choose another folder with -o.") from error
    return tuple(folder / filename for filename in content)
