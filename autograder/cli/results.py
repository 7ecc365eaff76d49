"""autograder report, autograder diff"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from autograder.cli.common import COURSE, JSON, course_of, print_json
from autograder.i18n import LANGUAGES

if TYPE_CHECKING:
    from autograder.pages.build import BuiltPages
    from autograder.results.diff import CriterionChange, ReportChange, ResultsDiff

__all__ = ["diff_command", "report_command"]


@click.command("report")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("-o", "--target", type=click.Path(path_type=Path), help="The folder for the pages; default: OUT itself.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of your pages; default: the course's first.")
@click.option(
    "--submitted", type=click.Path(path_type=Path), help="The folder of submissions, to show which of them were late."
)
@COURSE
@JSON
def report_command(out: Path, course: Path | None, as_json: bool, **options: Any) -> None:
    """Write pages of the results in the folder OUT: report/ for you, feedback/ for your students.

    The pages need no server and no network: open report/index.html in a browser. A feedback page is in the language of
    the student's report. The exit code is 0 only if every report could be read.

    \b
    Example:
      autograder report results
      autograder report results -o pages --lang es --submitted submitted
    """
    from autograder.pages.build import BuildOptions, build_pages

    target = options["target"] or out
    built = build_pages(course_of(course), BuildOptions(out, target, options["lang"] or "", options["submitted"]))
    if as_json:
        print_json({"format_version": 1, **msgspec.structs.asdict(built), "index": str(built.index)})
    else:
        _show_pages(built, target)
    sys.exit(1 if built.unreadable else 0)


def _show_pages(built: BuiltPages, target: Path) -> None:
    from autograder.text import printable

    for path in built.unreadable:
        click.echo(f"not a report: {printable(path)}", err=True)
    click.echo(f"{built.pages} pages of {built.students} students in {built.seconds:.1f} s")
    click.echo(f"overview: {printable(str(built.index))}   feedback: {printable(str(target / 'feedback'))}")


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
