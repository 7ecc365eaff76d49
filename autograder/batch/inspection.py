"""Look at the workers of a cluster without giving them anything: no course, no secret, no submission."""

from __future__ import annotations

import time

import msgspec

from autograder.batch import remote
from autograder.batch.connect import Place, connected
from autograder.batch.line import Broken, Line
from autograder.batch.member import offers, unfit
from autograder.batch.remote import Offer
from autograder.errors import ClusterError

__all__ = ["Seen", "inspect"]

_ISOLATION_SECONDS = 120.0


class Seen(msgspec.Struct, frozen=True):
    """One worker: what it offers, None if it cannot say; `problem` is why it may not grade, with the remedy.

    `levels` are the isolation levels, each with the reason why it does not work there, empty where it does.
    """

    address: str
    offer: Offer | None
    problem: str
    levels: dict[str, str]


def inspect(place: Place) -> tuple[Seen, ...]:
    """Look at every worker that is there, waiting for a first one. Raises ClusterError."""
    with connected(place) as client:
        line = Line(client)
        try:
            addresses = _addresses(line, place.patience)
            found = line.ask(lambda: offers(client, addresses))
            problems = {address: unfit(offer) for address, offer in found.items()}
            # One after the other: workers of one machine would stand in each other's way.
            levels = {address: _levels(line, address) for address, problem in problems.items() if not problem}
        except Broken as error:
            raise ClusterError(f"the connection to the scheduler was lost ({error})") from None
    return tuple(
        Seen(address, None if isinstance(offer, Exception) else offer, problems[address], levels.get(address, {}))
        for address, offer in sorted(found.items())
    )


def _addresses(line: Line, patience: float) -> list[str]:
    end = time.monotonic() + patience
    while not (threads := line.ask(line.client.nthreads)):
        if time.monotonic() > end:
            raise ClusterError(f"the cluster has no worker, and none came for {patience:.0f} seconds. Start some.")
        time.sleep(0.2)
    return list(threads)


def _levels(line: Line, address: str) -> dict[str, str]:
    submit = line.client.submit
    future = line.ask(lambda: submit(remote.isolation, workers=[address], allow_other_workers=False, pure=False))
    try:
        found: dict[str, str] = line.ask(lambda: future.result(timeout=_ISOLATION_SECONDS))
    except TimeoutError:
        return {"unknown": f"no answer for {_ISOLATION_SECONDS:.0f} seconds: see its log"}
    return found
