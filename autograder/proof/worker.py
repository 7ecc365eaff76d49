"""The process that grades the answers of `answers`: one order on standard input, one reply per line on the output."""

from __future__ import annotations

import faulthandler
import os
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import IO

import msgspec
import numpy as np

from autograder import course as courses
from autograder.course import Course
from autograder.course.files import solution_path
from autograder.errors import AutograderError
from autograder.grading.engine import Engine, ProbeEngine
from autograder.grading.fixtures import copy_namespace
from autograder.grading.loading import load_module
from autograder.grading.proxy import LocalCode
from autograder.grading.session import run_session
from autograder.proof.answers import Answer, AnswerGraded, Depth, ReferenceGraded, Reply, WorkerOrder
from autograder.report import Report
from autograder.submission import Job

__all__ = ["Overlay", "main"]


class Overlay:
    """A runner for answers to one assignment: their code replaces functions of the reference."""

    level = "in process"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _reference(self) -> ModuleType:
        return load_module(solution_path(self._folder))

    @contextmanager
    def run(self, cells: Sequence[str]) -> Iterator[LocalCode]:
        """Run the code in a copy of the reference's namespace; its other functions call what the code defines."""
        namespace = copy_namespace(self._reference)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for cell in cells:
                exec(cell, namespace)  # noqa: S102 - the course's own code
        yield LocalCode(namespace)


_VARIABLE = "AUTOGRADER_PROOF_SECRET"
_REFERENCE_SECONDS = 600.0  # for loading the assignment and grading the reference
_REFERENCE = "reference"
_MEMORY = 8 << 30  # bytes of address space: far above any reference, far below what stops a machine


class _Worker:
    """Grades the reference first, then the answers, each within its time limit."""

    def __init__(self, order: WorkerOrder, out: IO[bytes]) -> None:
        self._order, self._out = order, out
        self._started = time.perf_counter()
        self._limit: float | None = None  # seconds for an answer; None until the reference is graded

    def jobs(self) -> Iterator[Job]:
        """Yield the jobs one at a time, each under its time limit."""
        for answer in (Answer(_REFERENCE, "pass"), *self._order.answers):
            seconds = _REFERENCE_SECONDS if self._limit is None else self._limit
            # This watchdog runs in C without the interpreter's lock, so it ends whatever hangs, wherever it hangs.
            faulthandler.dump_traceback_later(seconds, exit=True, file=self._devnull)
            self._started = time.perf_counter()
            yield Job(answer.name, self._order.assignment, f"{self._order.assignment}.py", answer.code.encode())
        faulthandler.cancel_dump_traceback_later()

    def emit(self, report: Report) -> None:
        """Send a report: that of the reference comes first, and sets the time limit of the answers."""
        if self._limit is None:
            # The first grading also sets everything up, so it takes longer than any later one: a generous measure.
            self._limit = self._order.seconds + self._order.factor * (time.perf_counter() - self._started)
            self._send(ReferenceGraded(report))
        else:
            self._send(AnswerGraded(report))

    def run(self, course: Course) -> None:
        """Grade everything."""
        assignment = course.assignment(self._order.assignment)
        kind = ProbeEngine if self._order.depth is Depth.PROBE else Engine
        with Path(os.devnull).open("w") as self._devnull:
            overlay = Overlay(assignment.folder.resolve())
            run_session(kind(course, [assignment], overlay, self.jobs(), self.emit), course, [assignment])

    def _send(self, reply: Reply) -> None:
        self._out.write(msgspec.json.encode(reply) + b"\n")
        self._out.flush()


def main() -> int:
    """Grade the answers of one order."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=WorkerOrder)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever the answers print must not be taken for replies
    _bound_memory()
    try:
        _Worker(order, out).run(_course(order))
    except AutograderError as error:
        print(error, file=sys.stderr)  # noqa: T201 - read by the process that started this one
        return 1
    return 0


def _course(order: WorkerOrder) -> Course:
    course = courses.load_course(Path(order.course))
    if order.depth is Depth.WHOLE:
        return course
    os.environ[_VARIABLE] = "the same hidden inputs on every machine"
    return msgspec.structs.replace(course, secret_source=f"env:{_VARIABLE}")


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))


if __name__ == "__main__":
    sys.exit(main())
