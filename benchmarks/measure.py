"""Run a command and measure it: wall and processor seconds, peak memory of the whole tree, when each line came."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import msgspec
import psutil

__all__ = ["Memory", "Run", "run"]

SAMPLE_SECONDS = 0.2


class Run(msgspec.Struct, frozen=True):
    """One finished command. Processor seconds are its own and those of all descendants that were waited for."""

    seconds: float
    cpu_seconds: float
    exit_code: int
    lines: tuple[tuple[float, str], ...]

    def text(self) -> str:
        """Join what the command printed."""
        return "\n".join(line for _, line in self.lines)


def run(command: Sequence[str | Path], cwd: Path, timeout: float = 900.0) -> Run:
    """Run a command to its end, or kill it at the timeout; standard output and error are read together.

    This interpreter's folder comes first in PATH, as in an activated environment: nbgrader calls `alembic` by name.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    watchdog = threading.Timer(timeout, process.kill)
    watchdog.start()
    lines = [(time.perf_counter() - started, raw.decode(errors="replace").rstrip()) for raw in process.stdout]
    _, status, usage = os.wait4(process.pid, 0)
    watchdog.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    return Run(seconds, usage.ru_utime + usage.ru_stime, process.returncode, tuple(lines))


class Memory:
    """Sample the memory of all descendants of this process while the block runs; `peak` is in bytes.

    PSS: pages that several processes share count once.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(_pss(process) for process in _descendants()))


def _descendants() -> Iterator[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        yield from psutil.Process().children(recursive=True)


def _pss(process: psutil.Process) -> int:
    """Read the proportional set size; a process that ended meanwhile has none."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
