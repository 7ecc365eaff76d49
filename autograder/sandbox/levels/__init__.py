"""Isolation levels, strongest first: one class per level, registered here.

Everything outside this package knows a level by its name, which is also what reports carry.
"""

from __future__ import annotations

from autograder.errors import IsolationUnavailable
from autograder.sandbox.levels.base import Level
from autograder.sandbox.levels.landlock import Landlock
from autograder.sandbox.levels.namespaces import Namespaces
from autograder.sandbox.levels.process import Process

__all__ = ["BEST", "LEVELS", "Level", "candidates", "level_choices", "level_named"]

BEST = "best"
"""The name that stands for the strongest level that works on this machine."""

LEVELS: dict[str, Level] = {level.name: level for level in (Namespaces(), Landlock(), Process())}
"""Every level by its name."""


def level_choices() -> tuple[str, ...]:
    """Return what may be asked for: `best`, then the names of all levels."""
    return (BEST, *LEVELS)


def level_named(name: str) -> Level:
    """Return the level of a name; raises IsolationUnavailable, listing the choices, if there is none."""
    if name not in LEVELS:
        raise IsolationUnavailable(f"no isolation level {name!r}: choose from {', '.join(level_choices())}")
    return LEVELS[name]


def candidates(name: str) -> tuple[Level, ...]:
    """Return the levels to try for a name, strongest first: for `best` those that isolate, else the one level."""
    return tuple(level for level in LEVELS.values() if level.isolates) if name == BEST else (level_named(name),)
