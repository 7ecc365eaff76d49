"""autograder lms export and feedback."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import COURSE, JSON, LazyChoice, course_of, print_json
from autograder.lms.registry import feedback_paths, grade_files

if TYPE_CHECKING:
    from autograder.lms.gradebook import FilledFile

__all__ = ["export_command", "feedback_command", "grade_options"]


_FILE = click.Path(path_type=Path)
_OPTIONS = (
    click.option("--assignment", required=True, help="Which one of course.yml."),
    click.option("--results", type=_FILE, required=True, help="What `autograder grade` wrote."),
    click.option(
        "--submitted",
        type=_FILE,
        help="The folder of submissions; default: `submitted` in the results or beside them.",
    ),
    click.option("--marks", type=_FILE, help="Marks for written answers: the file of `autograder lms marks`."),
    click.option("--excused", multiple=True, help="A student whose work does not count; may be given several times."),
    click.option(
        "--late-policy/--no-late-policy",
        default=True,
        show_default=True,
        help="Apply the late policy of course.yml; leave it out if the LMS has one of its own.",
    ),
)


def grade_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which grades are meant."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command("export")
@click.option("--to", "target", required=True, type=LazyChoice(grade_files), help="Whose file it is.")
@click.option("--template", type=_FILE, required=True, help="The grade file that the LMS exported.")
@click.option("-o", "--out", type=_FILE, required=True, help="The file to give back to the LMS.")
@click.option("--column", default="", help="Header or id of the column; default: the one of the assignment's name.")
@click.option("--feedback-column", "feedback", default="", help="Header of the column for comments.")
@click.option("--replace-comments", "again", is_flag=True, help="Also replace comments that somebody else wrote.")
@grade_options
@COURSE
@JSON
def export_command(out: Path, course: Path | None, as_json: bool, **options: Any) -> None:
    """Fill the LMS's own grade file with the scores of one assignment, late policy applied.

    Only this assignment's scores and comments change; every other byte of the file stays. Students who are excused in
    the LMS stay so; a grade that is missing, pending or failed leaves the cell as it is, and is listed. The exit code
    is 0 only if every score found its line.

    \b
    Example:
      autograder lms export --to canvas --template gradebook.csv --assignment softmax --results results -o upload.csv
    """
    from autograder.lms.gradebook import ExportOptions, export_grades
    from autograder.lms.grades import GradeSource

    shared = {name: options.pop(name) for name in ("assignment", "results", "submitted", "late_policy", "marks")}
    basis = GradeSource(excused=frozenset(options.pop("excused")), **shared)
    filled = export_grades(course_of(course), ExportOptions(basis=basis, **options), out)
    if as_json:
        print_json(
            {
                "format_version": 1,
                "out": str(out),
                "column": filled.column,
                "lines": filled.told,
                "notes": filled.notes,
            }
        )
    else:
        click.echo("\n".join(_lines(filled, out)))
    sys.exit(1 if filled.lost else 0)


def _lines(filled: FilledFile, out: Path) -> Iterator[str]:
    from autograder.lms.gradebook import FillStatus
    from autograder.text import printable

    for outcome in (FillStatus.LOST, FillStatus.LEFT, FillStatus.WRITTEN):
        told = [each for each in filled.told if each.outcome is outcome]
        if told:
            yield f"{outcome.value}: {len(told)}"
        for each in told:
            change = f" {printable(each.before) or 'empty'} -> {each.after}" if outcome is FillStatus.WRITTEN else ""
            reason = f": {each.standing.value}, {printable(each.reason)}" if outcome is not FillStatus.WRITTEN else ""
            note = f" ({printable(each.reason)})" if outcome is FillStatus.WRITTEN and each.reason else ""
            yield f"  {printable(each.student)}{change}{reason}{note}"
    for note in filled.notes:
        yield f"note: {printable(note)}"
    same = sum(each.outcome is FillStatus.SAME for each in filled.told)
    written = sum(each.outcome is FillStatus.WRITTEN for each in filled.told)
    yield f"{printable(filled.column)}: {written} written, {same} unchanged: {printable(str(out))}"


@click.command("feedback")
@click.option("--to", "target", required=True, type=LazyChoice(feedback_paths), help="Who takes it back.")
@click.option(
    "--from-zip", "archive", type=click.Path(path_type=Path), required=True, help="The archive that was imported."
)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The zip to give back to the LMS.")
@grade_options
@COURSE
@JSON
def feedback_command(out: Path, course: Path | None, as_json: bool, **options: Any) -> None:
    """Make the zip of feedback that the LMS takes back: a page for every student who has a grade.

    Nobody without a grade gets a page. The exit code is 0 only if every grade found its page.

    \b
    Example:
      autograder lms feedback --to moodle --from-zip submissions.zip --assignment softmax --results results -o back.zip
    """
    from autograder.lms.feedback import write_feedback
    from autograder.lms.grades import GradeSource
    from autograder.text import printable

    target, archive = options.pop("target"), options.pop("archive")
    basis = GradeSource(excused=frozenset(options.pop("excused")), **options)
    sent = write_feedback(course_of(course), basis, target, archive, out)
    if as_json:
        print_json({"format_version": 1, "out": str(out), "students": sent})
    else:
        for each in sent:
            if not each.path:
                click.echo(f"no page: {printable(each.student)}: {each.standing.value}, {printable(each.reason)}")
        click.echo(f"{len({each.path for each in sent if each.path})} pages: {printable(str(out))}")
    sys.exit(1 if any(each.lost for each in sent) else 0)
