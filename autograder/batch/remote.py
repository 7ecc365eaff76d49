"""What runs in the workers of a Dask cluster: each keeps the course and one warm pool, and gives it what tasks bring.

Functions here are called by their names from `cluster`, so both sides need the same version of this package.
"""

from __future__ import annotations

import asyncio
import hashlib
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from distributed import Worker, WorkerPlugin, get_worker

from autograder import __version__
from autograder.batch.bundle import Answer, pack_answer, unpack_jobs
from autograder.batch.hashing import engine_digest
from autograder.batch.pool import cores
from autograder.batch.session import Session
from autograder.errors import ClusterError
from autograder.sandbox import Limits, available, levels

__all__ = ["Offer", "describe", "isolation", "receive", "release", "work"]

_sessions: dict[tuple[str, str], Session] = {}  # by worker and bundle; several workers may share a process


class Offer(msgspec.Struct, frozen=True):
    """What a worker is: versions that scores may depend on, the cores it may use, the tasks it runs at once."""

    version: str
    engine: str
    python: str
    numpy: str
    cores: int
    threads: int


def describe(dask_worker: Worker | None = None) -> dict[str, Any]:
    """Describe this process as an `Offer` in plain values, which every version can read."""
    threads = dask_worker.state.nthreads if dask_worker else 1
    offer = Offer(__version__, engine_digest(), platform.python_version(), version("numpy"), cores(), threads)
    return msgspec.structs.asdict(offer)


def isolation() -> dict[str, str]:
    """Try every isolation level here: its name -> empty if it works, else the reason."""
    return available(Limits())


async def receive(data: bytes, dask_worker: Worker) -> str:
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
    _sessions[key] = Session(data, folder, dask_worker.state.nthreads)
    await dask_worker.plugin_add(_Ending(key), name=f"autograder-{digest}")
    return digest


def _exposed(folder: Path) -> str:
    """Tell whether students' code could read `folder`; empty if not."""
    resolved = folder.resolve()
    for path in map(Path, levels.readable_paths()):
        if path.is_dir() and path.resolve() in (resolved, *resolved.parents):
            return (
                f"{folder} lies in {path}, which students' code may read. Start the worker with another "
                "--local-directory, or set `temporary-directory` in Dask's configuration."
            )
    return ""


def work(digest: str, jobs: bytes) -> bytes:
    """Grade jobs with the course of this hash: the task that Dask runs."""
    session = _sessions.get((get_worker().id, digest))
    if session is None:
        return pack_answer(Answer(absent=True))
    return pack_answer(session.grade(unpack_jobs(jobs)))


async def release(digest: str, dask_worker: Worker) -> None:
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
