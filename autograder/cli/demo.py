"""autograder demo"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import COURSE, JSON, SANDBOX, course_of, print_json
from autograder.errors import CourseError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.demo.enrolment import Mismatch

__all__ = ["demo_command"]


@click.command("demo")
@click.argument("out", type=click.Path(path_type=Path), default=Path("autograder-demo"))
@click.option("--workers", type=click.IntRange(min=0), default=0, help="Processes that grade; default: one per core.")
@click.option("--force", is_flag=True, help="Grade again what an earlier demo in OUT graded.")
@SANDBOX
@COURSE
@JSON
def demo_command(out: Path, course: Path | None, as_json: bool, **options: Any) -> None:
    """Generate a class of 60, grade it into the folder OUT, and compare with what is expected.

    The submissions are made from the course's own solutions and misconceptions, with careless and hostile ones among
    them: OUT/class.csv says what each one is. The exit code is 0 if all were graded as expected.

    \b
    Example:
      autograder demo
      autograder demo /tmp/demo --workers 1
    """
    from autograder.batch.run import GradeOptions
    from autograder.cli.grade import INTERRUPTED, grade_with_progress
    from autograder.demo.enrolment import enrol, mismatches, with_short_limits, write_class

    loaded = with_short_limits(_course(course))
    seats = enrol(loaded)
    result = grade_with_progress(loaded, GradeOptions(submitted=write_class(seats, out), out=out, **options))
    if result.interrupted:
        sys.exit(INTERRUPTED)
    found = mismatches(seats, result.reports)
    if as_json:
        print_json({"submissions": len(seats), "as_expected": len(seats) - len(found), "surprises": found})
    else:
        from autograder.cli.console import print_summary

        print_summary(result, out)
        _show(found, len(seats), out)
    sys.exit(1 if found else 0)


def _course(path: Path | None) -> Course:
    """Load the course of this folder, else the one that this package includes."""
    try:
        return course_of(path)
    except CourseError:
        if path is not None:
            raise
        from autograder.course import builtin_course

        return builtin_course()


def _show(found: tuple[Mismatch, ...], total: int, out: Path) -> None:
    from autograder.text import printable

    for each in found:
        click.echo(f"UNEXPECTED: {printable(each.student)} · {each.assignment} ({each.what}): {each.problem}")
    click.echo(f"{total - len(found)} of {total} as expected; {out / 'class.csv'} says what each submission is")
