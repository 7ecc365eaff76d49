"""autograder diff"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import JSON, print_json

if TYPE_CHECKING:
    from autograder.results.diff import CriterionChange, ReportChange, ResultsDiff

__all__ = ["diff_command"]


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@JSON
def diff_command(old: Path, new: Path, as_json: bool) -> None:
    """Show whose score changed from the results in OLD to those in NEW, and which criteria made the difference.

    \b
    Example:
      autograder diff results results-after-fix
    """
    from autograder.results.diff import diff_results

    difference = diff_results(old, new)
    if as_json:
        print_json(difference)
    else:
        click.echo("\n".join(_lines(difference)))


def _lines(difference: ResultsDiff) -> Iterator[str]:
    for change in difference.changes:
        yield from _change(change)
    for path in difference.unreadable:
        yield f"not a report: {path}"
    yield f"{len(difference.changes)} changed, {difference.same} the same"


def _change(change: ReportChange) -> Iterator[str]:
    from autograder.text import printable

    old, new = _result(change.old_status, change.old_score), _result(change.new_status, change.new_score)
    reason = f"  ({printable(change.reason)})" if change.reason else ""
    yield f"{printable(change.student)} · {change.assignment}: {old} -> {new}{reason}"
    for flip in change.flips:
        points = f"{_points(flip.old_points)} -> {_points(flip.new_points)}"
        yield f"  {flip.question}: {flip.criterion}  {points}{_why(flip)}"


def _why(flip: CriterionChange) -> str:
    mistakes = (flip.old_misconception, flip.new_misconception)
    named = f"misconception {mistakes[0] or 'none'} -> {mistakes[1] or 'none'}" if mistakes[0] != mistakes[1] else ""
    parts = [part for part in (flip.message, named) if part]
    return f"  ({'; '.join(parts)})" if parts else ""


def _result(status: str | None, score: float | None) -> str:
    if status is None:
        return "not there"
    return status if score is None else f"{score:g}" + (" pending" if status == "pending" else "")


def _points(points: float | None) -> str:
    return "not there" if points is None else f"{points:g}"
