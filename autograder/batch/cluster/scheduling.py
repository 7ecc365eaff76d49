"""Grade on a Dask cluster: the counterpart of `local.pool` with workers on other machines.

Each task is for one worker and has a few submissions, and a worker has only a few tasks. So the scheduler never has
more than the cluster can do in the next seconds, and it is known which jobs a lost worker had. Those are graded again
elsewhere, one at a time and alone on their worker, to find a submission that crashes workers.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from distributed import KilledWorker

from autograder.batch.cluster import messages, remote
from autograder.batch.cluster.connection import ClusterSpec, Connection, ConnectionLost, connect
from autograder.batch.cluster.messages import WorkerReply
from autograder.batch.cluster.workers import BatchSizer, ClusterWorker, ClusterWorkers, JobBatch
from autograder.batch.local.messages import Setup
from autograder.batch.local.pool import MARGIN_SECONDS, TRIES, abandoned_report
from autograder.errors import ClusterError
from autograder.report import Report
from autograder.submission import Job

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["Cluster"]

_WAIT_SECONDS = 0.5
_FETCH_SECONDS = 20.0  # a result that takes longer may be lost with its worker


class Cluster:
    """A pool of those workers of a cluster that may grade; a context manager.

    `expected` is the largest number of jobs. The workers' output, and which were lost, goes to the file `log`.
    """

    def __init__(
        self,
        place: ClusterSpec,
        setup: Setup,
        log: Path,
        *,
        expected: int = 1 << 30,
        margin: float = MARGIN_SECONDS,
    ) -> None:
        self._place, self._log_path = place, log
        self._longest, self._margin = setup.course.sandbox.submission_seconds, margin
        self._checked = 0.0
        self._digest, self._data = messages.make_bundle(setup, margin)
        self._size = BatchSizer(expected)
        self._unanswered = 0
        self._retries: deque[Job] = deque()
        self._suspects: deque[Job] = deque()
        self._crashes: Counter[tuple[str, str]] = Counter()
        self._finished: queue.SimpleQueue[Future[bytes]] = queue.SimpleQueue()
        self._keys = (f"autograder-{os.urandom(6).hex()}-{number}" for number in itertools.count())
        self._resources = contextlib.ExitStack()

    def __enter__(self) -> Cluster:
        self._log = self._resources.enter_context(self._log_path.open("w", encoding="utf-8"))
        try:
            self._connection = Connection(self._resources.enter_context(connect(self._place)))
        except BaseException:
            self._close()
            raise
        self._workers = ClusterWorkers(self._connection, self._digest, self._data, self._place.timeout, self._write_log)
        return self

    def __exit__(self, *_: object) -> None:
        client = self._connection.client
        addresses = [worker.address for worker in self._workers]
        for worker in self._workers:
            self._withdraw(worker)
        if addresses and client.status == "running":
            with contextlib.suppress(Exception):  # without this they release the course later
                client.run(remote.release_course, self._digest, workers=addresses, on_error="ignore")
        self._close()

    def _close(self) -> None:
        self._resources.close()
        if not self._log_path.stat().st_size:
            self._log_path.unlink()

    def _write_log(self, text: str) -> None:
        self._log.write(text if text.endswith("\n") else f"{text}\n")
        self._log.flush()

    def run(self, jobs: Iterator[Job]) -> Iterator[Report]:
        """Grade jobs and yield their reports as they come, in no fixed order.

        Raises ClusterError, or the AutograderError that keeps every worker from grading.
        """
        for report in self._reports(jobs):
            self._unanswered -= 1
            yield report
        if self._unanswered:
            raise ClusterError(
                f"{self._unanswered} submissions were not answered. Run the same command again to grade them."
            )

    def _reports(self, jobs: Iterator[Job]) -> Iterator[Report]:
        while True:
            try:
                for worker in self._workers.refresh():
                    yield from self._handle_lost(worker)
                self._feed(jobs)
                if not any(worker.batches for worker in self._workers):
                    return
                yield from self._collect()
                self._reject_unresponsive()
            except ConnectionLost as cause:
                for worker in self._workers:
                    self._requeue(self._withdraw(worker))
                self._connection.wait_reconnected(cause)
                self._write_log(f"the connection to the scheduler was lost ({cause}) and made again")

    def _feed(self, jobs: Iterator[Job]) -> None:
        """Submit jobs to workers with room. Those of a lost worker come first, each alone on another worker."""
        for worker in self._workers:
            if self._suspects and not worker.batches:
                self._submit(worker, [self._suspects.popleft()], alone=True)
        submitted = True
        while submitted and not self._suspects:
            submitted = False
            for worker in self._workers:
                if worker.has_room and (batch := self._size.draw(lambda: self._next(jobs), self._workers.threads)):
                    self._submit(worker, batch)
                    submitted = True

    def _next(self, jobs: Iterator[Job]) -> Job | None:
        if self._retries:
            return self._retries.popleft()
        job = next(jobs, None)
        self._unanswered += job is not None
        return job

    def _submit(self, worker: ClusterWorker, jobs: list[Job], *, alone: bool = False) -> None:
        key = next(self._keys)
        batch = worker.batches[key] = JobBatch(jobs, alone)
        data = messages.pack_jobs(jobs)
        where = {"workers": [worker.address], "allow_other_workers": False}
        submit = self._connection.client.submit
        batch.future = self._connection.call(
            lambda: submit(remote.grade_jobs, self._digest, data, key=key, pure=False, **where)
        )
        batch.future.add_done_callback(self._finished.put)

    def _collect(self) -> Iterator[Report]:
        """Wait briefly for a finished task, and handle all that are finished."""
        with contextlib.suppress(queue.Empty):
            future = self._finished.get(timeout=_WAIT_SECONDS)
            while True:
                worker = self._workers.holder(future.key)
                if worker is not None:  # else its worker or connection was lost
                    yield from self._handle_finished(worker, future)
                future = self._finished.get_nowait()

    def _handle_finished(self, worker: ClusterWorker, future: Future[bytes]) -> Iterator[Report]:
        try:
            reply = messages.unpack_reply(self._connection.call(lambda: future.result(timeout=_FETCH_SECONDS)))
        except (TimeoutError, KilledWorker) as error:
            yield from self._handle_no_result(worker, future, error)
        except ConnectionLost:
            raise
        except Exception as error:
            self._reject(worker, "ClusterError", f"{type(error).__name__}: {error}")
        else:
            self._connection.note_answer()
            worker.silent = 0.0
            yield from self._handle_reply(worker, worker.batches.pop(str(future.key)), reply)

    def _handle_reply(self, worker: ClusterWorker, batch: JobBatch, reply: WorkerReply) -> Iterator[Report]:
        if reply.printed:
            self._write_log(f"{worker.address}:\n{reply.printed}")
        done = {(report.assignment, report.student) for report in reply.reports}
        self._requeue(job for job in batch.jobs if (job.assignment, job.student) not in done)
        for report in reply.reports:
            self._crashes.pop((report.assignment, report.student), None)
            self._size.learn(report.seconds)
            yield report
        if reply.failed:
            self._reject(worker, reply.failed.kind, reply.failed.text)
        elif reply.absent:  # it no longer has the course, which must be sent again
            self._requeue(self._withdraw(worker))
            self._workers.forget(worker)

    def _handle_no_result(self, worker: ClusterWorker, future: Future[bytes], error: Exception) -> Iterator[Report]:
        """Handle a result that did not come: most likely its worker is lost; if not, ask again."""
        for lost in self._workers.refresh(now=True):
            yield from self._handle_lost(lost)
        if self._workers.holder(future.key) is None:
            return
        if isinstance(error, TimeoutError):
            self._finished.put(future)
        else:  # another worker has the same address now
            self._workers.forget(worker)
            yield from self._handle_lost(worker)

    def _handle_lost(self, worker: ClusterWorker) -> Iterator[Report]:
        """Retry the jobs of a lost worker once, each alone; abandon those that lost a worker before."""
        held = self._withdraw(worker)
        self._write_log(f"{worker.address} was lost with {len(held)} submissions, which are graded elsewhere")
        for job in held:
            key = job.assignment, job.student
            self._crashes[key] += 1
            if self._crashes[key] < TRIES:
                self._suspects.append(job)
            else:
                del self._crashes[key]
                yield abandoned_report(
                    job, f"the worker of the cluster that graded it alone ({worker.address}) was lost", self._log_path
                )

    def _reject(self, worker: ClusterWorker, kind: str, problem: str) -> None:
        self._requeue(self._withdraw(worker))
        self._workers.reject(worker.address, kind, problem)

    def _reject_unresponsive(self) -> None:
        """Stop using workers that are connected but have not answered for longer than their longest task can take.

        After the system clock is set back, Dask delays messages until it has caught up, which may take hours.
        """
        now = time.monotonic()
        passed = min(now - self._checked, 2 * _WAIT_SECONDS)  # more if this process was stopped
        self._checked = now
        for worker in self._workers:
            jobs = max((len(batch.jobs) for batch in worker.batches.values()), default=0)
            allowed = jobs * self._longest + TRIES * (self._longest + self._margin)
            worker.silent += passed if jobs else 0.0
            if worker.silent > allowed:
                self._reject(worker, "ClusterError", f"it is connected, but has not answered for {allowed:.0f} seconds")

    def _requeue(self, jobs: Iterable[Job]) -> None:
        """Queue jobs again. One that was on a lost worker is graded alone, to tell which job loses workers."""
        for job in jobs:
            (self._suspects if self._crashes[job.assignment, job.student] else self._retries).append(job)

    def _withdraw(self, worker: ClusterWorker) -> list[Job]:
        """Take a worker's tasks away and return their jobs."""
        batches = tuple(worker.batches.values())
        worker.batches.clear()
        for batch in batches:
            if batch.future is not None:
                batch.future.release()
        return [job for batch in batches for job in batch.jobs]
