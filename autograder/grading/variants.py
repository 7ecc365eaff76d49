"""Known answers to a question: misconceptions, which are wrong, and equivalents, which are right in another style."""

from __future__ import annotations

import ast
import builtins
import inspect
import symtable
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from autograder.course.files import solution_path
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
    text: str

    def hint(self, lang: str) -> str:
        """Return the title of the mistake and the hint, separated by a blank line."""
        text = in_language(self.texts, lang)
        return "\n\n".join(part for part in text if part)

    def source(self) -> str:
        """Return the source as a student would have written it: named `target`, without decorator and docstring."""
        return _as_students_write(self.text, self.target)


class _Mark(NamedTuple):
    """What a decorator notes down about a variant; `changes` are pairs of the old text and the new one."""

    target: str
    kind: VariantKind
    base: str = ""
    changes: tuple[tuple[str, str], ...] = ()


def misconception(
    target: str,
    *,
    was: str | tuple[str, ...] = (),
    now: str | tuple[str, ...] = (),
    base: Callable[..., Any] | None = None,
) -> Callable[[Function], Function]:
    """Mark a function of misconceptions.py as a known wrong answer to `target`; its docstring is title and hint.

    Args:
        target: the student's function.
        was: text of the reference's `target` to be changed, found there exactly once; a tuple changes several places.
            Without it the marked function is itself the wrong answer; with it, its docstring is all that counts.
        now: the text in its place; as many as `was` has.
        base: an undecorated function of misconceptions.py to change in place of the reference's, for a reference that
            calls other functions of the assignment: these may be wrong in the same submission.
    """
    old, new = ((text,) if isinstance(text, str) else text for text in (was, now))
    if len(old) != len(new):
        raise GraderError(f"a misconception of {target}: was has {len(old)} texts, now has {len(new)}; make them pairs")
    pairs = tuple(zip(old, new, strict=True))
    return _marker(_Mark(target, VariantKind.MISCONCEPTION, base.__name__ if base else "", pairs))


def equivalent(target: str) -> Callable[[Function], Function]:
    """Mark a function of equivalents.py as a right answer to `target` in another style."""
    return _marker(_Mark(target, VariantKind.EQUIVALENT))


def misconceptions(folder: Path) -> tuple[Variant, ...]:
    """Load the misconceptions of an assignment folder in file order; none if it has no misconceptions.py.

    Raises:
        GraderError: the file cannot be imported, or one of them has no title and hint in every language, or does not
            apply to the reference.
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


def _marker(mark: _Mark) -> Callable[[Function], Function]:
    def attach(function: Function) -> Function:
        setattr(function, _ATTRIBUTE, mark)
        return function

    return attach


def _variants(path: Path, kind: VariantKind) -> tuple[Variant, ...]:
    if not path.is_file():
        return ()
    namespace = vars(load_module(path))
    marked = {value: getattr(value, _ATTRIBUTE) for value in namespace.values() if hasattr(value, _ATTRIBUTE)}
    texts = _Texts(path)
    return tuple(_variant(function, mark, texts) for function, mark in marked.items() if mark.kind is kind)


def _variant(function: Any, mark: _Mark, texts: _Texts) -> Variant:
    name, doc = function.__name__, by_language(inspect.getdoc(function) or "")
    text = texts.changed(name, mark) if mark.changes else texts.own.get(name)
    if text is None:
        raise GraderError(f"{texts.path}: {name} is not defined in this file; write it there, as `def {name}(...)`")
    if mark.changes:
        function = _compiled(text, name, mark.target, function.__globals__, texts.path)
    return Variant(name, mark.target, mark.kind, doc, function, texts.path, text)


class _Texts:
    """The functions of a file of variants and of the reference beside it, as they are written there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.own = _functions(path)

    @cached_property
    def reference(self) -> Mapping[str, str]:
        """The functions of the reference solution."""
        return _functions(solution_path(self.path.parent))

    def changed(self, name: str, mark: _Mark) -> str:
        """Return the text of a function that is given as changes of another; raises GraderError."""
        base, home = (mark.base, self.path) if mark.base else (mark.target, solution_path(self.path.parent))
        where = f"{self.path}: {name}, which changes {base} of {home.name}"
        text = (self.own if mark.base else self.reference).get(base)
        if text is None:
            raise GraderError(f"{where}: there is no such function; correct the name, or write the wrong function out")
        for was, now in mark.changes:
            times = text.count(was) if was else 0
            if times != 1:
                raise GraderError(
                    f"{where}: {was!r} occurs {times} times there, and must occur once; quote the function as it is "
                    "now, with enough around the place, or write the wrong function out"
                )
            text = text.replace(was, now)
        return text


def _check_hint(variant: Variant) -> None:
    for lang in LANGUAGES:
        text = variant.texts.get(lang)
        if text is None or not text.title or not text.body:
            raise GraderError(
                f"{variant.path}: misconception {variant.name} has no {lang} title and hint; "
                "its docstring needs a first paragraph (the name of the mistake) and a second one (the hint)"
            )


def _functions(path: Path) -> dict[str, str]:
    """Read the text of each function of a file by its name, without decorators and docstring."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    found = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return {node.name: "".join(lines[number - 1] for number in _numbers(node)) for node in found}


def _numbers(function: ast.FunctionDef) -> list[int]:
    """Return the numbers of a function's lines but for its docstring; a docstring that is all of its body stays."""
    numbers = range(function.lineno, (function.end_lineno or function.lineno) + 1)
    first, *others = function.body
    if ast.get_docstring(function) is None or not others:
        return list(numbers)
    return [number for number in numbers if not first.lineno <= number <= (first.end_lineno or first.lineno)]


def _compiled(text: str, name: str, target: str, namespace: dict[str, Any], path: Path) -> Callable[..., Any]:
    """Compile a changed function among the names of its file; raises GraderError where it needs others."""
    try:
        source = _as_students_write(text, target)
        unknown = _global_names(source) - namespace.keys() - vars(builtins).keys() - {target}
    except SyntaxError as error:
        raise GraderError(f"{path}: {name} is no Python once changed: {error.msg}; correct was and now") from error
    if unknown:
        raise GraderError(
            f"{path}: {name} calls {', '.join(sorted(unknown))} of the solution, which may be wrong in the same "
            "submission; write a function without such calls into this file and change that: base=..."
        )
    own = dict(namespace)
    exec(compile(source, f"{path}: {name}", "exec"), own)  # noqa: S102 - the course's own code
    function: Callable[..., Any] = own[target]
    return function


def _global_names(source: str) -> set[str]:
    tables = [symtable.symtable(source, "<changed>", "exec")]
    names: set[str] = set()
    for table in tables:
        tables += table.get_children()
        names.update(
            symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and table.get_type() != "module"
        )
    return names


def _as_students_write(text: str, target: str) -> str:
    """Rename a function to `target`, its calls of itself included, and drop its docstring and comments."""
    (function,) = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == function.name:
            node.id = target
    function.name = target
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:] or [ast.Pass()]
    return ast.unparse(function)
