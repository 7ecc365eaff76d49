"""Small changes to numerical code that no general mutation tool makes: axes, names of NumPy's functions, products."""

from __future__ import annotations

import ast
from collections.abc import Iterator

__all__ = ["changes"]

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


def changes(code: str) -> Iterator[str]:
    """Give the function `code` with one change at a time: statements, calls, products, transposes, updates."""
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
        """Give a node's own text."""
        first, last = self._span(node)
        return self._code[first:last].decode()

    def operand(self, node: ast.expr) -> str:
        """Give a node's own text as it can stand anywhere, in parentheses if it must."""
        text = self.of(node)
        return f"({text})" if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Compare | ast.IfExp) else text

    def with_(self, node: ast.expr | ast.stmt | ast.keyword, text: str) -> str:
        """Give the whole source with a node replaced."""
        first, last = self._span(node)
        return (self._code[:first] + text.encode() + self._code[last:]).decode()

    def _span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        assert node.end_lineno is not None  # noqa: S101 - always set by ast.parse
        assert node.end_col_offset is not None  # noqa: S101
        first = self._starts[node.lineno - 1] + node.col_offset
        return first, self._starts[node.end_lineno - 1] + node.end_col_offset


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
