"""The fast path: call a test that needs only our fixtures directly, without pytest's phases.

Set-up, call and teardown of an item go through some twenty hooks; for a test without set-up they cost more than the
test. A test that asks for anything else (a fixture of the author's, a class) runs by pytest's own protocol.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from autograder.grading.criterion import name_in_file
from autograder.grading.fixtures import FixtureSource
from autograder.grading.outcome import TestOutcome
from autograder.grading.proxy import Student, StudentCode, take_calls

__all__ = ["FastTest", "fast_test"]

_OURS = frozenset({"student", "reference", "baseline", "rng"})


@dataclass(frozen=True)
class FastTest:
    """One test function, the fixtures and parameters that it takes, its assignment's folder and its name there."""

    function: Callable[..., object]
    fixtures: tuple[str, ...]
    parameters: Mapping[str, object]
    folder: Path
    name: str

    def run(self, stage: FixtureSource, process: StudentCode) -> TestOutcome:
        """Call the test with `process` playing the student."""
        student = Student(process)
        error: BaseException | None = None
        given = {name: self._given(name, stage, student) for name in self.fixtures}
        started = perf_counter()
        try:
            self.function(**given, **self.parameters)
        except (Exception, pytest.fail.Exception, pytest.skip.Exception) as caught:
            error = caught
        return TestOutcome(error, perf_counter() - started, take_calls(student))

    def _given(self, name: str, stage: FixtureSource, student: Student) -> Any:
        if name == "student":
            return student
        if name == "rng":
            return np.random.default_rng(stage.seed(self.folder, self.name))
        bench = stage.bench(self.folder)
        return bench.reference if name == "reference" else bench.baseline


def fast_test(item: pytest.Item) -> FastTest | None:
    """Return the item as a test for the fast path, or None if it needs pytest to run."""
    if not isinstance(item, pytest.Function) or item.cls is not None or inspect.iscoroutinefunction(item.obj):
        return None
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    taken = inspect.signature(item.obj).parameters.keys()
    asked_for = set(item.fixturenames) - {"request"}  # which our own fixtures ask for
    if not parameters.keys() <= taken or not {*taken, *asked_for} - parameters.keys() <= _OURS:
        return None
    manager = item.session._fixturemanager
    if any(manager.getfixturedefs(name, item) for name in parameters):
        return None  # an indirect parameter, which goes through a fixture
    names = tuple(taken - parameters.keys())
    if any((manager.getfixturedefs(name, item) or ())[-1].baseid for name in names):
        return None  # the author's own fixture of the same name
    return FastTest(item.obj, names, parameters, item.path.parent, name_in_file(item))
