"""autograder release"""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import COURSE, JSON, load_course, print_json
from autograder.words import LANGUAGES

__all__ = ["command"]


@click.command("release")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--to", "target", type=click.Choice(["notebook", "nbgrader"]), required=True, help="What to make.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("assignments"),
    help="Where to: assignments/ by default; for nbgrader, the course directory.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Only this language; default: all of the course.")
@COURSE
@JSON
def command(names: tuple[str, ...], out: Path, course: Path | None, as_json: bool, **options: str | None) -> None:
    """Write the assignments NAME... for students, or for another grader.

    `notebook` is what students get, without the solutions. `nbgrader` is a course directory: source notebooks, and a
    configuration that lets `nbgrader autograde` grade in our sandbox.

    \b
    Example:
      autograder release softmax --to notebook -o assignments
      autograder release softmax mse --to nbgrader -o course
    """
    if options["target"] == "nbgrader":
        from autograder.hosts.nbgrader.directory import write  # noqa: PLC0415
    else:
        from autograder.release.files import write  # noqa: PLC0415

    loaded = load_course(course)
    paths = [path for name in names for path in write(loaded, name, out, lang=options["lang"] or "")]
    if as_json:
        print_json([str(path) for path in paths])
    else:
        click.echo("\n".join(dict.fromkeys(map(str, paths))))
