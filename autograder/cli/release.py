"""autograder release"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import COURSE, JSON, SANDBOX, course_of, print_json
from autograder.i18n import LANGUAGES

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = ["release_command"]

TAKES = {"notebook": {"lang"}, "nbgrader": {"lang"}, "otter": {"lang", "level"}, "gradescope": {"level", "wheels"}}
"""What may be made, and which options each takes."""


@click.command("release")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--to", "target", type=click.Choice(list(TAKES)), required=True, help="What to make.")
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
    loaded = course_of(course)
    if options["target"] == "gradescope" and len(names) > 1:
        raise click.UsageError("an autograder of Gradescope is for one assignment: name one")
    _refuse_unused(options)
    write = _writer(options)
    paths = [path for name in names for path in write(loaded, name, out)]
    if as_json:
        print_json([str(path) for path in paths])
    else:
        click.echo("\n".join(dict.fromkeys(map(str, paths))))


def _refuse_unused(options: dict[str, Any]) -> None:
    """Refuse an option that the target does not take, rather than pass it over."""
    target, given = options["target"], {name for name, value in options.items() if value and name != "target"}
    unused = given - TAKES[target] - ({"level"} if options["level"] == "best" else set())
    if unused:
        names = ", ".join(sorted({"level": "--sandbox"}.get(name, f"--{name}") for name in unused))
        raise click.UsageError(f"{names} has no effect on --to {target}")


def _writer(options: dict[str, Any]) -> Callable[[Course, str, Path], Sequence[Path]]:
    """Load what writes a target, with the options that it takes."""
    lang, level = options["lang"] or "", options["level"]
    if options["target"] == "gradescope":
        from autograder.hosts.gradescope import release  # noqa: PLC0415

        return partial(release.write_archive, container=release.ContainerOptions(options["wheels"], level))
    if options["target"] == "otter":
        from autograder.hosts.otter.release import write_master as write_otter  # noqa: PLC0415

        return partial(write_otter, lang=lang, level=level)
    if options["target"] == "nbgrader":
        from autograder.hosts.nbgrader.release import write_source as write_nbgrader  # noqa: PLC0415

        return partial(write_nbgrader, lang=lang)
    from autograder.release.files import write_notebooks  # noqa: PLC0415

    return partial(write_notebooks, lang=lang)
