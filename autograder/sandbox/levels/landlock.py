"""Level `landlock`: Landlock, seccomp and rlimits, for machines and containers without user namespaces."""

from __future__ import annotations

from typing import ClassVar

from autograder.sandbox.levels.base import Level, linux_obstacle

__all__ = ["Landlock"]


class Landlock(Level):
    """Files are read-only and only the interpreter's; nothing can be written, no call reaches other processes."""

    name: ClassVar[str] = "landlock"
    remedy: ClassVar[str] = "use Linux 5.13 or later with Landlock in the kernel's list of security modules"

    def obstacle(self) -> str:
        """Return why Landlock is not available here."""
        from autograder.sandbox.guest import syscalls

        missing = "" if syscalls.landlock_version() >= 1 else "this kernel has no Landlock: use Linux 5.13 or later"
        return linux_obstacle(self.name) or missing
