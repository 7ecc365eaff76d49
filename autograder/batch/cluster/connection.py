"""Connect to a Dask cluster: from the value of --cluster to a client that detects a lost connection.

Only this module knows how clusters are named and started. Dask is imported only when a cluster is used.
"""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from autograder.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["FORMS", "ClusterSpec", "Connection", "ConnectionLost", "connect", "in_the_clear", "require_dask"]

T = TypeVar("T")

FORMS = "tcp://HOST:PORT, tls://HOST:PORT, local:N, dask, or MODULE:CLASS"
"""The ways to name a cluster, for messages."""

_ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
_LOCAL = re.compile(r"local:([1-9]\d{0,3})")
_CLASS = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
_LOOPBACK = re.compile(r"tcp://(127(\.\d{1,3}){3}|localhost|\[::1\]):")
_INSTALL = "pip install 'nn-autograder[dask]'"

_SETTINGS = {
    "distributed.admin.large-graph-warning-threshold": 1 << 30,  # bytes; a large submission is not a mistake
    # By default Dask keeps the last thousand messages of each connection: hundreds of megabytes of submissions.
    "distributed.admin.low-level-log-length": 8,
}

_LOCAL_SETTINGS = {
    "distributed.scheduler.http.routes": [],  # status pages would be readable by every user of this machine
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,  # profiling takes processor time from grading
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "1s",
}


class ClusterSpec(msgspec.Struct, frozen=True):
    """Where to grade: a cluster, named in one of FORMS.

    `workers` is how many to request from a cluster started by MODULE:CLASS; 0 leaves that to Dask's configuration.
    `timeout` is how many seconds to wait for a worker while there is none: a batch system may queue jobs.
    """

    spec: str
    workers: int = 0
    timeout: float = 600.0


def require_dask() -> None:
    """Raise ClusterError unless Dask is installed. Call this before importing a module that needs it."""
    try:
        importlib.import_module("distributed")
    except ImportError as error:
        raise ClusterError(f"--cluster needs Dask, which is not installed ({error.name}): {_INSTALL}") from None


@contextmanager
def connect(place: ClusterSpec) -> Iterator[Client]:
    """Connect to a cluster, starting it first if the spec says so, and close it at the end. Raises ClusterError."""
    require_dask()
    import dask

    with dask.config.set(_SETTINGS), _opened(_configured(place.spec), place.workers) as client:
        yield client


def in_the_clear(spec: str) -> bool:
    """Return whether data is sent to this cluster unencrypted over a network."""
    return spec.startswith("tcp://") and not _LOOPBACK.match(spec)


def _configured(spec: str) -> str:
    """Replace `dask` by what Dask's configuration names: the entry `autograder.cluster`, or the scheduler's address."""
    if spec != "dask":
        return spec
    import dask

    found = dask.config.get("autograder.cluster", None) or dask.config.get("scheduler-address", None)
    if not isinstance(found, str) or found == "dask":
        raise ClusterError(
            "Dask's configuration names no cluster. Set `scheduler-address: tls://HOST:PORT`, or "
            "`autograder: {cluster: MODULE:CLASS}`, in a file of ~/.config/dask, or choose another --cluster."
        )
    return found


@contextmanager
def _opened(spec: str, workers: int) -> Iterator[Client]:
    if match := _LOCAL.fullmatch(spec):
        with _started(lambda: _local(int(match[1])), spec) as cluster, _client(cluster, spec) as client:
            yield client
    elif _ADDRESS.fullmatch(spec):
        with _client(spec, spec) as client:
            yield client
    elif _CLASS.fullmatch(spec):
        with _started(_named(spec), spec) as cluster, _client(cluster, spec) as client:
            if workers:
                cluster.scale(workers)
            yield client
    else:
        raise ClusterError(f"{spec[:200]!r} does not name a cluster. Use one of {FORMS}.")


def _local(workers: int) -> Any:
    """Start processes on this machine, connected by TLS with a key for this run, so that no other user can join."""
    import dask
    from distributed import LocalCluster
    from distributed.security import Security

    dask.config.set(_LOCAL_SETTINGS)
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        protocol="tls://",
        security=Security.temporary(),
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        memory_limit=0,  # the sandbox limits a submission's memory
    )


def _named(spec: str) -> Any:
    module, _, name = spec.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ClusterError(f"--cluster {spec}: {error}. Install what provides it, or correct the name.") from None


@contextmanager
def _started(start: Any, spec: str) -> Iterator[Any]:
    try:
        cluster = start()
    except Exception as error:
        raise ClusterError(f"the cluster {spec} could not be started: {type(error).__name__}: {error}") from error
    if not hasattr(cluster, "scheduler_address"):
        raise ClusterError(f"the cluster {spec} could not be started: it is not a Dask cluster. Correct the name.")
    with cluster:
        yield cluster


@contextmanager
def _client(target: Any, spec: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(target, set_as_default=False)
    except Exception as error:
        raise ClusterError(
            f"no scheduler answers at {spec} ({type(error).__name__}: {error}). Check that it is running, that the "
            "address is right, and that Dask's configuration names the keys it requires (`distributed.comm.tls`)."
        ) from error
    with client:
        yield client


MAX_LOSSES = 5  # without an answer in between


class ConnectionLost(Exception):
    """The connection was lost. Requests may or may not have been executed, and every future is void."""


class Connection:
    """A client of a scheduler that turns the many ways of losing it into ConnectionLost."""

    def __init__(self, client: Client) -> None:
        from distributed import CancelledError
        from distributed.client import ClosedClientError

        self.client = client
        self._cancelled = CancelledError
        self._lost = (CancelledError, ClosedClientError, OSError)
        self._losses = 0

    def call(self, request: Callable[[], T]) -> T:
        """Run a request through the client; raises ConnectionLost if the connection fails."""
        try:
            return request()
        except TimeoutError:
            raise
        except self._lost as error:
            cancelled = isinstance(error, self._cancelled)
            raise ConnectionLost("its futures were cancelled" if cancelled else _describe(error)) from None

    def note_answer(self) -> None:
        """Record that the connection works: an answer came."""
        self._losses = 0

    def wait_reconnected(self, cause: ConnectionLost) -> None:
        """Wait until the client has reconnected; raises ClusterError if it gave up."""
        self._losses += 1
        time.sleep(0.2 * self._losses)
        while self.client.status == "connecting":
            time.sleep(0.1)
        if self.client.status != "running" or self._losses > MAX_LOSSES:
            raise ClusterError(
                f"the connection to the scheduler was lost ({cause}). Check that it is running, then run the same "
                "command again: what is graded is kept."
            )


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
