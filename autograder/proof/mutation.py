"""Mutants of a reference solution: one small change each, in the lines that a student writes.

Operators, comparisons, numbers, True and False, loops and exceptions are changed by Cosmic Ray; `numerical` adds what
is specific to NumPy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from autograder.errors import AutograderError
from autograder.proof import numerical
from autograder.release.cells import BEGIN, END, Kind, Source

__all__ = ["MissingTool", "Mutant", "mutants"]

# Others raise at once on floats, or compare identities of fresh arrays: they would only flatter the rate.
_LEFT_OUT = frozenset({"Is", "IsNot", "RShift", "LShift", "BitOr", "BitAnd", "BitXor"})
_NEEDS_ARGUMENTS = frozenset({"VariableReplacer", "VariableInserter"})


class MissingTool(AutograderError):
    """Cosmic Ray is not installed."""


class Mutant(msgspec.Struct, frozen=True):
    """One function with one change: `was` and `now` are the changed lines, without what surrounds them."""

    function: str
    path: Path
    line: int
    was: str
    now: str
    code: str


def mutants(source: Source) -> tuple[Mutant, ...]:
    """Mutate every function of the starter cells, within the solution markers; each distinct change once.

    Raises:
        MissingTool: Cosmic Ray is not installed.
    """
    text = source.path.read_text(encoding="utf-8")
    lines = text.splitlines()
    asked = {cell.line for cell in source.cells if cell.kind is Kind.QUESTION}
    starts = sorted(cell.line for cell in source.cells)
    found: list[Mutant] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and max(line for line in starts if line < node.lineno) in asked:
            found += _of_function(source.path, lines, node)
    return tuple(found)


def _of_function(path: Path, lines: list[str], node: ast.FunctionDef) -> Iterator[Mutant]:
    assert node.end_lineno is not None  # noqa: S101 - always set by ast.parse
    end = node.end_lineno + (lines[node.end_lineno : node.end_lineno + 1] == [f"    {END}"])
    code = "\n".join(lines[node.lineno - 1 : end]) + "\n"
    own = _solution_lines(code)
    seen = {_shape(code)}
    for changed in (*_by_cosmic_ray(code), *numerical.changes(code)):
        shape = _shape(changed)
        first, was, now = _difference(code, changed)
        if shape is None or shape in seen or not own.issuperset(range(first, first + max(len(was), 1))):
            continue
        seen.add(shape)
        yield Mutant(node.name, path, node.lineno + first, _joined(was), _joined(now), changed)


def _solution_lines(code: str) -> set[int]:
    """Number, from 0, the lines of a function between solution markers; all but the head if there are none."""
    inside, found = False, set()
    lines = code.splitlines()
    for number, text in enumerate(lines):
        inside = text.strip() == BEGIN or (inside and text.strip() != END)
        if inside:
            found.add(number)
    return found or set(range(1, len(lines)))


def _shape(code: str) -> str | None:
    """Give what identifies a function up to layout and plus signs; None if it is no Python."""
    try:
        return ast.dump(_Unsigned().visit(ast.parse(code).body[0]))
    except SyntaxError:
        return None


class _Unsigned(ast.NodeTransformer):
    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """Take `+1` for `1`."""
        node.operand = self.visit(node.operand)
        return node.operand if isinstance(node.op, ast.UAdd) else node


def _difference(code: str, changed: str) -> tuple[int, list[str], list[str]]:
    """Give the number, from 0, of the first line that differs, and the lines that differ on either side."""
    old, new = code.splitlines(), changed.splitlines()
    shorter = min(len(old), len(new))
    first = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    same = next((i for i in range(shorter - first) if old[-1 - i] != new[-1 - i]), shorter - first)
    return first, old[first : len(old) - same], new[first : len(new) - same]


def _joined(lines: list[str]) -> str:
    """Write lines as one, spaces and comments as they are; what layout adds is no part of a change."""
    return " ".join(" ".join(line.split()) for line in lines)


@cache
def _operators() -> tuple[Any, ...]:
    try:
        from cosmic_ray.operators.provider import OperatorProvider  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        raise MissingTool("cosmic-ray is not installed") from error
    provider = OperatorProvider()
    kinds = [provider[name] for name in provider if name not in _NEEDS_ARGUMENTS]
    return tuple(kind() for kind in kinds if not _LEFT_OUT.intersection(kind.__name__.split("_")))


def _by_cosmic_ray(code: str) -> Iterator[str]:
    operators = _operators()
    from cosmic_ray.ast import ast_nodes, get_ast  # noqa: PLC0415
    from cosmic_ray.mutating import mutate_code  # noqa: PLC0415

    nodes = list(ast_nodes(get_ast(code)))
    for operator in operators:
        for occurrence in range(sum(len(list(operator.mutation_positions(node))) for node in nodes)):
            changed = mutate_code(code, operator, occurrence)
            if changed is not None:
                yield changed
