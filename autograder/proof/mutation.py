"""Mutants of a reference solution: one small change each, in the lines that a student writes.

Operators, comparisons, numbers, True and False, loops and exceptions are changed by Cosmic Ray; `numerical_changes`
adds what is specific to NumPy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import msgspec

from autograder.errors import AutograderError
from autograder.release.cells import BEGIN, END, CellKind, Source

__all__ = ["MissingTool", "Mutant", "mutants", "numerical_changes"]


# What a function is easily mistaken for.
_PARTNERS = {
    "abs": ("negative", "square"),
    "all": ("any",),
    "any": ("all",),
    "arange": ("ones",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "dot": ("multiply", "add"),
    "exp": ("log", "expm1", "exp2"),
    "expm1": ("exp", "log1p"),
    "log": ("exp", "log2", "log1p"),
    "log1p": ("log", "expm1"),
    "max": ("min", "sum"),
    "maximum": ("minimum", "add"),
    "mean": ("sum", "max"),
    "min": ("max",),
    "minimum": ("maximum",),
    "ones": ("zeros",),
    "ones_like": ("zeros_like",),
    "normal": ("uniform",),
    "permutation": ("integers",),
    "sign": ("abs",),
    "sqrt": ("square",),
    "square": ("sqrt", "abs"),
    "sum": ("mean", "max"),
    "tanh": ("sinh", "arctan"),
    "zeros": ("ones",),
    "zeros_like": ("ones_like",),
}
_DROPPED_CALLS = frozenset({"copy", "abs", "exp", "log", "sqrt", "tanh", "float", "len"})
_AUGMENTED: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("-=", "="),
    ast.Sub: ("+=", "="),
    ast.Mult: ("/=", "="),
    ast.Div: ("*=", "="),
}
_THREE = 3


def numerical_changes(code: str) -> Iterator[str]:
    """Yield the function `code` with one change at a time: statements, calls, products, transposes, updates."""
    text = _Text(code)
    for node in ast.walk(text.function):
        if isinstance(node, ast.stmt) and node is not text.function:
            yield from _statement(text, node)
        elif isinstance(node, ast.Call):
            yield from _call(text, node)
        elif isinstance(node, ast.BinOp):
            yield from _operands(text, node)
        elif isinstance(node, ast.Attribute) and node.attr == "T":
            yield text.with_(node, text.operand(node.value))
        elif isinstance(node, ast.IfExp):
            yield text.with_(node, text.operand(node.body))
            yield text.with_(node, text.operand(node.orelse))


class _Text:
    """A function's source, whose nodes can be cut out and replaced in place."""

    def __init__(self, code: str) -> None:
        tree = ast.parse(code)
        (function,) = tree.body
        self.function = function
        self._code = code.encode()  # ast counts columns in bytes
        self._starts = [0]
        for line in self._code.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def of(self, node: ast.expr | ast.keyword) -> str:
        """Return a node's own text."""
        first, last = self._span(node)
        return self._code[first:last].decode()

    def operand(self, node: ast.expr) -> str:
        """Return a node's own text, in parentheses if an operand needs them."""
        text = self.of(node)
        return f"({text})" if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Compare | ast.IfExp) else text

    def with_(self, node: ast.expr | ast.stmt | ast.keyword, text: str) -> str:
        """Return the whole source with a node replaced."""
        first, last = self._span(node)
        return (self._code[:first] + text.encode() + self._code[last:]).decode()

    def _span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        first = self._starts[node.lineno - 1] + node.col_offset
        # ast.parse always sets where a node ends.
        return first, self._starts[cast("int", node.end_lineno) - 1] + cast("int", node.end_col_offset)


def _statement(text: _Text, node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Return):
        yield text.with_(node, "return None")
    else:
        yield text.with_(node, "pass")
    if isinstance(node, ast.AugAssign):
        for sign in _AUGMENTED.get(type(node.op), ()):
            yield text.with_(node, f"{text.of(node.target)} {sign} {text.of(node.value)}")


def _call(text: _Text, node: ast.Call) -> Iterator[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else text.of(node.func)
    if isinstance(node.func, ast.Attribute):
        for partner in _PARTNERS.get(name, ()):
            yield text.with_(node.func, f"{text.operand(node.func.value)}.{partner}")
        if name in _DROPPED_CALLS and not node.args:
            yield text.with_(node, text.operand(node.func.value))
    if name in _DROPPED_CALLS and len(node.args) == 1:
        yield text.with_(node, text.operand(node.args[0]))
    if name == "where" and len(node.args) == _THREE:
        condition, one, other = (text.of(argument) for argument in node.args)
        yield text.with_(node, f"{text.of(node.func)}({condition}, {other}, {one})")
    for left_out in node.keywords:
        yield _without(text, node, left_out)


def _without(text: _Text, call: ast.Call, left_out: ast.keyword) -> str:
    """Leave a keyword argument out."""
    kept = [text.of(argument) for argument in call.args]
    kept += [text.of(keyword) for keyword in call.keywords if keyword is not left_out]
    return text.with_(call, f"{text.of(call.func)}({', '.join(kept)})")


def _operands(text: _Text, node: ast.BinOp) -> Iterator[str]:
    left, right = text.operand(node.left), text.operand(node.right)
    yield text.with_(node, left)
    yield text.with_(node, right)
    if isinstance(node.op, ast.MatMult):
        yield text.with_(node, f"{left} * {right}")
    if isinstance(node.op, ast.MatMult | ast.Sub | ast.Div):
        sign = {ast.MatMult: "@", ast.Sub: "-", ast.Div: "/"}[type(node.op)]
        yield text.with_(node, f"{right} {sign} {left}")


# These raise on floats or compare identities of fresh arrays; killing them would only inflate the rate.
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
    asked = {cell.line for cell in source.cells if cell.kind is CellKind.QUESTION}
    starts = sorted(cell.line for cell in source.cells)
    found: list[Mutant] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and max(line for line in starts if line < node.lineno) in asked:
            found += _of_function(source.path, lines, node)
    return tuple(found)


def _of_function(path: Path, lines: list[str], node: ast.FunctionDef) -> Iterator[Mutant]:
    last = cast("int", node.end_lineno)  # always set by ast.parse
    end = last + (lines[last : last + 1] == [f"    {END}"])
    code = "\n".join(lines[node.lineno - 1 : end]) + "\n"
    own = _solution_lines(code)
    seen = {_shape(code)}
    for changed in (*_by_cosmic_ray(code), *numerical_changes(code)):
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
    """Return what identifies a function up to layout and plus signs; None if it is not valid Python."""
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
    """Return the number, from 0, of the first line that differs, and the lines that differ on either side."""
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
        from cosmic_ray.operators.provider import OperatorProvider
    except ImportError as error:
        raise MissingTool("cosmic-ray is not installed") from error
    provider = OperatorProvider()
    kinds = [provider[name] for name in provider if name not in _NEEDS_ARGUMENTS]
    return tuple(kind() for kind in kinds if not _LEFT_OUT.intersection(kind.__name__.split("_")))


def _by_cosmic_ray(code: str) -> Iterator[str]:
    operators = _operators()
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code

    nodes = list(ast_nodes(get_ast(code)))
    for operator in operators:
        for occurrence in range(sum(len(list(operator.mutation_positions(node))) for node in nodes)):
            changed = mutate_code(code, operator, occurrence)
            if changed is not None:
                yield changed
