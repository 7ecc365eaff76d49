"""What every isolation level has in common: what is readable, the environment, the command that starts a zygote."""

from __future__ import annotations

import os
import platform
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from autograder.sandbox.guest.lockdown import ChildBounds, ZygoteSettings
    from autograder.sandbox.limits import Limits

__all__ = ["Level", "child_bounds", "child_environment", "linux_obstacle", "readable_paths", "spare_user"]

SPARE_USER = 64000  # nobody's: root is exempt from some limits, so a sandbox started by root becomes this user
_PACKAGE = Path(__file__).resolve().parents[1]
_BOOT = "import sys; sys.path.insert(0, sys.argv.pop(1)); from guest.zygote import main; del sys.path[0]; main()"
_SYSTEM = (
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/usr/share/zoneinfo",
)


class Level(ABC):
    """One way to isolate a student's process.

    Attributes:
        name: what users, reports and the course file call it.
        isolates: whether it protects against hostile code; `best` chooses only among levels that do.
        forks: whether a warm zygote forks the children; otherwise each submission starts a cold Python.
        private_tree: whether a child has its own file tree, processes and user, so that it may write files there.
        remedy: what an administrator can do where the level does not work.
        caution: what to tell whoever asked for this level by name; empty if there is nothing to tell.
    """

    name: ClassVar[str]
    isolates: ClassVar[bool] = True
    forks: ClassVar[bool] = True
    private_tree: ClassVar[bool] = False
    remedy: ClassVar[str] = "see the reason"
    caution: ClassVar[str] = ""

    @abstractmethod
    def obstacle(self) -> str:
        """Return why this level cannot work on this machine, with the remedy; empty if it is worth trying."""

    def settings(self, folder: str, preload: Sequence[str]) -> ZygoteSettings:
        """Return how a zygote is set up whose scratch folder on the host is `folder`."""
        from autograder.sandbox.guest.lockdown import ZygoteSettings

        return ZygoteSettings(folder, readable_paths(), list(preload), forks=self.forks, private_tree=self.private_tree)

    def command(self, settings: ZygoteSettings, control: str, *encoded: str) -> list[str]:
        """Return the command that starts a zygote whose control socket has the number `control`."""
        del settings  # a level that wraps the interpreter needs them
        # Not resolved: a virtual environment is known by the path of its link to the interpreter.
        return [os.path.abspath(sys.executable), "-I", "-c", _BOOT, str(_PACKAGE), control, *encoded]  # noqa: PTH100 - resolve() would follow the link

    def user(self) -> int:
        """Return the user id that root changes to before the zygote starts; 0 to stay."""
        return spare_user()


def linux_obstacle(name: str) -> str:
    """Return why no level that needs Linux and a seccomp policy can work here; empty if one can."""
    if sys.platform != "linux":
        return f"level {name} needs Linux, this is {sys.platform}: use a Linux machine or container"
    from autograder.sandbox.policy import ARCHITECTURES

    if platform.machine() not in ARCHITECTURES:
        return f"no seccomp policy is shipped for {platform.machine()}: use x86_64 or aarch64"
    return ""


def child_bounds(limits: Limits) -> ChildBounds:
    """Translate a course's limits for a zygote."""
    from autograder.sandbox.guest.lockdown import ChildBounds

    return ChildBounds(
        memory=limits.memory_mb << 20,
        disk=limits.disk_mb << 20,
        processor_seconds=int(limits.submission_seconds) + 1,
        processes=limits.processes,
        output=limits.output_kb << 10,
    )


def readable_paths() -> list[str]:
    """Return what a student's code may read: the interpreter, its packages, the C library; nothing of a course."""
    prefixes = {sys.prefix, sys.base_prefix}
    own = {f"{prefix}/{part}" for prefix in prefixes for part in ("lib", "lib64", "bin", "pyvenv.cfg")}
    return sorted({*_SYSTEM, *own, *_interpreter_folders(), str(_PACKAGE / "guest")})


def _interpreter_folders() -> set[str]:
    """Follow the links from this environment's python to the binary; every step must exist inside."""
    folders, path = set(), Path(sys.executable)
    for _ in range(10):
        folders.add(str(path.parent))
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    return folders


def child_environment(folder: str) -> dict[str, str]:
    """Return a child's environment: nothing of the caller's, one BLAS thread, every cache in its own folder."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "student",
        "HOME": folder,
        "TMPDIR": folder,
        "IPYTHONDIR": f"{folder}/.ipython",
        "MPLCONFIGDIR": f"{folder}/.matplotlib",
        "MPLBACKEND": "Agg",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MALLOC_ARENA_MAX": "2",  # each arena of glibc reserves address space, which the memory limit counts
    }


def spare_user() -> int:
    """Return the user that root becomes in a sandbox; 0 if this is not root, or if that user cannot run this Python."""
    if os.geteuid() != 0:
        return 0
    import subprocess

    probe = [os.path.abspath(sys.executable), "-I", "-c", ""]  # noqa: PTH100 - as in Level.command
    options = {"user": SPARE_USER, "group": SPARE_USER, "extra_groups": [], "cwd": "/", "env": {}}
    try:
        done = subprocess.run(probe, capture_output=True, check=False, timeout=60, **options)  # type: ignore[call-overload]  # noqa: S603 - our own interpreter
    except (OSError, subprocess.SubprocessError):
        return 0
    return SPARE_USER if done.returncode == 0 else 0
