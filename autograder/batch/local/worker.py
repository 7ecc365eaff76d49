"""The entry point of the processes that grade: a fork server, which loads graders and a sandbox, and its workers.

`fork_server` starts the server. A worker takes jobs from the coordinator and sends reports until it is stopped. Both
end with the process that started them. This module starts the zygote, which imports its modules on another core,
before it imports what the server needs.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import sys

from autograder.sandbox.sandbox import preload_zygote

__all__ = ["die_with", "main"]

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def main() -> int:
    """Serve the coordinator whose process id and socket are the first arguments; the third is the isolation level."""
    gc.disable()  # modules that are imported now stay; there is no garbage before the first job
    parent, descriptor, level = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    die_with(parent)
    zygote = preload_zygote(level)
    from autograder.batch.local.server import serve_coordinator

    return serve_coordinator(socket.socket(fileno=descriptor), level, zygote)


def die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, which is faster than noticing a closed socket."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # there is nothing to clean up, and freeing every module takes time
