"""What grading a classifier costs above the student's own training: the engine in this process, the real sandbox."""

from __future__ import annotations

import contextlib
import copy
import io
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from autograder.course import Course
from autograder.grading.proxy import ProcessRunner, StudentCode
from autograder.grading.session import grade_jobs_in_session
from autograder.grading.variants import misconceptions
from autograder.release.notebook import serialise, variant_notebook
from autograder.release.source import read_source, source_path
from autograder.report import Report
from autograder.sandbox import CellFailure, Sandbox
from autograder.submission import Job

__all__ = ["SOLUTION", "Graded", "grade"]

SOLUTION = "the solution"
SOLUTIONS = 10


class Graded(msgspec.Struct, frozen=True):
    """One submission: wall seconds of its grading, and of the same calls of `train` alone in one process."""

    what: str
    seconds: float
    training: float

    def above(self) -> float:
        """Return what grading cost above the student's own training."""
        return self.seconds - self.training


@dataclass
class _Listener:
    """A student's process; remembers what `train` was called with."""

    process: StudentCode
    cells: Sequence[str]
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def cell_errors(self) -> tuple[CellFailure, ...]:
        return self.process.cell_errors

    def call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, want_arguments: bool = False
    ) -> tuple[Any, list[Any] | None]:
        if name == "train":
            self.calls.append(args)
        return self.process.call(name, args, kwargs, want_arguments=want_arguments)

    def rehearsal(self) -> AbstractContextManager[None]:
        return self.process.rehearsal()


@dataclass
class _Listening:
    """A sandbox that remembers the processes it started."""

    sandbox: ProcessRunner
    started: list[_Listener] = field(default_factory=list)

    @property
    def level(self) -> str:
        return self.sandbox.level

    @contextmanager
    def run(self, cells: Sequence[str]) -> Iterator[StudentCode]:
        with self.sandbox.run(cells) as process:
            self.started.append(_Listener(process, cells))
            yield self.started[-1]


def grade(course: Course, name: str) -> tuple[Graded, ...]:
    """Grade the solution several times, then every misconception, in one session; report each in that order."""
    assignment = course.assignment(name)
    source = read_source(source_path(assignment.folder), course.languages)
    wrong = {f"misconception: {each.name}": {each.target: each.source()} for each in misconceptions(assignment.folder)}
    answers: list[tuple[str, dict[str, str]]] = [*[(SOLUTION, {})] * SOLUTIONS, *wrong.items()]
    jobs = [
        Job(f"s{i}", name, f"{name}.ipynb", serialise(variant_notebook(source, "en", answer)).encode())
        for i, (_, answer) in enumerate(answers)
    ]
    done: list[Report] = []
    with Sandbox(course.sandbox) as sandbox:
        listening = _Listening(sandbox)
        grade_jobs_in_session(course, [assignment], listening, jobs, done.append)
    if not len(listening.started) == len(done) == len(jobs):
        raise RuntimeError(f"{len(jobs)} submissions, but {len(listening.started)} were run; {done[-1].reason}")
    return tuple(
        Graded(what, report.seconds, _training(heard))
        for (what, _), report, heard in zip(answers, done, listening.started, strict=True)
    )


def _training(heard: _Listener) -> float:
    """Run the cells and the grader's calls of `train` here; give the wall seconds spent in `train`."""
    spent: list[float] = []
    namespace: dict[str, Any] = {}
    timed: Any = None
    with _undisturbed():
        for cell in heard.cells:
            with contextlib.suppress(Exception):
                exec(cell, namespace)  # noqa: S102 - our own solution and misconceptions
            if namespace.get("train", timed) is not timed:
                timed = namespace["train"] = _timed(namespace["train"], spent)
        for arguments in heard.calls:
            own = copy.deepcopy(arguments)
            with contextlib.suppress(Exception):
                namespace["train"](*own)
    return sum(spent)


def _timed(function: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def train(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent.append(time.perf_counter() - started)

    return train


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep prints and warnings away; with a bare home, as in a sandbox, the notebook finds the same digits as there."""
    home = os.environ.get("HOME", "")
    with (
        tempfile.TemporaryDirectory(prefix="autograder-bench-") as empty,
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        os.environ["HOME"] = empty
        try:
            yield
        finally:
            os.environ["HOME"] = home
