"""The command line. Thin: parses, calls, prints. A command's module is loaded only when that command runs."""

from __future__ import annotations

import gc
from typing import Any

import click

from autograder import __version__
from autograder.cli.lazy import LazyGroup
from autograder.errors import AutograderError

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "grade": "Grade a class: reports, grades.csv and a summary.",
    "demo": "Make up a class of 60, grade it, and compare with what was expected.",
    "lms": "Out of the LMS and back into it: submissions, grades, feedback.",
    "report": "Make pages of the results: for you, and for each student.",
    "diff": "Say whose score changed between two runs, and why.",
    "release": "Write the notebooks that students get.",
    "check": "Prove assignments: starter, solution, known mistakes, mutants.",
    "baseline": "Record what TensorFlow computes, or compare with it.",
    "doctor": "Check this machine and the course.",
}


class _Failure(click.ClickException):
    def show(self, file: Any = None) -> None:
        click.echo(f"error: {self.message}", file=file, err=True)


class _Commands(LazyGroup):
    """The commands of COMMANDS; an error that we raise on purpose is one line on the terminal."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            raise _Failure(str(error)) from error
        except KeyboardInterrupt:
            raise click.exceptions.Exit(130) from None
        finally:
            gc.freeze()  # or Python looks through everything once more on its way out


@click.command(
    cls=_Commands, listed=COMMANDS, prefix="autograder.cli.", context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="autograder")
def main() -> None:
    """Grade neural-network notebooks: fast, in a sandbox, and with the reason beside every score.

    \b
    Example:
      autograder demo                        see it at work
      autograder grade submitted -o results  grade a class
    """
