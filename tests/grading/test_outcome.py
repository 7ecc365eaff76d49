"""What one failed run of a hidden test means for a student."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.errors import CriterionFailed, FunctionMissing, GraderError, NotAttempted, SandboxError, StudentRaised
from autograder.grading import outcome
from autograder.grading.numbers import SeenShape
from autograder.grading.outcome import Cells, cell_message, failure_message
from autograder.grading.proxy import RecordedCall
from autograder.sandbox import CellFailure

PASSED = outcome.TestOutcome(None, 0.0, ())
NO_CELLS = Cells((), ())


@pytest.fixture
def item(tmp_path: Path) -> Any:
    """Return what a message needs of a test: its name and its file."""
    path = tmp_path / "test_it.py"
    path.write_text("def test_it():\n    assert 1 == 2, 'One is one.'\n    assert 1 == 2, f'{3}'\n")
    return SimpleNamespace(nodeid="test_it.py::test_it", path=path)


def message(item: Any, error: BaseException, *calls: RecordedCall, cells: Cells = NO_CELLS, lang: str = "en") -> str:
    return failure_message(item, outcome.TestOutcome(error, 0.0, calls), lambda: PASSED, cells).in_language(lang)


def test_a_failed_expectation_is_passed_on_in_the_language_of_the_report(item: Any) -> None:
    error = CriterionFailed("the shape is right, but the values are not")
    assert message(item, error, lang="es") == "la forma es correcta, pero los valores no"


def test_only_literal_texts_of_the_author_are_passed_on(item: Any) -> None:
    assert message(item, AssertionError("One is one.\nassert 1 == 2")) == "One is one."
    assert message(item, AssertionError("One is one. 42")) == "this criterion is not met"
    assert message(item, AssertionError("3")) == "this criterion is not met"


def test_an_unexpected_exception_of_a_test_is_about_the_value(item: Any) -> None:
    assert message(item, TypeError("secret 42")).startswith("the value that the function returned could not be used")


def test_a_missing_function_is_explained_by_the_cell_that_failed(item: Any) -> None:
    missing = FunctionMissing("{name} is not defined", name="mean")
    cells = Cells(
        ("x = 1", "means = 1/0", "def mean(): pass\n1/0"), tuple(CellFailure(i, "stopped", {}) for i in (2, 3))
    )
    assert message(item, missing) == "mean is not defined"
    assert "cell 3 stopped with an error" in message(item, missing, cells=cells)
    assert message(item, NotAttempted("{name} is not attempted", name="mean"), cells=cells) == "not attempted"


def test_a_shape_shows_lengths_that_the_arguments_had_and_no_others(item: Any) -> None:
    error = CriterionFailed(
        "the result has shape {seen}; shape {wanted} is wanted", seen=SeenShape((5, 77), ()), wanted="()"
    )
    assert message(item, error) == "the result has shape (?, ?); shape () is wanted"
    call = RecordedCall("f", (np.zeros((5, 2)),), {"y": [[0.0] * 3]})
    assert message(item, error, call) == "the result has shape (5, ?); shape () is wanted"


def test_the_name_of_an_exception_is_translated_where_it_is_a_phrase(item: Any) -> None:
    error = StudentRaised("{name} raised {kind}", name="f", kind="an exception of its own")
    assert message(item, error) == "f raised an exception of its own"
    assert "an exception" not in message(item, error, lang="es")
    assert "an exception" not in cell_message(CellFailure(1, error.template, dict(error.params)), "es")


def test_a_test_that_fails_on_the_reference_is_a_grader_error(item: Any) -> None:
    broken = outcome.TestOutcome(ZeroDivisionError(), 0.0, ())
    with pytest.raises(
        GraderError, match=r"test_it fails on the reference solution \(ZeroDivisionError\); run `pytest"
    ):
        failure_message(item, outcome.TestOutcome(AssertionError("no"), 0.0, ()), lambda: broken, NO_CELLS)


@pytest.mark.parametrize(
    ("error", "text"), [(GraderError("no file"), "test_it: no file"), (SandboxError("it broke"), "^it broke$")]
)
def test_errors_that_are_not_the_students_are_raised(item: Any, error: Exception, text: str) -> None:
    with pytest.raises(type(error), match=text):
        message(item, error)
