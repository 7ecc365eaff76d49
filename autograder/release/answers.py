"""Put another answer in the place of a reference solution: misconceptions and equivalents become submissions."""

from __future__ import annotations

import ast

from autograder.errors import ReleaseError

__all__ = ["replace_function"]

_Function = ast.FunctionDef


def replace_function(text: str, name: str, answer: str) -> str | None:
    """Put `answer` (the text of one function, imports before it allowed) where `text` defines `name`.

    The answer loses its decorators, its docstring and its own name. None where `text` defines no such function;
    raises ReleaseError where the answer is not one function.
    """
    for node in _parsed(text, name).body:
        if isinstance(node, _Function) and node.name == name:
            lines = text.split("\n")
            assert node.end_lineno is not None  # noqa: S101  (always set by ast.parse)
            return "\n".join([*lines[: node.lineno - 1], _renamed(answer, name), *lines[node.end_lineno :]])
    return None


def _renamed(answer: str, name: str) -> str:
    body = _parsed(answer, name).body
    functions = [node for node in body if isinstance(node, _Function)]
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    if len(functions) != 1 or len(body) != 1 + len(imports):
        raise ReleaseError(f"an answer for {name!r} is not one function. Give imports and one `def`, nothing else.")
    function = _bare(functions[0], name)
    return "\n".join([*(ast.unparse(node) for node in imports), ast.unparse(function)])


def _bare(function: ast.FunctionDef, name: str) -> ast.FunctionDef:
    """Drop decorators and docstring, and rename the function, its calls of itself included."""
    own = function.name
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == own:
            node.id = name
    function.name = name
    function.decorator_list = []
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:] or [ast.Pass()]
    return function


def _parsed(text: str, where: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise ReleaseError(f"{where}: line {error.lineno}: {error.msg}. Correct it and try again.") from error
