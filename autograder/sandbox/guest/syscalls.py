"""System calls that Python 3.11 does not offer: namespaces, mounts, Landlock, seccomp, capabilities.

Numbers and structures: Linux UAPI headers (linux/sched.h, mount.h, landlock.h, seccomp.h, capability.h).
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence

__all__ = [
    "NEWIPC",
    "NEWNS",
    "NEWPID",
    "close_from",
    "drop_capabilities",
    "enter_pid_namespace",
    "install_filter",
    "landlock_version",
    "mount",
    "no_new_privileges",
    "private_mounts",
    "restrict_files",
    "set_prctl",
    "unshare",
]

NEWNS, NEWIPC, NEWPID = 0x0002_0000, 0x0800_0000, 0x2000_0000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 1 << 14, 1 << 18
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
CAPABILITY_VERSION_3 = 0x2008_0522

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
if _libc is not None:
    _libc.syscall.restype = ctypes.c_long
_ulong = ctypes.c_ulong


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _c() -> ctypes.CDLL:
    if _libc is None:
        raise OSError("needs Linux")
    return _libc


def set_prctl(option: int, first: int = 0) -> None:
    """Call prctl(2) with one argument."""
    _checked(_c().prctl(option, _ulong(first), _ulong(0), _ulong(0), _ulong(0)), f"prctl {option}")


def no_new_privileges() -> None:
    """Make every later exec unable to gain privileges; Landlock and seccomp ask for it."""
    set_prctl(PR_SET_NO_NEW_PRIVS, 1)


def unshare(flags: int) -> None:
    """Move this process (for NEWPID: its next child) into new namespaces."""
    _checked(_c().unshare(flags), "unshare")


def enter_pid_namespace(descriptor: int) -> None:
    """Place the next child in the pid namespace behind `descriptor`."""
    _checked(_c().setns(descriptor, NEWPID), "setns")


def private_mounts() -> None:
    """Stop mounts of this namespace from reaching others."""
    _checked(_c().mount(b"none", b"/", None, _ulong(MS_REC | MS_PRIVATE), None), "mount --make-private")


def mount(filesystem: str, target: str, options: str = "") -> None:
    """Mount a new `proc` or `tmpfs` at `target`, without devices, set-uid or executables."""
    kind = filesystem.encode()
    flags = _ulong(MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _checked(_c().mount(kind, target.encode(), kind, flags, options.encode() or None), f"mount {target}")


def close_from(first: int) -> None:
    """Close every file descriptor from `first` on."""
    try:
        close_range = _c().close_range  # glibc 2.34
    except AttributeError:
        os.closerange(first, 65536)
        return
    _checked(close_range(ctypes.c_uint(first), ctypes.c_uint(0xFFFF_FFFF), 0), "close_range")


def drop_capabilities() -> None:
    """Drop every capability of this process."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _checked(_c().capset(header, (ctypes.c_uint32 * 6)()), "capset")


def install_filter(program: bytes) -> None:
    """Load a compiled BPF program as this process's seccomp filter; it can never be lifted."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    code = ctypes.create_string_buffer(program, len(program))
    record = Program(len(program) // 8, ctypes.addressof(code))
    _checked(
        _c().prctl(PR_SET_SECCOMP, _ulong(SECCOMP_MODE_FILTER), ctypes.byref(record), _ulong(0), _ulong(0)), "seccomp"
    )


# Landlock access rights to files, by the ABI version that brought them (linux/landlock.h).
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
MAKE_CHAR, MAKE_BLOCK = 1 << 6, 1 << 11
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
FIRST_RIGHTS = (1 << 13) - 1
NET_TCP, SCOPES = 0b11, 0b11  # bind and connect; abstract sockets and signals
OF_FILES = READ_FILE | WRITE_FILE | TRUNCATE | EXECUTE | IOCTL_DEV


def landlock_version() -> int:
    """Return the kernel's Landlock ABI version; 0 if there is none."""
    if _libc is None:
        return 0
    return max(0, int(_libc.syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)))


def restrict_files(readable: Sequence[str], writable: Sequence[str]) -> None:
    """Allow this process to read below `readable` and to read and write below `writable`, and no other file.

    With newer kernels also: no TCP (ABI 4), no signal or abstract socket out of this process (ABI 6).
    """
    version = landlock_version()
    if version < 1:
        return
    files = FIRST_RIGHTS | REFER * (version >= 2) | TRUNCATE * (version >= 3) | IOCTL_DEV * (version >= 5)
    attributes = (ctypes.c_uint64 * 3)(files, NET_TCP * (version >= 4), SCOPES * (version >= 6))
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _checked(_c().syscall(LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0), "landlock")
    try:
        for path in readable:
            _allow(ruleset, path, READ_FILE | READ_DIR)
        for path in writable:
            _allow(ruleset, path, files & ~(EXECUTE | MAKE_CHAR | MAKE_BLOCK))
        no_new_privileges()
        _checked(_c().syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0), "landlock")
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # nothing there to allow
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - pathlib costs more than the system call, once per path and child
            rights &= OF_FILES & ~EXECUTE
        rule = rights.to_bytes(8, sys.byteorder) + descriptor.to_bytes(4, sys.byteorder)
        _checked(_c().syscall(LANDLOCK_ADD_RULE, ruleset, 1, rule, 0), f"landlock {path}")
    finally:
        os.close(descriptor)
