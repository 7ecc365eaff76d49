"""A pool of worker processes: replaces those that die, and gives up on a submission that crashed two of them."""

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
from autograder.batch.local.messages import Channel, Done, Failed, Message, Ready, Setup, Stop, Task
from autograder.errors import AutograderError, SandboxError
from autograder.report import Report, Status
from autograder.submission import Job
from autograder.text import printable

__all__ = ["MARGIN_SECONDS", "TRIES", "Pool", "WorkerHandle", "abandoned_report", "cores", "raise_by_name"]


class WorkerHandle:
    """A requested worker and its jobs: the first is being graded, the next waits so that the worker never idles.

    `pid` is 0 until the worker is ready. `last_message` is when it last sent something, or got its first job.
    """

    def __init__(self, server: ForkServer) -> None:
        self.jobs: deque[Job] = deque()
        self.pid = 0
        self.failure = ""
        self._server = server
        self._ending = ""
        self.last_message = time.monotonic()
        ours, theirs = socket.socketpair()
        self.channel = Channel(ours)
        with theirs:
            server.fork(theirs)

    @property
    def ready(self) -> bool:
        """Whether the worker can take jobs."""
        return self.pid > 0

    def submit(self, job: Job) -> None:
        """Send a job."""
        if not self.jobs:
            self.last_message = time.monotonic()
        self.jobs.append(job)
        self._send(Task(job))

    def receive(self) -> list[Message]:
        """Return the messages that have arrived; raises EOFError if the worker is gone."""
        try:
            messages = self.channel.receive()
        except ConnectionError:
            raise EOFError from None
        if messages:
            self.last_message = time.monotonic()
        for message in messages:
            if isinstance(message, Ready):
                self.pid = message.pid
        return messages

    def flush(self) -> None:
        with contextlib.suppress(OSError):  # a dead worker is noticed on reading
            self.channel.flush()

    def stop(self) -> None:
        """Send the worker the end of the jobs."""
        self._send(Stop())

    def wait(self, timeout: float) -> str:
        """Wait for the process to exit, kill it after `timeout` seconds, and return how it ended."""
        if not self._ending:
            self._ending = self._server.wait(self.pid, timeout) if self.ready else "never started"
            self.channel.close()
        return self._ending

    def _send(self, message: Message) -> None:
        with contextlib.suppress(OSError):
            self.channel.send(message)


MARGIN_SECONDS = 60.0
"""Wall-clock time beyond a submission's own limit before its worker counts as hung."""

