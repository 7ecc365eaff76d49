"""autograder report"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from autograder.cli.common import COURSE, JSON, course_of, print_json
from autograder.i18n import LANGUAGES

if TYPE_CHECKING:
    from autograder.pages.build import BuiltPages

__all__ = ["report_command"]


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
        _show(built, target)
    sys.exit(1 if built.unreadable else 0)


def _show(built: BuiltPages, target: Path) -> None:
    from autograder.text import printable

    for path in built.unreadable:
        click.echo(f"not a report: {printable(path)}", err=True)
    click.echo(f"{built.pages} pages of {built.students} students in {built.seconds:.1f} s")
    click.echo(f"overview: {printable(str(built.index))}   feedback: {printable(str(target / 'feedback'))}")
