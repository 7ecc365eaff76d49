"""The coordinator's handle on one worker process."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from typing import IO

from autograder.batch.link import Link, Message, Setup, Stop, Task
from autograder.submission import Job

__all__ = ["Worker"]

# N workers on N cores: more threads for linear algebra would only stand in each other's way.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Worker:
    """A started worker and the jobs it holds: the first is being graded, a second one waits so that it never idles."""

    def __init__(self, setup: Setup, log: IO[bytes], scratch: str) -> None:
        self.jobs: deque[Job] = deque()
        self.ready = False
        self.failure = ""
        self._ended = False
        self.last_word = time.monotonic()
        ours, theirs = socket.socketpair()
        self.link = Link(ours)
        with theirs:
            command = [sys.executable, "-P", "-m", "autograder.batch.worker", str(os.getpid()), str(theirs.fileno())]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[theirs.fileno()],
                env={**os.environ, **_ONE_THREAD, "TMPDIR": scratch},
                process_group=0,  # Ctrl-C is for the coordinator, which then ends the workers
            )
        self._send(setup)

    @property
    def pid(self) -> int:
        return self._process.pid

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
        return messages

    def flush(self) -> None:
        with contextlib.suppress(OSError):  # a dead worker is noticed when it is read from
            self.link.flush()

    def dismiss(self) -> None:
        """Say that there is nothing more to do."""
        self._send(Stop())

    def kill(self) -> str:
        """End the process and all of its group now; give how it had ended, as words."""
        if not self._ended:
            self._ended = True
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self.link.close()
        return _ending(self._process.returncode)

    def bury(self, patience: float) -> str:
        """Wait for a process that is ending by itself, then make sure."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        return self.kill()

    def _send(self, message: Message) -> None:
        with contextlib.suppress(OSError):
            self.link.send(message)


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by signal {-code} ({signal.Signals(-code).name})"
        return f"was ended by signal {-code}"
    return f"ended with code {code}"
