"""The coordinator's handle on one worker process."""

from __future__ import annotations

import contextlib
import socket
import time
from collections import deque

from autograder.batch.forkserver import ForkServer
from autograder.batch.link import Link, Message, Ready, Stop, Task
from autograder.submission import Job

__all__ = ["Worker"]


class Worker:
    """A worker that was asked for, and the jobs it holds: one is being graded, a second waits so that it never idles.

    `pid` is 0 until the worker has said that it is ready.
    """

    def __init__(self, server: ForkServer) -> None:
        self.jobs: deque[Job] = deque()
        self.pid = 0
        self.failure = ""
        self._server = server
        self._ended = ""
        self.last_word = time.monotonic()
        ours, theirs = socket.socketpair()
        self.link = Link(ours)
        with theirs:
            server.fork(theirs)

    @property
    def ready(self) -> bool:
        """Whether the worker has asked for its first job."""
        return self.pid > 0

    def give(self, job: Job) -> None:
        """Hand over a job."""
        if not self.jobs:
            self.last_word = time.monotonic()
        self.jobs.append(job)
        self._send(Task(job))

    def receive(self) -> list[Message]:
        """Give what the worker said; EOFError if it is gone."""
        try:
            messages = self.link.receive()
        except ConnectionError:
            raise EOFError from None
        if messages:
            self.last_word = time.monotonic()
        for message in messages:
            if isinstance(message, Ready):
                self.pid = message.pid
        return messages

    def flush(self) -> None:
        with contextlib.suppress(OSError):  # a dead worker is noticed when it is read from
            self.link.flush()

    def dismiss(self) -> None:
        """Say that there is nothing more to do."""
        self._send(Stop())

    def bury(self, patience: float) -> str:
        """Wait for a process that is ending by itself, then make sure; tell how it had ended."""
        if not self._ended:
            self._ended = self._server.bury(self.pid, patience) if self.ready else "never began"
            self.link.close()
        return self._ended

    def _send(self, message: Message) -> None:
        with contextlib.suppress(OSError):
            self.link.send(message)
