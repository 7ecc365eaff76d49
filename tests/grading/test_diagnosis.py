"""Naming the mistake: the same outcomes on the same inputs, and not the reference's."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_course import RIGHT, Grade

MORE = '''

@misconception("double")
def squared_below_two(x):
    """Large numbers are squared.

    All of them are doubled.

    es: Los grandes se elevan al cuadrado.

    Todos se duplican.
    """
    x = np.asarray(x, dtype=float)
    return np.where(np.abs(x) < 100, x**2, 2 * x)

@misconception("double")
def in_place(x):
    """The argument is changed.

    Copy it.

    es: Se modifica el argumento.

    Cópialo.
    """
    if isinstance(x, list):
        return [2.0 * v for v in x]
    x *= 2
    return x

@misconception("double")
def one_at_a_time(x):
    """Only one number is taken.

    Think of arrays.

    es: Solo se acepta un número.

    Piensa en arreglos.
    """
    if x > 0:
        return 2.0 * x
    return 2.0 * x
'''

LARGE = '''

@double
@pytest.mark.points(1)
def test_large(student, reference):
    """Doubles large numbers.

    es: Duplica números grandes.
    """
    expect.close(student.double([1000.0, 2000.0]), reference.double([1000.0, 2000.0]))

@double
@pytest.mark.points(1)
def test_unchanged(student):
    """Changes nothing.

    es: No cambia nada.
    """
    x = np.ones(3)
    _, (after,) = student.double.with_arguments(x)
    expect.unchanged(x, after)
'''


def named(report) -> dict[str, str]:
    """Return the misconception named in each failed test."""
    tests = [test for question in report.questions[:2] for test in question.tests]
    return {test.id.removeprefix("tiny::test_"): test.misconception for test in tests if not test.passed}


@pytest.fixture(autouse=True)
def more(assignment: Path):
    for name, text in (("misconceptions.py", MORE), ("test_tiny.py", LARGE)):
        with (assignment / name).open("a") as file:
            file.write(text)


def double(body: str) -> str:
    return RIGHT.partition("def total")[0].partition("def double")[0] + f"def double(x):\n    {body}\n"


def test_of_two_that_explain_a_test_the_one_that_explains_the_others_is_named(grade: Grade):
    squared, below = grade(
        double("return np.asarray(x, dtype=float) ** 2"),
        double("x = np.asarray(x, dtype=float); return np.where(abs(x) < 100, x**2, 2 * x)"),
    )
    assert named(squared)["values"] == named(squared)["large"] == "squared"
    assert named(below)["values"] == "squared_below_two"
    assert "large" not in named(below)


def test_the_mistake_is_seen_in_a_list_and_in_single_precision(grade: Grade):
    in_list, single = grade(double("return [float(v) ** 2 for v in x]"), double("return np.float32(x) ** 2"))
    assert named(in_list)["values"] == named(single)["values"] == "squared"


def test_a_changed_argument_is_seen_where_the_result_is_right(grade: Grade):
    (report,) = grade(double("y = np.asarray(x, dtype=float); y *= 2; return y"))
    assert named(report)["unchanged"] == "in_place"
    assert "values" not in named(report)


def test_an_exception_of_the_same_kind_is_the_same_mistake_and_of_another_kind_is_not(grade: Grade):
    same, other = grade(double("return 2.0 * x if x > 0 else -2.0 * -x"), double("return {}[0]"))
    assert named(same)["values"] == "one_at_a_time"
    assert set(named(other).values()) == {""}


def test_a_right_function_beside_a_wrong_one_is_never_blamed(grade: Grade):
    (report,) = grade(RIGHT.replace("float(np.sum(x))", "np.sum(x) + 1.0"))
    assert named(report) == {"total": ""}
