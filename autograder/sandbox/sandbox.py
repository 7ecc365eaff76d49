"""The sandbox as the rest of the package uses it: choose a level, run submissions in it."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.errors import IsolationUnavailable, SandboxError
from autograder.sandbox.levels import BEST, LEVELS, Level, candidates
from autograder.sandbox.limits import Limits
from autograder.sandbox.zygote import Zygote

if TYPE_CHECKING:
    from autograder.sandbox.child import Child
    from autograder.sandbox.process import StudentProcess

__all__ = ["Sandbox", "available_levels", "preload_zygote"]

PRELOAD = ("numpy",)


class Sandbox:
    """A place to run submissions in, one after the other, each in a process of its own.

    `level` is the name of an isolation level, or `best`: the strongest that works here and isolates. `loading` is what
    `preload_zygote` returned, if it was called before. Raises IsolationUnavailable with reasons.
    """

    def __init__(
        self, limits: Limits, level: str = BEST, preload: Sequence[str] = PRELOAD, loading: Zygote | None = None
    ) -> None:
        self._limits, self._preload, self._loading = limits, tuple(preload), loading
        self.fallbacks: tuple[str, ...] = ()
        self._zygote = self._first(candidates(level))
        self.level = self._zygote.level.name

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, cells: Sequence[str]) -> StudentProcess:
        """Run the cells of one submission (Python as IPython takes it) and keep its process for calls."""
        from autograder.sandbox.process import StudentProcess

        return StudentProcess(self._spawn, cells, self._limits)

    def fork(self) -> int:
        """Fork this process, which must have one thread; both sides can run submissions afterwards, at the same time.

        Return what os.fork returns. Raises SandboxError if the sandbox is gone.
        """
        if not self._zygote.level.forks:
            number = os.fork()
            if number == 0:  # a folder of its own: the other side removes the one there is
                self._zygote = self._start(self._zygote.level)
            return number
        with self._shared() as shared:
            number = os.fork()
            if number == 0:
                self._zygote.adopt(shared.dup())
        return number

    def _shared(self) -> socket.socket:
        """Share the zygote; one that died is replaced once, as for a child."""
        try:
            return self._zygote.share()
        except SandboxError:
            self._zygote.close()
            self._zygote = self._start(self._zygote.level)
            return self._zygote.share()

    def close(self) -> None:
        """End every process of this sandbox."""
        self._zygote.close()

    def _start(self, level: Level) -> Zygote:
        loading, self._loading = self._loading, None
        if loading is None or loading.level is not level:
            loading = Zygote(level, self._preload)
        return loading.prepare(self._limits)

    def _first(self, wanted: Sequence[Level]) -> Zygote:
        if len(wanted) == 1:
            return self._start(wanted[0])
        reasons = []
        for level in wanted:
            try:
                zygote = self._start(level)
            except IsolationUnavailable as error:
                reasons.append(str(error))
            else:
                self.fallbacks = tuple(reasons)
                return zygote
        listed = "; ".join(reasons)
        raise IsolationUnavailable(
            f"students' code cannot be isolated on this machine ({listed}). To run it all the same, with a process "
            "boundary and resource limits only, ask for it by name: --sandbox process"
        )

    def _spawn(self) -> Child:
        """Fork a child; a zygote that died (out of memory, killed by hand) is replaced once."""
        try:
            return self._zygote.spawn()
        except SandboxError:
            self._zygote.close()
            self._zygote = self._start(self._zygote.level)
            return self._zygote.spawn()


def preload_zygote(level: str = BEST, preload: Sequence[str] = PRELOAD) -> Zygote | None:
    """Begin to load what a Sandbox of this level needs, before its limits are known; None if that cannot be done."""
    wanted = candidates(level) if level == BEST or level in LEVELS else ()
    chosen = next((each for each in wanted if not each.obstacle()), None)
    return Zygote(chosen, preload) if chosen else None


def available_levels(limits: Limits | None = None) -> dict[str, str]:
    """Try every level: its name -> empty if it works here, else the reason and the remedy."""
    found = {}
    for level in LEVELS:
        try:
            with Sandbox(limits or Limits(), level) as sandbox, sandbox.run(["x = 1"]) as student:
                found[level] = "" if not student.cell_errors else "a trial cell failed"
        except SandboxError as error:
            found[level] = str(error)
    return found
