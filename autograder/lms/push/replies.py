"""Answers that do not have the form they should: an error with words, never a traceback."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from autograder.errors import PushError

__all__ = ["STRANGE", "understood"]

_P = ParamSpec("_P")
_R = TypeVar("_R")

STRANGE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a record raises that is not what was expected."""


def understood(read: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a function that reads answers raise PushError where they are not what they should be."""

    @functools.wraps(read)
    def careful(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return read(*args, **kwargs)
        except STRANGE as error:
            what = type(error).__name__
            raise PushError(
                f"the platform answered with something unexpected ({what}). Is the address right?"
            ) from None

    return careful
