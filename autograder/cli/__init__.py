"""The command line: parse, call, print. A command's module is imported only when that command runs."""

from __future__ import annotations

import gc
from typing import Any

import click

from autograder import __version__
from autograder.cli.common import LazyGroup
from autograder.errors import AutograderError

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "grade": ("grade:grade_command", "Grade a class: reports, grades.csv and a summary."),
    "demo": ("demo:demo_command", "Generate a class of 60, grade it, and compare with what is expected."),
    "lms": ("lms:lms_command", "Exchange submissions, grades and feedback with an LMS."),
    "report": ("results:report_command", "Write pages of the results: for you, and for each student."),
    "diff": ("results:diff_command", "Show whose score changed between two runs, and why."),
    "release": ("release:release_command", "Write the notebooks for students."),
    "check": ("check:check_command", "Prove assignments: starter, solution, misconceptions, mutants."),
    "baseline": ("baseline:baseline_command", "Record what TensorFlow computes, or compare with it."),
    "doctor": ("doctor:doctor_command", "Check this machine and the course."),
}


class _Failure(click.ClickException):
    def show(self, file: Any = None) -> None:
        click.echo(f"error: {self.message}", file=file, err=True)


class _Commands(LazyGroup):
    """The commands of COMMANDS; an AutograderError is printed as one line."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            raise _Failure(str(error)) from error
        except KeyboardInterrupt:
            raise click.exceptions.Exit(130) from None
        finally:
            gc.freeze()  # skips the last garbage collection at exit


@click.command(cls=_Commands, listed=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="autograder")
def main() -> None:
    """Grade neural-network notebooks: fast, in a sandbox, and with the reason beside every score.

    \b
    Example:
      autograder demo                        see how it works
      autograder grade submitted -o results  grade a class
    """
