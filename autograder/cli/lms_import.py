"""autograder lms import"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import COURSE, JSON, load_course, print_json

if TYPE_CHECKING:
    from datetime import tzinfo

    from autograder.lms.placing import Imported

__all__ = ["SOURCE", "command", "import_lines", "zone_of"]

MOST = 20

_OPTIONS = (
    click.option("--format", type=click.Choice(
        ["auto", "canvas", "moodle", "blackboard", "brightspace", "gradescope"]
    ), default="auto", show_default=True, help="Where the archive is from; told by its contents."),
    click.option("--map", "pairs", type=click.Path(path_type=Path), help=(
        "A CSV with the columns archive,student: whose work something in the archive is. Several lines are a team."
    )),
    click.option("--timezone", help="Of the LMS's server, as in Europe/Madrid; default: that of the due date."),
    click.option("--max-members", "most_members", type=click.IntRange(min=1), default=5000, show_default=True,
        help="Most members that an archive may have."),
)  # fmt: skip


def SOURCE(function: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802 - a decorator, named as the others are
    """Add the options that say how to read an archive."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command("import")
@click.argument("archive", type=click.Path(path_type=Path), metavar="ZIP")
@click.option("--roster", type=click.Path(path_type=Path), required=True, help="A grade file of the LMS: who is who.")
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("submitted"), show_default=True,
    help="The folder of submissions.")  # fmt: skip
@click.option("--assignment", default="", help="Which one; may be left out if the notebooks' names tell.")
@click.option("--layout", type=click.Choice(["nbgrader", "otter"]), default="nbgrader", show_default=True,
    help="<student>/<assignment>/<assignment>.ipynb, or <student>.ipynb.")  # fmt: skip
@SOURCE
@COURSE
@JSON
def command(out: Path, timezone: str | None, course: Path | None, as_json: bool, **options: Any) -> None:
    """Bring in the archive of submissions that the LMS gave you.

    Every member of the archive is taken, superseded, ignored or unmatched, and listed so. An unsafe archive is refused
    whole. Run it again with a newer archive: what is the same stays, what is replaced is kept in .earlier. The exit
    code is 0 only if nothing was unmatched.

    \b
    Example:
      autograder lms import submissions.zip --roster gradebook.csv -o submitted --assignment softmax
    """
    from autograder.lms.placing import Source, bring_in  # noqa: PLC0415

    imported = bring_in(load_course(course), Source(zone=zone_of(timezone), **options), out)
    if as_json:
        print_json(imported)
    else:
        click.echo("\n".join(import_lines(imported, out)))
    sys.exit(1 if imported.unmatched else 0)


def zone_of(name: str | None) -> tzinfo | None:
    """Find a time zone by its name."""
    if not name:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(f"{name!r} is no time zone; a name is as Europe/Madrid.") from None


def import_lines(imported: Imported, out: Path) -> Iterator[str]:
    """Say what came of an import: what needs a look first, then the counts."""
    from autograder.batch.names import printable  # noqa: PLC0415
    from autograder.lms.intake import Fate  # noqa: PLC0415

    yield f"{imported.lms}: {imported.assignment}"
    for fate in (Fate.UNMATCHED, Fate.SUPERSEDED, Fate.IGNORED, Fate.TAKEN):
        lines = [line for line in imported.lines if line.fate is fate]
        shown = lines if fate is Fate.UNMATCHED else [each for each in lines if each.reason][:MOST]
        yield f"{fate.value}: {len(lines)}"
        for line in shown:
            whose = f" ({printable(line.student)})" if line.student else ""
            yield f"  {printable(line.path)}{whose}: {printable(line.reason)}"
        if fate is not Fate.UNMATCHED and len(shown) == MOST < len(lines):
            yield "  ... (--json lists all)"
    if imported.kept:
        yield f"replaced, and kept: {', '.join(printable(path) for path in imported.kept[:MOST])}"
    if imported.absent:
        named = ", ".join(printable(student) for student in imported.absent[:MOST])
        yield f"in the roster, with nothing handed in: {len(imported.absent)} ({named})"
    yield f"{len(imported.written)} written, {len(imported.unchanged)} unchanged: {printable(str(out))}"
