"""What runs in the workers of a Dask cluster: each keeps the course and one warm pool, and grades what tasks bring.

Functions here are called by their names from `cluster`, so both sides need the same version of this package.
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
from autograder.batch.cluster.messages import WorkerReply, pack_answer, unpack_bundle, unpack_jobs
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
"""A session that nobody brought work for so long ends: its client has gone, or has nothing left for this worker."""

_LOG = "workers.log"
_MOST_PRINTED = 1 << 16  # bytes in one answer
_END_SECONDS = 10.0


class _Stopped(Exception):
    """The session is to end although there is work."""


class _Batch:
    """Jobs that one task waits for."""

    def __init__(self, count: int) -> None:
        self.left = count
        self.reports: list[Report] = []
        self.failed: Failed | None = None
        self.absent = False
        self.done = threading.Event()

    def take(self, report: Report) -> None:
        """Keep a report; the last one wakes who waits."""
        self.reports.append(report)
        self.left -= 1
        if not self.left:
            self.done.set()


class RemotePool:
    """A course in `folder`, which must be empty and private, and up to `workers` processes that grade.

    They start with the first jobs. Several threads may bring jobs at the same time: the pool is kept full.
    """

    def __init__(self, data: bytes, folder: Path, workers: int) -> None:
        self._data, self._folder, self._workers = data, folder, workers
        self._waiting: deque[Job] = deque()
        self._batches: dict[
            tuple[str, str], deque[_Batch]
        ] = {}  # who waits for a submission; a lost client's task, too
        self._changed = threading.Condition()
        self._bell, self._rope = socket.socketpair()
        self._rope.setblocking(False)
        self._thread: threading.Thread | None = None
        self._closing = False
        self._printed = 0
        self.ended = False

    def grade(self, jobs: Sequence[Job]) -> WorkerReply:
        """Grade jobs, which takes as long as it takes; the answer is `absent` if the session has ended."""
        batch = _Batch(len(jobs))
        with self._changed:
            if self.ended or self._closing:
                return WorkerReply(absent=True)
            for job in jobs:
                self._batches.setdefault((job.assignment, job.student), deque()).append(batch)
            self._waiting.extend(jobs)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="autograder", daemon=True)
                self._thread.start()
            self._ring()
        if jobs:
            batch.done.wait()
        return WorkerReply(tuple(batch.reports), batch.failed, self._new_words(), batch.absent)

    def close(self) -> None:
        """End every process and remove the files."""
        with self._changed:
            self._closing = True
            self._ring()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)
        else:
            self._end(None)

    def _ring(self) -> None:
        self._changed.notify()
        with contextlib.suppress(OSError):  # full: it rings already; closed: nobody listens any more
            self._rope.send(b"!")

    def _serve(self) -> None:
        failed = None
        try:
            setup, margin = unpack_bundle(self._data, self._folder)
            self._data = b""
            with Pool(setup, self._workers, self._folder / _LOG, margin=margin) as pool:
                pool.watch(self._bell)
                while self._wanted(pool):
                    pool.feed(self._draw)
                    for report in pool.step():
                        self._deliver(report)
                if pool.busy:
                    raise _Stopped  # so that the pool ends it, and does not wait
        except _Stopped:
            pass
        except AutograderError as error:
            failed = Failed(type(error).__name__, str(error))
        except Exception as error:
            failed = Failed(type(error).__name__, traceback.format_exc())
        finally:
            self._end(failed)

    def _wanted(self, pool: Pool) -> bool:
        """Wait until there is something to do; False when there will be nothing."""
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
            waiting = self._batches[key]
            batch = waiting.popleft()
            if not waiting:
                del self._batches[key]
        batch.take(report)

    def _new_words(self) -> str:
        """Give what grading processes printed since the last answer, its end if it is long."""
        with self._changed, contextlib.suppress(OSError), (self._folder / _LOG).open("rb") as log:
            size = os.fstat(log.fileno()).st_size
            log.seek(max(self._printed, size - _MOST_PRINTED))
            self._printed = size
            return log.read(_MOST_PRINTED).decode(errors="replace")
        return ""

    def _end(self, failed: Failed | None) -> None:
        with self._changed:
            self.ended = True
            waiting = {id(batch): batch for batches in self._batches.values() for batch in batches}
            self._batches.clear()
            self._waiting.clear()
        for batch in waiting.values():
            batch.failed, batch.absent = failed, failed is None
            batch.done.set()
        self._bell.close()
        self._rope.close()
        shutil.rmtree(self._folder, ignore_errors=True)


_sessions: dict[tuple[str, str], RemotePool] = {}  # by worker and bundle; several workers may share a process


class WorkerOffer(msgspec.Struct, frozen=True):
    """What a worker is: versions that scores may depend on, the cores it may use, the tasks it runs at once."""

    version: str
    engine: str
    python: str
    numpy: str
    cores: int
    threads: int


def describe_worker(dask_worker: Worker | None = None) -> dict[str, Any]:
    """Describe this process as an `Offer` in plain values, which every version can read."""
    threads = dask_worker.state.nthreads if dask_worker else 1
    offer = WorkerOffer(__version__, engine_digest(), platform.python_version(), version("numpy"), cores(), threads)
    return msgspec.structs.asdict(offer)


def isolation_levels() -> dict[str, str]:
    """Try every isolation level here: its name -> empty if it works, else the reason."""
    return available_levels(Limits())


async def receive_course(data: bytes, dask_worker: Worker) -> str:
    """Keep a course for the tasks that follow, unless it is there already; give its hash.

    It lies in a folder that only this user can read, and that goes with the worker. Raises ClusterError if that folder
    could be read by students' code.
    """
    digest = hashlib.sha256(data).hexdigest()
    key = dask_worker.id, digest
    if key in _sessions and not _sessions[key].ended:
        return digest
    folder = Path(tempfile.mkdtemp(prefix="course-", dir=dask_worker.local_directory))
    problem = _exposed(folder)
    if problem:
        folder.rmdir()
        raise ClusterError(problem)
    _sessions[key] = RemotePool(data, folder, dask_worker.state.nthreads)
    await dask_worker.plugin_add(_Ending(key), name=f"autograder-{digest}")
    return digest


def _exposed(folder: Path) -> str:
    """Tell whether students' code could read `folder`; empty if not."""
    resolved = folder.resolve()
    for path in map(Path, readable_paths()):
        if path.is_dir() and path.resolve() in (resolved, *resolved.parents):
            return (
                f"{folder} lies in {path}, which students' code may read. Start the worker with another "
                "--local-directory, or set `temporary-directory` in Dask's configuration."
            )
    return ""


def grade_jobs(digest: str, jobs: bytes) -> bytes:
    """Grade jobs with the course of this hash: the task that Dask runs."""
    session = _sessions.get((get_worker().id, digest))
    if session is None:
        return pack_answer(WorkerReply(absent=True))
    return pack_answer(session.grade(unpack_jobs(jobs)))


async def release_course(digest: str, dask_worker: Worker) -> None:
    """Forget a course: end its processes, remove its files."""
    await _end((dask_worker.id, digest))


class _Ending(WorkerPlugin):
    """Ends a session with its worker."""

    def __init__(self, key: tuple[str, str]) -> None:
        self._key = key

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002
        await _end(self._key)


async def _end(key: tuple[str, str]) -> None:
    session = _sessions.pop(key, None)
    if session is not None:
        await asyncio.to_thread(session.close)
