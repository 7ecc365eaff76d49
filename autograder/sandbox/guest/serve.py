"""A child's loop: run cells, call functions, answer. Student code may forge every answer; the host trusts none."""

from __future__ import annotations

import builtins
import os
import signal
from collections.abc import Callable
from typing import Any

from .shell import Output, Shell, encodable, redirected
from .values import Opaque, ValueProblem
from .wire import Call, LockedDown, Missing, PipePair, Raised, Reply, RunCells, StoreArray, Value

# Student code may replace what `builtins` holds: the functions below keep what it held when this module was imported.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]  # Python accepts a dict as well as the module

__all__ = ["serve_requests"]

MAX_TEXT = 2000
# What this server cannot work without; who replaces it would get answers that nobody can explain.
_NEEDED = "isinstance type len str int float list tuple dict set bytes memoryview callable getattr min sum".split()
_ORIGINALS = {name: getattr(builtins, name) for name in _NEEDED}
_PROCESSOR, _WALL = getattr(signal, "ITIMER_PROF", None), getattr(signal, "ITIMER_REAL", None)


class _Clock:
    """Interrupts code that computes for longer than its limit, or sleeps for twice as long.

    Processor time is what counts: on a busy machine a slow neighbour must not cost a student points.
    """

    def __init__(self) -> None:
        self._armed = False
        if _PROCESSOR is not None:
            signal.signal(signal.SIGPROF, self._ring)
            signal.signal(signal.SIGALRM, self._ring)

    def _ring(self, *_: Any) -> None:
        if self._armed:
            raise TimeoutError("time limit")

    def start(self, seconds: float) -> None:
        if _PROCESSOR is not None and _WALL is not None and seconds > 0:
            self._armed = True
            signal.setitimer(_PROCESSOR, seconds, 0.05)  # again and again: code may swallow the first exception
            signal.setitimer(_WALL, 2 * seconds, 0.05)

    def stop(self) -> None:
        self._armed = False
        if _PROCESSOR is not None and _WALL is not None:
            signal.setitimer(_PROCESSOR, 0)
            signal.setitimer(_WALL, 0)


class _Server:
    def __init__(self, channel: PipePair, shell: Shell, keep_output: int) -> None:
        self._channel, self._shell, self._keep = channel, shell, keep_output
        self._clock = _Clock()
        self._stored: list[Any] = []

    def loop(self) -> None:
        while True:
            try:
                request = self._channel.receive(stored=lambda number: self._stored[number].copy())
            except EOFError:
                os._exit(0)
            match request:
                case RunCells():
                    for number, source in request.cells:
                        self._answer(request, self._cell, number, source)
                case StoreArray():
                    self._stored.append(request.value)
                case Call():
                    self._call(request)

    def _cell(self, number: int, source: str) -> None:
        self._shell.run(number, source)

    def _call(self, request: Call) -> None:
        if callable(self._shell.namespace.get(request.name)):
            self._answer(request, self._function, request)
        else:
            self._send(Missing(request.number))

    def _function(self, request: Call) -> Any:
        args, kwargs = request.value
        result = self._shell.namespace[request.name](*args, **kwargs)
        return (result, list(args)) if request.want_arguments else result

    def _answer(self, request: RunCells | Call, work: Callable[..., Any], *args: Any) -> None:
        output, value, error = Output(self._keep), None, None
        with redirected(output):
            try:
                self._clock.start(request.seconds)
                try:
                    value = work(*args)
                finally:
                    self._clock.stop()
            except BaseException as caught:  # sys.exit and KeyboardInterrupt too are answers of a student's code
                error = caught
        _exit_if_tampered()
        if error is None:
            return self._send(Value(request.number, value, output=output.text()))
        return self._send(self._raised(request.number, error, output))

    def _send(self, reply: Reply) -> None:
        number = reply.number
        try:
            self._channel.send(reply)
        except (ValueProblem, RecursionError, UnicodeEncodeError):  # the last: half of a surrogate pair in a string
            self._channel.send(Value(number, Opaque("object")))

    def _raised(self, number: int, error: BaseException, output: Output) -> Raised:
        cell, line = self._shell.place(error)
        try:
            text = encodable(str(error)[:MAX_TEXT])
        except BaseException:  # a student's __str__ may do anything
            text = ""
        name = str(type(error).__name__)[:80]
        return Raised(number, name, cell, line, text, output.text())


def _exit_if_tampered() -> None:
    """End this process if builtins were replaced: the host runs the cells again without the one that did it."""
    for name, original in _ORIGINALS.items():
        if builtins.__dict__.get(name) is not original:
            os._exit(1)


def serve_requests(channel: PipePair, shell: Shell, keep_output: int) -> None:
    """Answer requests until the host closes the pipe; never returns normally."""
    try:
        channel.send(LockedDown(0))  # the host's only proof that the lock-down worked: sent before any student code
        _Server(channel, shell, keep_output).loop()
    finally:
        os._exit(1)
