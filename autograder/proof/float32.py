"""The solution in single precision: what a student hands in who computes in 32-bit floats throughout."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from autograder.release.cells import Source
from autograder.release.notebook import serialise, solution_notebook

__all__ = ["float32_notebook", "narrow_to_float32"]

_MAKERS = frozenset({"array", "empty", "eye", "full", "identity", "linspace", "ones", "zeros"})
_DOUBLES = frozenset({"float64", "double"})
_HELPER = """
def _autograder_single(function):
    import functools
    import numpy

    def narrowed(value):
        if isinstance(value, (list, tuple)):
            return type(value)(map(narrowed, value))
        if isinstance(value, dict):
            return {key: narrowed(each) for key, each in value.items()}
        if isinstance(value, (numpy.ndarray, numpy.floating)) and value.dtype == numpy.float64:
            return value.astype(numpy.float32)
        return value

    return functools.wraps(function)(lambda *args, **named: narrowed(function(*args, **named)))
"""


def float32_notebook(source: Source, lang: str) -> bytes:
    """Build the solution notebook, its starter cells computing in float32."""
    notebook = solution_notebook(source, lang)
    for cell in notebook.cells:
        if "question" in cell.metadata.get("autograder", {}):
            cell.source = narrow_to_float32(cell.source)
    return serialise(notebook).encode()


def narrow_to_float32(code: str) -> str:
    """Let every array that the code makes be of float32, and narrow what its functions return.

    The dtypes `float` and `np.float64` become `np.float32`; makers of arrays that name no dtype get it. Where float64
    comes in by other ways, such as an argument, the result is rounded to float32.
    """
    tree = ast.fix_missing_locations(_Narrowing().visit(ast.parse(code)))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return "\n".join([_HELPER, ast.unparse(tree), *(f"{name} = _autograder_single({name})" for name in names)])


class _Narrowing(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Narrow arguments, not the function: `float(x)` stays, `dtype=float` does not."""
        node.args = self._narrowed(node.args)
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        node.func = self._function(node.func)
        if self._makes_doubles(node):
            node.keywords.append(ast.keyword("dtype", _single()))
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Narrow Python's float where it stands for a dtype."""
        return _single() if node.id == "float" else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Narrow np.float64."""
        if node.attr in _DOUBLES:
            return _single()
        node.value = self.visit(node.value)
        return node

    def _narrowed(self, nodes: Iterable[ast.expr]) -> list[Any]:
        return [self.visit(node) for node in nodes]

    def _function(self, node: ast.expr) -> Any:
        return node if isinstance(node, ast.Name) else self.visit(node)

    def _makes_doubles(self, node: ast.Call) -> bool:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name not in _MAKERS or not isinstance(node.func, ast.Attribute) or ast.unparse(node.func.value) != "np":
            return False
        named = any(keyword.arg == "dtype" for keyword in node.keywords)
        return not named and not any(ast.unparse(argument) == "np.float32" for argument in node.args)


def _single() -> ast.expr:
    return ast.parse("np.float32", mode="eval").body
