"""Figures: what a submission is asked before its first hidden test, and that no point depends on it."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import LimitExceeded, NotAttempted
from autograder.grading.figures import attempt, curve, draw_figures, training
from autograder.grading.fixtures import AssignmentResources
from autograder.grading.proxy import LocalCode
from autograder.report import Figures

SOLUTIONS = Path(__file__).parents[2] / "solutions"
X = np.array([-1.0, 0.0, 1.0])
W, B = np.ones((4, 2)), np.zeros(2)


def resources(name: str) -> AssignmentResources:
    return AssignmentResources(SOLUTIONS / name, b"secret")


@pytest.mark.parametrize("name", ["activations", "mnist-classifier"])
def test_what_the_shipped_assignments_draw_of_their_own_solutions(name):
    desk = resources(name)
    found = draw_figures(desk, desk.reference_process())
    if name == "activations":
        assert len(found.curves) == 12
        assert all(each.seen == each.right for each in found.curves)
    else:
        assert found.training.accuracy == pytest.approx(float(desk.baseline("practice").accuracy), abs=0.05)
        assert found.training.losses == pytest.approx(desk.baseline("practice").losses, abs=0.02)


def test_an_assignment_that_draws_nothing():
    desk = resources("softmax")
    assert draw_figures(desk, desk.reference_process()) is None


@pytest.mark.parametrize("seen", [None, 3.0, [1.0, 2.0], np.ones((3, 1)), "text", [1j, 1j, 1j], {"a": 1}])
def test_what_is_no_curve_is_not_drawn(seen):
    assert curve("f", X, seen, X) is None


def test_values_that_are_not_finite_are_gaps():
    assert curve("f", X, [np.nan, np.inf, 1 / 3], X).seen == (None, None, 0.3333)


def test_an_attempt_that_fails_gives_nothing_and_a_limit_ends_the_drawing():
    def fails(error):
        raise error

    assert attempt(fails, NotAttempted("not attempted")) is None
    with pytest.raises(LimitExceeded):
        attempt(fails, LimitExceeded("{what} used up its time", limit="time", what="f"))


@pytest.mark.parametrize(
    "got",
    [None, 1, (1, 2), ({}, []), ({"W": W, "b": B[:1]}, [1.0]), ({"W": W * np.nan, "b": B}, [1.0]),
     ({"W": W, "b": B}, [[1.0]]), ({"W": W, "b": B}, [1.0] * 300), ({"W": "x", "b": B}, [1.0])],
)  # fmt: skip
def test_what_is_no_training_is_not_drawn(got):
    assert training("train", lambda: got, lambda _: np.array([0, 1]), np.array([0, 1]), (4, 2)) is None


def test_a_training_is_measured_by_us():
    found = training("train", lambda: ({"W": W, "b": B}, [2.0, np.nan]), lambda _: np.array([0, 0, 1]),
                     np.array([0, 1, 1]), (4, 2))  # fmt: skip
    assert (found.losses, found.accuracy, found.confusion) == ((2.0, None), 0.6667, ((1, 0), (1, 1)))
    assert (found.side, len(found.weights)) == (2, 8)


def test_a_broken_figures_file_is_logged_and_costs_nobody_anything(tmp_path, caplog):
    (tmp_path / "it").mkdir()
    (tmp_path / "it/it.py").write_text("def f(x):\n    return x\n")
    (tmp_path / "it/figures.py").write_text("def draw(student, reference, baseline):\n    yield 1 / 0\n")
    with caplog.at_level(logging.ERROR):
        assert draw_figures(AssignmentResources(tmp_path / "it", b""), LocalCode({})) is None
    assert "drawing figures of it" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_function_that_never_returns_ends_the_drawing_with_what_there_is():
    desk = resources("activations")

    class Stuck(LocalCode):
        def call(self, name, args, kwargs, *, want_arguments=False):
            if name == "tanh":
                raise LimitExceeded("{what} did not finish", limit="time", what=name)
            return super().call(name, args, kwargs, want_arguments=want_arguments)

    found = draw_figures(desk, Stuck(vars(desk.reference)))
    assert isinstance(found, Figures)
    assert [each.question for each in found.curves] == ["step", "sign", "sigmoid", "d_sigmoid"]
