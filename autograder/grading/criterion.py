"""What a hidden test declares: its question, its points, and the criterion that students read."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.i18n import LANGUAGES, DocText, by_language

__all__ = ["MARKERS", "Criterion", "check_questions", "criterion", "literal_messages", "name_in_file"]

MARKERS = (
    "question(name): the question of the assignment that this test belongs to",
    "points(number): what the test is worth, more than 0",
    "manual: a person gives these points; the docstring is the rubric, and the test never runs",
)
_REFUSED = ("skip", "skipif", "xfail")


@dataclass(frozen=True)
class Criterion:
    """One hidden test as students see it; `id` is <assignment>::<test>."""

    id: str
    question: str
    points: float
    manual: bool
    texts: Mapping[str, DocText]


def criterion(item: pytest.Item, assignment: str) -> Criterion:
    """Read what a collected test declares.

    Raises:
        GraderError: marker or docstring are missing or wrong; names the test and the remedy.
    """
    for name in _REFUSED:
        if item.get_closest_marker(name):
            raise _wrong(item, f"is marked {name}, but a criterion is for all students: remove the marker")
    return Criterion(
        id=f"{assignment}::{name_in_file(item)}",
        question=_question(item),
        points=_points(item),
        manual=item.get_closest_marker("manual") is not None,
        texts=_texts(item),
    )


def name_in_file(item: pytest.Item) -> str:
    """Return what identifies a test within its file: its name, after that of its class if it has one.

    A parameter set whose id begins with `test_` is a criterion of that name: with id="test_tanh_kinds", the test
    `test_kinds[test_tanh_kinds]` is `test_tanh_kinds`.
    """
    name = item.nodeid.partition("::")[2] or item.name
    given = item.callspec.id if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ""
    return f"{name.removesuffix(item.name)}{given}" if given.startswith("test_") else name


def check_questions(criteria: list[Criterion]) -> None:
    """Check that criteria have distinct names, and that a question is graded either by tests or by a person.

    Raises GraderError naming the criterion or the question.
    """
    names = [item.id for item in criteria]
    for twice in sorted({name for name in names if names.count(name) > 1}):
        raise GraderError(f"two criteria are named {twice}; rename a test, or the id of a parameter set")
    manual = {item.question for item in criteria if item.manual}
    for mixed in sorted(manual & {item.question for item in criteria if not item.manual}):
        raise GraderError(f"question {mixed!r} has manual and automatic tests; give the manual ones another question")


@cache
def literal_messages(path: Path) -> frozenset[str]:
    """Return the texts that an author wrote as plain literals behind assert, AssertionError or pytest.fail.

    Only these may reach a student: anything put together at run time could carry a hidden value.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Assert):
            texts = [node.msg]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("AssertionError", "pytest.fail"):
            texts = list(node.args[:1])
        else:
            continue
        literals = (text.value for text in texts if isinstance(text, ast.Constant))
        found.update(literal for literal in literals if isinstance(literal, str) and literal)
    return frozenset(found)


def _question(item: pytest.Item) -> str:
    marker = item.get_closest_marker("question")
    if marker is None or len(marker.args) != 1 or type(marker.args[0]) is not str or not marker.args[0]:
        raise _wrong(item, 'belongs to no question: add @pytest.mark.question("name")')
    return str(marker.args[0])


def _points(item: pytest.Item) -> float:
    marker = item.get_closest_marker("points")
    value = marker.args[0] if marker and len(marker.args) == 1 else None
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value < 1e6:
        raise _wrong(item, "has no points: add @pytest.mark.points(number) with a number above 0")
    return float(value)


def _texts(item: pytest.Item) -> Mapping[str, DocText]:
    """Read the docstring of a test, `{parameter}` in it replaced by the value of that parameter."""
    doc = inspect.getdoc(getattr(item, "obj", None)) or ""
    if isinstance(item, pytest.Function) and hasattr(item, "callspec"):
        for parameter, value in item.callspec.params.items():
            doc = doc.replace(f"{{{parameter}}}", str(value))
    texts = by_language(doc)
    if LANGUAGES[0] not in texts:
        raise _wrong(item, "has no docstring: say in one English sentence what the student's function must do")
    return texts


def _wrong(item: pytest.Item, what: str) -> GraderError:
    return GraderError(f"{item.nodeid} {what}")
