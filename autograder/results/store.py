"""The output folder: one report per submission and grades.csv, each replaced as a whole, by one run at a time."""

from __future__ import annotations

import csv
import errno
import io
import os
import stat
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import msgspec

from autograder import report as reports
from autograder.atomic import PREFIX, replace_file
from autograder.errors import OutputError
from autograder.report import Report, Status
from autograder.text import formula_guarded, printable, safe_name

__all__ = ["COLUMNS", "Store", "StoredReports", "grades_csv", "locked", "reports_in"]

COLUMNS = ("student", "assignment", "status", "score", "max_score", "seconds", "reason")
_DAMAGED = (msgspec.DecodeError, ValueError)  # ValueError includes UnicodeDecodeError
_FULL = (errno.ENOSPC, errno.EDQUOT)
_AGAIN = "then run the same command again: what is graded is kept."


class Store:
    """The output folder, locked for this run. Every method raises OutputError if the folder cannot be used."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._made: set[str] = set()
        try:
            (out / "reports").mkdir(parents=True, exist_ok=True)
            self._lock = locked(out / ".lock")
        except OSError as error:
            _refuse(error, out)
        for left_over in (*out.glob(f"{PREFIX}*"), *out.glob(f"reports/*/{PREFIX}*")):
            left_over.unlink(missing_ok=True)  # from a run that was killed; the lock excludes other writers

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._lock)

    def path(self, assignment: str, student: str) -> Path:
        """Return the path of a report."""
        return Path(f"{self.out}/reports/{assignment}/{safe_name(student)}.json")  # faster than joining with `/`

    def load(self, assignment: str, student: str) -> tuple[Report | None, str]:
        """Return the stored report, or None and the reason why it cannot be used ('' if there is none)."""
        path = self.path(assignment, student)
        try:
            found = _read(path)
        except FileNotFoundError:
            return None, ""
        except OSError as error:
            _refuse(error, path)
        except _DAMAGED:
            return None, "the earlier report could not be read and was replaced"
        if (found.assignment, found.student) != (assignment, student) or found.format_version != 1:
            return None, "the file held the report of another submission and was replaced"
        return found, ""

    def save(self, report: Report) -> None:
        """Write a report. If the process is killed, the file is either the old one or the new one."""
        path = self.path(report.assignment, report.student)
        if report.assignment not in self._made:
            try:
                path.parent.mkdir(exist_ok=True)
            except OSError as error:
                _refuse(error, path.parent)
            self._made.add(report.assignment)
        self.write(path, reports.report_json(report))

    def write(self, path: Path, data: bytes) -> None:
        """Replace a file in one step."""
        try:
            replace_file(path, data)
        except OSError as error:
            _refuse(error, path)


class StoredReports:
    """The reports of a run, read from their files on iteration. Raises OutputError if one is missing or damaged."""

    def __init__(self, paths: Mapping[tuple[str, str], Path]) -> None:
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    def __iter__(self) -> Iterator[Report]:
        for path in self._paths.values():
            try:
                yield _read(path)
            except OSError as error:
                _refuse(error, path)
            except _DAMAGED as error:
                raise OutputError(f"{printable(str(path))} was damaged during the run: {error}. Run again.") from None


def reports_in(out: Path, known: Container[Path] = ()) -> Iterator[tuple[Path, Report | None]]:
    """Read every report in an output folder except the `known`, sorted by path; None for a file that is no report."""
    for path in sorted(out.glob("reports/*/*.json")):
        if path in known or path.name.startswith("."):
            continue
        try:
            yield path, _read(path)
        except OSError as error:
            _refuse(error, path)
        except _DAMAGED:
            yield path, None


def _read(path: Path) -> Report:
    """Read a report; raises one of _DAMAGED if the file is not one. Opening a pipe must not block the run."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        raise ValueError("not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        return reports.read_report(file.read())


def locked(path: Path) -> int:
    """Acquire a lock that the system releases however this process ends; return its descriptor, to be closed.

    Raises OutputError if another process holds it.
    """
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode(errors="replace").strip() or "unknown"
        os.close(descriptor)
        where = printable(str(path.parent))
        remedy = "Wait for it to end, or choose another -o."
        raise OutputError(f"{where} is in use by another run (process {holder}). {remedy}") from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def grades_csv(reports: Iterable[Report]) -> bytes:
    """Write reports as CSV in UTF-8, sorted by assignment and student. A missing score is empty, never 0."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for report in sorted(reports, key=lambda report: (report.assignment, report.student)):
        writer.writerow(_row(report))
    return text.getvalue().encode("utf-8", "surrogateescape")


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


def _refuse(error: OSError, path: Path) -> NoReturn:
    reason = error.strerror or str(error)
    remedy = "Free some space there" if error.errno in _FULL else "Make it a folder you may write to, or choose another"
    raise OutputError(f"cannot use {printable(str(error.filename or path))}: {reason}. {remedy}, {_AGAIN}") from None
