"""A submission that runs: its cells, then calls of its functions, across crashes and hangs.

A function that ends its process costs its own criteria only: the cells run again in a fresh child, without the cell
that was fatal, as long as revivals and time are left.
"""

from __future__ import annotations

import builtins
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import msgspec
import numpy as np

from autograder.errors import FunctionMissing, LimitExceeded, NotAttempted, StudentRaised
from autograder.sandbox.child import KILLED, Child, ChildDied
from autograder.sandbox.guest.wire import Call, Missing, Raised, Value
from autograder.sandbox.limits import Limits

__all__ = ["CellFailure", "StudentProcess", "Timing", "shown_kind"]

MAX_REVIVALS = 6
REHEARSAL = 30.0
STRIKES = 2  # after so many limits met by one function its other calls are not made: they would only cost time
MAX_LINE, MAX_TEXT = 120, 200
N_ = str  # marks a template for translation

LIMITS = {
    "time": N_("{what} did not finish within {seconds:g} seconds"),
    "memory": N_("{what} used more than {memory} MB of memory"),
    KILLED: N_("{what} used more than {memory} MB of memory"),  # by the kernel, if it happens twice
    "disk": N_("{what} wrote a file of more than {disk} MB"),
    "output": N_("{what} printed far more than {output} KB"),
    "crash": N_("{what} crashed Python"),
    "exit": N_("{what} ended Python"),
    "protocol": N_("{what} interfered with the grader"),
}
CELL_RAISED = N_("{kind}: {text} (line {line}: {code})")
CELL_RAISED_SOMEWHERE = N_("{kind}: {text}")
CELL_SKIPPED = N_("was not run: the cells before it ended Python too often, or used up the time")
RAISED_AT = N_("{name} raised {kind} in its line: {line}")
RAISED = N_("{name} raised {kind}")
BUDGET = N_("the submission used up its {seconds:g} seconds")
WORN_OUT = N_("Python was ended {times} times")
_LIMIT_ERRORS = {"TimeoutError": "time", "MemoryError": "memory"}
STRUCK = N_("{what} was not called again, because it met a limit {times} times")

_KNOWN_EXCEPTIONS = frozenset(
    name
    for module in (builtins, np.exceptions, np.linalg)
    for name, item in vars(module).items()
    if isinstance(item, type) and issubclass(item, BaseException)
)


class CellFailure(msgspec.Struct, frozen=True):
    """A cell (numbered from 1) that did not run to its end: a template and its parameters, safe to show."""

    cell: int
    template: str
    params: dict[str, Any]


class Timing(msgspec.Struct):
    """Wall seconds of one submission's parts: forking, running cells, calling functions, ending; and its processes."""

    spawn: float = 0.0
    cells: float = 0.0
    calls: float = 0.0
    close: float = 0.0
    processor: float = 0.0
    children: int = 0


