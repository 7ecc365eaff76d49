"""The pytest plugin that makes a hidden grader plain pytest: `pytest solutions/softmax [--submission FILE]`.

It is loaded in every run of pytest in its environment, so it imports nothing heavy until a fixture is used.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.course.files import is_grader
from autograder.errors import BaselineError, GraderError, StudentFailure
from autograder.grading.criterion import MARKERS, check_questions, criterion, name_in_file

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from types import ModuleType

    import numpy as np

    from autograder.baseline.archive import Baseline
    from autograder.grading.fixtures import FixtureSource
    from autograder.grading.proxy import Student

__all__ = ["FIXTURE_SOURCE", "baseline", "reference", "rng", "student"]

FIXTURE_SOURCE: pytest.StashKey[FixtureSource] = pytest.StashKey()
_LIVE: pytest.StashKey[Mapping[Path, Path]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of a plain run."""
    group = parser.getgroup("autograder", "hidden graders of assignments")
    group.addoption("--submission", metavar="FILE", help="grade this notebook in the sandbox; default: the reference")
    group.addoption(
        "--sandbox",
        metavar="LEVEL",
        default="best",
        help="isolation for --submission: best, namespaces, landlock or process (default: %(default)s)",
    )
    group.addoption(
        "--live-baseline", action="store_true", help="compute the baselines with TensorFlow now; default: the records"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers of hidden graders."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Check question, points and docstring of every hidden test, and deselect those that a person grades."""
    if FIXTURE_SOURCE in config.stash:
        return  # a grading session checks each assignment on its own
    files = {path for path in {item.path for item in items} if is_grader(path)}
    try:
        graders = [(item, criterion(item, item.path.parent.name)) for item in items if item.path in files]
        for folder in {item.path.parent for item, _ in graders}:
            check_questions([found for item, found in graders if item.path.parent == folder])
    except GraderError as error:
        raise pytest.UsageError(str(error)) from error
    manual = [item for item, found in graders if found.manual]
    if manual:
        items[:] = [item for item in items if item not in manual]
        config.hook.pytest_deselected(items=manual)
    if config.getoption("--live-baseline") and not config.option.collectonly:
        asking = [item for item, _ in graders if "baseline" in getattr(item, "fixturenames", ())]
        config.stash[_LIVE] = _live(config, asking)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Print the message to the student in place of a traceback through the grader."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, StudentFailure) and is_grader(item.path):
        criterion_read = criterion(item, item.path.parent.name).texts["en"].title
        report.longrepr = f"{criterion_read}\n  {call.excinfo.value}"
    return report


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Student:
    """The student: `student.softmax(z)` calls the function of the submission, or of the reference."""
    return _fixture_source(request.config, request.path).student(request.path.parent)


@pytest.fixture(scope="module")
def reference(request: pytest.FixtureRequest) -> ModuleType:
    """The solution of the assignment, imported."""
    return _fixture_source(request.config, request.path).resources(request.path.parent).reference


@pytest.fixture(scope="module")
def baseline(request: pytest.FixtureRequest) -> Baseline:
    """TensorFlow's results: `baseline("some_case").loss` is an array, recorded or computed just now."""
    return _fixture_source(request.config, request.path).resources(request.path.parent).baseline


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers seeded from the course's secret and the test: the same for every student, unknown to them."""
    from numpy.random import default_rng

    source = _fixture_source(request.config, request.path)
    return default_rng(source.seed(request.path.parent, name_in_file(request.node)))


def _live(config: pytest.Config, items: list[pytest.Item]) -> Mapping[Path, Path]:
    """Compute the baselines of these tests' assignments before the first test runs."""
    from autograder.baseline.recording import live

    closing = ExitStack()
    config.add_cleanup(closing.close)
    try:
        return closing.enter_context(live(dict.fromkeys(item.path.parent for item in items)))
    except BaselineError as error:
        raise pytest.UsageError(str(error)) from error


def _fixture_source(config: pytest.Config, path: Path) -> FixtureSource:
    source = config.stash.get(FIXTURE_SOURCE, None)
    if source is None:
        from autograder.grading.fixtures import plain_fixtures

        closing = ExitStack()
        config.add_cleanup(closing.close)
        chosen = config.getoption("--submission")
        submission = Path(chosen) if chosen else None
        level, live = config.getoption("--sandbox"), config.stash.get(_LIVE, {})
        source = config.stash[FIXTURE_SOURCE] = plain_fixtures(path.parent, submission, level, closing, live)
    return source
