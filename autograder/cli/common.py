"""What commands share: options, JSON output, and groups that load a command when it runs."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from autograder.sandbox.levels import BEST, level_choices

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = ["COURSE", "JSON", "SANDBOX", "LazyChoice", "LazyGroup", "course_of", "print_json"]


COURSE = click.option(
    "--course",
    type=click.Path(path_type=Path),
    help="The course file; default: course.yml here or in a folder above.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
SANDBOX = click.option(
    "--sandbox",
    "level",
    type=click.Choice(level_choices()),
    default=BEST,
    show_default=True,
    help="How to isolate students' code. `process` gives almost no protection.",
)


def course_of(path: Path | None) -> Course:
    """Load the course that --course names, or the one of this folder."""
    from autograder.course import load_course

    return load_course(path)


def print_json(value: Any) -> None:
    """Print records as indented JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


class LazyChoice(click.Choice[str]):
    """One of some names that are listed only when they are needed; `first` is known without them."""

    def __init__(self, names: Callable[[], Iterable[str]], *first: str) -> None:
        super().__init__(first)
        del self.choices
        self._names, self._first = names, first

    def __getattr__(self, name: str) -> Any:
        """List the choices when they are needed."""
        if name != "choices":
            raise AttributeError(name)
        return (*self._first, *self._names())

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the name; fails if it is not among the choices."""
        return value if value in self._first else super().convert(value, param, ctx)


class LazyGroup(click.Group):
    """A group of commands that are imported when they run.

    `listed` maps a command's name to its place (`module:function` below `autograder.cli`) and its line in `--help`.
    """

    def __init__(self, *args: Any, listed: Mapping[str, tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._listed = listed

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands' names in their order."""
        return list(self._listed)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command; None if there is none of this name."""
        if cmd_name not in self._listed:
            return None
        module, _, name = self._listed[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(f"autograder.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._listed.items()])
