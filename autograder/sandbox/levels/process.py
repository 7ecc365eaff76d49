"""Level `process`: a process of its own with rlimits, and nothing else. Runs everywhere, protects next to nothing."""

from __future__ import annotations

from typing import ClassVar

from autograder.sandbox.levels.base import Level

__all__ = ["Process"]


class Process(Level):
    """Used only when it is asked for by name."""

    name: ClassVar[str] = "process"
    isolates: ClassVar[bool] = False
    forks: ClassVar[bool] = False
    caution: ClassVar[str] = "does not protect this machine from students' code"

    def obstacle(self) -> str:
        """Return nothing: this level works on every machine."""
        return ""

    def user(self) -> int:
        """Stay: this level promises no protection from the user that it runs as."""
        return 0
