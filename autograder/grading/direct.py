"""Tests that need nothing of pytest but to be found: a function of our own fixtures, which is called as it stands.

Set-up, call and teardown of an item go through some twenty hooks; for a test without set-up they cost more than the
test. Whatever else a test asks for (a fixture of the author's, parameters, a class) runs by pytest's own protocol.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from autograder.grading.criterion import name_in_file
from autograder.grading.outcome import Outcome
from autograder.grading.stage import Stage
from autograder.grading.student import Process, Student, take_calls

__all__ = ["PlainTest", "plain_test"]

_OURS = frozenset({"student", "reference", "baseline", "rng"})


@dataclass(frozen=True)
class PlainTest:
    """One test function, which of our fixtures it takes, its assignment's folder and its name there."""

    function: Callable[..., object]
    fixtures: tuple[str, ...]
    folder: Path
    name: str

    def run(self, stage: Stage, process: Process) -> Outcome:
        """Call the test with `process` playing the student."""
        student = Student(process)
        error: BaseException | None = None
        given = {name: self._given(name, stage, student) for name in self.fixtures}
        started = perf_counter()
        try:
            self.function(**given)
        except (Exception, pytest.fail.Exception, pytest.skip.Exception) as caught:
            error = caught
        return Outcome(error, perf_counter() - started, take_calls(student))

    def _given(self, name: str, stage: Stage, student: Student) -> Any:
        if name == "student":
            return student
        if name == "rng":
            return np.random.default_rng(stage.seed(self.folder, self.name))
        bench = stage.bench(self.folder)
        return bench.reference if name == "reference" else bench.baseline


def plain_test(item: pytest.Item) -> PlainTest | None:
    """Give the item as a plain test, or None if it needs pytest to run."""
    if not isinstance(item, pytest.Function) or item.cls is not None or hasattr(item, "callspec"):
        return None
    names = tuple(inspect.signature(item.obj).parameters)
    asked_for = set(item.fixturenames) - {"request"}  # which our own fixtures ask for
    if not _OURS.issuperset({*names, *asked_for}) or inspect.iscoroutinefunction(item.obj):
        return None
    manager = item.session._fixturemanager
    if any((manager.getfixturedefs(name, item) or ())[-1].baseid for name in names):
        return None  # the author's own fixture of the same name
    return PlainTest(item.obj, names, item.path.parent, name_in_file(item))
