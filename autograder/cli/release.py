"""autograder release"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from autograder.cli.common import COURSE, JSON, SANDBOX, LazyChoice, course_of, print_json
from autograder.i18n import LANGUAGES
from autograder.sandbox.levels import BEST

__all__ = ["release_command"]

_OPTIONS = {"lang": "--lang", "level": "--sandbox", "wheels": "--wheels"}


def _targets() -> Iterable[str]:
    from autograder.release.targets import TARGETS

    return TARGETS


@click.command("release")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--to", "target", type=LazyChoice(_targets), required=True, help="What to make.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("assignments"),
    help="Where to: assignments/ by default; for nbgrader the course directory, for gradescope a zip file.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Only this language; default: all of the course.")
@click.option(
    "--wheels",
    type=click.Path(path_type=Path),
    help="gradescope: a folder of wheels that travel with it, to build the image without an index.",
)
@SANDBOX
@COURSE
@JSON
def release_command(names: tuple[str, ...], out: Path, course: Path | None, as_json: bool, **options: Any) -> None:
    """Write the assignments NAME... for students, or for another grader.

    `notebook` is what students get, without the solutions. `nbgrader` is a course directory: source notebooks, and a
    configuration that lets `nbgrader autograde` grade in our sandbox. `otter` is a master notebook for `otter assign`
    and what travels with it. `gradescope` is the zip file of an autograder, for one assignment.

    \b
    Example:
      autograder release softmax --to notebook -o assignments
      autograder release softmax mse --to nbgrader -o course
      autograder release softmax --to otter -o masters
      autograder release softmax --to gradescope -o softmax.zip
    """
    from autograder.release.targets import TARGETS

    loaded = course_of(course)
    target = TARGETS[options.pop("target")]
    if not target.several and len(names) > 1:
        raise click.UsageError(f"--to {target.name} is for one assignment: name one")
    unused = target.unused({name: value for name, value in options.items() if value != BEST})
    if unused:
        raise click.UsageError(f"{', '.join(_OPTIONS[name] for name in unused)} has no effect on --to {target.name}")
    paths = [path for name in names for path in target.write(loaded, name, out, options)]
    if as_json:
        print_json([str(path) for path in paths])
    else:
        click.echo("\n".join(dict.fromkeys(map(str, paths))))