class StudentProcess:
    """The student's side of a grading; use it as a context manager."""

    def __init__(self, spawn: Callable[[], Child], cells: Sequence[str], limits: Limits) -> None:
        self._spawn, self._sources, self._limits = spawn, tuple(cells), limits
        self._fatal: set[int] = set()
        self._failures: dict[int, CellFailure] = {}
        self._output: dict[int, str] = {}
        self._strikes: Counter[str] = Counter()
        self._revivals = 0
        self._excuses = 1
        self._end = time.monotonic() + limits.submission_seconds
        self._child: Child | None = None
        self.timing = Timing()
        try:
            self._boot()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> StudentProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def cell_errors(self) -> tuple[CellFailure, ...]:
        """The cells that failed, in order. Their texts stem from the time before any hidden input was sent."""
        return tuple(self._failures[cell] for cell in sorted(self._failures))

    @property
    def output(self) -> tuple[str, ...]:
        """What each cell printed, before any hidden input was sent; untrusted text, bounded."""
        return tuple(self._output.get(number, "") for number in range(1, len(self._sources) + 1))

    def call(
        self, name: str, args: Sequence[Any], kwargs: dict[str, Any] | None = None, *, want_arguments: bool = False
    ) -> tuple[Any, list[Any] | None]:
        """Call the student's function `name` with copies of the arguments.

        Gives its result and, with `want_arguments`, the positional arguments as the call left them.
        Raises NotAttempted, FunctionMissing, StudentRaised or LimitExceeded; SandboxError if the fault is ours.
        """
        if self._strikes[name] >= STRIKES:
            raise LimitExceeded(STRUCK, limit="time", what=name, times=STRIKES)
        child = self._living()
        started = time.perf_counter()
        try:
            seconds = self._limits.call_seconds
            sent = [list(args), kwargs or {}]
            request = Call(0, sent, name=name, seconds=seconds, want_arguments=want_arguments)
            reply = child.call(request, self._end)
        except ChildDied as death:
            if self._excused(death):
                return self.call(name, args, kwargs, want_arguments=want_arguments)
            raise self._exceeded(name, death.limit) from None
        finally:
            self.timing.calls += time.perf_counter() - started
        return self._answer(name, reply, want_arguments)

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Make calls that leave no trace in what follows: they use up no time, and no limit met in them counts.

        At most REHEARSAL seconds are given back. The process may be another one afterwards.
        """
        strikes, revivals, excuses = Counter(self._strikes), self._revivals, self._excuses
        started = time.monotonic()
        try:
            yield
            with suppress(LimitExceeded):
                self._living()  # a process that ended here is replaced here
        finally:
            self._strikes, self._revivals, self._excuses = strikes, revivals, excuses
            self._end += min(time.monotonic() - started, REHEARSAL)

    def close(self) -> None:
        """End the student's process, whatever it does."""
        if self._child is not None:
            started = time.perf_counter()
            self.timing.processor += self._child.close().processor
            self.timing.close += time.perf_counter() - started
            self._child = None

    def _answer(self, name: str, reply: Value | Missing | Raised, want_arguments: bool) -> tuple[Any, list[Any] | None]:
        match reply:
            case Missing():
                raise FunctionMissing(N_("{name} is not defined"), name=name)
            case Raised():
                raise self._raised(name, reply.kind, reply.cell, reply.line)
        if not want_arguments:
            return reply.value, None
        if type(reply.value) is not tuple or len(reply.value) != 2 or type(reply.value[1]) is not list:
            self.close()
            raise self._exceeded(name, "protocol")
        return reply.value[0], reply.value[1]

    def _raised(self, name: str, kind: str, cell: int, line: int) -> Exception:
        if kind == "NotImplementedError":
            return NotAttempted(N_("{name} is not attempted"), name=name)
        if kind in _LIMIT_ERRORS:
            self.close()  # the child lives, but in what state?
            return self._exceeded(name, _LIMIT_ERRORS[kind])
        code = self._quote(cell, line)
        return StudentRaised(RAISED_AT if code else RAISED, kind=shown_kind(kind), line=code, name=name)

    def _quote(self, cell: int, line: int) -> str:
        """Return a line of the submission itself; only its numbers come from the untrusted process."""
        if 1 <= cell <= len(self._sources):
            lines = self._sources[cell - 1].splitlines()
            if 1 <= line <= len(lines):
                return _clean(lines[line - 1].strip(), MAX_LINE)
        return ""

    def _exceeded(self, name: str, limit: str, seconds: float | None = None) -> LimitExceeded:
        self._strikes[name] += 1
        return LimitExceeded(
            LIMITS[limit], limit=limit, what=name, **self._bounds(seconds or self._limits.call_seconds)
        )

    def _excused(self, death: ChildDied) -> bool:
        """Return whether to try again: a killed process may have been an accident, but not twice."""
        if death.limit != KILLED or not self._excuses:
            return False
        self._excuses -= 1
        return True

    def _bounds(self, seconds: float) -> dict[str, Any]:
        limits = self._limits
        return {"seconds": seconds, "memory": limits.memory_mb, "disk": limits.disk_mb, "output": limits.output_kb}

    def _living(self) -> Child:
        if time.monotonic() > self._end:
            self.close()
            raise LimitExceeded(BUDGET, limit="time", seconds=self._limits.submission_seconds)
        if self._child is None or not self._child.alive:
            self.close()
            if self._revivals >= MAX_REVIVALS:
                raise LimitExceeded(WORN_OUT, limit="crash", times=MAX_REVIVALS + 1)
            self._revivals += 1
            self._boot()
        if self._child is None:
            raise LimitExceeded(WORN_OUT, limit="crash", times=MAX_REVIVALS + 1)
        return self._child

    def _boot(self) -> None:
        """Start a child and run the cells; after a fatal cell start again without it."""
        while True:
            died_in = self._run_cells()
            if died_in is None:
                return
            self._fatal.add(died_in)
            self.close()
            if time.monotonic() > self._end:
                self._skip_after(died_in)
                return
            if self._revivals >= MAX_REVIVALS // 2:  # keep some for the calls
                self._skip_after(died_in)
            self._revivals += 1

    def _skip_after(self, died_in: int) -> None:
        for cell in range(died_in + 1, len(self._sources) + 1):
            if cell not in self._fatal:
                self._fatal.add(cell)
                self._failures.setdefault(cell, CellFailure(cell, CELL_SKIPPED, {}))

    def _run_cells(self) -> int | None:
        started = time.perf_counter()
        self._child = self._spawn()
        self.timing.children += 1
        ready = time.perf_counter()
        self.timing.spawn += ready - started
        todo = [(i, source) for i, source in enumerate(self._sources, 1) if i not in self._fatal]
        done = 0
        try:
            for reply in self._child.cells(todo, self._limits.cell_seconds, self._end):
                self._note(todo[done][0], reply)
                done += 1
        except ChildDied as death:
            if self._excused(death):
                self.close()
                return self._run_cells()
            cell = todo[done][0] if done < len(todo) else 0
            self._met_limit(cell, death.limit)
            return cell
        finally:
            self.timing.cells += time.perf_counter() - ready
        return None

    def _met_limit(self, cell: int, limit: str) -> None:
        params = {"what": N_("this cell"), **self._bounds(self._limits.cell_seconds)}
        template = LIMITS[limit]
        if time.monotonic() > self._end:
            template, params = BUDGET, {"seconds": self._limits.submission_seconds}
        self._failures.setdefault(cell, CellFailure(cell, template, params))

    def _note(self, cell: int, reply: Value | Raised) -> None:
        if self.timing.children > 1 and cell in self._output:
            return  # only texts from before the first hidden input are kept
        self._output[cell] = reply.output[: self._limits.output_kb << 10]
        if isinstance(reply, Value):
            return
        kind, line = reply.kind, reply.line
        if kind in _LIMIT_ERRORS:
            self._fatal.add(cell)  # it would cost as much again in every revival
            self._met_limit(cell, _LIMIT_ERRORS[kind])
            return
        code = self._quote(reply.cell, line)
        params = {"kind": _clean(kind, 80), "text": _clean(reply.text, MAX_TEXT), "line": line, "code": code}
        self._failures.setdefault(cell, CellFailure(cell, CELL_RAISED if code else CELL_RAISED_SOMEWHERE, params))


def shown_kind(kind: str) -> str:
    """Return an exception's name if Python or NumPy define it: a student's own name could carry hidden inputs."""
    return kind if kind in _KNOWN_EXCEPTIONS else N_("an exception of its own")


def _clean(text: str, length: int) -> str:
    return "".join(c if c.isprintable() else " " for c in text[:length])
