"""The folder for results: one report per submission, written whole or not at all, by one run at a time."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import msgspec

from autograder import report as reports
from autograder.atomic import PREFIX, replace_file
from autograder.errors import OutputError
from autograder.report import Report
from autograder.text import printable, safe_name

__all__ = ["Store", "StoredReports", "locked", "reports_in"]

_DAMAGED = (msgspec.DecodeError, ValueError)  # UnicodeDecodeError among the latter
AGAIN = "then run the same command again: what is graded is kept."


class Store:
    """OUT, held by this run. Every method raises OutputError where the folder cannot be used."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._made: set[str] = set()
        try:
            (out / "reports").mkdir(parents=True, exist_ok=True)
            self._lock = locked(out / ".lock")
        except OSError as error:
            _refuse(error, out)
        for left_over in (*out.glob(f"{PREFIX}*"), *out.glob(f"reports/*/{PREFIX}*")):
            left_over.unlink(missing_ok=True)  # a run that was killed; nobody else can be writing

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._lock)

    def path(self, assignment: str, student: str) -> Path:
        """Name the file of a report."""
        return Path(f"{self.out}/reports/{assignment}/{safe_name(student)}.json")  # each `/` would cost as much again

    def load(self, assignment: str, student: str) -> tuple[Report | None, str]:
        """Give the report that is there, or None and why it cannot be used ('' if there is none)."""
        path = self.path(assignment, student)
        try:
            found = _read(path)
        except FileNotFoundError:
            return None, ""
        except OSError as error:
            _refuse(error, path)
        except _DAMAGED:
            return None, "the earlier report could not be read and was made anew"
        if (found.assignment, found.student) != (assignment, student) or found.format_version != 1:
            return None, "a report of something else was in this one's place and was replaced"
        return found, ""

    def save(self, report: Report) -> None:
        """Write a report: after a kill at any moment the file is the old one or the new one."""
        path = self.path(report.assignment, report.student)
        if report.assignment not in self._made:
            try:
                path.parent.mkdir(exist_ok=True)
            except OSError as error:
                _refuse(error, path.parent)
            self._made.add(report.assignment)
        self.write(path, reports.report_json(report))

    def write(self, path: Path, data: bytes) -> None:
        """Replace a file of OUT in one step."""
        try:
            replace_file(path, data)
        except OSError as error:
            _refuse(error, path)


class StoredReports:
    """Reports of a run, read from their files whenever they are gone through; OutputError if one is gone or damaged."""

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
                raise OutputError(
                    f"{printable(str(path))} was damaged while it was in use: {error}. Run again."
                ) from None


def reports_in(out: Path, known: Container[Path] = ()) -> Iterator[tuple[Path, Report | None]]:
    """Read every report of a folder for results but the `known`, sorted by path; None where a file is no report."""
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
    """Read a report; one of _DAMAGED if it is none. A pipe in its place must not hold up the run for ever."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        raise ValueError("not a file")
    with os.fdopen(descriptor, "rb") as file:
        return reports.read_report(file.read())


def locked(path: Path) -> int:
    """Hold a lock that the system gives back however this process ends; give its descriptor to close.

    Raises OutputError if another process holds it.
    """
    import fcntl  # noqa: PLC0415 - POSIX only, and only runs that write need it

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


def _refuse(error: OSError, path: Path) -> NoReturn:
    reason = error.strerror or str(error)
    remedy = "Free some space there" if error.errno in _FULL else "Make it a folder you may write to, or choose another"
    raise OutputError(f"cannot use {printable(str(error.filename or path))}: {reason}. {remedy}, {AGAIN}") from None


_FULL = (errno.ENOSPC, errno.EDQUOT)
