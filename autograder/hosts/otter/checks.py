"""Visible checks in otter's format: functions that take what they need from the student's notebook."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from autograder.release.cells import Cell

__all__ = ["assigned", "check_cell"]


def check_cell(cell: Cell, number: int) -> str:
    """Turn a check cell into the text of a test cell: a function whose arguments are the names it uses.

    What the cell shows at its end (an expression) is left out.
    """
    tree = ast.parse(cell.text)
    body = list(tree.body)
    if len(body) > 1 and isinstance(body[-1], ast.Expr) and not isinstance(body[-1].value, ast.Call):
        body.pop()
    wanted = sorted(_loaded(body) - assigned(cell.text) - set(dir(builtins)))
    function = ast.FunctionDef(
        name=f"check_{cell.name}_{number}",
        args=ast.arguments([], [ast.arg(name) for name in wanted], None, [], [], None, []),
        body=body,
        decorator_list=[],
    )
    code = ast.unparse(ast.fix_missing_locations(ast.Module([function], [])))
    return f'""" # BEGIN TEST CONFIG\npoints: 0\nhidden: false\n""" # END TEST CONFIG\n{code}'


def assigned(text: str) -> set[str]:
    """Collect the names that a cell gives a value."""
    nodes = list(ast.walk(ast.parse(text)))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    named = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    imports = {alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    return names | named | {(alias.asname or alias.name).partition(".")[0] for alias in imports}


def _loaded(body: Sequence[ast.stmt]) -> set[str]:
    nodes = (node for statement in body for node in ast.walk(statement))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
