"""The same criteria as an author writes them without this package: plain NumPy, inside the student's own process.

This text is put into the hidden cells of nbgrader's notebook and into otter's zip file.
"""

import copy
import inspect
import types
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["Answer", "Student", "expect", "run_check"]

RTOL, ATOL, SMALLEST_SCALE = 2e-5, 1e-6, 0.1


def close(got: Any, want: Any) -> None:
    """Fail unless `got` has the shape of `want` and its values up to rounding."""
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape, "wrong shape"
    scale = max(float(np.abs(want).max()), SMALLEST_SCALE)
    np.testing.assert_allclose(got, want, rtol=RTOL, atol=ATOL * scale)


def shape(got: Any, wanted: tuple[int, ...]) -> None:
    """Fail unless `got` has this shape."""
    assert np.shape(got) == wanted, "wrong shape"


def floating(got: Any) -> None:
    """Fail unless `got` holds floats."""
    assert np.asarray(got).dtype.kind == "f", "not floating-point numbers"


def finite(got: Any) -> None:
    """Fail if `got` holds nan or infinity."""
    assert np.isfinite(got).all(), "not finite"


def unchanged(before: Any, after: Any) -> None:
    """Fail unless both are the same."""
    assert np.array_equal(before, after), "the argument was changed"


def true(condition: Any, message: str, es: str = "") -> None:  # noqa: ARG001 - the criteria give both languages
    """Fail with `message` unless the condition holds."""
    assert condition, message


expect = types.SimpleNamespace(
    close=close, shape=shape, floating=floating, finite=finite, unchanged=unchanged, true=true
)


class Answer:
    """A student's function, called with copies of the arguments."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        return self.with_arguments(*args)[0]

    def with_arguments(self, *args: Any) -> tuple[Any, tuple[Any, ...]]:
        """Return the result, and the arguments as they are after the call."""
        copies = copy.deepcopy(args)
        return self._function(*copies), copies


class Student:
    """The functions that a student wrote, by name."""

    def __init__(self, functions: Mapping[str, Any]) -> None:
        self._functions = functions

    def __getattr__(self, name: str) -> Answer:
        return Answer(self._functions[name])


def run_check(test: Callable[..., None], reference: Any, functions: Mapping[str, Any]) -> None:
    """Run one criterion on a student's functions; it raises if the criterion fails."""
    fixtures = {
        "student": Student(functions),
        "reference": reference,
        "rng": np.random.default_rng(zlib.crc32(test.__name__.encode())),
    }
    test(**{name: fixtures[name] for name in inspect.signature(test).parameters})
