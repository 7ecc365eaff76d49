"""Grade many known answers in worker processes: each is the reference with some functions replaced.

Without a sandbox: the code is the course's own. An answer that never ends costs its time limit and one worker.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import IO, cast

import msgspec

from autograder.batch.local.pool import cores
from autograder.course import Assignment, Course
from autograder.errors import GraderError
from autograder.report import Report, Status

__all__ = ["Answer", "AnswerGraded", "Depth", "ReferenceGraded", "Reply", "WorkerOrder", "grade_answers"]

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_FEWEST_PER_WORKER = 8  # a worker takes about a second to start


class Depth(StrEnum):
    """How far an answer is graded.

    WHOLE: all criteria, mistakes named, with the course's own hidden inputs. PROBE: up to the first failed criterion,
    with hidden inputs that are the same on every machine, so that a mutant that survives here survives anywhere.
    """

    WHOLE = "whole"
    PROBE = "probe"


class Answer(msgspec.Struct, frozen=True):
    """Functions that replace those of the reference: `code` defines them."""

    name: str
    code: str


class WorkerOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker is to grade. An answer may take `seconds` plus `factor` times what the reference took."""

    course: str
    assignment: str
    depth: Depth
    answers: tuple[Answer, ...]
    seconds: float
    factor: float


class ReferenceGraded(msgspec.Struct, frozen=True, tag=True):
    """The reference is graded: the first reply of a worker."""

    report: Report


class AnswerGraded(msgspec.Struct, frozen=True, tag=True):
    """One answer is graded."""

    report: Report


Reply = ReferenceGraded | AnswerGraded
_reply = msgspec.json.Decoder(Reply)


def grade_answers(
    course: Course, assignment: Assignment, answers: Sequence[Answer], depth: Depth, step: Callable[[], None]
) -> dict[str, Report | None]:
    """Grade answers by the hidden tests of an assignment; return the reports by the names of the answers.

    None stands for an answer that exceeded its time limit or ended its process. `step` is called from several threads.

    Raises:
        GraderError: the hidden tests cannot be run, or fail on the reference.
    """
    _ = course.secret  # created here on first use, not by several workers at the same time
    number = max(1, min(cores(), len(answers) // _FEWEST_PER_WORKER))
    shares = [answers[first::number] for first in range(number)]

    def graded(share: Sequence[Answer]) -> dict[str, Report | None]:
        found: dict[str, Report | None] = {}
        while len(found) < len(share):
            order = _order(course, assignment, share[len(found) :], depth)
            for report in _run_worker(order):
                found[share[len(found)].name] = report
                step()
        return found

    with ThreadPoolExecutor(number) as threads:
        return {name: report for part in threads.map(graded, shares) for name, report in part.items()}


def _order(course: Course, assignment: Assignment, answers: Sequence[Answer], depth: Depth) -> WorkerOrder:
    whole = depth is Depth.WHOLE
    return WorkerOrder(
        course=str(course.path),
        assignment=assignment.name,
        depth=depth,
        answers=tuple(answers),
        seconds=course.sandbox.submission_seconds if whole else 2.0,
        factor=0.0 if whole else 10.0,
    )


def _run_worker(order: WorkerOrder) -> Iterator[Report | None]:
    """Yield the reports of one worker in order; None for the answer that ended it, if it did not reach the last."""
    command = [sys.executable, "-P", "-m", "autograder.proof.worker"]
    environment = os.environ | dict.fromkeys(_THREAD_VARIABLES, "1")
    with (
        tempfile.TemporaryFile() as log,  # a pipe that nobody reads could fill up and block the worker
        subprocess.Popen(  # noqa: S603 - fixed program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment
        ) as worker,
    ):
        try:
            yield from _replies(worker, order, log)
        finally:
            worker.kill()


def _replies(worker: subprocess.Popen[bytes], order: WorkerOrder, log: IO[bytes]) -> Iterator[Report | None]:
    requests, replies = cast("IO[bytes]", worker.stdin), cast("IO[bytes]", worker.stdout)
    requests.write(msgspec.json.encode(order))
    requests.close()
    started, count = False, 0
    for text in replies:
        reply = _reply.decode(text)
        if isinstance(reply, ReferenceGraded):
            started = True
            _check_reference(reply.report)
        else:
            count += 1
            yield reply.report
    if not started:
        log.seek(0)
        lines = log.read().decode(errors="replace").strip().splitlines()
        raise GraderError(
            f"solutions/{order.assignment}: its hidden tests cannot be run: {(lines or ['no reason'])[-1]}"
        )
    if count < len(order.answers):
        yield None


def _check_reference(report: Report) -> None:
    if report.status is Status.ERROR:
        raise GraderError(report.reason)
    for question in report.questions:
        for test in question.tests:
            if not question.manual and not test.passed:
                raise GraderError(f"{test.id} fails on the reference solution: {test.message}")
