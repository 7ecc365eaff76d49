"""Level `namespaces`: bubblewrap around the zygote, then namespaces, seccomp, Landlock and rlimits per child."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from autograder.sandbox.levels.base import Level, linux_obstacle

if TYPE_CHECKING:
    from autograder.sandbox.guest.lockdown import ZygoteSettings

__all__ = ["Namespaces"]

INSIDE = "/student"  # a child's folder; it must hide no folder of the interpreter
_UNSHARED = ("user", "pid", "net", "ipc", "uts")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


class Namespaces(Level):
    """A private file tree, no network, no other processes: the strongest level."""

    name: ClassVar[str] = "namespaces"
    private_tree: ClassVar[bool] = True
    remedy: ClassVar[str] = (
        "apt install bubblewrap, and allow user namespaces (in a container: `landlock` needs neither)"
    )

    def obstacle(self) -> str:
        """Return why bubblewrap cannot be started here."""
        import shutil

        missing = "" if shutil.which("bwrap") else "bubblewrap is not installed: `apt install bubblewrap`"
        return linux_obstacle(self.name) or missing

    def settings(self, folder: str, preload: Sequence[str]) -> ZygoteSettings:
        """Return the settings of a zygote whose folder is the one in its own tree, whatever it is on the host."""
        del folder
        return super().settings(INSIDE, preload)

    def command(self, settings: ZygoteSettings, control: str, *encoded: str) -> list[str]:
        """Return the interpreter's command inside bubblewrap."""
        return [*_bubblewrap(settings), *super().command(settings, control, *encoded)]


def _bubblewrap(settings: ZygoteSettings) -> list[str]:
    words = ["bwrap", *(f"--unshare-{each}" for each in _UNSHARED), "--die-with-parent"]
    words += ["--new-session", "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--hostname", "sandbox"]
    words += ["--proc", "/proc", "--tmpfs", settings.folder]
    for path in map(Path, settings.readable):
        if path.is_symlink():
            words += ["--symlink", os.fspath(path.readlink()), str(path)]
        elif path.exists():
            words += ["--ro-bind", str(path), str(path)]
    for device in _DEVICES:  # not --dev: it would make a second user namespace
        words += ["--dev-bind", device, device]
    return [*words, "--remount-ro", "/", "--chdir", settings.folder]
