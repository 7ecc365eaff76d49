"""The connection to a scheduler, which may break: whoever asks through it learns that in one way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from distributed import CancelledError, Client
from distributed.client import ClosedClientError

from autograder.errors import ClusterError

__all__ = ["Broken", "Line"]

T = TypeVar("T")
MOST_BREAKS = 5  # without an answer between them


class Broken(Exception):
    """The connection broke; what was asked for may have been done or not, and every future is void."""


class Line:
    """A client of a scheduler."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._breaks = 0

    def ask(self, question: Callable[[], T]) -> T:
        """Ask something through the client; raises Broken if the connection fails."""
        try:
            return question()
        except TimeoutError:
            raise
        except (CancelledError, ClosedClientError, OSError) as error:
            raise Broken("its futures were cancelled" if isinstance(error, CancelledError) else _words(error)) from None

    def heard(self) -> None:
        """Note that an answer came."""
        self._breaks = 0

    def mend(self, cause: Broken) -> None:
        """Wait until the client has connected again, as long as Dask lets it try; raises ClusterError if it gave up."""
        self._breaks += 1
        time.sleep(0.2 * self._breaks)
        while self.client.status == "connecting":
            time.sleep(0.1)
        if self.client.status != "running" or self._breaks > MOST_BREAKS:
            raise ClusterError(
                f"the connection to the scheduler was lost ({cause}). See whether it runs, then run the same command "
                "again: what is graded is kept."
            )


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
