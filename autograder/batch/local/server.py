"""What a fork server and its workers do: load graders once, fork, take jobs, give reports."""

from __future__ import annotations

import gc
import os
import queue
import signal
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING

from autograder.batch.local.messages import (
    MAX_SETUP,
    Done,
    Failed,
    Message,
    Ready,
    Setup,
    Stop,
    Task,
    frames,
    pack,
    unpack,
)
from autograder.batch.local.worker import die_with
from autograder.errors import AutograderError
from autograder.report import Report
from autograder.sandbox import Sandbox
from autograder.submission import Job

if TYPE_CHECKING:
    from autograder.sandbox.zygote import Zygote

__all__ = ["serve_coordinator"]

_REQUEST = 64  # bytes


def serve_coordinator(end: socket.socket, level: str, zygote: Zygote | None) -> int:
    """Serve the coordinator behind the socket; give the exit code. `zygote` is loading, if one can at this level."""
    server = _Server(end)
    try:
        server.work(level, zygote)
    except AutograderError as error:
        server.say(Failed(type(error).__name__, str(error)))
        return 1
    except Exception as error:
        traceback.print_exc()
        server.say(Failed(type(error).__name__, f"{type(error).__name__}: {error}"))
        return 1
    return 0


class _Server:
    """This process: first the fork server, then, in a forked copy, one worker. `_end` is its socket."""

    def __init__(self, end: socket.socket) -> None:
        end.set_inheritable(False)  # students' processes must not hold it
        self._end = end

    def say(self, message: Message) -> None:
        """Send one message to the coordinator."""
        self._end.sendall(pack(message))

    def work(self, level: str, zygote: Zygote | None) -> None:
        """Load everything and hand the loop over jobs to pytest."""
        from autograder.grading.session import grade_jobs_in_session

        setup = self._hear_setup()
        with Sandbox(setup.course.sandbox, level, loading=zygote) as sandbox:
            grade_jobs_in_session(setup.course, setup.assignments, sandbox, self._jobs(sandbox), self._emit)

    def _hear_setup(self) -> Setup:
        data, logs, *_ = socket.recv_fds(self._end, MAX_SETUP, 1)
        setup = unpack(data) if data else None
        if not isinstance(setup, Setup) or not logs:
            os._exit(1)  # the run ended before it began: there was nothing to grade
        for standard in (1, 2):
            os.dup2(logs[0], standard)
        os.close(logs[0])
        return setup

    def _emit(self, report: Report) -> None:
        self.say(Done(report))

    def _jobs(self, sandbox: Sandbox) -> Iterator[Job]:
        """Fork workers as the coordinator asks for them; in a worker, give its jobs."""
        inbox = self._forked(sandbox)
        if inbox is not None:
            while isinstance(message := inbox.get(), Task):
                yield message.job

    def _forked(self, sandbox: Sandbox) -> queue.SimpleQueue[Message] | None:
        """Return in every worker, with what the coordinator sends it; in the server at the end, with None.

        A request is a descriptor, the socket of a new worker; or a process id and seconds: wait for that worker's end,
        make sure of it after so many seconds, and answer how it ended.
        """
        gc.freeze()  # workers must not copy pages only because their collector looked at them
        gc.enable()
        server = os.getpid()
        while True:
            request, descriptors, *_ = socket.recv_fds(self._end, _REQUEST, 1)
            if not request:
                return None
            if not descriptors:
                pid, seconds = request.split()
                self._end.send(b"%d" % _bury(int(pid), float(seconds)))
            elif sandbox.fork() == 0:
                return self._become_worker(server, descriptors[0])
            else:
                os.close(descriptors[0])

    def _become_worker(self, server: int, descriptor: int) -> queue.SimpleQueue[Message]:
        die_with(server)
        self._end.close()
        self._end = socket.socket(fileno=descriptor)
        inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(self._end, inbox), daemon=True).start()
        self.say(Ready(os.getpid()))
        return inbox


def _bury(pid: int, patience: float) -> int:
    """Wait for a worker that is ending by itself, then make sure; give its exit code, negative for a signal."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


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
