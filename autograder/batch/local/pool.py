"""Keep worker processes busy, replace those that die, and give up on a submission that ended two of them."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from autograder import __version__, errors
from autograder.batch.local.fork_server import ForkServer
from autograder.batch.local.messages import Done, Failed, Link, Message, Ready, Setup, Stop, Task
from autograder.errors import AutograderError, SandboxError
from autograder.report import Report, Status
from autograder.submission import Job
from autograder.text import printable

__all__ = ["MARGIN_SECONDS", "TRIES", "Pool", "WorkerHandle", "cores", "gave_up_report", "reraise"]


class WorkerHandle:
    """A worker that was asked for, and the jobs it holds: one is being graded, a second waits so that it never idles.

    `pid` is 0 until the worker has said that it is ready.
    """

    def __init__(self, server: ForkServer) -> None:
        self.jobs: deque[Job] = deque()
        self.pid = 0
        self.failure = ""
        self._server = server
        self._ended = ""
        self.last_word = time.monotonic()
        ours, theirs = socket.socketpair()
        self.link = Link(ours)
        with theirs:
            server.fork(theirs)

    @property
    def ready(self) -> bool:
        """Whether the worker has asked for its first job."""
        return self.pid > 0

    def give(self, job: Job) -> None:
        """Hand over a job."""
        if not self.jobs:
            self.last_word = time.monotonic()
        self.jobs.append(job)
        self._send(Task(job))

    def receive(self) -> list[Message]:
        """Give what the worker said; EOFError if it is gone."""
        try:
            messages = self.link.receive()
        except ConnectionError:
            raise EOFError from None
        if messages:
            self.last_word = time.monotonic()
        for message in messages:
            if isinstance(message, Ready):
                self.pid = message.pid
        return messages

    def flush(self) -> None:
        with contextlib.suppress(OSError):  # a dead worker is noticed when it is read from
            self.link.flush()

    def dismiss(self) -> None:
        """Say that there is nothing more to do."""
        self._send(Stop())

    def bury(self, patience: float) -> str:
        """Wait for a process that is ending by itself, then make sure; tell how it had ended."""
        if not self._ended:
            self._ended = self._server.bury(self.pid, patience) if self.ready else "never began"
            self.link.close()
        return self._ended

    def _send(self, message: Message) -> None:
        with contextlib.suppress(OSError):
            self.link.send(message)


MARGIN_SECONDS = 60.0
"""Wall-clock time granted beyond a submission's own limit before its worker counts as hung."""

START_SECONDS = 120.0
TIDY_SECONDS = 5.0
TRIES = 2
"""Processes that a submission may end before it is given up."""
HELD = 2  # one job is being graded, one waits
_DROPPED = 4096  # bytes


