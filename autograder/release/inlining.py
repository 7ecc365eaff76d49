"""Write what a source imports from `visible_checks` into the cell that imports it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.release.cells import refuse_source

__all__ = ["with_visible_checks"]

_MODULE = "autograder.release.visible_checks"
_Import = ast.Import | ast.ImportFrom


def with_visible_checks(path: Path, line: int, text: str) -> str:
    """Put the text of visible checks where a code cell imports them: students do not have this package.

    What the chosen functions call comes along, in the order of their file; imports are joined. Raises ReleaseError,
    with the place `path` and `line` of the cell, where it does not say which it wants.
    """
    if _MODULE not in text:
        return text
    body = _parsed(path, line, text)
    imports = [node for node in body if isinstance(node, _Import)]
    chosen = next((node for node in imports if isinstance(node, ast.ImportFrom) and node.module == _MODULE), None)
    if chosen is None or body[: len(imports)] != imports:
        refuse_source(
            path,
            line,
            f"the cell names {_MODULE}, but not in an import at its top",
            f"Begin the cell with its imports, and write `from {_MODULE} import check` among them.",
        )
    checks = _visible_checks()
    for alias in chosen.names:
        if alias.name not in checks.texts:
            refuse_source(path, line, f"{_MODULE} has no {alias.name!r}", f"Choose from {', '.join(checks.texts)}.")
    own = {ast.unparse(node) for node in imports if node is not chosen}
    rest = "\n".join(text.split("\n")[imports[-1].end_lineno or 0 :]).strip("\n")
    definitions, needed = checks.chosen({alias.name: alias.asname or alias.name for alias in chosen.names})
    return "\n\n\n".join(part for part in (_sorted_imports(own | needed), *definitions, rest) if part)


def _parsed(path: Path, line: int, text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except SyntaxError as error:
        refuse_source(path, line, f"the cell is no Python: {error.msg}", "Move magics to another cell.")


@dataclass(frozen=True)
class _Checks:
    """The visible checks: the text of each by its name, and of each import by the name that it binds."""

    texts: Mapping[str, str]
    imports: Mapping[str, str]

    def chosen(self, names: Mapping[str, str]) -> tuple[list[str], set[str]]:
        """Return the texts of checks and of what they call, and the imports they need; `names` renames checks."""
        wanted, waiting = set[str](), list(names)
        while waiting:
            name = waiting.pop()
            if name not in wanted:
                wanted.add(name)
                waiting += _names_in(self.texts[name]) & self.texts.keys()
        used = {name for each in wanted for name in _names_in(self.texts[each])}
        texts = [
            re.sub(rf"\b{name}\b", names.get(name, name), text) for name, text in self.texts.items() if name in wanted
        ]
        return texts, {text for name, text in self.imports.items() if name in used}


@cache
def _visible_checks() -> _Checks:
    text = Path(__file__).with_name("visible_checks.py").read_text(encoding="utf-8")
    lines, body = text.split("\n"), ast.parse(text).body
    functions = (node for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    imports = [(node, alias) for node in body if isinstance(node, _Import) for alias in node.names]
    return _Checks(
        {node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in functions},
        {alias.asname or alias.name: ast.unparse(node) for node, alias in imports},
    )


def _names_in(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _sorted_imports(imports: set[str]) -> str:
    """Write imports as formatters do: the standard library's first, `import` before `from`."""
    groups: dict[bool, list[str]] = {True: [], False: []}
    for text in sorted(imports, key=lambda text: (text.startswith("from"), text)):
        groups[re.split(r"[ .]", text)[1] in sys.stdlib_module_names].append(text)
    return "\n\n".join("\n".join(group) for group in groups.values() if group)
