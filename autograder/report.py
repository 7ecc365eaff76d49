"""The one record of a graded submission that everything downstream reads."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

__all__ = ["CellError", "QuestionResult", "Report", "Status", "TestResult", "read", "to_json"]


class Status(StrEnum):
    """Where a submission stands; only `graded` and `pending` carry a score."""

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


_decoder = msgspec.json.Decoder(Report)


def to_json(report: Report) -> bytes:
    """Encode a report as indented UTF-8 JSON with a final newline."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def read(source: bytes | Path) -> Report:
    """Decode a report; raises msgspec.DecodeError on anything that is not one."""
    return _decoder.decode(source.read_bytes() if isinstance(source, Path) else source)