def cores() -> int:
    """Count the processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool:
    """Up to `workers` processes, forked from one fork server as there are jobs for them.

    Used as a context manager: leaving it ends every process, `server` included, a fork server of this level that was
    started before. What workers print goes to the file `log`.
    On Linux they also die with the thread that runs the pool, so that thread must live as long as the pool.
    """

    def __init__(
        self,
        setup: Setup,
        workers: int,
        log: Path,
        *,
        server: ForkServer | None = None,
        margin: float = MARGIN_SECONDS,
    ) -> None:
        self._setup, self._most = setup, max(1, workers)
        self._patience = setup.course.sandbox.submission_seconds + margin
        self._log_path, self._log = log, log.open("wb")
        self._selector = selectors.DefaultSelector()
        self._server = server
        self._crew: list[WorkerHandle] = []
        self._again: deque[Job] = deque()
        self._deaths: Counter[tuple[str, str]] = Counter()
        self._failed_starts = 0

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._close(tidy=kind is None)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers."""
        return tuple(worker.pid for worker in self._crew if worker.ready)

    def run(self, jobs: Iterator[Job]) -> Iterator[Report]:
        """Grade jobs; give each one's report as it comes, in no fixed order.

        Jobs are drawn only as workers can hold them. Raises the AutograderError that keeps workers from starting.
        """
        while True:
            self.feed(lambda: next(jobs, None))
            if not self.busy:
                return
            yield from self.step()

    @property
    def busy(self) -> bool:
        """Whether a worker holds a job."""
        return any(worker.jobs for worker in self._crew)

    def feed(self, draw: Callable[[], Job | None]) -> None:
        """Draw jobs as long as workers can hold more and there is one."""
        while self._room():
            job = self._again.popleft() if self._again else draw()
            if job is None:
                return
            self._choose().give(job)

    def step(self) -> Iterator[Report]:
        """Wait a second at most for workers, or for what is watched; give the reports that came."""
        yield from self._listen()
        yield from self._end_hung()

    def watch(self, bell: socket.socket) -> None:
        """Let `step` return, too, when there is something to read from `bell`; what is there is read and dropped."""
        self._selector.register(bell, selectors.EVENT_READ, None)

    def _room(self) -> bool:
        return len(self._crew) < self._most or any(len(worker.jobs) < HELD for worker in self._crew)

    def _choose(self) -> WorkerHandle:
        """Choose who gets the next job: an idle worker, then a new one, then the one that holds least."""
        least = min(self._crew, key=lambda worker: len(worker.jobs), default=None)
        if least is None or (least.jobs and len(self._crew) < self._most):
            return self._hire()
        return least

    def _hire(self) -> WorkerHandle:
        if self._server is None or self._server.ended:
            self._server = ForkServer(self._setup.level)
        if not self._server.prepared:
            self._server.prepare(self._setup, self._log)
        worker = WorkerHandle(self._server)
        self._crew.append(worker)
        self._selector.register(worker.link, selectors.EVENT_READ, worker)
        return worker

    def _listen(self) -> Iterator[Report]:
        for worker in self._crew:
            writing = selectors.EVENT_WRITE if worker.link.unsent else 0
            self._selector.modify(worker.link, selectors.EVENT_READ | writing, worker)
        for key, events in self._selector.select(timeout=1.0):
            if key.data is None:
                os.read(key.fd, _DROPPED)
                continue
            worker = key.data
            if events & selectors.EVENT_WRITE:
                worker.flush()
            if not events & selectors.EVENT_READ:
                continue
            try:
                for message in worker.receive():
                    yield from self._heard(worker, message)
            except EOFError:
                yield from self._died(worker)

    def _heard(self, worker: WorkerHandle, message: Message) -> Iterator[Report]:
        match message:
            case Ready():
                self._failed_starts = 0
            case Done(report):
                job = worker.jobs.popleft()
                self._deaths.pop((job.assignment, job.student), None)
                yield report
            case Failed(_, text):
                worker.failure = text

    def _died(self, worker: WorkerHandle, reason: str = "") -> Iterator[Report]:
        """Take a worker off the crew; its first job is what it died of, the second had not begun."""
        self._crew.remove(worker)
        self._selector.unregister(worker.link)
        if not worker.ready:
            self._again.extendleft(reversed(worker.jobs))
            self._failed_start(worker, reason)
            return
        ending = worker.bury(0.0 if reason else 1.0)
        reason = reason or worker.failure or f"the grading process {ending}"
        held = list(worker.jobs)
        if held and self._blame(held[0]) >= TRIES:
            job = held.pop(0)
            del self._deaths[job.assignment, job.student]
            yield gave_up_report(job, reason, self._log_path)
        self._again.extendleft(reversed(held))

    def _blame(self, job: Job) -> int:
        self._deaths[job.assignment, job.student] += 1
        return self._deaths[job.assignment, job.student]

    def _failed_start(self, worker: WorkerHandle, reason: str) -> None:
        """Let others be forked by a new server; raise what keeps this one from starting any."""
        worker.bury(0.0)
        if self._server is None:
            return  # this worker was asked of a server that has been dealt with
        failed = self._server.last_words(0.0 if reason else 1.0)
        ending = self._server.close(tidy=not reason)
        self._server = None
        if failed is not None:
            reraise(failed.kind, failed.text)
        reason = reason or f"it {ending}"
        self._failed_starts += 1
        if self._failed_starts > TRIES:
            words = self._log_path.read_text(encoding="utf-8", errors="replace").strip()[-2000:]
            raise SandboxError(f"no grading process could start: {reason}. Its last words:\n{words or '(none)'}")

    def _end_hung(self) -> Iterator[Report]:
        now = time.monotonic()
        for worker in tuple(self._crew):
            limit = self._patience if worker.ready else START_SECONDS
            if worker.jobs and now - worker.last_word > limit:
                yield from self._died(worker, f"the grading process gave no answer for {limit:.0f} seconds")

    def _close(self, *, tidy: bool) -> None:
        """End every process: let them finish if all went well, at once otherwise."""
        deadline = time.monotonic() + (TIDY_SECONDS if tidy else 0)
        for worker in self._crew:
            worker.dismiss()
        for worker in self._crew:
            worker.bury(max(0.0, deadline - time.monotonic())) if tidy else worker.link.close()
        if self._server is not None:
            self._server.close(tidy=tidy)
        self._selector.close()
        self._log.close()
        if not self._log_path.stat().st_size:
            self._log_path.unlink()


def reraise(kind: str, text: str) -> NoReturn:
    """Raise here what kept a worker from starting: an exception of this package by its name, else SandboxError."""
    error = getattr(errors, kind, None)
    if not (isinstance(error, type) and issubclass(error, AutograderError)):
        error = SandboxError
    raise error(text)


def gave_up_report(job: Job, reason: str, log: Path) -> Report:
    """Report a submission that ended what graded it, for `reason`, as often as is allowed; `log` may say more."""
    return Report(
        student=job.student,
        assignment=job.assignment,
        status=Status.ERROR,
        reason=f"not graded, tried {TRIES} times: {printable(reason)}. Look into {log.name}, then run again.",
        engine=__version__,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )
