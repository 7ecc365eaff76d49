"""Run one hidden test: on the fast path, or by pytest's own protocol.

Set-up, call and teardown of an item go through some twenty hooks; for a test that needs only the package's fixtures
they cost more than the test, so its function is called directly. A test that asks for anything else (a fixture of the
author's, a class) runs by the protocol.
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

from autograder.errors import GraderError
from autograder.grading.criterion import name_in_file
from autograder.grading.fixtures import FixtureSource
from autograder.grading.outcome import TestOutcome
from autograder.grading.proxy import Student, StudentCode, take_calls

__all__ = ["FastTest", "ItemRunner", "fast_test"]

_KNOWN = frozenset({"student", "reference", "baseline", "rng"})


@dataclass(frozen=True)
class FastTest:
    """One test function, the fixtures and parameters that it takes, its assignment's folder and its name there."""

    function: Callable[..., object]
    fixtures: tuple[str, ...]
    parameters: Mapping[str, object]
    folder: Path
    name: str

    def run(self, fixtures: FixtureSource, process: StudentCode) -> TestOutcome:
        """Call the test with the functions of `process` as the student's."""
        student = Student(process)
        error: BaseException | None = None
        values = {name: self._fixture(name, fixtures, student) for name in self.fixtures}
        started = perf_counter()
        try:
            self.function(**values, **self.parameters)
        except (Exception, pytest.fail.Exception, pytest.skip.Exception) as caught:
            error = caught
        return TestOutcome(error, perf_counter() - started, take_calls(student))

    def _fixture(self, name: str, fixtures: FixtureSource, student: Student) -> Any:
        if name == "student":
            return student
        if name == "rng":
            return np.random.default_rng(fixtures.seed(self.folder, self.name))
        resources = fixtures.resources(self.folder)
        return resources.reference if name == "reference" else resources.baseline


def fast_test(item: pytest.Item) -> FastTest | None:
    """Return the item as a test for the fast path, or None if it needs pytest to run."""
    if not isinstance(item, pytest.Function) or item.cls is not None or inspect.iscoroutinefunction(item.obj):
        return None
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    taken = inspect.signature(item.obj).parameters.keys()
    asked_for = set(item.fixturenames) - {"request"}  # which the package's fixtures ask for
    if not parameters.keys() <= taken or not {*taken, *asked_for} - parameters.keys() <= _KNOWN:
        return None
    manager = item.session._fixturemanager
    if any(manager.getfixturedefs(name, item) for name in parameters):
        return None  # an indirect parameter, which goes through a fixture
    names = tuple(taken - parameters.keys())
    if any((manager.getfixturedefs(name, item) or ())[-1].baseid for name in names):
        return None  # the author's own fixture of the same name
    return FastTest(item.obj, names, parameters, item.path.parent, name_in_file(item))


class _Following(pytest.Item):
    """A test that never runs. As the next item of every other one it keeps modules set up between submissions."""

    def runtest(self) -> None:
        raise AssertionError("never run")


class ItemRunner:
    """Runs the tests that were added, each with the functions of some process as the student's.

    Modules and the author's own fixtures of module scope stay set up between submissions.
    """

    def __init__(self, fixtures: FixtureSource) -> None:
        self._fixtures = fixtures
        self._fast: dict[pytest.Item, FastTest | None] = {}
        self._following: dict[pytest.Item, _Following] = {}
        self._last: pytest.Item | None = None
        self._phases: list[str] = []
        self._error: BaseException | None = None
        self._seconds = 0.0

    def add(self, item: pytest.Item) -> None:
        """Choose how a test will be run; raises GraderError if it is not in a Python module."""
        self._fast[item] = fast_test(item)
        self._following[item] = _Following.from_parent(_module(item), name="following")

    def run(self, item: pytest.Item, process: StudentCode) -> TestOutcome:
        """Run a test; raises GraderError where pytest skipped its set-up, call or teardown."""
        fast = self._fast[item]
        return fast.run(self._fixtures, process) if fast else self._by_protocol(item, process)

    def _by_protocol(self, item: pytest.Item, process: StudentCode) -> TestOutcome:
        if self._last is not None and self._last.path != item.path:
            self.tear_down(item)
        student = self._fixtures.current = Student(process)
        self._phases, self._error, self._seconds = [], None, 0.0
        self._last = item
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=self._following[item])
        self._fixtures.current = None
        if "teardown" not in self._phases or (self._error is None and "call" not in self._phases):
            raise GraderError(f"{item.nodeid} did not run to its end")
        error, self._error = self._error, None
        return TestOutcome(error, self._seconds, take_calls(student))

    def phase_report(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Record a phase: its name, the time of the call, and the first exception of all."""
        phase = call.when
        if phase == "collect":
            raise AssertionError("collection makes reports of its own")
        self._phases.append(phase)
        if phase == "call":
            self._seconds = call.duration
        if call.excinfo is not None and self._error is None:
            self._error = call.excinfo.value
        return pytest.TestReport(item.nodeid, item.location, {}, "failed" if call.excinfo else "passed", None, phase)

    def tear_down(self, following: pytest.Item | None) -> None:
        """Tear down what the last item left set up and the following one does not share."""
        if self._last is not None:
            self._last.ihook.pytest_runtest_teardown(item=self._last, nextitem=following)
            self._last = None


def _module(item: pytest.Item) -> pytest.Module:
    module = item.getparent(pytest.Module)
    if module is None:
        raise GraderError(f"{item.nodeid} is no Python test")
    return module
