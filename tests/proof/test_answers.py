"""Answers of ours are graded in workers that nothing can hang, and mutants are small and each one new."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
from small_course import NAME, Quiet, written

from autograder.proof import mutation
from autograder.proof.answers import Answer, Depth, grade_answers
from autograder.proof.float32 import narrow_to_float32
from autograder.proof.mutation import mutants
from autograder.release.source import read_source, source_path

ENDLESS = "def double(x):\n    while True:\n        pass"
GONE = "import os\ndef double(x):\n    os._exit(0)"
LOUD = "def double(x):\n    print('{}')\n    return 2.0 * np.asarray(x, dtype=float)"


def test_an_answer_that_never_ends_costs_only_itself(tmp_path: Path) -> None:
    course, listener = written(tmp_path), Quiet()
    answers = [Answer("endless", ENDLESS), Answer("gone", GONE), Answer("loud", LOUD)]
    reports = grade_answers(course, course.assignment(NAME), answers, Depth.PROBE, listener.step)
    assert reports["endless"] is None
    assert reports["gone"] is None
    assert reports["loud"] is not None
    assert reports["loud"].score == 5
    assert listener.steps == 3


def test_mutants_are_distinct_and_stay_within_the_solution(tmp_path: Path) -> None:
    course = written(tmp_path)
    source = read_source(source_path(course.assignment(NAME).folder))
    made = mutants(source)
    assert {mutant.line for mutant in made} == {14, 15, 25}
    assert len({ast.dump(ast.parse(mutant.code)) for mutant in made}) == len(made)
    changes = {(mutant.was, mutant.now) for mutant in made}
    assert changes >= {
        ("x = np.asarray(x, dtype=float)", "x = np.asarray(x)"),
        ("x = np.asarray(x, dtype=float)", "pass"),
        ("return x + x", "return x - x"),
        ("return x + x", "return x"),
        ("return x + x", "return None"),
        ("return np.sum(double(x)) / 4", "return np.mean(double(x)) / 4"),
        ("return np.sum(double(x)) / 4", "return np.sum(double(x)) / 5"),
        ("return np.sum(double(x)) / 4", "return np.sum(double(x)) * 4"),
    }


def test_changes_that_only_numerical_code_knows() -> None:
    code = (
        "def f(x, W):\n    y = x.copy() @ W.T\n    y += np.where(y > 0, y, np.exp(y))\n"
        "    return y.max(axis=0, keepdims=True)\n"
    )
    lines = {line.strip() for changed in mutation.numerical_changes(code) for line in changed.splitlines()}
    assert lines >= {
        "y = x @ W.T",
        "y = x.copy() @ W",
        "y = x.copy() * W.T",
        "y = W.T @ x.copy()",
        "y -= np.where(y > 0, y, np.exp(y))",
        "y = np.where(y > 0, y, np.exp(y))",
        "y += np.where(y > 0, np.exp(y), y)",
        "y += np.where(y > 0, y, np.log(y))",
        "return y.min(axis=0, keepdims=True)",
        "return y.max(keepdims=True)",
        "return y.max(axis=0)",
    }


def test_the_solution_in_single_precision_computes_in_it_and_returns_it() -> None:
    code = (
        "def f(x):\n    y = np.asarray(x, dtype=float) + np.zeros(2)\n    assert y.dtype == np.float32\n"
        "    return y, {'mean': np.mean(x), 'n': float(2)}\n"
    )
    names = {"np": np}
    exec(narrow_to_float32(code), names)  # noqa: S102 - written above
    y, more = names["f"](np.ones(2))
    assert y.dtype == more["mean"].dtype == np.float32
    assert type(more["n"]) is float
