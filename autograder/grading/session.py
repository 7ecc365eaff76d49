"""A pytest session that grades jobs, or that only collects the criteria of an assignment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from autograder.course import Assignment, Course
from autograder.course.files import grader_paths
from autograder.errors import GraderError
from autograder.grading import plugin
from autograder.grading.criterion import Criterion
from autograder.grading.engine import Engine
from autograder.grading.loading import forget_below
from autograder.grading.proxy import ProcessRunner
from autograder.report import Report
from autograder.submission import Job

__all__ = ["collect_criteria", "grade_jobs_in_session", "run_session"]


_UNUSED_PLUGINS = (  # plugins that wrap every phase of every item, or write where we must not
    "cacheprovider capture debugging doctest faulthandler junitxml logging pastebin setuponly setupplan skipping "
    "stepwise subtests terminal threadexception unittest unraisableexception warnings"
).split()
_VARIABLES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")


def grade_jobs_in_session(
    course: Course,
    assignments: Sequence[Assignment],
    sandbox: ProcessRunner,
    jobs: Iterable[Job],
    emit: Callable[[Report], None],
) -> None:
    """Grade jobs one after the other and emit a report of each; a job is pulled when the one before it is done.

    A broken grader, an unknown assignment or a broken sandbox gives reports of status `error`, never points.

    Raises:
        GraderError: pytest itself could not start.
        Exception: whatever `jobs` or `emit` raise.
    """
    run_session(Engine(course, assignments, sandbox, jobs, emit), course, assignments)


def run_session(engine: Engine, course: Course, assignments: Sequence[Assignment]) -> None:
    """Run the pytest session that an engine grades in; raises what `grade_jobs_in_session` raises."""
    files = [path for assignment in assignments for path in grader_paths(assignment.folder.resolve())]
    if not files:
        engine.without_graders()
        return
    with _slim_environment():
        code = pytest.main([*_arguments(course.root, files)], plugins=[plugin, engine])
    for path in files:
        forget_below(path.parent)
    if engine.failure is not None:
        raise engine.failure
    if not engine.finished:
        where = files[0].parent
        raise GraderError(f"pytest ended with code {int(code)} before any grading; run `pytest {where}` to see why")


def _arguments(root: Path, files: Sequence[Path]) -> Iterator[str]:
    yield from ("-c", os.devnull, "--rootdir", str(root.resolve()), "--noconftest", "--import-mode=importlib")
    yield from ("--assert=plain", "--continue-on-collection-errors", "--strict-markers")
    for name in _UNUSED_PLUGINS:
        yield from ("-p", f"no:{name}")
    yield from map(str, files)


@contextmanager
def _slim_environment() -> Iterator[None]:
    """Keep plugins and options of this machine out: they could take time or change results."""
    saved = {name: os.environ.pop(name) for name in _VARIABLES if name in os.environ}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(saved)


class _Nowhere:
    """A sandbox for a session without submissions."""

    level = ""

    def run(self, _: object) -> NoReturn:
        raise AssertionError("no submission is graded here")


def collect_criteria(course: Course, assignment: Assignment) -> tuple[Criterion, ...]:
    """Collect the criteria of an assignment in the order of its questions, those for a person included.

    Raises GraderError where the grader is broken.
    """
    engine = Engine(course, [assignment], _Nowhere(), (), lambda _: None)
    run_session(engine, course, [assignment])
    return engine.criteria(assignment.name)
