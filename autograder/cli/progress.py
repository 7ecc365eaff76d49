"""How far a run is: a bar on a terminal, a plain line every tenth elsewhere; always on standard error."""

from __future__ import annotations

import sys
import time

import click

from autograder.batch.grade import Progress
from autograder.report import Report, Status

__all__ = ["progress"]

PARTS = 10


def progress() -> Progress:
    """Choose what fits standard error."""
    return _Bar() if sys.stderr.isatty() else _Lines()


class _Lines:
    def __init__(self) -> None:
        self._total = self._done = self._errors = 0
        self._started = time.monotonic()

    def start(self, total: int) -> None:
        self._total = total
        click.echo(f"grading {total} submission{'' if total == 1 else 's'}", err=True)

    def step(self, report: Report) -> None:
        before = self._done * PARTS // self._total
        self._done += 1
        self._errors += report.status is Status.ERROR
        if self._done * PARTS // self._total > before:
            errors = f", {self._errors} not graded because of an error" if self._errors else ""
            seconds = time.monotonic() - self._started
            share = 100 * self._done // self._total
            click.echo(f"{self._done} of {self._total} ({share}%) after {seconds:.1f} s{errors}", err=True)

    def stop(self) -> None:
        pass


class _Bar:
    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        words, errors = TextColumn("grading"), TextColumn("{task.fields[errors]}")
        columns = (words, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), errors)
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._errors = self._total = self._done = 0

    def start(self, total: int) -> None:
        self._total = total
        self._task = self._bar.add_task("", total=total, errors="")
        if total:
            self._bar.start()

    def step(self, report: Report) -> None:
        self._done += 1
        self._errors += report.status is Status.ERROR
        self._bar.update(self._task, advance=1, errors=f"{self._errors} errors" if self._errors else "")

    def stop(self) -> None:
        self._bar.stop()
