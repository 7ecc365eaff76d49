"""One course on one worker of a cluster: its files, and a pool in a thread of its own that tasks bring jobs to."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
import time
import traceback
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from autograder.batch.bundle import Answer, write
from autograder.batch.link import Failed
from autograder.batch.pool import Pool
from autograder.errors import AutograderError
from autograder.report import Report
from autograder.submission import Job

__all__ = ["IDLE_SECONDS", "Session"]

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


class Session:
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

    def grade(self, jobs: Sequence[Job]) -> Answer:
        """Grade jobs, which takes as long as it takes; the answer is `absent` if the session has ended."""
        batch = _Batch(len(jobs))
        with self._changed:
            if self.ended or self._closing:
                return Answer(absent=True)
            for job in jobs:
                self._batches.setdefault((job.assignment, job.student), deque()).append(batch)
            self._waiting.extend(jobs)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="autograder", daemon=True)
                self._thread.start()
            self._ring()
        if jobs:
            batch.done.wait()
        return Answer(tuple(batch.reports), batch.failed, self._new_words(), batch.absent)

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
            setup, margin = write(self._data, self._folder)
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
