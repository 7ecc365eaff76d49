"""The three isolation levels: what each needs, and how a zygote is started at it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox.guest import syscalls
from autograder.sandbox.guest.lockdown import ChildBounds, ZygoteSettings
from autograder.sandbox.limits import Limits
from autograder.sandbox.policy import ARCHITECTURES

__all__ = [
    "LANDLOCK",
    "LEVELS",
    "NAMESPACES",
    "PROCESS",
    "child_bounds",
    "child_environment",
    "level_obstacle",
    "readable_paths",
    "spare_user",
    "zygote_command",
    "zygote_settings",
]

NAMESPACES, LANDLOCK, PROCESS = "namespaces", "landlock", "process"
LEVELS = (NAMESPACES, LANDLOCK, PROCESS)
INSIDE = "/student"  # a child's folder at level `namespaces`; it must hide no folder of the interpreter
SPARE_USER = 64000  # nobody's: root is exempt from some limits, so a sandbox started by root becomes this user
_PACKAGE = Path(__file__).resolve().parent
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


def level_obstacle(level: str) -> str:
    """Tell why `level` cannot work on this machine, with the remedy; empty if nothing speaks against trying."""
    if level == PROCESS:
        return ""
    if sys.platform != "linux":
        return f"level {level} needs Linux, this is {sys.platform}: use a Linux machine or container"
    if platform.machine() not in ARCHITECTURES:
        return f"no seccomp policy is shipped for {platform.machine()}: use x86_64 or aarch64"
    if level == NAMESPACES and shutil.which("bwrap") is None:
        return "bubblewrap is not installed: `apt install bubblewrap`"
    if level == LANDLOCK and syscalls.landlock_version() < 1:
        return "this kernel has no Landlock: use Linux 5.13 or later"
    return ""


def zygote_settings(level: str, folder: str, preload: Sequence[str]) -> ZygoteSettings:
    """Say how a zygote is set up at `level`."""
    return ZygoteSettings(level, INSIDE if level == NAMESPACES else folder, readable_paths(), list(preload))


def child_bounds(limits: Limits) -> ChildBounds:
    """Translate a course's limits for a zygote."""
    return ChildBounds(
        memory=limits.memory_mb << 20,
        disk=limits.disk_mb << 20,
        processor_seconds=int(limits.submission_seconds) + 1,
        processes=limits.processes,
        output=limits.output_kb << 10,
    )


def readable_paths() -> list[str]:
    """List what a student's code may read: the interpreter, its packages, the C library; nothing of a course."""
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
    """Give a child's environment: nothing of the caller's, one BLAS thread, every cache in its own folder."""
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


def zygote_command(settings_: ZygoteSettings, control: str, *encoded: str) -> list[str]:
    """Give the command that starts a zygote whose control socket has the number `control`."""
    python = [os.path.abspath(sys.executable), "-I", "-c", _BOOT, str(_PACKAGE), control, *encoded]  # noqa: PTH100
    return [*_bubblewrap(settings_), *python] if settings_.level == NAMESPACES else python


def _bubblewrap(settings_: ZygoteSettings) -> list[str]:
    words = [
        "bwrap",
        "--unshare-user",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--die-with-parent",
    ]
    words += ["--new-session", "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--hostname", "sandbox"]
    words += ["--proc", "/proc", "--tmpfs", settings_.folder]
    for path in settings_.readable:
        if os.path.islink(path):  # noqa: PTH114
            words += ["--symlink", os.readlink(path), path]  # noqa: PTH115
        elif os.path.exists(path):  # noqa: PTH110
            words += ["--ro-bind", path, path]
    for device in ("/dev/null", "/dev/zero", "/dev/urandom"):  # not --dev: it would make a second user namespace
        words += ["--dev-bind", device, device]
    return [*words, "--remount-ro", "/", "--chdir", settings_.folder]


def spare_user(level: str) -> int:
    """Give the user that root becomes in a sandbox; 0 if this is not root, or if that user cannot run this Python."""
    if level == PROCESS or os.geteuid() != 0:
        return 0
    probe = [os.path.abspath(sys.executable), "-I", "-c", ""]  # noqa: PTH100
    try:
        done = subprocess.run(  # noqa: S603
            probe,
            user=SPARE_USER,
            group=SPARE_USER,
            extra_groups=[],
            cwd="/",
            env={},
            capture_output=True,
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    return SPARE_USER if done.returncode == 0 else 0
