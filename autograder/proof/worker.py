"""A process that grades answers of ours, see `answers`: one order on standard input, a reply per line on the output."""

from __future__ import annotations

import faulthandler
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from autograder import course as courses
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.grading.engine import Engine
from autograder.grading.probe import Probe
from autograder.grading.session import conduct
from autograder.proof.answers import Answer, Depth, Done, Order, Ready, Reply
from autograder.proof.overlay import Overlay
from autograder.report import Report
from autograder.submission import Job

__all__ = ["main"]

_VARIABLE = "AUTOGRADER_PROOF_SECRET"
_LONGEST = 600.0  # seconds for loading the assignment and grading the reference
_REFERENCE = "reference"
_MEMORY = 8 << 30  # bytes of address space: far above any reference, far below what stops a machine


class _Worker:
    """Feeds an engine with the reference first, then with the answers, and watches the clock."""

    def __init__(self, order: Order, out: IO[bytes]) -> None:
        self._order, self._out = order, out
        self._started = time.perf_counter()
        self._limit = _LONGEST

    def jobs(self) -> Iterator[Job]:
        """Give the jobs one at a time, each under its time limit."""
        for answer in (Answer(_REFERENCE, "pass"), *self._order.answers):
            # This watchdog is C and asks no interpreter: it ends whatever hangs, wherever it hangs.
            faulthandler.dump_traceback_later(self._limit, exit=True, file=self._silence)
            self._started = time.perf_counter()
            yield Job(answer.name, self._order.assignment, f"{self._order.assignment}.py", answer.code.encode())
        faulthandler.cancel_dump_traceback_later()

    def emit(self, report: Report) -> None:
        """Send a report on."""
        if self._limit is not _LONGEST:
            self._send(Done(report))
            return
        # The first grading also sets everything up, so it takes longer than any later one: a generous measure.
        self._limit = self._order.seconds + self._order.factor * (time.perf_counter() - self._started)
        self._send(Ready(report, self._limit))

    def work(self, course: Course) -> None:
        """Grade everything."""
        assignment = course.assignment(self._order.assignment)
        kind = Probe if self._order.depth is Depth.PROBE else Engine
        with open(os.devnull, "w") as self._silence:  # noqa: PTH123 - a device, not a path of ours
            overlay = Overlay(assignment.folder.resolve())
            conduct(kind(course, [assignment], overlay, self.jobs(), self.emit), course, [assignment])

    def _send(self, reply: Reply) -> None:
        self._out.write(msgspec.json.encode(reply) + b"\n")
        self._out.flush()


def main() -> int:
    """Serve one order."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever the answers print must not be taken for replies
    _bound_memory()
    try:
        _Worker(order, out).work(_course(order))
    except AutograderError as error:
        print(error, file=sys.stderr)  # noqa: T201 - read by the process that started this one
        return 1
    return 0


def _course(order: Order) -> Course:
    course = courses.load(Path(order.course))
    if order.depth is Depth.WHOLE:
        return course
    os.environ[_VARIABLE] = "the same hidden inputs on every machine"
    return msgspec.structs.replace(course, secret_source=f"env:{_VARIABLE}")


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))


if __name__ == "__main__":
    sys.exit(main())
