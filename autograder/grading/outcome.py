"""The outcome of one run of one hidden test, and the message about it to the student."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import AutograderError, FunctionMissing, GraderError, NotAttempted, StudentFailure
from autograder.grading.criterion import literal_messages
from autograder.grading.numbers import SeenShape
from autograder.grading.proxy import RecordedCall
from autograder.i18n import N_, TranslatedTerm, render
from autograder.sandbox import CellFailure

__all__ = ["NOT_ATTEMPTED", "Cells", "Message", "TestOutcome", "cell_message", "failure_message"]

NOT_ATTEMPTED = N_("not attempted")
NOT_MET = N_("this criterion is not met")
UNUSABLE = N_("the value that the function returned could not be used here: is it of the right kind and shape?")
MISSING_AFTER_ERROR = N_(
    "{name} is not defined, and cell {cell} stopped with an error: restart the kernel and run all cells to see it"
)
_WORDS = frozenset({"kind", "what"})  # parameters that hold a name, or a phrase to translate


@dataclass(frozen=True)
class TestOutcome:
    """One run of a test: the first exception of any phase, the time, and the calls of the student's functions."""

    error: BaseException | None
    seconds: float
    calls: tuple[RecordedCall, ...]


@dataclass(frozen=True)
class Message:
    """A message to a student: a template and its parameters, rendered in the language of the report."""

    template: str
    params: Mapping[str, object]

    def in_language(self, lang: str) -> str:
        """Render the message."""
        return render(self.template, self.params, lang)


@dataclass(frozen=True)
class Cells:
    """The code cells of a submission and those that did not run to their end."""

    sources: tuple[str, ...]
    failures: tuple[CellFailure, ...]

    def failed_cell_with(self, name: str) -> int | None:
        """Return the number of the first failed cell that mentions a name, or None."""
        mentions = re.compile(rf"\b{re.escape(name)}\b").search
        return next((f.cell for f in self.failures if f.cell and mentions(self.sources[f.cell - 1])), None)


def failure_message(
    item: pytest.Item, outcome: TestOutcome, reference: Callable[[], TestOutcome], cells: Cells
) -> Message:
    """Return why a test failed, without showing anything of the hidden inputs.

    Raises:
        GraderError: the test fails on the reference as well, or is broken.
        AutograderError: the exception was not the student's.
    """
    error = outcome.error
    if isinstance(error, GraderError):
        raise GraderError(f"{item.nodeid}: {error}") from error
    if isinstance(error, AutograderError) and not isinstance(error, StudentFailure):
        raise error
    expected = reference().error
    if expected is not None:
        raise GraderError(
            f"{item.nodeid} fails on the reference solution ({type(expected).__name__}); "
            f"run `pytest {item.path.parent}` to see it"
        ) from expected
    if isinstance(error, StudentFailure):
        return _failure(error, cells, _lengths(outcome.calls))
    if isinstance(error, (AssertionError, pytest.fail.Exception)):
        return _asserted(str(error), item.path)
    return Message(UNUSABLE, {})


def cell_message(failure: CellFailure, lang: str) -> str:
    """Return why a cell of the submission did not run to its end."""
    return Message(failure.template, _worded(failure.params)).in_language(lang)


def _asserted(text: str, path: Path) -> Message:
    """Return the author's literal message; pytest may have added values on further lines."""
    for literal in literal_messages(path):
        if text == literal or text.startswith(f"{literal}\n"):
            return Message("{text}", {"text": literal})
    return Message(NOT_MET, {})


def _lengths(calls: tuple[RecordedCall, ...]) -> set[int]:
    """Collect the lengths of the arrays and lists that a test passed to the student."""
    given = [value for call in calls for value in (*call.args, *call.kwargs.values())]
    return {
        length for value in given for length in (np.shape(value) if isinstance(value, np.ndarray) else _sizes(value))
    }


def _sizes(value: object) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        return ()
    return (len(value), *(_sizes(value[0]) if value else ()))


def _failure(error: StudentFailure, cells: Cells, lengths: set[int]) -> Message:
    if isinstance(error, NotAttempted):
        return Message(NOT_ATTEMPTED, {})
    if isinstance(error, FunctionMissing):
        name = str(error.params.get("name", ""))
        cell = cells.failed_cell_with(name)
        if cell is not None:
            return Message(MISSING_AFTER_ERROR, {"name": name, "cell": cell})
    params = {
        name: value.knowing(lengths) if isinstance(value, SeenShape) else value for name, value in error.params.items()
    }
    return Message(error.template, _worded(params))


def _worded(params: Mapping[str, object]) -> Mapping[str, object]:
    return {
        name: TranslatedTerm(value) if name in _WORDS and isinstance(value, str) else value
        for name, value in params.items()
    }
