"""The workers of a cluster: what each offers, whether it may grade, and which jobs it has."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.batch.cluster import remote
from autograder.batch.cluster.connection import ClusterSpec, Connection, ConnectionLost, connect
from autograder.batch.cluster.remote import WorkerOffer
from autograder.batch.local.pool import raise_by_name
from autograder.errors import ClusterError
from autograder.submission import Job
from autograder.text import printable

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = [
    "BatchSizer",
    "ClusterWorker",
    "ClusterWorkers",
    "InspectedWorker",
    "JobBatch",
    "inspect_workers",
    "unfit_reason",
    "worker_offers",
]


MAX_JOBS, MAX_BYTES = 32, 1 << 20  # of one task
TASK_SECONDS = 0.5  # long enough that Dask's overhead is negligible, short enough that little is lost with a worker
_MUST_AGREE = ("version", "engine", "python", "numpy")


@dataclass
class JobBatch:
    """The jobs of one task. `alone`: its worker may have no other task. `future` is set when it is submitted."""

    jobs: list[Job]
    alone: bool = False
    future: Future[bytes] | None = None


@dataclass
class ClusterWorker:
    """A worker that has the course. `batches` are its tasks by the key of their future.

    `silent` is for how many seconds it has had work without answering.
    """

    address: str
    threads: int
    batches: dict[str, JobBatch] = field(default_factory=dict)
    silent: float = 0.0

    @property
    def has_room(self) -> bool:
        """Whether it should get another task: one per thread runs, and a few wait so that it never idles."""
        if any(batch.alone for batch in self.batches.values()):
            return False
        return len(self.batches) < self.threads + 1 + self.threads // 4


class BatchSizer:
    """Chooses how many jobs a task has: few at the start and the end, else as many as take TASK_SECONDS."""

    def __init__(self, expected: int) -> None:
        self._left, self._mean = expected, 0.0

    def learn(self, seconds: float) -> None:
        """Record how long a submission took."""
        self._mean = 0.9 * self._mean + 0.1 * seconds if self._mean else seconds

    def draw(self, following: Callable[[], Job | None], threads: int) -> list[Job]:
        """Draw the jobs of one task, none if there are no more; `threads` is how many tasks the cluster can run."""
        by_time = int(TASK_SECONDS / self._mean) if self._mean else 1
        most = max(1, min(by_time, MAX_JOBS, self._left // (4 * max(1, threads))))
        jobs: list[Job] = []
        size = 0
        while len(jobs) < most and size < MAX_BYTES and (job := following()):
            jobs.append(job)
            size += len(job.data)
        self._left -= len(jobs)
        return jobs


def worker_offers(client: Client, addresses: list[str]) -> dict[str, WorkerOffer | Exception]:
    """Ask workers what they offer; the value is an exception for a worker that cannot answer."""
    answers: dict[str, Any] = client.run(remote.describe_worker, workers=addresses, on_error="return")
    return {address: _offer(answer) for address, answer in answers.items()}


def _offer(answer: Any) -> WorkerOffer | Exception:
    if isinstance(answer, Exception):
        return answer
    try:
        return msgspec.convert(answer, WorkerOffer)
    except msgspec.ValidationError as error:
        return error


def unfit_reason(offer: WorkerOffer | Exception) -> str:
    """Return why a worker may not grade, with the remedy; empty if it would give the same scores as this process."""
    ours = msgspec.convert(remote.describe_worker(), WorkerOffer)
    if isinstance(offer, Exception):
        return (
            f"it cannot run this version of nn-autograder ({type(offer).__name__}: {offer}). "
            f"Install nn-autograder {ours.version} in its environment."
        )
    wrong = [
        f"{name} {_short(name, there)} there, {_short(name, here)} here"
        for name in _MUST_AGREE
        if (there := getattr(offer, name))
        and (here := getattr(ours, name))
        and _short(name, there) != _short(name, here)
    ]
    if not wrong:
        return ""
    return f"its versions differ: {'; '.join(wrong)}. Install the same on every machine, or scores could differ."


def _short(name: str, value: str) -> str:
    """Shorten a version to the part that must agree: major and minor number for Python and NumPy."""
    if name == "engine":
        return value[:12]
    return ".".join(value.split(".")[:2]) if name in ("python", "numpy") else value


_REFRESH_SECONDS = 1.0


class ClusterWorkers:
    """The usable workers, brought up to date by `refresh`. Events for the log go to `log`.

    `timeout` is how many seconds to wait for a worker while there is none.
    """

    def __init__(
        self, connection: Connection, digest: str, data: bytes, timeout: float, log: Callable[[str], None]
    ) -> None:
        self._connection, self._digest, self._data = connection, digest, data
        self._timeout, self._log = timeout, log
        self._workers: dict[str, ClusterWorker] = {}
        self._rejected: set[str] = set()
        self._lost: list[ClusterWorker] = []  # not yet returned: the connection may be lost in between
        self._refreshed = float("-inf")

    def __iter__(self) -> Iterator[ClusterWorker]:
        return iter(tuple(self._workers.values()))

    @property
    def threads(self) -> int:
        """How many tasks can run at the same time."""
        return sum(worker.threads for worker in self._workers.values())

    def holder(self, key: object) -> ClusterWorker | None:
        """Return the worker that has the task with this key."""
        return next((worker for worker in self._workers.values() if key in worker.batches), None)

    def forget(self, worker: ClusterWorker) -> None:
        """Remove a worker; if it still exists, `refresh` finds it as a new one."""
        del self._workers[worker.address]
        self._refreshed = float("-inf")

    def refresh(self, *, now: bool = False) -> list[ClusterWorker]:
        """Find new and lost workers, once a second unless `now`; wait while there is none. Return the lost ones.

        Raises ConnectionLost, and ClusterError if no worker comes.
        """
        if self._workers and not self._lost and not now and time.monotonic() < self._refreshed + _REFRESH_SECONDS:
            return []
        end = time.monotonic() + self._timeout
        while True:
            threads = self._connection.call(self._connection.client.nthreads)
            self._refreshed = time.monotonic()
            self._lost += [self._workers.pop(address) for address in tuple(self._workers) if address not in threads]
            self._admit({k: n for k, n in threads.items() if k not in self._workers and k not in self._rejected})
            if self._workers:
                lost, self._lost = self._lost, []
                return lost
            if time.monotonic() > end:
                raise ClusterError(
                    f"no worker has come for {self._timeout:.0f} seconds. Check that the cluster starts some, then "
                    "run the same command again: what is graded is kept."
                )
            time.sleep(0.2)

    def reject(self, address: str, kind: str, problem: str) -> None:
        """Stop using a worker. Log why, or raise it as the exception named `kind` if no other worker is left."""
        self._workers.pop(address, None)
        self._rejected.add(address)
        self._log(f"{address} is not used: {problem}")
        if not self._workers:
            raise_by_name(kind, f"worker {printable(address)}: {printable(problem)}")

    def _admit(self, threads: dict[str, int]) -> None:
        """Check new workers, and send them the course."""
        if not threads:
            return
        call, client = self._connection.call, self._connection.client
        offers = call(lambda: worker_offers(client, [*threads]))
        problems = {address: unfit_reason(offer) for address, offer in offers.items()}
        for address, answer in self._send_course([a for a, problem in problems.items() if not problem]).items():
            if answer == self._digest:
                self._workers[address] = ClusterWorker(address, threads[address])
            elif not isinstance(answer, OSError):  # else it may be gone; if not, it is asked again
                problems[address] = str(answer)
        for address, problem in problems.items():
            if problem:
                self.reject(address, "ClusterError", problem)

    def _send_course(self, addresses: list[str]) -> dict[str, Any]:
        if not addresses:
            return {}
        run = self._connection.client.run
        return self._connection.call(
            lambda: run(remote.receive_course, self._data, workers=addresses, on_error="return")
        )


_ISOLATION_SECONDS = 120.0


class InspectedWorker(msgspec.Struct, frozen=True):
    """One worker: its offer, None if it cannot answer, and why it may not grade, with the remedy.

    `levels` maps each isolation level to the reason why it does not work there, empty if it does.
    """

    address: str
    offer: WorkerOffer | None
    problem: str
    levels: dict[str, str]


def inspect_workers(place: ClusterSpec) -> tuple[InspectedWorker, ...]:
    """Inspect every worker, waiting for the first one. Raises ClusterError."""
    with connect(place) as client:
        connection = Connection(client)
        try:
            addresses = _addresses(connection, place.timeout)
            found = connection.call(lambda: worker_offers(client, addresses))
            problems = {address: unfit_reason(offer) for address, offer in found.items()}
            # One at a time, because workers on the same machine would slow each other down.
            levels = {address: _levels(connection, address) for address, problem in problems.items() if not problem}
        except ConnectionLost as error:
            raise ClusterError(f"the connection to the scheduler was lost ({error})") from None
    return tuple(
        InspectedWorker(
            address, None if isinstance(offer, Exception) else offer, problems[address], levels.get(address, {})
        )
        for address, offer in sorted(found.items())
    )


def _addresses(connection: Connection, timeout: float) -> list[str]:
    end = time.monotonic() + timeout
    while not (threads := connection.call(connection.client.nthreads)):
        if time.monotonic() > end:
            raise ClusterError(f"the cluster has no worker, and none came for {timeout:.0f} seconds. Start some.")
        time.sleep(0.2)
    return list(threads)


def _levels(connection: Connection, address: str) -> dict[str, str]:
    submit, where = connection.client.submit, {"workers": [address], "allow_other_workers": False}
    future = connection.call(lambda: submit(remote.isolation_levels, pure=False, **where))
    try:
        found: dict[str, str] = connection.call(lambda: future.result(timeout=_ISOLATION_SECONDS))
    except TimeoutError:
        return {"unknown": f"no answer for {_ISOLATION_SECONDS:.0f} seconds: see the worker's log"}
    return found
