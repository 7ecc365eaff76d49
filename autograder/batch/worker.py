"""A worker process: one sandbox, one grading session, jobs in, reports out. Started by `pool`, ends with it."""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.batch.link import Done, Failed, Message, Ready, Setup, Stop, Task, frames, pack
from autograder.errors import AutograderError
from autograder.report import Report
from autograder.submission import Job

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

__all__ = ["main"]

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def main() -> int:
    """Serve the coordinator whose process id and socket are the two arguments."""
    parent, descriptor = int(sys.argv[1]), int(sys.argv[2])
    _die_with(parent)
    end = socket.socket(fileno=descriptor)
    end.set_inheritable(False)  # students' processes must not hold it
    inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(end, inbox), daemon=True).start()
    try:
        _work(end, inbox)
    except AutograderError as error:
        end.sendall(pack(Failed(type(error).__name__, str(error))))
        return 1
    except Exception as error:
        traceback.print_exc()
        end.sendall(pack(Failed(type(error).__name__, f"{type(error).__name__}: {error}")))
        return 1
    return 0


def _work(end: socket.socket, inbox: queue.SimpleQueue[Message]) -> None:
    # Imported here, so that the parent's death is already being watched while they load; the grader meanwhile.
    threading.Thread(target=import_module, args=("autograder.grading.session",), daemon=True).start()
    from autograder import course as courses  # noqa: PLC0415
    from autograder.sandbox import Sandbox  # noqa: PLC0415

    setup = inbox.get()
    if not isinstance(setup, Setup):
        raise TypeError(f"a worker's first message was {type(setup).__name__}")
    loaded = courses.load(Path(setup.course))
    assignments = tuple(_assignment(loaded, name, setup.baselines) for name in setup.assignments)

    def emit(report: Report) -> None:
        end.sendall(pack(Done(report)))

    with Sandbox(setup.limits, setup.level) as sandbox:
        from autograder.grading.session import run  # noqa: PLC0415

        run(loaded, assignments, sandbox, _jobs(end, inbox), emit)


def _assignment(course: Course, name: str, baselines: dict[str, str]) -> Assignment:
    from msgspec.structs import replace  # noqa: PLC0415 - see _work

    found = course.assignment(name)
    return replace(found, baseline=Path(baselines[name])) if name in baselines else found


def _jobs(end: socket.socket, inbox: queue.SimpleQueue[Message]) -> Iterator[Job]:
    end.sendall(pack(Ready()))
    while isinstance(message := inbox.get(), Task):
        yield message.job


def _listen(end: socket.socket, inbox: queue.SimpleQueue[Message]) -> None:
    """Pass messages on; when the coordinator is gone without a word, so is this process, whatever it is doing."""
    buffer = bytearray()
    while data := end.recv(1 << 20):
        buffer += data
        for message in frames(buffer):
            inbox.put(message)
            if isinstance(message, Stop):
                return
    os._exit(1)


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent: quicker than noticing that the socket closed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
