"""A group of commands, each of which is loaded only when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

__all__ = ["LazyGroup"]


class LazyGroup(click.Group):
    """Commands by name, with the line that `--help` shows; each is `command` in the module `<prefix><name>`."""

    def __init__(self, *args: Any, listed: Mapping[str, str], prefix: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._listed, self._prefix = listed, prefix

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name the commands in the order of their list."""
        return list(self._listed)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command; None if there is none of this name."""
        if cmd_name not in self._listed:
            return None
        command = importlib.import_module(f"{self._prefix}{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._listed.items()))
