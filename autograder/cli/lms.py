"""autograder lms"""

from __future__ import annotations

import click

from autograder.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "command"]

COMMANDS = {
    "import": "Bring in the archive of submissions that the LMS gave you.",
    "marks": "List the written answers, for a person to mark.",
    "export": "Fill the LMS's own grade file.",
    "feedback": "Make the zip of feedback that the LMS takes back.",
    "push": "Send grades over the network, and read them back.",
    "check": "Look whether a push would work; writes nothing.",
}


@click.command("lms", cls=LazyGroup, listed=COMMANDS, prefix="autograder.cli.lms_")
def command() -> None:
    """Out of Canvas, Moodle, Blackboard, Brightspace or Gradescope, and back into it.

    \b
    Example:
      autograder lms import submissions.zip --roster gradebook.csv -o submitted --assignment softmax
      autograder grade submitted -o results --assignment softmax
      autograder lms export --to canvas --template gradebook.csv --assignment softmax --results results -o upload.csv
    """
