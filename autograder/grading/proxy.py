"""The proxy of a student in hidden tests: its attributes are the functions of a submission, and calls are recorded.

The functions run in a `StudentCode`: in the sandbox for a submission, in this process for the reference or a
misconception.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import msgspec
import numpy as np

from autograder.errors import FunctionMissing, GraderError, LimitExceeded, NotAttempted, StudentFailure, StudentRaised
from autograder.sandbox import CellFailure, Opaque, ValueProblem
from autograder.sandbox.guest.values import encode_value, round_trip
from autograder.sandbox.process import shown_kind

__all__ = ["LocalCode", "ProcessRunner", "RecordedCall", "Student", "StudentCode", "StudentFunction", "take_calls"]

MAX_RECORDED = 1 << 20  # bytes
_TOO_LARGE = Opaque("too large to be kept")  # which is like nothing else


class StudentCode(Protocol):
    """Where the functions of one submission run."""

    @property
    def cell_errors(self) -> tuple[CellFailure, ...]:
        """Cells that did not run to their end; safe to show."""
        ...

    def call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, want_arguments: bool = False
    ) -> tuple[Any, list[Any] | None]:
        """Call a function on copies of the arguments; return its value, and the arguments afterwards if wanted.

        Raises:
            StudentFailure: the function did not return.
            SandboxError: the sandbox broke down.
        """
        ...

    def rehearsal(self) -> AbstractContextManager[None]:
        """Allow calls that do not count: a limit exceeded in them has no effect on later calls."""
        ...


class ProcessRunner(Protocol):
    """What runs the cells of a submission: the sandbox."""

    @property
    def level(self) -> str:
        """The isolation level in force."""
        ...

    def run(self, cells: Sequence[str]) -> AbstractContextManager[StudentCode]:
        """Run the cells in order and keep the process for calls until the context ends."""
        ...


@dataclass(frozen=True)
class RecordedCall:
    """One call of a function: what went in, and what came out or which failure.

    Arguments are kept, not copied: a comparison of two runs of a test sees them as the test left them in both.
    """

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Any = None
    args_after: Any = None
    failure: StudentFailure | None = None

    @cached_property
    def inputs(self) -> tuple[bytes, ...]:
        """What went in, as bytes: equal for equal arguments, and quick to compare once made."""
        arrays: list[np.ndarray[Any, Any]] = []
        header = msgspec.msgpack.encode(encode_value((self.args, self.kwargs), arrays))
        return header, *(f"{array.dtype.str}{array.shape}".encode() + array.tobytes() for array in arrays)


def _weight(value: Any) -> int:
    """Estimate the bytes of a plain value."""
    if type(value) in (list, tuple):
        return 64 * len(value) + sum(map(_weight, value))
    if type(value) is dict:
        return 128 * len(value) + sum(map(_weight, value.values()))
    return value.nbytes if type(value) is np.ndarray else 64 + (len(value) if type(value) in (str, bytes, set) else 0)


class StudentFunction:
    """A function of the student; a call runs it on copies of the arguments."""

    __slots__ = ("_calls", "_name", "_process")

    def __init__(self, name: str, process: StudentCode, calls: list[RecordedCall]) -> None:
        self._name = name
        self._process = process
        self._calls = calls

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function and return its value; raises StudentFailure if it does not return one."""
        return self._recorded(args, kwargs, want_arguments=False)[0]

    def with_arguments(self, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...]]:
        """Call the student's function and return its value and the positional arguments as it left them."""
        value, args_after = self._recorded(args, kwargs, want_arguments=True)
        return value, tuple(args_after)

    def _recorded(self, args: tuple[Any, ...], kwargs: dict[str, Any], *, want_arguments: bool) -> tuple[Any, Any]:
        try:
            value, after = self._process.call(self._name, args, kwargs, want_arguments=want_arguments)
        except StudentFailure as failure:
            self._calls.append(RecordedCall(self._name, args, kwargs, failure=failure))
            raise
        if _weight((value, after)) <= MAX_RECORDED:  # a diagnosis keeps all calls of a submission at the same time
            self._calls.append(RecordedCall(self._name, args, kwargs, value, after))
        else:
            self._calls.append(RecordedCall(self._name, args, kwargs, _TOO_LARGE))
        return value, after


class Student:
    """What the fixture `student` gives: `student.softmax(z)` calls the function softmax of one submission."""

    def __init__(self, process: StudentCode) -> None:
        self._process = process
        self._calls: list[RecordedCall] = []

    def __getattr__(self, name: str) -> StudentFunction:
        """Return the student's function of this name; whether it exists shows when it is called."""
        if name.startswith("_"):
            raise AttributeError(name)
        function = StudentFunction(name, self._process, self._calls)
        self.__dict__[name] = function  # the next look-up does not come here
        return function


def take_calls(student: Student) -> tuple[RecordedCall, ...]:
    """Return the calls recorded since the last time, and forget them."""
    calls = tuple(student._calls)
    student._calls.clear()
    return calls


class LocalCode:
    """Code of the course that runs in this process: a namespace of functions, called on copies of the arguments.

    Values are converted as on the way to the sandbox and back, and failures become the same exceptions.
    """

    cell_errors: tuple[CellFailure, ...] = ()

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace

    def call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, want_arguments: bool = False
    ) -> tuple[Any, list[Any] | None]:
        """Call a function of the namespace, see `StudentCode`; raises GraderError if an argument cannot be sent."""
        function = self._namespace.get(name)
        if not callable(function):
            raise FunctionMissing("{name} is not defined", name=name)
        copies, named = _arguments(name, (list(args), kwargs))
        value = _guarded(name, function, copies, named)
        return round_trip(value), round_trip(copies) if want_arguments else None

    def rehearsal(self) -> AbstractContextManager[None]:
        """Do nothing: no call here meets a limit that counts."""
        return nullcontext()


def _arguments(name: str, arguments: tuple[list[Any], dict[str, Any]]) -> tuple[list[Any], dict[str, Any]]:
    try:
        arrived = round_trip(arguments)
    except ValueProblem as problem:
        raise GraderError(f"an argument of student.{name} cannot be sent to a sandbox: {problem}") from problem
    if _opaque(arrived):
        raise GraderError(
            f"an argument of student.{name} cannot be sent to a sandbox: "
            "pass numbers, text, numeric arrays, and lists, tuples or dicts of those"
        )
    return arrived  # type: ignore[no-any-return]  # msgpack gives back what was sent


def _opaque(value: Any) -> bool:
    if type(value) is dict:
        return any(map(_opaque, value.values()))
    return any(map(_opaque, value)) if type(value) in (list, tuple) else type(value) is Opaque


def _guarded(name: str, function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]) -> Any:
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return function(*args, **kwargs)
    except NotImplementedError:
        raise NotAttempted("{name} is not attempted", name=name) from None
    except MemoryError as error:
        raise LimitExceeded("{what} used more memory than there is", limit="memory", what=name) from error
    except Exception as error:
        raise StudentRaised("{name} raised {kind}", kind=shown_kind(type(error).__name__), name=name) from error
