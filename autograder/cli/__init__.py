"""The command line. Thin: parses, calls, prints. A command's module is loaded only when that command runs."""

from __future__ import annotations

import gc
import importlib
from typing import Any

import click

from autograder import __version__
from autograder.errors import AutograderError

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "grade": "Grade a class: reports, grades.csv and a summary.",
    "demo": "Make up a class of 60, grade it, and compare with what was expected.",
    "lms": "Out of the LMS and back into it: submissions, grades, feedback.",
    "diff": "Say whose score changed between two runs, and why.",
    "release": "Write the notebooks that students get.",
    "check": "Prove assignments: starter, solution, known mistakes, mutants.",
    "baseline": "Record what TensorFlow computes, or compare with it.",
    "doctor": "Check this machine and the course.",
}


class _Failure(click.ClickException):
    def show(self, file: Any = None) -> None:
        click.echo(f"error: {self.message}", file=file, err=True)


class _Commands(click.Group):
    """The commands of COMMANDS, each in autograder/cli/<name>.py as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"autograder.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            raise _Failure(str(error)) from error
        except KeyboardInterrupt:
            raise click.exceptions.Exit(130) from None
        finally:
            gc.freeze()  # or Python looks through everything once more on its way out


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="autograder")
def main() -> None:
    """Grade neural-network notebooks: fast, in a sandbox, and with the reason beside every score.

    \b
    Example:
      autograder demo                        see it at work
      autograder grade submitted -o results  grade a class
    """
