"""Write text for people: progress, the summary of a run, one student's report."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder import explain
from autograder.batch.run import Progress
from autograder.report import Report, Status
from autograder.results.summary import AssignmentSummary, UngradedSubmission
from autograder.text import printable

if TYPE_CHECKING:
    from autograder.batch.discovery import Ignored
    from autograder.batch.run import RunResult

__all__ = ["print_summary", "printable_report", "progress"]


PARTS = 10


def progress() -> Progress:
    """Return a progress bar if standard error is a terminal, else occasional lines."""
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
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

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


EXAMPLES = 3
MOST_ERRORS = 20


def print_summary(result: RunResult, out: Path) -> None:
    """Print the summary of a run, errors first."""
    assignments = result.summary.assignments
    for line in _errors(result.summary.errors):
        click.secho(line, bold=True, fg="red")
    for line in (*_table(assignments), *_details(assignments), *_ignored(result.ignored), *_closing(result, out)):
        click.echo(line)


def printable_report(report: Report) -> str:
    """Return a report as text: each criterion with its points, the reason and the hint."""
    return f"{printable(report.student)} · {report.assignment}: {explain.report_text(report)}"


def _errors(errors: Sequence[UngradedSubmission]) -> Iterator[str]:
    if not errors:
        return
    what = "1 submission was" if len(errors) == 1 else f"{len(errors)} submissions were"
    yield f"ERROR: {what} not graded. No score was given."
    for problem in errors[:MOST_ERRORS]:
        yield f"  {printable(problem.student)} · {problem.assignment}: {printable(problem.reason)}"
    if len(errors) > MOST_ERRORS:
        yield f"  and {len(errors) - MOST_ERRORS} more: see grades.csv"
    yield ""


def _table(assignments: Sequence[AssignmentSummary]) -> Iterator[str]:
    rows = [["assignment", *(status.value for status in Status), "mean", "of"]]
    for each in assignments:
        counts = [str(each.counts[status.value]) for status in Status]
        mean = "" if each.mean is None else f"{each.mean:.2f}"
        rows.append([each.name, *counts, mean, "" if each.max_score is None else f"{each.max_score:g}"])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *figures in rows:
        yield "   ".join([name.ljust(widths[0]), *map(str.rjust, figures, widths[1:])])


def _details(assignments: Sequence[AssignmentSummary]) -> Iterator[str]:
    for each in assignments:
        if each.misconceptions:
            yield f"\nmost frequent misconceptions in {each.name}"
        for mistake in each.misconceptions:
            title = f": {mistake.title}" if mistake.title else ""
            yield f"  {mistake.students:>4}  {mistake.name}{title}"
    slowest = [(slow, each.name) for each in assignments for slow in each.slowest[:2]]
    if slowest:
        words = (f"{printable(slow.student)} · {name} {slow.seconds:.1f} s" for slow, name in slowest)
        yield f"\nslowest: {', '.join(words)}"


def _ignored(ignored: Sequence[Ignored]) -> Iterator[str]:
    """Group ignored files by reason, with a few examples of each."""
    by_reason: dict[str, list[str]] = {}
    for each in ignored:
        by_reason.setdefault(each.reason, []).append(each.path)
    if by_reason:
        yield "\nignored (--json lists all)"
    for reason, paths in by_reason.items():
        yield f"  {len(paths):>4}  {reason}: {', '.join(paths[:EXAMPLES])}{', ...' if len(paths) > EXAMPLES else ''}"


def _closing(result: RunResult, out: Path) -> Iterator[str]:
    rate = f" ({result.graded / result.seconds:.1f} per second)" if result.graded and result.seconds else ""
    yield f"\n{result.graded} graded, {result.reused} unchanged, in {result.seconds:.1f} s{rate}"
    if result.stale:
        yield f"{result.stale} reports in {out} belong to submissions that no longer exist: kept, and in grades.csv"
    yield f"grades: {printable(str(out / 'grades.csv'))}   reports: {printable(str(out / 'reports'))}"
