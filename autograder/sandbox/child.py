"""One student's process as the host sees it: requests with a deadline, and an end that leaves nothing."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

import numpy as np

from autograder.errors import SandboxError
from autograder.sandbox.guest.lockdown import ChildEnding
from autograder.sandbox.guest.shell import FLOOD_EXIT
from autograder.sandbox.guest.values import StoredArray
from autograder.sandbox.guest.wire import (
    Call,
    LockedDown,
    Missing,
    PipePair,
    ProtocolError,
    Raised,
    Reply,
    RunCells,
    StoreArray,
    Value,
)

__all__ = ["KILLED", "Child", "ChildDied", "kill_and_wait", "wait_for_end"]

START_SECONDS = 30.0
GRACE = 1.0  # seconds: the child's own clock rings first and keeps the child alive
STORE_FROM = 1 << 16  # bytes: read-only arrays from this size on are sent once per child
KILLED = "killed"


class ChildDied(Exception):
    """The process is gone; `limit` says why: time, memory, disk, output, crash, exit, protocol, or KILLED."""

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(limit)


class Child:
    """A student's process: `ended` waits a moment for its own end, `kill` ends it, `reap` tells how it ended."""

    def __init__(
        self, channel: PipePair, ended: Callable[[], bool], kill: Callable[[], None], reap: Callable[[], ChildEnding]
    ) -> None:
        self._channel, self._ended, self._kill, self._reap = channel, ended, kill, reap
        self._number = 0
        self._stored: dict[int, tuple[np.ndarray[Any, Any], int]] = {}
        self.ending: ChildEnding | None = None
        self._await_lock_down()

    def _await_lock_down(self) -> None:
        try:
            reply = self._channel.receive(time.monotonic() + START_SECONDS)
        except (TimeoutError, EOFError, OSError, ProtocolError) as error:
            self.close()
            raise SandboxError("a student's process could not be locked down: see `autograder doctor`") from error
        if not isinstance(reply, LockedDown):
            self.close()
            raise SandboxError("a student's process began with an answer")

    @property
    def alive(self) -> bool:
        """Whether requests can still be made."""
        return self.ending is None

    def cells(self, cells: Sequence[tuple[int, str]], seconds: float, until: float) -> Iterator[Value | Raised]:
        """Run cells in order, yielding each one's reply. Raises ChildDied in place of the reply of the fatal cell.

        `seconds` bounds each cell; `until`, on the monotonic clock, bounds them all.
        """
        if cells:
            request = RunCells(self._next(), list(cells), seconds)
            self._guarded(lambda: self._channel.send(request, _deadline(seconds, until)))
            for _ in cells:
                reply = self._reply(_deadline(seconds, until))
                yield self._die("protocol") if isinstance(reply, Missing) else reply

    def call(self, request: Call, until: float) -> Value | Missing | Raised:
        """Call a function of the student's (value: [args, kwargs]). Raises ChildDied, ValueProblem."""
        deadline = _deadline(request.seconds, until)
        args, kwargs = request.value
        request.value = [[self._handle(arg, deadline) for arg in args], kwargs]
        request.number = self._next()
        self._guarded(lambda: self._channel.send(request, deadline))
        return self._reply(deadline)

    def close(self) -> ChildEnding:
        """End the process and everything in it, and wait until it is gone."""
        if self.ending is None:
            self._kill()
            self.ending = self._reap()
            self._channel.close()
        return self.ending

    def _next(self) -> int:
        if self.ending is not None:
            raise SandboxError("a request was made to a process that has ended")
        self._number += 1
        return self._number

    def _handle(self, value: Any, deadline: float) -> Any:
        if type(value) is not np.ndarray or value.flags.writeable or value.nbytes < STORE_FROM:
            return value
        known = self._stored.get(id(value))
        if known is None or known[0] is not value:
            number = len(self._stored)
            self._guarded(lambda: self._channel.send(StoreArray(self._next(), value), deadline))
            known = self._stored[id(value)] = (value, number)
        return StoredArray(known[1])

    def _reply(self, deadline: float) -> Value | Missing | Raised:
        reply: Reply = self._guarded(lambda: self._channel.receive(deadline))
        return self._die("protocol") if isinstance(reply, LockedDown) or reply.number != self._number else reply

    def _guarded(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except TimeoutError:
            self._die("time")
        except (EOFError, BrokenPipeError, ConnectionError):
            self._die("" if self._ended() else "protocol")  # whoever closes the pipe and lives on plays with it
        except ProtocolError:
            self._die("protocol")

    def _die(self, limit: str) -> NoReturn:
        status = self.close().status
        raise ChildDied(limit or _cause(status))


def _cause(status: int) -> str:
    causes = {-signal.SIGXCPU: "time", -signal.SIGXFSZ: "disk", -signal.SIGKILL: KILLED, FLOOD_EXIT: "output"}
    return causes.get(status, "exit" if status >= 0 else "crash")


def _deadline(seconds: float, until: float) -> float:
    return min(time.monotonic() + 2 * seconds, until) + GRACE


def wait_for_end(pidfd: int) -> bool:
    """Wait a moment for the process behind `pidfd` to end by itself; tell whether it did."""
    return bool(select.select([pidfd], [], [], GRACE)[0])


def kill_and_wait(pidfd: int) -> None:
    """End the process behind `pidfd` (as pid 1 of a namespace it takes the namespace with it) and wait for that."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    if not select.select([pidfd], [], [], 10)[0]:
        raise SandboxError("a student's process survived SIGKILL for ten seconds")
    os.close(pidfd)
