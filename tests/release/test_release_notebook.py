"""The notebooks that a source becomes: for students, with solutions, and with another answer in place of one."""

from __future__ import annotations

import ast
import json
from itertools import pairwise
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbformat import NotebookNode

from autograder.course import load_course
from autograder.errors import ReleaseError
from autograder.release import source
from autograder.release.notebook import serialise, solution_notebook, student_notebook, variant_notebook

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
NAMES = tuple(assignment.name for assignment in load_course(ROOT / "course.yml").assignments)
LANGUAGES = ("en", "es")


def read(name: str) -> source.Source:
    return source.read_source(source.source_path(SOLUTIONS / name))


def code(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def functions(text: str) -> list[ast.FunctionDef]:
    return [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


def tagged(notebook: NotebookNode, tag: str) -> dict[str, NotebookNode]:
    """Find the cells whose metadata carry a tag, by the name of their question."""
    tags = ((cell.metadata.get("autograder", {}), cell) for cell in notebook.cells)
    return {tag_of[tag]: cell for tag_of, cell in tags if tag in tag_of}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_all_three_are_valid_notebooks(name: str, lang: str) -> None:
    origin = read(name)
    for notebook in (
        student_notebook(origin, lang),
        solution_notebook(origin, lang),
        variant_notebook(origin, lang, {}),
    ):
        nbformat.validate(notebook)
        assert notebook.metadata.autograder == {"format_version": 1, "assignment": name, "lang": lang}
        assert notebook.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize("name", NAMES)
def test_no_trace_of_a_solution_reaches_students(name: str) -> None:
    origin = read(name)
    solutions = tagged(solution_notebook(origin, "en"), "question")
    for question, cell in tagged(student_notebook(origin, "en"), "question").items():
        assert "SOLUTION" not in cell.source
        solved = functions(solutions[question].source)
        for function in functions(cell.source):
            assert f'raise NotImplementedError("write {function.name} here")' in ast.unparse(function).replace("'", '"')
            assert ast.unparse(function.args) in [ast.unparse(other.args) for other in solved]
            assert "returns: " in (ast.get_docstring(function) or "")
            assert [type(statement) for statement in function.body] == [ast.Expr, ast.Raise]


@pytest.mark.parametrize("name", NAMES)
def test_languages_share_code_ids_and_tags(name: str) -> None:
    english, spanish = (student_notebook(read(name), lang) for lang in LANGUAGES)
    assert code(english) == code(spanish)
    assert [(cell.id, cell.metadata) for cell in english.cells] == [(cell.id, cell.metadata) for cell in spanish.cells]
    prose = [
        [cell.source for cell in notebook.cells if cell.cell_type == "markdown"] for notebook in (english, spanish)
    ]
    assert all(one != other for one, other in zip(*prose, strict=True) if one)


@pytest.mark.parametrize("name", NAMES)
def test_each_question_is_followed_by_its_visible_check(name: str) -> None:
    notebook = student_notebook(read(name), "en")
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, following in pairwise(cells):
        if question := cell.metadata.get("autograder", {}).get("question"):
            assert following.metadata.autograder == {"check": question}


@pytest.mark.parametrize("name", NAMES)
def test_students_may_write_in_the_answer_cell_and_not_in_the_question(name: str) -> None:
    notebook = student_notebook(read(name), "es")
    asked, answers = tagged(notebook, "manual"), tagged(notebook, "answer")
    assert asked.keys() == answers.keys()
    assert len(asked) == 1
    for question, answer in answers.items():
        assert answer.source == ""
        assert answer.metadata.get("editable", True)
        assert not answer.metadata.deletable
        assert not asked[question].metadata.editable


@pytest.mark.parametrize("name", NAMES)
def test_the_same_source_gives_the_same_bytes(name: str) -> None:
    texts = {serialise(student_notebook(read(name), "en")) for _ in range(3)}
    assert len(texts) == 1
    notebook = json.loads(texts.pop())
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert "version" not in notebook["metadata"]["language_info"]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_survives_the_round_trip_through_its_file(name: str) -> None:
    notebook = solution_notebook(read(name), "es")
    assert nbformat.reads(serialise(notebook), as_version=4) == notebook
    back = jupytext.reads(jupytext.writes(notebook, fmt="py:percent"), fmt="py:percent")
    assert [cell.source for cell in back.cells] == [cell.source for cell in notebook.cells]


VARIANT = "def softmax(z):\n    if len(z) > 3:\n        return softmax(z[:3])\n    return z"


def test_a_variant_takes_the_place_of_one_function_only() -> None:
    origin = read("softmax")
    variant = tagged(variant_notebook(origin, "en", {"softmax": f"{VARIANT}\n"}), "question")
    assert variant["softmax"].source == VARIANT
    assert variant["log_softmax"] == tagged(solution_notebook(origin, "en"), "question")["log_softmax"]


def test_a_variant_brings_its_imports() -> None:
    answer = "import math\ndef softmax(z):\n    return math.exp(z)\n"
    cell = tagged(variant_notebook(read("softmax"), "en", {"softmax": answer}), "question")["softmax"]
    assert cell.source == answer.strip()


def test_a_variant_of_an_unknown_function_is_refused() -> None:
    with pytest.raises(ReleaseError, match=r"softmax\.py: no starter cell defines hardmax, maxout\. Check"):
        variant_notebook(read("softmax"), "en", {"maxout": VARIANT, "softmax": VARIANT, "hardmax": VARIANT})


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("x = 1", r"an answer for 'softmax' is not one function"),
        (f"{VARIANT}\n{VARIANT}", r"is not one function\. Give imports and one `def softmax`"),
        ("def hardmax(z):\n    return z\n", r"an answer for 'softmax' is not one function"),
        ("def softmax(z:\n", r"softmax: line 1: .* Correct it and try again"),
    ],
)
def test_an_answer_that_is_not_one_function_is_refused(answer: str, message: str) -> None:
    with pytest.raises(ReleaseError, match=message):
        variant_notebook(read("softmax"), "en", {"softmax": answer})
