"""The coordinator's handle on the fork server: one process that loads everything once and forks the workers."""

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

# N workers on N cores: more threads for linear algebra would only stand in each other's way.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_GRACE = 5.0
_ANSWER = 1 << 17  # bytes; the longest is a reason for not starting


class ForkServer:
    """A started fork server, loading what it can before it knows the course: `prepare` tells it that.

    Then workers may be asked for at once: requests wait in its socket. Whatever these processes leave behind, killed as
    they may be, goes with a folder for temporary files.
    """

    def __init__(self, level: str) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True)
        Path(self._scratch.name).chmod(0o755)  # sandboxes of other users stand in folders below
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
                process_group=0,  # Ctrl-C is for the coordinator, which then ends the workers
            )

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close(tidy=False)

    def prepare(self, setup: Setup, log: IO[bytes]) -> None:
        """Say what is to be graded, and where what is printed goes. Raises SandboxError if that is too much to say."""
        from autograder.batch.local.messages import MAX_SETUP, pack

        self.prepared = True
        data = pack(setup)
        if len(data) > MAX_SETUP:
            raise SandboxError(f"{len(setup.assignments)} assignments are too many for one run: name an --assignment")
        with contextlib.suppress(OSError):  # a dead server is noticed by those who wait for their worker
            socket.send_fds(self._socket, [data], [log.fileno()])

    def fork(self, end: socket.socket) -> None:
        """Ask for a worker that talks through `end`."""
        with contextlib.suppress(OSError):
            socket.send_fds(self._socket, [b"fork"], [end.fileno()])

    def bury(self, pid: int, patience: float) -> str:
        """Wait for a worker that is ending by itself, make sure after `patience` seconds; tell how it had ended."""
        try:
            self._socket.settimeout(patience + _GRACE)
            self._socket.send(b"%d %f" % (pid, patience))
            return _ending(int(self._socket.recv(_ANSWER)))
        except (OSError, ValueError):
            return f"ended with its parent, which {self.close(tidy=False)}"

    def last_words(self, patience: float) -> Failed | None:
        """Wait a moment for the server's own word on why it cannot go on; None if it is well, or ended without one."""
        from autograder.batch.local.messages import Failed, unpack

        try:
            self._socket.settimeout(patience)
            data = self._received()
        except OSError:
            return None
        message = unpack(data) if data else None
        return message if isinstance(message, Failed) else None

    def _received(self) -> bytes:
        try:
            return self._socket.recv(_ANSWER)
        except ConnectionResetError:  # it ended before it had read all requests: what it said still follows
            return self._socket.recv(_ANSWER)

    def close(self, *, tidy: bool) -> str:
        """End the server and every worker that is left; tell how it ended. `tidy` gives it time to end by itself."""
        self.ended = True
        if tidy and self.prepared:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)
                self._socket.settimeout(_GRACE)
                self._socket.recv(_ANSWER)  # its end, at once: waiting for a process means looking again and again
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
