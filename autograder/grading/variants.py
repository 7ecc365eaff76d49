"""Known answers to a question: misconceptions, which are wrong, and equivalents, which are right in another style."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from autograder.errors import GraderError
from autograder.grading.loading import load_module
from autograder.i18n import LANGUAGES, DocText, by_language, in_language

__all__ = [
    "Variant",
    "VariantKind",
    "equivalent",
    "equivalents",
    "misconception",
    "misconception_titles",
    "misconceptions",
]

Function = TypeVar("Function", bound=Callable[..., Any])
_ATTRIBUTE = "__autograder_variant__"


class VariantKind(StrEnum):
    """Whether a variant is wrong or right."""

    MISCONCEPTION = "misconception"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True)
class Variant:
    """A function that answers in place of the reference's `target`."""

    name: str
    target: str
    kind: VariantKind
    texts: Mapping[str, DocText]
    function: Callable[..., Any]
    path: Path

    def hint(self, lang: str) -> str:
        """Return the title of the mistake and the hint, separated by a blank line."""
        text = in_language(self.texts, lang)
        return "\n\n".join(part for part in text if part)

    def source(self) -> str:
        """Return the source as a student would have written it: named `target`, without decorator and docstring."""
        return _as_students_write(self.path.read_text(encoding="utf-8"), self.name, self.target)


def misconception(target: str) -> Callable[[Function], Function]:
    """Mark a function of misconceptions.py as a known wrong answer to `target`; its docstring is title and hint."""
    return _marker(target, VariantKind.MISCONCEPTION)


def equivalent(target: str) -> Callable[[Function], Function]:
    """Mark a function of equivalents.py as a right answer to `target` in another style."""
    return _marker(target, VariantKind.EQUIVALENT)


def misconceptions(folder: Path) -> tuple[Variant, ...]:
    """Load the misconceptions of an assignment folder in file order; none if it has no misconceptions.py.

    Raises:
        GraderError: the file cannot be imported, or one of them has no title and hint in every language.
    """
    found = _variants(folder / "misconceptions.py", VariantKind.MISCONCEPTION)
    for variant in found:
        _check_hint(variant)
    return found


def misconception_titles(folder: Path, lang: str) -> dict[str, str]:
    """Read the titles of an assignment's misconceptions, by name, without running the file; {} if there is none."""
    path = folder / "misconceptions.py"
    tree = ast.parse(path.read_bytes()) if path.is_file() else ast.Module([], [])
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list)
    texts = {node.name: by_language(ast.get_docstring(node) or "") for node in functions}
    return {name: in_language(text, lang).title for name, text in texts.items() if text}


def equivalents(folder: Path) -> tuple[Variant, ...]:
    """Load the equivalents of an assignment folder in file order; none if it has no equivalents.py.

    Raises:
        GraderError: the file cannot be imported.
    """
    return _variants(folder / "equivalents.py", VariantKind.EQUIVALENT)


def _marker(target: str, kind: VariantKind) -> Callable[[Function], Function]:
    def mark(function: Function) -> Function:
        setattr(function, _ATTRIBUTE, (target, kind))
        return function

    return mark


def _variants(path: Path, kind: VariantKind) -> tuple[Variant, ...]:
    if not path.is_file():
        return ()
    marked = [value for value in vars(load_module(path)).values() if getattr(value, _ATTRIBUTE, ("", ""))[1] == kind]
    return tuple(_variant(function, path) for function in marked)


def _variant(function: Any, path: Path) -> Variant:
    target, kind = getattr(function, _ATTRIBUTE)
    return Variant(function.__name__, target, kind, by_language(inspect.getdoc(function) or ""), function, path)


def _check_hint(variant: Variant) -> None:
    for lang in LANGUAGES:
        text = variant.texts.get(lang)
        if text is None or not text.title or not text.body:
            raise GraderError(
                f"{variant.path}: misconception {variant.name} has no {lang} title and hint; "
                "its docstring needs a first paragraph (the name of the mistake) and a second one (the hint)"
            )


def _as_students_write(source: str, name: str, target: str) -> str:
    tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    lines = source.splitlines(keepends=True)
    for node in reversed(_mentions(function, name)):
        lines[node.lineno - 1] = _replaced(lines[node.lineno - 1], node.col_offset, name, target)
    head = function.lineno - 1
    lines[head] = lines[head].replace(f"def {name}", f"def {target}", 1)
    docstring = _docstring_lines(function)
    body = range(function.lineno, (function.end_lineno or len(lines)) + 1)
    return "".join(lines[number - 1] for number in body if number not in docstring)


def _docstring_lines(function: ast.FunctionDef) -> range:
    first = function.body[0]
    if ast.get_docstring(function) is None or first.end_lineno is None:
        return range(0)
    return range(first.lineno, first.end_lineno + 1)


def _mentions(function: ast.FunctionDef, name: str) -> list[ast.Name]:
    found = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _replaced(line: str, column: int, name: str, target: str) -> str:
    data = line.encode()  # ast counts columns in bytes
    return (data[:column] + target.encode() + data[column + len(name.encode()) :]).decode()
