"""Turn an assignment's hidden grader into plain Python that nbgrader and otter can run."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path
from typing import Any

import msgspec

from autograder.grading.loading import load_module
from autograder.release.cells import CellKind, Source, solution_text

__all__ = ["Check", "Kit", "make_kit"]

_PLAIN = Path(__file__).with_name("plain.py")


class Check(msgspec.Struct, frozen=True):
    """One criterion of the hidden grader; a manual one has no code."""

    name: str
    question: str
    points: float
    manual: bool


class Kit(msgspec.Struct, frozen=True):
    """The criteria, and the text that defines `judge(name, functions)` for all that are not manual."""

    text: str
    checks: tuple[Check, ...]

    def automatic(self) -> tuple[Check, ...]:
        """Select the criteria that a program judges."""
        return tuple(check for check in self.checks if not check.manual)

    def manual(self) -> tuple[Check, ...]:
        """Select the criteria that a person judges."""
        return tuple(check for check in self.checks if check.manual)


def make_kit(grader: Path, source: Source) -> Kit:
    """Translate a hidden grader and its reference solution."""
    checks = tuple(_check(name, value) for name, value in vars(load_module(grader)).items() if name.startswith("test_"))
    parts = [_without_future(_PLAIN), _reference(source), *_functions(grader, checks), _CALL]
    return Kit("\n\n\n".join(parts), checks)


_CALL = '''def judge(name, functions):
    """Judge the functions by the criterion of this name; raises if it fails."""
    run_check(CRITERIA[name], REFERENCE, functions)'''


def _check(name: str, test: Any) -> Check:
    marks = {mark.name: mark.args for mark in test.pytestmark}
    return Check(name, marks["question"][0], float(marks["points"][0]), "manual" in marks)


def _without_future(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return ast.unparse(ast.Module(tree.body[1:], []))


def _reference(source: Source) -> str:
    cells = [solution_text(cell.text) for cell in source.cells if cell.kind is CellKind.QUESTION]
    names = [node.name for cell in cells for node in ast.parse(cell).body if isinstance(node, ast.FunctionDef)]
    made = ", ".join(f"{name}={name}" for name in names)
    body = "\n\n".join([*cells, f"return types.SimpleNamespace({made})"])
    return f"def solution():\n{textwrap.indent(body, '    ')}\n\n\nREFERENCE = solution()"


def _functions(grader: Path, checks: tuple[Check, ...]) -> list[str]:
    """Return the helpers and tests without pytest's marks, then the table of tests."""
    manual = {check.name for check in checks if check.manual}
    nodes = [node for node in ast.parse(grader.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]
    kept = [node for node in nodes if node.name not in manual]
    for node in kept:
        node.decorator_list = []
    names = ", ".join(f'"{check.name}": {check.name}' for check in checks if not check.manual)
    return [*map(ast.unparse, kept), f"CRITERIA = {{{names}}}"]
