"""autograder lms marks"""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.common import COURSE, JSON, load_course, print_json

__all__ = ["command"]


@click.command("marks")
@click.option("--assignment", required=True, help="Which one of course.yml.")
@click.option("--results", type=click.Path(path_type=Path), required=True, help="What `autograder grade` wrote.")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The CSV to fill in.")
@COURSE
@JSON
def command(assignment: str, results: Path, out: Path, course: Path | None, as_json: bool) -> None:
    """List the written answers of an assignment in a CSV, for a person to enter points and comments.

    Marks that are in the file already stay. `autograder lms export`, `feedback` and `push` take it as --marks; a
    grade is sent when none of its answers is without points.

    \b
    Example:
      autograder lms marks --assignment softmax --results results -o marks.csv
    """
    from autograder.batch.names import printable  # noqa: PLC0415
    from autograder.lms.marks import write  # noqa: PLC0415

    name = load_course(course).assignment(assignment).name
    written, still_open = write(results, name, out)
    if as_json:
        print_json({"format_version": 1, "out": str(out), "answers": written, "open": still_open})
    else:
        click.echo(f"{written} written answers, {still_open} without points: {printable(str(out))}")
