"""autograder release"""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import COURSE, JSON, load_course, print_json
from autograder.words import LANGUAGES

__all__ = ["command"]


@click.command("release")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--to", "target", type=click.Choice(["notebook"]), required=True, help="What to make.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), default=Path("assignments"), help="Where to; default: assignments/."
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Only this language; default: all of the course.")
@COURSE
@JSON
def command(names: tuple[str, ...], out: Path, course: Path | None, as_json: bool, **options: str | None) -> None:
    """Write what students get of the assignments NAME..., without the solutions.

    \b
    Example:
      autograder release softmax --to notebook -o assignments
    """
    from autograder.release.files import write  # noqa: PLC0415

    loaded = load_course(course)
    paths = [path for name in names for path in write(loaded, name, out, lang=options["lang"] or "")]
    if as_json:
        print_json([str(path) for path in paths])
    else:
        click.echo("\n".join(str(path) for path in paths))
