"""The fork server and its workers: load graders once, fork, take jobs, send reports."""

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
    pack,
    take_messages,
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
    """Serve the coordinator at the other end of the socket and return the exit code. A `zygote` may be starting."""
    server = _Server(end)
    try:
        server.run(level, zygote)
    except AutograderError as error:
        server.send(Failed(type(error).__name__, str(error)))
        return 1
    except Exception as error:
        traceback.print_exc()
        server.send(Failed(type(error).__name__, f"{type(error).__name__}: {error}"))
        return 1
    return 0


class _Server:
    """This process: the fork server, and in each forked copy, a worker. `_end` is its socket to the coordinator."""

    def __init__(self, end: socket.socket) -> None:
        end.set_inheritable(False)  # students' processes must not hold it
        self._end = end

    def send(self, message: Message) -> None:
        """Send one message to the coordinator."""
        self._end.sendall(pack(message))

    def run(self, level: str, zygote: Zygote | None) -> None:
        """Load everything and start the pytest session that grades the jobs."""
        from autograder.grading.session import grade_jobs_in_session

        setup = self._receive_setup()
        with Sandbox(setup.course.sandbox, level, loading=zygote) as sandbox:
            grade_jobs_in_session(setup.course, setup.assignments, sandbox, self._jobs(sandbox), self._emit)

    def _receive_setup(self) -> Setup:
        data, logs, *_ = socket.recv_fds(self._end, MAX_SETUP, 1)
        setup = unpack(data) if data else None
        if not isinstance(setup, Setup) or not logs:
            os._exit(1)  # the coordinator ended before it sent anything
        for standard in (1, 2):
            os.dup2(logs[0], standard)
        os.close(logs[0])
        return setup

    def _emit(self, report: Report) -> None:
        self.send(Done(report))

    def _jobs(self, sandbox: Sandbox) -> Iterator[Job]:
        """Fork workers as the coordinator asks for them; in a worker, yield its jobs."""
        inbox = self._fork_workers(sandbox)
        if inbox is not None:
            while isinstance(message := inbox.get(), Task):
                yield message.job

    def _fork_workers(self, sandbox: Sandbox) -> queue.SimpleQueue[Message] | None:
        """Return in each worker with the messages it receives, and in the server, at the end, with None.

        A request is either a descriptor, the socket of a new worker, or a process id and a timeout in seconds: wait for
        that worker, kill it after the timeout, and answer with its exit code.
        """
        gc.freeze()  # or a worker's garbage collector would touch, and so copy, every page
        gc.enable()
        server = os.getpid()
        while True:
            request, descriptors, *_ = socket.recv_fds(self._end, _REQUEST, 1)
            if not request:
                return None
            if not descriptors:
                pid, timeout = request.split()
                self._end.send(b"%d" % _wait_or_kill(int(pid), float(timeout)))
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
        self.send(Ready(os.getpid()))
        return inbox


def _wait_or_kill(pid: int, timeout: float) -> int:
    """Wait for a worker to exit, kill it after `timeout` seconds, and return its exit code (negative: a signal)."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _listen(end: socket.socket, inbox: queue.SimpleQueue[Message]) -> None:
    """Queue messages; if the coordinator disappears without a Stop, end this process whatever it is doing."""
    buffer = bytearray()
    while data := end.recv(1 << 20):
        buffer += data
        for message in take_messages(buffer):
            inbox.put(message)
            if isinstance(message, Stop):
                return
    os._exit(1)
