"""autograder lms"""

from __future__ import annotations

import importlib

import click

__all__ = ["COMMANDS", "command"]

COMMANDS = {
    "import": "Bring in the archive of submissions that the LMS gave you.",
    "marks": "List the written answers, for a person to mark.",
    "export": "Fill the LMS's own grade file.",
    "feedback": "Make the zip of feedback that the LMS takes back.",
}


class _Commands(click.Group):
    """The commands of COMMANDS, each in autograder/cli/lms_<name>.py as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"autograder.cli.lms_{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command("lms", cls=_Commands)
def command() -> None:
    """Out of Canvas, Moodle, Blackboard, Brightspace or Gradescope, and back into it.

    \b
    Example:
      autograder lms import submissions.zip --roster gradebook.csv -o submitted --assignment softmax
      autograder grade submitted -o results --assignment softmax
      autograder lms export --to canvas --template gradebook.csv --assignment softmax --results results -o upload.csv
    """
