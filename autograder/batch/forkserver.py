"""The coordinator's handle on the fork server: one process that loads everything once and forks the workers."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from typing import IO

from autograder.batch.link import MAX_SETUP, Failed, Setup, pack, unpack
from autograder.errors import SandboxError

__all__ = ["ForkServer"]

# N workers on N cores: more threads for linear algebra would only stand in each other's way.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_GRACE = 5.0


class ForkServer:
    """A started fork server. Requests may be made before it has loaded everything: they wait in its socket."""

    def __init__(self, setup: Setup, log: IO[bytes], scratch: str) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.failure: Failed | None = None
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
        data = pack(setup)
        if len(data) > MAX_SETUP:
            self.close(tidy=False)
            raise SandboxError(f"{len(setup.assignments)} assignments are too many for one run: name some with --assignment")
        with contextlib.suppress(OSError):  # a dead server is noticed by those who wait for their worker
            self._socket.send(data)

    def fork(self, end: socket.socket) -> None:
        """Ask for a worker that talks through `end`."""
        with contextlib.suppress(OSError):
            socket.send_fds(self._socket, [b"fork"], [end.fileno()])

    def bury(self, pid: int, patience: float) -> str:
        """Wait for a worker that is ending by itself, make sure after `patience` seconds; tell how it had ended."""
        try:
            self._socket.settimeout(patience + _GRACE)
            self._socket.send(b"%d %f" % (pid, patience))
            return _ending(int(self._socket.recv(MAX_SETUP)))
        except (OSError, ValueError):
            return f"ended with its parent, which {self.close(tidy=False)}"

    def last_words(self, patience: float) -> Failed | None:
        """Wait a moment for the server's own word on why it cannot go on; None if it is well, or ended without one."""
        self._socket.settimeout(patience)
        with contextlib.suppress(OSError):
            data = self._socket.recv(MAX_SETUP)
            message = unpack(data) if data else None
            return message if isinstance(message, Failed) else None
        return None

    def close(self, *, tidy: bool) -> str:
        """End the server and every worker that is left; tell how it ended."""
        self._socket.close()
        if tidy:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE)
        if self._process.returncode is None:
            self._process.poll()
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # workers are in its group
        return _ending(self._process.wait())


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by signal {-code} ({signal.Signals(-code).name})"
        return f"was ended by signal {-code}"
    return f"ended with code {code}"
