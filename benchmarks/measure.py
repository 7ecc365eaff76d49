"""Run a command and measure it: wall and processor seconds, peak memory of the whole tree, when each line came."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import msgspec
import psutil

__all__ = ["Memory", "Run", "pss", "run"]

SAMPLE_SECONDS = 0.2
ADOPTION_SECONDS = 2.0
PR_SET_CHILD_SUBREAPER = 36
END = "end of the command: "  # followed by the clock


class Run(msgspec.Struct, frozen=True):
    """One finished command. Processor seconds are its own and those of all its descendants."""

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
    words = [str(word) for word in command]
    reads, writes = os.pipe()
    started = time.perf_counter()
    keeper = os.fork()
    if keeper == 0:
        _keep(words, cwd, {**os.environ, "PATH": path}, writes)
    os.close(writes)
    watchdog = threading.Timer(timeout, os.killpg, (keeper, signal.SIGKILL))
    watchdog.start()
    with open(reads, "rb") as output:  # noqa: PTH123 - a descriptor
        lines = [(time.perf_counter() - started, raw.decode(errors="replace").rstrip()) for raw in output]
    _, status, usage = os.wait4(keeper, 0)
    watchdog.cancel()
    seconds = lines.pop()[1].partition(END)[2] if lines and END in lines[-1][1] else ""
    if not seconds:
        raise RuntimeError(f"{words[0]} was ended after {timeout:g} s")
    code = os.waitstatus_to_exitcode(status)
    printed = tuple(lines[:-1] if lines and not lines[-1][1] else lines)
    return Run(float(seconds) - started, usage.ru_utime + usage.ru_stime, code, printed)


def _keep(words: list[str], cwd: Path, environment: dict[str, str], output: int) -> None:
    """Run the command in this fork and adopt whatever it leaves behind, so that all its processor time is counted.

    A sandbox's first process ends after the program that started it, and would be nobody's child.
    """
    try:
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        os.chdir(cwd)
        null = os.open(os.devnull, os.O_RDONLY)
        for descriptor, standard in ((null, 0), (output, 1), (output, 2)):
            os.dup2(descriptor, standard)
        command = os.posix_spawnp(words[0], words, environment)
        _, status = os.waitpid(command, 0)
        os.write(1, f"\n{END}{time.perf_counter()}\n".encode())
        _adopt(ADOPTION_SECONDS)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    finally:
        os._exit(127)


def _adopt(seconds: float) -> None:
    end = time.monotonic() + seconds
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.005)


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
            self.peak = max(self.peak, sum(pss(process) for process in _descendants()))


def _descendants() -> Iterator[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        yield from psutil.Process().children(recursive=True)


def pss(process: psutil.Process) -> int:
    """Read the proportional set size in bytes; a process that ended meanwhile has none."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
