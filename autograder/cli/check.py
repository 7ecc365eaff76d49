"""autograder check"""

from __future__ import annotations

import sys
import threading
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import COURSE, JSON, course_of, print_json

if TYPE_CHECKING:
    from autograder.proof import Proof, ProofLine

__all__ = ["check_command"]

WIDTH = 15
PARTS = 5


@click.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--quick", is_flag=True, help="Leave out the mutants, which take most of the time.")
@COURSE
@JSON
def check_command(names: tuple[str, ...], course: Path | None, as_json: bool, quick: bool) -> None:
    """Prove the assignments NAME..., or all: is each ready for a class, and can its grader be trusted?

    The starter scores nothing, the solution everything, right answers in other styles lose nothing, misconceptions are
    named, and small changes to the solution (mutants) are detected. The exit code is 0 only if everything holds; each
    problem comes with what to do next.

    \b
    Example:
      autograder check softmax --quick
    """
    from autograder.proof import Extent, prove
    from autograder.proof.files import prove_listing

    loaded = course_of(course)
    chosen = [loaded.assignment(name).name for name in names or [each.name for each in loaded.assignments]]
    listener = _Progress(quiet=as_json)
    proofs = [prove(loaded, name, Extent.QUICK if quick else Extent.FULL, listener) for name in chosen]
    listener.stop()
    listing = prove_listing(loaded)
    if as_json:
        print_json(
            {"format_version": 1, "holds": all(proof.holds for proof in proofs), "proofs": proofs, "course": listing}
        )
    else:
        _close(proofs, listing, quick)
    sys.exit(0 if all(proof.holds for proof in proofs) else 1)


class _Progress:
    """Prints each line when it is known, and progress on stderr: a bar on a terminal, else a line per fifth."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._is_terminal = sys.stderr.isatty()
        self._quiet, self._shown, self._lock = quiet, "", threading.Lock()
        self._what, self._total, self._done = "", 0, 0

    def start(self, assignment: str, what: str, total: int) -> None:
        self._what, self._total, self._done = f"{assignment}: {what}", total, 0
        if self._is_terminal:
            self.stop()
            self._task = self._bar.add_task(self._what, total=total)
            self._bar.start()

    def step(self) -> None:
        with self._lock:  # answers are graded by several workers at the same time
            before = self._done * PARTS // self._total
            self._done += 1
            if self._is_terminal:
                self._bar.advance(self._task)
            elif self._done * PARTS // self._total > before and self._total > PARTS:
                click.echo(f"{self._what}: {self._done} of {self._total}", err=True)

    def line(self, assignment: str, found: ProofLine) -> None:
        self.stop()
        if self._quiet:
            return
        if self._shown != assignment:
            self._shown = assignment
            click.echo(click.style(assignment, bold=True))
        _print(found)

    def stop(self) -> None:
        if self._is_terminal:
            self._bar.stop()
            for task in self._bar.task_ids:
                self._bar.remove_task(task)


def _print(found: ProofLine) -> None:
    colour = {"ok": "green", "warning": "yellow", "fail": "red"}[found.verdict.value]
    click.echo(f"  {click.style(f'{found.verdict.value:<8}', fg=colour)}{found.what:<{WIDTH}}{found.detail}")
    for remedy, alike in groupby(found.problems, key=lambda problem: problem.remedy):
        for problem in alike:
            _hang("    * ", problem.what)
        _hang("      -> ", remedy)


def _hang(mark: str, text: str) -> None:
    first, *others = text.splitlines()
    click.echo(f"{mark}{first}")
    for other in others:
        click.echo(f"{'':{len(mark)}}{other}")


def _close(proofs: list[Proof], listing: ProofLine, quick: bool) -> None:
    if listing.problems:
        _print(listing)
    failed = [proof.assignment for proof in proofs if not proof.holds]
    seconds = sum(proof.seconds for proof in proofs)
    if failed:
        click.echo(f"\n{len(failed)} of {len(proofs)} do not hold: {', '.join(failed)} ({seconds:.0f} s)")
    elif quick:
        click.echo(f"\nall {len(proofs)} hold so far ({seconds:.0f} s); next: `autograder check`, with the mutants")
    else:
        click.echo(f"\nall {len(proofs)} hold ({seconds:.0f} s)")
