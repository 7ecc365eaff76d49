"""What a child gives up before it runs a student's first line."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Mapping

import msgspec

from . import syscalls

__all__ = ["ChildBounds", "ChildEnding", "ZygoteSettings", "limit_resources", "lock_down"]

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
MAX_FILES, MAX_INODES = 64, 4096
# What numpy, IPython and the C library read beside the interpreter's own files.
# Of /proc/self single files only: the folder also shows the machine's network tables and mounts.
_PSEUDO_FILES = (
    *(f"/proc/self/{name}" for name in ("cmdline", "fd", "maps", "stat", "statm", "status")),
    *("/dev/null", "/dev/zero", "/dev/urandom", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"),
)


class ZygoteSettings(msgspec.Struct, frozen=True):
    """What the host tells a zygote when it starts.

    `folder` is where a child starts, `preload` names modules to import. With `private_tree` each child has a file tree,
    processes and a user of its own. A zygote that does not fork is itself the only child.
    """

    folder: str
    readable: list[str]
    preload: list[str]
    forks: bool = True
    private_tree: bool = False


class ChildBounds(msgspec.Struct, frozen=True):
    """What the host tells a zygote before its first child: the bounds of each (bytes, seconds)."""

    memory: int
    disk: int
    processor_seconds: int
    processes: int
    output: int


class ChildEnding(msgspec.Struct):
    """How a child ended: exit status (negative: the signal), processor seconds, most memory (KiB)."""

    status: int
    processor: float
    peak: int


def lock_down(settings: ZygoteSettings, bounds: ChildBounds, policy: bytes, zygote_size: int) -> None:
    """Drop every privilege that a student's code must not have.

    The order matters: what needs a capability comes before its loss.

    `zygote_size` is the address space (bytes) that this process starts with; the memory limit counts from there.
    """
    syscalls.set_prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if settings.private_tree:
        _own_tree(settings.folder, bounds.disk)
    with contextlib.suppress(OSError):  # when memory runs out, the kernel shall take this process, not the grader
        _write("/proc/self/oom_score_adj", b"1000")
    os.chdir(settings.folder)
    limit_resources(bounds, zygote_size, private_user=settings.private_tree)
    syscalls.restrict_files([*settings.readable, *_PSEUDO_FILES], [settings.folder] if settings.private_tree else [])
    syscalls.drop_capabilities()
    syscalls.no_new_privileges()
    syscalls.set_prctl(PR_SET_DUMPABLE, 0)
    syscalls.install_filter(policy)


def _write(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


def _own_tree(folder: str, disk: int) -> None:
    syscalls.unshare(syscalls.NEWNS | syscalls.NEWIPC)
    syscalls.private_mounts()
    syscalls.mount("proc", "/proc")
    syscalls.mount("tmpfs", folder, f"size={disk},nr_inodes={MAX_INODES},mode=700")


def limit_resources(bounds: ChildBounds, base_size: int, *, private_user: bool) -> None:
    """Set the rlimits.

    NPROC only in a user namespace of our own: elsewhere it counts all processes of that user.
    """
    limits: Mapping[str, int] = {
        "AS": base_size + bounds.memory,
        "CPU": bounds.processor_seconds,
        "FSIZE": bounds.disk,
        "NOFILE": MAX_FILES,
        "CORE": 0,
        "MEMLOCK": 0,
        **({"NPROC": bounds.processes} if private_user else {}),
    }
    for name, value in limits.items():
        with contextlib.suppress(ValueError, OSError, AttributeError):  # macOS lacks some of them
            hard = value + 1 if name == "CPU" else value  # the soft limit's signal tells time from memory
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, hard))
