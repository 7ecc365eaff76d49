"""autograder lms, with import and marks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import COURSE, JSON, LazyChoice, LazyGroup, course_of, print_json

if TYPE_CHECKING:
    from datetime import tzinfo

    from autograder.lms.extraction import ImportResult

__all__ = ["LMS_COMMANDS", "SOURCE", "import_command", "import_lines", "lms_command", "marks_command", "zone_of"]


MOST = 20


def _formats() -> Iterable[str]:
    from autograder.lms.registry import archive_formats

    return archive_formats()


_OPTIONS = (
    click.option("--format", type=LazyChoice(_formats, "auto"), default="auto", show_default=True,
        help="The LMS that the archive is from; by default its contents decide."),
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
def import_command(out: Path, timezone: str | None, course: Path | None, as_json: bool, **options: Any) -> None:
    """Import the archive of submissions that you downloaded from the LMS.

    Every member of the archive is taken, superseded, ignored or unmatched, and listed so. An unsafe archive is refused
    whole. Run it again with a newer archive: what is the same stays, what is replaced is kept in .earlier. The exit
    code is 0 only if nothing was unmatched.

    \b
    Example:
      autograder lms import submissions.zip --roster gradebook.csv -o submitted --assignment softmax
    """
    from autograder.lms.extraction import ImportOptions, import_archive

    imported = import_archive(course_of(course), ImportOptions(zone=zone_of(timezone), **options), out)
    if as_json:
        print_json(imported)
    else:
        click.echo("\n".join(import_lines(imported, out)))
    sys.exit(1 if imported.unmatched else 0)


def zone_of(name: str | None) -> tzinfo | None:
    """Find a time zone by its name."""
    if not name:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(f"{name!r} is not a time zone. Write one as in Europe/Madrid.") from None


def import_lines(imported: ImportResult, out: Path) -> Iterator[str]:
    """Return the lines that describe an import: what needs attention first, then the counts."""
    from autograder.lms.intake import MemberStatus
    from autograder.text import printable

    yield f"{imported.lms}: {imported.assignment}"
    for fate in (MemberStatus.UNMATCHED, MemberStatus.SUPERSEDED, MemberStatus.IGNORED, MemberStatus.TAKEN):
        lines = [line for line in imported.lines if line.fate is fate]
        shown = lines if fate is MemberStatus.UNMATCHED else [each for each in lines if each.reason][:MOST]
        yield f"{fate.value}: {len(lines)}"
        for line in shown:
            whose = f" ({printable(line.student)})" if line.student else ""
            yield f"  {printable(line.path)}{whose}: {printable(line.reason)}"
        if fate is not MemberStatus.UNMATCHED and len(shown) == MOST < len(lines):
            yield "  ... (--json lists all)"
    if imported.kept:
        yield f"replaced, and kept: {', '.join(printable(path) for path in imported.kept[:MOST])}"
    if imported.absent:
        named = ", ".join(printable(student) for student in imported.absent[:MOST])
        yield f"in the roster, with nothing handed in: {len(imported.absent)} ({named})"
    yield f"{len(imported.written)} written, {len(imported.unchanged)} unchanged: {printable(str(out))}"


@click.command("marks")
@click.option("--assignment", required=True, help="Which one of course.yml.")
@click.option("--results", type=click.Path(path_type=Path), required=True, help="What `autograder grade` wrote.")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The CSV to fill in.")
@COURSE
@JSON
def marks_command(assignment: str, results: Path, out: Path, course: Path | None, as_json: bool) -> None:
    """List the written answers of an assignment in a CSV, for a person to enter points and comments.

    Marks that are in the file already stay. `autograder lms export`, `feedback` and `push` take it as --marks; a
    grade is sent when none of its answers is without points.

    \b
    Example:
      autograder lms marks --assignment softmax --results results -o marks.csv
    """
    from autograder.lms.marks import write_marks
    from autograder.text import printable

    name = course_of(course).assignment(assignment).name
    written, still_open = write_marks(results, name, out)
    if as_json:
        print_json({"format_version": 1, "out": str(out), "answers": written, "open": still_open})
    else:
        click.echo(f"{written} written answers, {still_open} without points: {printable(str(out))}")


LMS_COMMANDS = {
    "import": ("lms:import_command", "Import the archive of submissions that you downloaded from the LMS."),
    "marks": ("lms:marks_command", "List the written answers, for a person to mark."),
    "export": ("lms_export:export_command", "Fill the LMS's own grade file."),
    "feedback": ("lms_export:feedback_command", "Make the zip of feedback that the LMS takes back."),
    "push": ("lms_push:push_command", "Send grades over the network, and read them back."),
    "check": ("lms_push:check_push_command", "Check whether a push would work; writes nothing."),
}


@click.command("lms", cls=LazyGroup, listed=LMS_COMMANDS)
def lms_command() -> None:
    """Out of Canvas, Moodle, Blackboard, Brightspace or Gradescope, and back into it.

    \b
    Example:
      autograder lms import submissions.zip --roster gradebook.csv -o submitted --assignment softmax
      autograder grade submitted -o results --assignment softmax
      autograder lms export --to canvas --template gradebook.csv --assignment softmax --results results -o upload.csv
    """
