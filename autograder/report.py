"""The report of a graded submission, which every other part reads."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

__all__ = [
    "CellError",
    "Curve",
    "Figures",
    "QuestionResult",
    "Report",
    "Status",
    "TestResult",
    "Training",
    "read_report",
    "report_json",
]

Numbers = Annotated[tuple[float | None, ...], msgspec.Meta(max_length=256)]
"""What a plot shows; None where a value is not finite."""

Classes = Annotated[tuple[int, ...], msgspec.Meta(max_length=32)]


class Status(StrEnum):
    """The status of a submission; only `graded` and `pending` have a score."""

    GRADED = "graded"
    PENDING = "pending"
    ERROR = "error"
    MISSING = "missing"


class TestResult(msgspec.Struct, frozen=True, omit_defaults=False):
    """One criterion: what was asked, what it earned, and why."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    id: str
    criterion: str
    passed: bool
    points: float
    max_points: float
    message: str = ""
    misconception: str = ""
    hint: str = ""
    seconds: float = 0.0


class QuestionResult(msgspec.Struct, frozen=True):
    """The criteria of one question; a manual question has no score until a person gives one."""

    name: str
    score: float | None
    max_score: float
    manual: bool = False
    tests: tuple[TestResult, ...] = ()


class CellError(msgspec.Struct, frozen=True):
    """A cell of the submission that did not run to its end (numbered from 1, code cells only)."""

    cell: int
    message: str


class Curve(msgspec.Struct, frozen=True):
    """A function of the submission over a public grid `x`, beside the right one; at most 256 points."""

    question: str
    x: Numbers
    seen: Numbers
    right: Numbers


class Training(msgspec.Struct, frozen=True):
    """One training on public examples: the course's recipe, the submission's functions, measured by the course.

    losses     one per epoch, as the submission gave them; at most 256
    accuracy   share of right predictions on held-out examples, 0 to 1
    seconds    wall time of the call
    confusion  confusion[i][j]: held-out examples of class i that were taken for class j
    weights    one image per class: side * side signed bytes, row by row, in units of the largest weight / 127
    side       of an image, in pixels
    """

    question: str
    losses: Numbers
    accuracy: float
    seconds: float
    confusion: Annotated[tuple[Classes, ...], msgspec.Meta(max_length=32)]
    weights: Annotated[bytes, msgspec.Meta(max_length=1 << 15)] = b""
    side: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1


class Figures(msgspec.Struct, frozen=True):
    """What of a submission is worth drawing. All of it stems from calls made before the first hidden test."""

    curves: Annotated[tuple[Curve, ...], msgspec.Meta(max_length=32)] = ()
    training: Training | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One submission, graded. `score` is None whenever nothing was established: never a default."""

    format_version: int = 1
    student: str
    assignment: str
    status: Status
    score: float | None = None
    max_score: float | None = None
    reason: str = ""
    questions: tuple[QuestionResult, ...] = ()
    cell_errors: tuple[CellError, ...] = ()
    notes: tuple[str, ...] = ()
    lang: str = "en"
    isolation: str = ""
    engine: str = ""
    content_hash: str = ""
    started: str = ""
    seconds: float = 0.0
    figures: Figures | None = None


_decoder = msgspec.json.Decoder(Report)


def report_json(report: Report) -> bytes:
    """Encode a report as indented UTF-8 JSON with a final newline."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def read_report(source: bytes | Path) -> Report:
    """Decode a report; raises msgspec.DecodeError on anything that is not one."""
    try:
        return _decoder.decode(source.read_bytes() if isinstance(source, Path) else source)
    except RecursionError:
        raise msgspec.DecodeError("it is nested too deep for a report") from None
