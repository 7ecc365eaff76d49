"""Grades on a Dask cluster: what `pool` does with processes, done with workers on other machines.

Every task is meant for one worker and holds a few submissions, and a worker holds only a few tasks: the scheduler never
has more than the cluster can do in the next seconds, and it is known what was where when a worker is lost. Its work is
then done again elsewhere, one submission at a time and alone on its worker, so that one that ends workers is found.
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
from autograder.batch.local.pool import MARGIN_SECONDS, TRIES, gave_up_report
from autograder.errors import ClusterError
from autograder.report import Report
from autograder.submission import Job

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["Cluster"]

_WAIT_SECONDS = 0.5
_FETCH_SECONDS = 20.0  # an answer that has not come by then may be lost with its worker


class Cluster:
    """The workers of a cluster, as far as they fit; used as a context manager.

    `expected` is the most jobs that will come. What workers print, and which were lost, goes to the file `log`.
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
        self._watched = 0.0
        self._digest, self._data = messages.make_bundle(setup, margin)
        self._size = BatchSizer(expected)
        self._owed = 0
        self._again: deque[Job] = deque()
        self._suspects: deque[Job] = deque()
        self._deaths: Counter[tuple[str, str]] = Counter()
        self._came: queue.SimpleQueue[Future[bytes]] = queue.SimpleQueue()
        self._keys = (f"autograder-{os.urandom(6).hex()}-{number}" for number in itertools.count())
        self._resources = contextlib.ExitStack()

    def __enter__(self) -> Cluster:
        self._log = self._resources.enter_context(self._log_path.open("w", encoding="utf-8"))
        try:
            self._line = Connection(self._resources.enter_context(connect(self._place)))
        except BaseException:
            self._close()
            raise
        self._roster = ClusterWorkers(self._line, self._digest, self._data, self._place.patience, self._say)
        return self

    def __exit__(self, *_: object) -> None:
        client = self._line.client
        addresses = [member.address for member in self._roster]
        for member in self._roster:
            self._take_back(member)
        if addresses and client.status == "running":
            with contextlib.suppress(Exception):  # they forget by themselves, only later
                client.run(remote.release_course, self._digest, workers=addresses, on_error="ignore")
        self._close()

    def _close(self) -> None:
        self._resources.close()
        if not self._log_path.stat().st_size:
            self._log_path.unlink()

    def _say(self, text: str) -> None:
        self._log.write(text if text.endswith("\n") else f"{text}\n")
        self._log.flush()

    def run(self, jobs: Iterator[Job]) -> Iterator[Report]:
        """Grade jobs; give each one's report as it comes, in no fixed order.

        Raises ClusterError, or the AutograderError that keeps every worker from grading.
        """
        for report in self._reports(jobs):
            self._owed -= 1
            yield report
        if self._owed:
            raise ClusterError(f"{self._owed} submissions got no answer. Run the same command again: it grades them.")

    def _reports(self, jobs: Iterator[Job]) -> Iterator[Report]:
        while True:
            try:
                for member in self._roster.look():
                    yield from self._lost(member)
                self._feed(jobs)
                if not any(member.batches for member in self._roster):
                    return
                yield from self._collect()
                self._dismiss_silent()
            except ConnectionLost as cause:
                for member in self._roster:
                    self._put_back(self._take_back(member))
                self._line.mend(cause)
                self._say(f"the connection to the scheduler broke ({cause}) and was made again")

    def _feed(self, jobs: Iterator[Job]) -> None:
        """Hand out what there is. Those that were on a lost worker come first, each alone on another one."""
        for member in self._roster:
            if self._suspects and not member.batches:
                self._give(member, [self._suspects.popleft()], alone=True)
        given = True
        while given and not self._suspects:
            given = False
            for member in self._roster:
                if member.room and (batch := self._size.draw(lambda: self._next(jobs), self._roster.threads)):
                    self._give(member, batch)
                    given = True

    def _next(self, jobs: Iterator[Job]) -> Job | None:
        if self._again:
            return self._again.popleft()
        job = next(jobs, None)
        self._owed += job is not None
        return job

    def _give(self, member: ClusterWorker, jobs: list[Job], *, alone: bool = False) -> None:
        key = next(self._keys)
        batch = member.batches[key] = JobBatch(jobs, alone)
        data = messages.pack_jobs(jobs)
        where = {"workers": [member.address], "allow_other_workers": False}
        submit = self._line.client.submit
        batch.future = self._line.ask(
            lambda: submit(remote.grade_jobs, self._digest, data, key=key, pure=False, **where)
        )
        batch.future.add_done_callback(self._came.put)

    def _collect(self) -> Iterator[Report]:
        """Wait a little while for an answer, and take all that came."""
        with contextlib.suppress(queue.Empty):
            future = self._came.get(timeout=_WAIT_SECONDS)
            while True:
                member = self._roster.holder(future.key)
                if member is not None:  # else of a worker or a connection that was lost
                    yield from self._answered(member, future)
                future = self._came.get_nowait()

    def _answered(self, member: ClusterWorker, future: Future[bytes]) -> Iterator[Report]:
        try:
            answer = messages.unpack_answer(self._line.ask(lambda: future.result(timeout=_FETCH_SECONDS)))
        except (TimeoutError, KilledWorker) as error:
            yield from self._silent(member, future, error)
        except ConnectionLost:
            raise
        except Exception as error:
            self._dismiss(member, "ClusterError", f"{type(error).__name__}: {error}")
        else:
            self._line.heard()
            member.silent = 0.0
            yield from self._taken(member, member.batches.pop(str(future.key)), answer)

    def _taken(self, member: ClusterWorker, batch: JobBatch, answer: WorkerReply) -> Iterator[Report]:
        if answer.printed:
            self._say(f"{member.address}:\n{answer.printed}")
        done = {(report.assignment, report.student) for report in answer.reports}
        self._put_back(job for job in batch.jobs if (job.assignment, job.student) not in done)
        for report in answer.reports:
            self._deaths.pop((report.assignment, report.student), None)
            self._size.learn(report.seconds)
            yield report
        if answer.failed:
            self._dismiss(member, answer.failed.kind, answer.failed.text)
        elif answer.absent:  # it has forgotten the course, and must be told anew
            self._put_back(self._take_back(member))
            self._roster.forget(member)

    def _silent(self, member: ClusterWorker, future: Future[bytes], error: Exception) -> Iterator[Report]:
        """An answer did not come: most likely its worker is gone, and if not it is asked again."""
        for gone in self._roster.look(at_once=True):
            yield from self._lost(gone)
        if self._roster.holder(future.key) is None:
            return
        if isinstance(error, TimeoutError):
            self._came.put(future)
        else:  # another worker came to the same address meanwhile
            self._roster.forget(member)
            yield from self._lost(member)

    def _lost(self, member: ClusterWorker) -> Iterator[Report]:
        """What was on a worker that is gone is tried once more, alone; gone again, it is given up."""
        held = self._take_back(member)
        self._say(f"{member.address} was lost with {len(held)} submissions, which are graded elsewhere")
        for job in held:
            key = job.assignment, job.student
            self._deaths[key] += 1
            if self._deaths[key] < TRIES:
                self._suspects.append(job)
            else:
                del self._deaths[key]
                yield gave_up_report(
                    job, f"the worker of the cluster that graded it alone ({member.address}) was lost", self._log_path
                )

    def _dismiss(self, member: ClusterWorker, kind: str, problem: str) -> None:
        self._put_back(self._take_back(member))
        self._roster.refuse(member.address, kind, problem)

    def _dismiss_silent(self) -> None:
        """Use workers no more that are there, but say nothing for longer than their longest task may take.

        Dask holds messages back while the time of day is set back, which could be for hours; a run must not wait so.
        """
        now = time.monotonic()
        passed = min(now - self._watched, 2 * _WAIT_SECONDS)  # if this process was stopped, that is nobody's silence
        self._watched = now
        for member in self._roster:
            jobs = max((len(batch.jobs) for batch in member.batches.values()), default=0)
            allowed = jobs * self._longest + TRIES * (self._longest + self._margin)
            member.silent += passed if jobs else 0.0
            if member.silent > allowed:
                self._dismiss(member, "ClusterError", f"it is there, but has not answered for {allowed:.0f} seconds")

    def _put_back(self, jobs: Iterable[Job]) -> None:
        """Let jobs be given out again; what was on a lost worker stays alone, or others would share its blame."""
        for job in jobs:
            (self._suspects if self._deaths[job.assignment, job.student] else self._again).append(job)

    def _take_back(self, member: ClusterWorker) -> list[Job]:
        batches = tuple(member.batches.values())
        member.batches.clear()
        for batch in batches:
            if batch.future is not None:
                batch.future.release()
        return [job for batch in batches for job in batch.jobs]
