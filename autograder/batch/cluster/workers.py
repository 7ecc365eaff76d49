"""The workers of a cluster: what each offers, whether it may grade, and which jobs it holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.batch.cluster import remote
from autograder.batch.cluster.connection import ClusterSpec, Connection, ConnectionLost, connect
from autograder.batch.cluster.remote import WorkerOffer
from autograder.batch.local.pool import reraise
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


MOST_JOBS, MOST_BYTES = 32, 1 << 20  # of one task
TASK_SECONDS = 0.5  # what a task should take: so long that Dask's own milliseconds do not count, and a loss is small
_SAME = ("version", "engine", "python", "numpy")


@dataclass
class JobBatch:
    """The jobs of one task; `alone`: nothing else may be on that worker; `future` is there once it was submitted."""

    jobs: list[Job]
    alone: bool = False
    future: Future[bytes] | None = None


@dataclass
class ClusterWorker:
    """A worker that has the course; `batches` by the key of their future.

    `silent` is for how many seconds it has had work and not answered.
    """

    address: str
    threads: int
    batches: dict[str, JobBatch] = field(default_factory=dict)
    silent: float = 0.0

    @property
    def room(self) -> bool:
        """Whether it should get another task: one per thread is being worked on, some wait so that it never idles."""
        if any(batch.alone for batch in self.batches.values()):
            return False
        return len(self.batches) < self.threads + 1 + self.threads // 4


class BatchSizer:
    """How many jobs to put into a task: few at first and at the end, else as many as take TASK_SECONDS."""

    def __init__(self, expected: int) -> None:
        self._left, self._mean = expected, 0.0

    def learn(self, seconds: float) -> None:
        """Take in how long a submission took."""
        self._mean = 0.9 * self._mean + 0.1 * seconds if self._mean else seconds

    def draw(self, following: Callable[[], Job | None], threads: int) -> list[Job]:
        """Draw the jobs of one task, none if there are no more; `threads` is what the whole cluster runs at once."""
        by_time = int(TASK_SECONDS / self._mean) if self._mean else 1
        most = max(1, min(by_time, MOST_JOBS, self._left // (4 * max(1, threads))))
        jobs: list[Job] = []
        size = 0
        while len(jobs) < most and size < MOST_BYTES and (job := following()):
            jobs.append(job)
            size += len(job.data)
        self._left -= len(jobs)
        return jobs


def worker_offers(client: Client, addresses: list[str]) -> dict[str, WorkerOffer | Exception]:
    """Ask workers what they are; an exception stands for one that cannot tell."""
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
    """Tell why a worker may not grade, with the remedy; empty if it may: it must judge as this process would."""
    ours = msgspec.convert(remote.describe_worker(), WorkerOffer)
    if isinstance(offer, Exception):
        return (
            f"it cannot run this version of nn-autograder ({type(offer).__name__}: {offer}). "
            f"Install nn-autograder {ours.version} in its environment."
        )
    wrong = [
        f"{name} {_short(name, there)} there, {_short(name, here)} here"
        for name in _SAME
        if (there := getattr(offer, name))
        and (here := getattr(ours, name))
        and _short(name, there) != _short(name, here)
    ]
    if not wrong:
        return ""
    return f"its versions differ: {'; '.join(wrong)}. Install the same on every machine, or scores could differ."


def _short(name: str, value: str) -> str:
    """Shorten a version to what must agree: a release of Python or NumPy changes results only with its minor number."""
    if name == "engine":
        return value[:12]
    return ".".join(value.split(".")[:2]) if name in ("python", "numpy") else value


_LOOK_SECONDS = 1.0


class ClusterWorkers:
    """The usable workers; `look` brings it up to date, `say` is told what a person may want to know afterwards.

    `patience` is how many seconds to wait for a first worker, or for another when all are gone.
    """

    def __init__(self, line: Connection, digest: str, data: bytes, patience: float, say: Callable[[str], None]) -> None:
        self._line, self._digest, self._data, self._patience, self._say = line, digest, data, patience, say
        self._members: dict[str, ClusterWorker] = {}
        self._refused: set[str] = set()
        self._gone: list[ClusterWorker] = []  # not yet told of: the connection may break between
        self._looked = float("-inf")

    def __iter__(self) -> Iterator[ClusterWorker]:
        return iter(tuple(self._members.values()))

    @property
    def threads(self) -> int:
        """How many tasks can be worked on at once."""
        return sum(member.threads for member in self._members.values())

    def holder(self, key: object) -> ClusterWorker | None:
        """Find who has the task of this key."""
        return next((member for member in self._members.values() if key in member.batches), None)

    def forget(self, member: ClusterWorker) -> None:
        """Take a worker off; if it is still there, `look` finds it as a new one."""
        del self._members[member.address]
        self._looked = float("-inf")

    def look(self, *, at_once: bool = False) -> list[ClusterWorker]:
        """See who came and who is gone, once a second; wait if there is nobody. Gives those that are gone.

        Raises Broken, and ClusterError if nobody comes.
        """
        if self._members and not self._gone and not at_once and time.monotonic() < self._looked + _LOOK_SECONDS:
            return []
        end = time.monotonic() + self._patience
        while True:
            threads = self._line.ask(self._line.client.nthreads)
            self._looked = time.monotonic()
            self._gone += [self._members.pop(address) for address in tuple(self._members) if address not in threads]
            self._greet({k: n for k, n in threads.items() if k not in self._members and k not in self._refused})
            if self._members:
                gone, self._gone = self._gone, []
                return gone
            if time.monotonic() > end:
                raise ClusterError(
                    f"no worker has come for {self._patience:.0f} seconds. See whether the cluster starts any, then "
                    "run the same command again: what is graded is kept."
                )
            time.sleep(0.2)

    def refuse(self, address: str, kind: str, problem: str) -> None:
        """Use a worker no more. While others do the work this is only told; else it is raised, as the named kind."""
        self._members.pop(address, None)
        self._refused.add(address)
        self._say(f"{address} is not used: {problem}")
        if not self._members:
            reraise(kind, f"worker {printable(address)}: {printable(problem)}")

    def _greet(self, threads: dict[str, int]) -> None:
        """Look whether new workers fit, and send them the course."""
        if not threads:
            return
        ask, client = self._line.ask, self._line.client
        unfits = {
            address: unfit_reason(offer) for address, offer in ask(lambda: worker_offers(client, [*threads])).items()
        }
        fit = [address for address, problem in unfits.items() if not problem]
        sent = ask(lambda: client.run(remote.receive_course, self._data, workers=fit, on_error="return")) if fit else {}
        for address, answer in sent.items():
            if answer == self._digest:
                self._members[address] = ClusterWorker(address, threads[address])
            elif not isinstance(answer, OSError):  # it may have gone meanwhile, and is asked again if not
                unfits[address] = str(answer)
        for address, problem in unfits.items():
            if problem:
                self.refuse(address, "ClusterError", problem)


_ISOLATION_SECONDS = 120.0


class InspectedWorker(msgspec.Struct, frozen=True):
    """One worker: what it offers, None if it cannot say; `problem` is why it may not grade, with the remedy.

    `levels` are the isolation levels, each with the reason why it does not work there, empty where it does.
    """

    address: str
    offer: WorkerOffer | None
    problem: str
    levels: dict[str, str]


def inspect_workers(place: ClusterSpec) -> tuple[InspectedWorker, ...]:
    """Look at every worker that is there, waiting for a first one. Raises ClusterError."""
    with connect(place) as client:
        line = Connection(client)
        try:
            addresses = _addresses(line, place.patience)
            found = line.ask(lambda: worker_offers(client, addresses))
            problems = {address: unfit_reason(offer) for address, offer in found.items()}
            # One after the other: workers of one machine would stand in each other's way.
            levels = {address: _levels(line, address) for address, problem in problems.items() if not problem}
        except ConnectionLost as error:
            raise ClusterError(f"the connection to the scheduler was lost ({error})") from None
    return tuple(
        InspectedWorker(
            address, None if isinstance(offer, Exception) else offer, problems[address], levels.get(address, {})
        )
        for address, offer in sorted(found.items())
    )


def _addresses(line: Connection, patience: float) -> list[str]:
    end = time.monotonic() + patience
    while not (threads := line.ask(line.client.nthreads)):
        if time.monotonic() > end:
            raise ClusterError(f"the cluster has no worker, and none came for {patience:.0f} seconds. Start some.")
        time.sleep(0.2)
    return list(threads)


def _levels(line: Connection, address: str) -> dict[str, str]:
    submit = line.client.submit
    future = line.ask(lambda: submit(remote.isolation_levels, workers=[address], allow_other_workers=False, pure=False))
    try:
        found: dict[str, str] = line.ask(lambda: future.result(timeout=_ISOLATION_SECONDS))
    except TimeoutError:
        return {"unknown": f"no answer for {_ISOLATION_SECONDS:.0f} seconds: see its log"}
    return found
