"""Schedulers and workers of Dask as processes of their own, on this machine's loopback; and a wire that can be cut."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

from tiny_class import descendants, eventually

START_SECONDS = 200  # on a busy machine
DASK = Path(sys.executable).with_name("dask")


class Dask:
    """A scheduler and its workers; `close` ends them all."""

    def __init__(self, folder: Path, *options: str | Path, **environment: str) -> None:
        self._environment = environment
        self.folder, self._options = folder, options
        self.workers: list[subprocess.Popen[bytes]] = []
        self._port = _free_port()
        self.start_scheduler()

    @property
    def address(self) -> str:
        return f"{'tls' if self._options else 'tcp'}://127.0.0.1:{self._port}"

    def start_scheduler(self) -> None:
        words = ["scheduler", "--host", "127.0.0.1", "--port", str(self._port), "--no-dashboard", *self._options]
        self.scheduler = self._start("scheduler.log", *words)
        try:
            self._said("scheduler.log", "Scheduler at")
        except BaseException:
            self.close()
            raise

    def start_worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker, under a nanny unless `--no-nanny` is among the options, and wait until it is there."""
        name = f"worker{len(self.workers)}"
        scratch = self.folder / name
        scratch.mkdir()
        words = [
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
            "--memory-limit",
            "0",
        ]
        words += ["--local-directory", str(scratch), *options, *self._options]
        self.workers.append(self._start(f"{name}.log", *words, **environment))
        self._said(f"{name}.log", "Registered to")
        return self.workers[-1]

    def log(self, name: str) -> str:
        return (self.folder / name).read_text(errors="replace")

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            below = descendants(process.pid)
            process.kill()
            process.wait()
            for pid in below:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)

    def _start(self, log: str, *words: str | Path, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / log).open("wb") as output:
            command = [str(DASK), *map(str, words)]
            return subprocess.Popen(
                command, stdout=output, stderr=output, env=os.environ | self._environment | environment
            )

    def _said(self, log: str, words: str) -> None:
        eventually(lambda: re.search(words, self.log(log)), seconds=START_SECONDS)


class Wire:
    """A relay to a port of this machine, so that the connection through it can be cut."""

    def __init__(self, port: int) -> None:
        self._port, self._pairs = port, set[socket.socket]()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection; new ones can be made."""
        for end in tuple(self._pairs):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._server.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                ours, _ = self._server.accept()
                theirs = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                return
            self._pairs |= {ours, theirs}
            for reads, writes in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=self._relay, args=(reads, writes), daemon=True).start()

    def _relay(self, reads: socket.socket, writes: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := reads.recv(1 << 16):
                writes.sendall(data)
        for end in (reads, writes):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
