"""What several commands share: their course, the console, JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = ["COURSE", "JSON", "SANDBOX", "load_course", "print_json"]

COURSE = click.option(
    "--course", type=click.Path(path_type=Path), help="The course file; default: course.yml here or in a parent folder."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
SANDBOX = click.option(
    "--sandbox",
    "level",
    type=click.Choice(["best", "namespaces", "landlock", "process"]),
    default="best",
    show_default=True,
    help="How to isolate students' code. `process` offers next to no protection.",
)


def load_course(path: Path | None) -> Course:
    """Load the course file of an option."""
    from autograder import course as courses  # noqa: PLC0415

    return courses.load(path)


def print_json(value: Any) -> None:
    """Print records as indented JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
