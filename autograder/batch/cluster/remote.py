"""Run in the workers of a Dask cluster: each keeps the course and one warm pool, and grades the jobs of its tasks.

The coordinator calls these functions by name, so both sides need the same version of this package.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import platform
import shutil
import socket
import tempfile
import threading
import time
import traceback
from collections import deque
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from distributed import Worker, WorkerPlugin, get_worker

from autograder import __version__
from autograder.batch.cluster.messages import WorkerReply, pack_reply, unpack_bundle, unpack_jobs
from autograder.batch.hashing import engine_digest
from autograder.batch.local.messages import Failed
from autograder.batch.local.pool import Pool, cores
from autograder.errors import AutograderError, ClusterError
from autograder.report import Report
from autograder.sandbox import Limits, available_levels
from autograder.sandbox.levels.base import readable_paths
from autograder.submission import Job

__all__ = [
    "IDLE_SECONDS",
    "RemotePool",
    "WorkerOffer",
    "describe_worker",
    "grade_jobs",
    "isolation_levels",
    "receive_course",
    "release_course",
]


IDLE_SECONDS = 120.0
"""A pool without work for this long ends: its client is gone, or has no more work for this worker."""

_LOG = "workers.log"
_MAX_PRINTED = 1 << 16  # bytes of output in one reply
_CLOSE_SECONDS = 10.0


class _Closed(Exception):
    """The pool is to be closed although it has work."""


class _PendingTask:
    """The jobs that one task waits for."""

    def __init__(self, count: int) -> None:
        self.left = count
        self.reports: list[Report] = []
        self.failed: Failed | None = None
        self.absent = False
        self.done = threading.Event()

    def add(self, report: Report) -> None:
        """Add a report; the last one wakes the task."""
        self.reports.append(report)
        self.left -= 1
        if not self.left:
            self.done.set()


class RemotePool:
    """A course, unpacked into an empty private folder, and up to `workers` processes that grade.

    The processes start with the first jobs. Several threads may call `grade` at the same time.
    """

    def __init__(self, data: bytes, folder: Path, workers: int) -> None:
        self._data, self._folder, self._workers = data, folder, workers
        self._waiting: deque[Job] = deque()
        # The tasks that wait for a submission; several, if a client lost its connection and sent the job again.
        self._tasks: dict[tuple[str, str], deque[_PendingTask]] = {}
        self._changed = threading.Condition()
        self._wakeup_end, self._wakeup = socket.socketpair()
        self._wakeup.setblocking(False)
        self._thread: threading.Thread | None = None
        self._closing = False
        self._printed = 0
        self.ended = False

    def grade(self, jobs: Sequence[Job]) -> WorkerReply:
        """Grade jobs and wait for their reports; the reply is `absent` if the pool has ended."""
        task = _PendingTask(len(jobs))
        with self._changed:
            if self.ended or self._closing:
                return WorkerReply(absent=True)
            for job in jobs:
                self._tasks.setdefault((job.assignment, job.student), deque()).append(task)
            self._waiting.extend(jobs)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="autograder", daemon=True)
                self._thread.start()
            self._wake()
        if jobs:
            task.done.wait()
        return WorkerReply(tuple(task.reports), task.failed, self._new_output(), task.absent)

    def close(self) -> None:
        """End every process and remove the files."""
        with self._changed:
            self._closing = True
            self._wake()
        if self._thread is not None:
            self._thread.join(_CLOSE_SECONDS)
        else:
            self._end(None)

    def _wake(self) -> None:
        self._changed.notify()
        with contextlib.suppress(OSError):  # full: a wakeup is pending already; closed: the thread has ended
            self._wakeup.send(b"!")

    def _serve(self) -> None:
        failed = None
        try:
            setup, margin = unpack_bundle(self._data, self._folder)
            self._data = b""
            with Pool(setup, self._workers, self._folder / _LOG, margin=margin) as pool:
                pool.add_wakeup(self._wakeup_end)
                while self._wait_for_work(pool):
                    pool.feed(self._draw)
                    for report in pool.step():
                        self._deliver(report)
                if pool.busy:
                    raise _Closed  # so that the pool does not wait for its work
        except _Closed:
            pass
        except AutograderError as error:
            failed = Failed(type(error).__name__, str(error))
        except Exception as error:
            failed = Failed(type(error).__name__, traceback.format_exc())
        finally:
            self._end(failed)

    def _wait_for_work(self, pool: Pool) -> bool:
        """Wait until there is work; return False when the pool is to end."""
        end = time.monotonic() + IDLE_SECONDS
        with self._changed:
            while not (self._closing or self._waiting or pool.busy):
                if not self._changed.wait(end - time.monotonic()) and time.monotonic() >= end:
                    self._closing = True
            return not self._closing

    def _draw(self) -> Job | None:
        with self._changed:
            return self._waiting.popleft() if self._waiting else None

    def _deliver(self, report: Report) -> None:
        key = report.assignment, report.student
        with self._changed:
            waiting = self._tasks[key]
            task = waiting.popleft()
            if not waiting:
                del self._tasks[key]
        task.add(report)

    def _new_output(self) -> str:
        """Return the output of grading processes since the last reply, or its end if it is long."""
        with self._changed, contextlib.suppress(OSError), (self._folder / _LOG).open("rb") as log:
            size = os.fstat(log.fileno()).st_size
            log.seek(max(self._printed, size - _MAX_PRINTED))
            self._printed = size
            return log.read(_MAX_PRINTED).decode(errors="replace")
        return ""

    def _end(self, failed: Failed | None) -> None:
        with self._changed:
            self.ended = True
            waiting = {id(task): task for tasks in self._tasks.values() for task in tasks}
            self._tasks.clear()
            self._waiting.clear()
        for task in waiting.values():
            task.failed, task.absent = failed, failed is None
            task.done.set()
        self._wakeup_end.close()
        self._wakeup.close()
        shutil.rmtree(self._folder, ignore_errors=True)


_pools: dict[tuple[str, str], RemotePool] = {}  # by worker and bundle; several workers may share a process


class WorkerOffer(msgspec.Struct, frozen=True):
    """What a worker offers: the versions that scores may depend on, its cores, and how many tasks it runs at a time."""

    version: str
    engine: str
    python: str
    numpy: str
    cores: int
    threads: int


def describe_worker(dask_worker: Worker | None = None) -> dict[str, Any]:
    """Describe this process as a WorkerOffer in plain values, which every version can read."""
    threads = dask_worker.state.nthreads if dask_worker else 1
    offer = WorkerOffer(__version__, engine_digest(), platform.python_version(), version("numpy"), cores(), threads)
    return msgspec.structs.asdict(offer)


def isolation_levels() -> dict[str, str]:
    """Try every isolation level; return for each the reason why it does not work here, empty if it does."""
    return available_levels(Limits())


async def receive_course(data: bytes, dask_worker: Worker) -> str:
    """Keep a course for the tasks that follow, unless it is here already; return its hash.

    Its folder is readable only by this user and is removed with the worker. Raises ClusterError if students' code could
    read it.
    """
    digest = hashlib.sha256(data).hexdigest()
    key = dask_worker.id, digest
    if key in _pools and not _pools[key].ended:
        return digest
    folder = Path(tempfile.mkdtemp(prefix="course-", dir=dask_worker.local_directory))
    problem = _exposed(folder)
    if problem:
        folder.rmdir()
        raise ClusterError(problem)
    _pools[key] = RemotePool(data, folder, dask_worker.state.nthreads)
    await dask_worker.plugin_add(_PoolCleanup(key), name=f"autograder-{digest}")
    return digest


def _exposed(folder: Path) -> str:
    """Return why students' code could read `folder`; empty if it could not."""
    resolved = folder.resolve()
    for path in map(Path, readable_paths()):
        if path.is_dir() and path.resolve() in (resolved, *resolved.parents):
            return (
                f"{folder} is inside {path}, which students' code may read. Start the worker with another "
                "--local-directory, or set `temporary-directory` in Dask's configuration."
            )
    return ""


def grade_jobs(digest: str, jobs: bytes) -> bytes:
    """Grade jobs with the course of this hash: the task that Dask runs."""
    pool = _pools.get((get_worker().id, digest))
    return pack_reply(pool.grade(unpack_jobs(jobs)) if pool is not None else WorkerReply(absent=True))


async def release_course(digest: str, dask_worker: Worker) -> None:
    """Release a course: end its processes and remove its files."""
    await _close((dask_worker.id, digest))


class _PoolCleanup(WorkerPlugin):
    """Closes a pool with its worker."""

    def __init__(self, key: tuple[str, str]) -> None:
        self._key = key

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - Dask's signature
        await _close(self._key)


async def _close(key: tuple[str, str]) -> None:
    pool = _pools.pop(key, None)
    if pool is not None:
        await asyncio.to_thread(pool.close)
