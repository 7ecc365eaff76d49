"""grades.csv: one line per student and assignment, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from autograder.report import Report, Status

__all__ = ["COLUMNS", "formula_guarded", "grades_csv"]

COLUMNS = ("student", "assignment", "status", "score", "max_score", "seconds", "reason")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def grades_csv(reports: Iterable[Report]) -> bytes:
    """Write reports as CSV in UTF-8, sorted by assignment and student. A score that is not there is empty, never 0."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for report in sorted(reports, key=lambda report: (report.assignment, report.student)):
        writer.writerow(_row(report))
    return text.getvalue().encode("utf-8", "surrogateescape")


def formula_guarded(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula, and from losing lines at a NUL or a lone line break."""
    text = text.replace("\0", "\ufffd")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(report: Report) -> list[str]:
    scored = report.status in (Status.GRADED, Status.PENDING)
    return [
        formula_guarded(report.student),
        formula_guarded(report.assignment),
        report.status.value,
        _number(report.score) if scored else "",
        _number(report.max_score),
        f"{report.seconds:.2f}",
        formula_guarded(report.reason),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
