"""Who is there: the workers of a cluster that fit and have the course, and those that were refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from autograder.batch import remote
from autograder.batch.line import Line
from autograder.batch.member import Member, offers, unfit
from autograder.batch.names import printable
from autograder.batch.pool import reraise
from autograder.errors import ClusterError

__all__ = ["Roster"]

_LOOK_SECONDS = 1.0


class Roster:
    """The usable workers; `look` brings it up to date, `say` is told what a person may want to know afterwards.

    `patience` is how many seconds to wait for a first worker, or for another when all are gone.
    """

    def __init__(self, line: Line, digest: str, data: bytes, patience: float, say: Callable[[str], None]) -> None:
        self._line, self._digest, self._data, self._patience, self._say = line, digest, data, patience, say
        self._members: dict[str, Member] = {}
        self._refused: set[str] = set()
        self._gone: list[Member] = []  # not yet told of: the connection may break between
        self._looked = float("-inf")

    def __iter__(self) -> Iterator[Member]:
        return iter(tuple(self._members.values()))

    @property
    def threads(self) -> int:
        """How many tasks can be worked on at once."""
        return sum(member.threads for member in self._members.values())

    def holder(self, key: object) -> Member | None:
        """Find who has the task of this key."""
        return next((member for member in self._members.values() if key in member.batches), None)

    def forget(self, member: Member) -> None:
        """Take a worker off; if it is still there, `look` finds it as a new one."""
        del self._members[member.address]
        self._looked = float("-inf")

    def look(self, *, at_once: bool = False) -> list[Member]:
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
        unfits = {address: unfit(offer) for address, offer in ask(lambda: offers(client, [*threads])).items()}
        fit = [address for address, problem in unfits.items() if not problem]
        sent = ask(lambda: client.run(remote.receive, self._data, workers=fit, on_error="return")) if fit else {}
        for address, answer in sent.items():
            if answer == self._digest:
                self._members[address] = Member(address, threads[address])
            elif not isinstance(answer, OSError):  # it may have gone meanwhile, and is asked again if not
                unfits[address] = str(answer)
        for address, problem in unfits.items():
            if problem:
                self.refuse(address, "ClusterError", problem)
