"""What a hidden test declares, parametrized tests included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tiny_course import GRADER, Grade, InProcess

from autograder.course import load_course
from autograder.errors import GraderError
from autograder.grading.criterion import Criterion
from autograder.grading.proxy import LocalCode
from autograder.grading.session import collect_criteria

PARAMETRIZED = '''

@pytest.mark.parametrize(
    ("name", "low"),
    [
        pytest.param("double", 1, id="test_double_list", marks=double),
        pytest.param("total", 2, id="test_total_list", marks=pytest.mark.question("total")),
    ],
)
@pytest.mark.points(1)
def test_list(student, reference, rng, name, low):
    """Accepts a list in {name}, from {low} on, and no other {word}.

    es: Acepta una lista en {name}.
    """
    x = rng.integers(low, 9, size=3).tolist()
    expect.close(getattr(student, name)(x), getattr(reference, name)(x))
'''


def criteria(course_folder: Path, grader: str) -> dict[str, Criterion]:
    (course_folder / "solutions/tiny/test_tiny.py").write_text(grader)
    course = load_course(course_folder / "course.yml")
    return {found.id: found for found in collect_criteria(course, course.assignments[0])}


def test_the_id_of_a_parameter_set_names_the_criterion(course_folder: Path):
    found = criteria(course_folder, GRADER + PARAMETRIZED)
    assert [(name, each.question) for name, each in found.items()] == [
        ("tiny::test_values", "double"),
        ("tiny::test_whole", "double"),
        ("tiny::test_double_list", "double"),
        ("tiny::test_total", "total"),
        ("tiny::test_total_list", "total"),
        ("tiny::test_explain", "explain"),
    ]


def test_a_parameter_fills_its_place_in_the_docstring_of_every_language(course_folder: Path):
    found = criteria(course_folder, GRADER + PARAMETRIZED)
    texts = found["tiny::test_total_list"].texts
    assert texts["en"].title == "Accepts a list in total, from 2 on, and no other {word}."
    assert texts["es"].title == "Acepta una lista en total."


def test_another_id_stays_in_brackets(course_folder: Path):
    found = criteria(course_folder, GRADER + PARAMETRIZED.replace("test_double_list", "lists"))
    assert "tiny::test_list[lists]" in found


class Recording(InProcess):
    """Keeps what hidden tests pass to double."""

    def __init__(self) -> None:
        self.seen: list[list[float]] = []

    @contextmanager
    def run(self, _: Sequence[str]) -> Iterator[LocalCode]:
        """Offer double alone."""
        yield LocalCode({"double": lambda x: self.seen.append(x.tolist())})


ALONE = '''
from autograder.grading import expect
import pytest

@pytest.mark.question("double")
@pytest.mark.points(1)
def test_seen(student, rng):
    """Draws."""
    expect.floating(student.double(rng.normal(size=2)))
'''


def test_a_parametrized_criterion_draws_the_inputs_of_its_name(assignment: Path, grade: Grade):
    parametrize = '@pytest.mark.parametrize("more", [pytest.param(1, id="test_seen")])\n@pytest.mark.question'
    parametrized = ALONE.replace("test_seen(student", "test_any(more, student").replace(
        "@pytest.mark.question", parametrize
    )
    sandbox = Recording()
    for text in (ALONE, parametrized):
        (assignment / "test_tiny.py").write_text(text)
        (report,) = grade("", sandbox=sandbox)
        assert [test.id for test in report.questions[0].tests] == ["tiny::test_seen"]
    first, second = sandbox.seen
    assert first == second


def test_two_criteria_of_one_name_are_refused(course_folder: Path):
    with pytest.raises(GraderError, match="two criteria are named tiny::test_whole; rename a test, or the id"):
        criteria(course_folder, GRADER + PARAMETRIZED.replace("test_double_list", "test_whole"))
