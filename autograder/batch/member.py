"""The coordinator's handle on one worker of a cluster: whether it fits, what it holds, how much a task should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.batch import remote
from autograder.batch.remote import Offer
from autograder.submission import Job

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["Batch", "Member", "Size", "offers", "unfit"]

MOST_JOBS, MOST_BYTES = 32, 1 << 20  # of one task
TASK_SECONDS = 0.5  # what a task should take: so long that Dask's own milliseconds do not count, and a loss is small
_SAME = ("version", "engine", "python", "numpy")


@dataclass
class Batch:
    """The jobs of one task; `alone`: nothing else may be on that worker; `future` is there once it was submitted."""

    jobs: list[Job]
    alone: bool = False
    future: Future[bytes] | None = None


@dataclass
class Member:
    """A worker that has the course; `batches` by the key of their future.

    `silent` is for how many seconds it has had work and not answered.
    """

    address: str
    threads: int
    batches: dict[str, Batch] = field(default_factory=dict)
    silent: float = 0.0

    @property
    def room(self) -> bool:
        """Whether it should get another task: one per thread is being worked on, some wait so that it never idles."""
        if any(batch.alone for batch in self.batches.values()):
            return False
        return len(self.batches) < self.threads + 1 + self.threads // 4


class Size:
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


def offers(client: Client, addresses: list[str]) -> dict[str, Offer | Exception]:
    """Ask workers what they are; an exception stands for one that cannot tell."""
    answers: dict[str, Any] = client.run(remote.describe, workers=addresses, on_error="return")
    return {address: _offer(answer) for address, answer in answers.items()}


def _offer(answer: Any) -> Offer | Exception:
    if isinstance(answer, Exception):
        return answer
    try:
        return msgspec.convert(answer, Offer)
    except msgspec.ValidationError as error:
        return error


def unfit(offer: Offer | Exception) -> str:
    """Tell why a worker may not grade, with the remedy; empty if it may: it must judge as this process would."""
    ours = msgspec.convert(remote.describe(), Offer)
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
