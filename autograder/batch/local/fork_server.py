"""The coordinator's handle on the fork server, a process that loads graders once and forks the workers."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from autograder.errors import SandboxError

if TYPE_CHECKING:
    from autograder.batch.local.messages import Failed, Setup

__all__ = ["ForkServer"]

# With one worker per core, more threads for linear algebra would only compete with each other.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_GRACE = 5.0
_MAX_ANSWER = 1 << 17  # bytes; the longest answer is the reason for a failed start


class ForkServer:
    """A running fork server. It imports what it can before `prepare` tells it the course.

    Workers may be requested before it is ready: requests wait in its socket. Temporary files of all its processes are
    in one folder, which is removed at the end even if they were killed.
    """

    def __init__(self, level: str) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True)
        Path(self._scratch.name).chmod(0o755)  # sandboxes that run as other users are in folders below
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.prepared = self.ended = False
        with theirs:
            numbers = [str(os.getpid()), str(theirs.fileno())]
            command = [sys.executable, "-P", "-m", "autograder.batch.local.worker", *numbers, level]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, **_ONE_THREAD, "TMPDIR": self._scratch.name},
                process_group=0,  # Ctrl-C reaches only the coordinator, which then ends the workers
            )

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close(graceful=False)

    def prepare(self, setup: Setup, log: IO[bytes]) -> None:
        """Send what is to be graded, and the file for output. Raises SandboxError if it does not fit a packet."""
        from autograder.batch.local.messages import MAX_SETUP, pack

        self.prepared = True
        data = pack(setup)
        if len(data) > MAX_SETUP:
            raise SandboxError(f"{len(setup.assignments)} assignments are too many for one run: name an --assignment")
        with contextlib.suppress(OSError):  # a dead server is noticed when a worker does not start
            socket.send_fds(self._socket, [data], [log.fileno()])

    def fork(self, end: socket.socket) -> None:
        """Request a worker that communicates through `end`."""
        with contextlib.suppress(OSError):
            socket.send_fds(self._socket, [b"fork"], [end.fileno()])

    def wait(self, pid: int, timeout: float) -> str:
        """Wait for a worker to exit, kill it after `timeout` seconds, and return how it ended."""
        try:
            self._socket.settimeout(timeout + _GRACE)
            self._socket.send(b"%d %f" % (pid, timeout))
            return _ending(int(self._socket.recv(_MAX_ANSWER)))
        except (OSError, ValueError):
            return f"ended with its parent, which {self.close(graceful=False)}"

    def failure(self, timeout: float) -> Failed | None:
        """Wait for the server's reason why it cannot continue; None if there is none, or it ended without one."""
        from autograder.batch.local.messages import Failed, unpack

        try:
            self._socket.settimeout(timeout)
            data = self._receive()
        except OSError:
            return None
        message = unpack(data) if data else None
        return message if isinstance(message, Failed) else None

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(_MAX_ANSWER)
        except ConnectionResetError:  # it ended with requests unread; what it sent can still be received
            return self._socket.recv(_MAX_ANSWER)

    def close(self, *, graceful: bool) -> str:
        """End the server and its workers, and return how it ended. If `graceful`, let it exit by itself first."""
        self.ended = True
        if graceful and self.prepared:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)
                self._socket.settimeout(_GRACE)
                self._socket.recv(_MAX_ANSWER)  # returns when it ends, while waiting for a process would poll
                self._process.wait(_GRACE)
        self._socket.close()
        if self._process.returncode is None:
            self._process.poll()
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # workers are in its group
        ending = _ending(self._process.wait())
        self._scratch.cleanup()
        return ending


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by signal {-code} ({signal.Signals(-code).name})"
        return f"was ended by signal {-code}"
    return f"ended with code {code}"