START_SECONDS = 120.0
CLOSE_SECONDS = 5.0
TRIES = 2
"""Workers that a submission may crash before it is abandoned."""
JOBS_PER_WORKER = 2  # one is being graded, one waits
_WAKEUP_BYTES = 4096


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool:
    """Up to `workers` processes, forked from one fork server as there are jobs for them.

    A context manager: leaving it ends every process, including `server`, a fork server of the same level that was
    started earlier. The workers' output goes to the file `log`. On Linux they also die with the thread that runs the
    pool, so that thread must live as long as the pool.
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
        self._setup, self._max_workers = setup, max(1, workers)
        self._job_timeout = setup.course.sandbox.submission_seconds + margin
        self._log_path, self._log = log, log.open("wb")
        self._selector = selectors.DefaultSelector()
        self._server = server
        self._workers: list[WorkerHandle] = []
        self._retries: deque[Job] = deque()
        self._crashes: Counter[tuple[str, str]] = Counter()
        self._failed_starts = 0

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._close(graceful=kind is None)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers."""
        return tuple(worker.pid for worker in self._workers if worker.ready)

    def run(self, jobs: Iterator[Job]) -> Iterator[Report]:
        """Grade jobs and yield their reports as they come, in no fixed order.

        Jobs are drawn only when a worker has room. Raises the AutograderError that keeps workers from starting.
        """
        while True:
            self.feed(lambda: next(jobs, None))
            if not self.busy:
                return
            yield from self.step()

    @property
    def busy(self) -> bool:
        """Whether a worker has a job."""
        return any(worker.jobs for worker in self._workers)

    def feed(self, draw: Callable[[], Job | None]) -> None:
        """Draw jobs as long as workers have room and there are any."""
        while self._has_room():
            job = self._retries.popleft() if self._retries else draw()
            if job is None:
                return
            self._next_worker().submit(job)

    def step(self) -> Iterator[Report]:
        """Wait up to a second for messages or a wakeup, and yield the reports that came."""
        yield from self._poll()
        yield from self._end_hung_workers()

    def add_wakeup(self, end: socket.socket) -> None:
        """Make `step` return early when there is data at `end`; the data is discarded."""
        self._selector.register(end, selectors.EVENT_READ, None)

    def _has_room(self) -> bool:
        return len(self._workers) < self._max_workers or any(
            len(worker.jobs) < JOBS_PER_WORKER for worker in self._workers
        )

    def _next_worker(self) -> WorkerHandle:
        """Return the worker for the next job: an idle one, else a new one, else the one with the fewest jobs."""
        least = min(self._workers, key=lambda worker: len(worker.jobs), default=None)
        if least is None or (least.jobs and len(self._workers) < self._max_workers):
            return self._start_worker()
        return least

    def _start_worker(self) -> WorkerHandle:
        if self._server is None or self._server.ended:
            self._server = ForkServer(self._setup.level)
        if not self._server.prepared:
            self._server.prepare(self._setup, self._log)
        worker = WorkerHandle(self._server)
        self._workers.append(worker)
        self._selector.register(worker.channel, selectors.EVENT_READ, worker)
        return worker

    def _poll(self) -> Iterator[Report]:
        for worker in self._workers:
            writing = selectors.EVENT_WRITE if worker.channel.unsent else 0
            self._selector.modify(worker.channel, selectors.EVENT_READ | writing, worker)
        for key, events in self._selector.select(timeout=1.0):
            if key.data is None:
                os.read(key.fd, _WAKEUP_BYTES)
                continue
            worker = key.data
            if events & selectors.EVENT_WRITE:
                worker.flush()
            if not events & selectors.EVENT_READ:
                continue
            try:
                for message in worker.receive():
                    yield from self._handle(worker, message)
            except EOFError:
                yield from self._remove(worker)

    def _handle(self, worker: WorkerHandle, message: Message) -> Iterator[Report]:
        match message:
            case Ready():
                self._failed_starts = 0
            case Done(report):
                job = worker.jobs.popleft()
                self._crashes.pop((job.assignment, job.student), None)
                yield report
            case Failed(_, text):
                worker.failure = text

    def _remove(self, worker: WorkerHandle, reason: str = "") -> Iterator[Report]:
        """Remove a dead or hung worker. Its first job counts as the cause; the second had not started."""
        self._workers.remove(worker)
        self._selector.unregister(worker.channel)
        if not worker.ready:
            self._retries.extendleft(reversed(worker.jobs))
            self._handle_failed_start(worker, reason)
            return
        ending = worker.wait(0.0 if reason else 1.0)
        reason = reason or worker.failure or f"the grading process {ending}"
        held = list(worker.jobs)
        if held and self._count_crash(held[0]) >= TRIES:
            job = held.pop(0)
            del self._crashes[job.assignment, job.student]
            yield abandoned_report(job, reason, self._log_path)
        self._retries.extendleft(reversed(held))

    def _count_crash(self, job: Job) -> int:
        self._crashes[job.assignment, job.student] += 1
        return self._crashes[job.assignment, job.student]

    def _handle_failed_start(self, worker: WorkerHandle, reason: str) -> None:
        """Replace the server that could not start a worker; raise its reason if it gave one, or if this repeats."""
        worker.wait(0.0)
        if self._server is None:
            return  # the server that this worker was requested from is closed already
        failed = self._server.failure(0.0 if reason else 1.0)
        ending = self._server.close(graceful=not reason)
        self._server = None
        if failed is not None:
            raise_by_name(failed.kind, failed.text)
        reason = reason or f"it {ending}"
        self._failed_starts += 1
        if self._failed_starts > TRIES:
            printed = self._log_path.read_text(encoding="utf-8", errors="replace").strip()[-2000:]
            raise SandboxError(f"no grading process could start: {reason}. Its last output:\n{printed or '(none)'}")

    def _end_hung_workers(self) -> Iterator[Report]:
        now = time.monotonic()
        for worker in tuple(self._workers):
            limit = self._job_timeout if worker.ready else START_SECONDS
            if worker.jobs and now - worker.last_message > limit:
                yield from self._remove(worker, f"the grading process gave no answer for {limit:.0f} seconds")

    def _close(self, *, graceful: bool) -> None:
        """End every process; if `graceful`, let them exit by themselves first."""
        deadline = time.monotonic() + (CLOSE_SECONDS if graceful else 0)
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.wait(max(0.0, deadline - time.monotonic())) if graceful else worker.channel.close()
        if self._server is not None:
            self._server.close(graceful=graceful)
        self._selector.close()
        self._log.close()
        if not self._log_path.stat().st_size:
            self._log_path.unlink()


def raise_by_name(kind: str, text: str) -> NoReturn:
    """Raise the exception of this package with that name, or SandboxError if there is none."""
    error = getattr(errors, kind, None)
    if not (isinstance(error, type) and issubclass(error, AutograderError)):
        error = SandboxError
    raise error(text)


def abandoned_report(job: Job, reason: str, log: Path) -> Report:
    """Return the report of a submission that crashed its worker TRIES times, the last time for `reason`."""
    return Report(
        student=job.student,
        assignment=job.assignment,
        status=Status.ERROR,
        reason=f"not graded, tried {TRIES} times: {printable(reason)}. See {log.name}, then run again.",
        engine=__version__,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )
