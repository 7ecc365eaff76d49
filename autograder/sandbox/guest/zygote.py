"""A warm Python that forks one locked-down child per submission.

It holds no secret: a student's child is its copy. The host talks to it over a SOCK_SEQPACKET socket:
two pipe ends -> process number and a pidfd of a new child; a process number -> how that child ended; one socket ->
nothing: from now on a copy of this zygote serves that socket too.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import msgspec

from . import syscalls
from .lockdown import ChildBounds, ChildEnding, ZygoteSettings, limit_resources, lock_down
from .serve import serve_requests
from .shell import Shell
from .wire import REPLIES, REQUESTS, PipePair

__all__ = ["main"]

MAX_MESSAGE, MAX_POLICY = 4096, 1 << 16
CHILD_READS, CHILD_WRITES, FIRST_FREE = 10, 11, 12
PLAIN_BASE = 1 << 30  # bytes of address space that Python with NumPy takes when it is not forked


class _Rules(NamedTuple):
    """What every child is held to; `policy` is the compiled system-call filter."""

    settings: ZygoteSettings
    bounds: ChildBounds
    policy: bytes


def _prepare(settings: ZygoteSettings) -> Shell:
    for name in settings.preload:
        import_module(name)
    shell = Shell()
    shell.warm_up()
    return shell


def _obstacle(settings: ZygoteSettings) -> str:
    if not settings.private_tree and syscalls.landlock_version() < 1:
        return "this kernel has no Landlock"
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threading.active_count() != 1 or threads != 1:
        return "a preloaded module started threads, and a threaded process must not fork"
    return ""


def _child(rules: _Rules, shell: Shell, size: int, descriptors: list[int]) -> None:
    try:
        os.dup2(descriptors[0], CHILD_READS)
        os.dup2(descriptors[1], CHILD_WRITES)
        null = os.open("/dev/null", os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        os.closerange(3, CHILD_READS)
        syscalls.close_from(FIRST_FREE)
        lock_down(rules.settings, rules.bounds, rules.policy, size)
        serve_requests(PipePair(CHILD_READS, CHILD_WRITES, REQUESTS, REPLIES), shell, rules.bounds.output)
    finally:  # nothing may return into the zygote's loop
        os._exit(1)


def _is_real(path: str) -> bool:
    """Return whether Landlock needs a rule for `path`; the target of a link is listed separately."""
    return Path(path).exists() and not Path(path).is_symlink()


def _reap(number: int) -> bytes:
    _, status, usage = os.wait4(number, 0)
    ending = ChildEnding(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
    return msgspec.json.encode(ending)


def _shared(control: socket.socket, descriptor: int) -> socket.socket:
    """Fork a copy of this zygote for the socket `descriptor`; give each of the two the socket that it serves."""
    if os.fork() == 0:
        control.close()
        return socket.socket(fileno=descriptor)
    os.close(descriptor)
    return control


def _serve_host(control: socket.socket, settings: ZygoteSettings, shell: Shell) -> None:
    settings = msgspec.structs.replace(settings, readable=[path for path in settings.readable if _is_real(path)])
    rules = _Rules(settings, msgspec.json.decode(control.recv(MAX_MESSAGE), type=ChildBounds), control.recv(MAX_POLICY))
    size = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGESIZE")
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC) if settings.private_tree else -1
    gc.freeze()  # children must not copy pages only because their collector looked at them
    gc.enable()
    control.send(b"ready")
    while True:
        message, descriptors, *_ = socket.recv_fds(control, MAX_MESSAGE, 2)
        if not message:
            os._exit(0)  # the host is gone
        if not descriptors:
            control.send(_reap(int(message)))
            continue
        if len(descriptors) == 1:
            control = _shared(control, descriptors[0])
            continue
        if own >= 0:
            syscalls.unshare(
                syscalls.NEWPID
            )  # the child becomes pid 1 of its own namespace: killing it kills all below
        number = os.fork()
        if number == 0:
            _child(rules, shell, size, descriptors)
        if own >= 0:
            syscalls.enter_pid_namespace(own)  # a namespace whose pid 1 has died would take no further child
        handle = os.pidfd_open(number)
        socket.send_fds(control, [b"%d" % number], [handle])
        for descriptor in (*descriptors, handle):
            os.close(descriptor)


def _alone(settings: ZygoteSettings, bounds: ChildBounds) -> None:
    """Serve as the only child, with its bounds and nothing more."""
    reads, writes = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    shell = _prepare(settings)
    limit_resources(bounds, PLAIN_BASE, private_user=False)
    serve_requests(PipePair(reads, writes, REQUESTS, REPLIES), shell, bounds.output)


def main() -> None:
    """Run a zygote: arguments are the control socket's number and the settings as JSON; or `-`, settings, bounds."""
    gc.disable()  # what loads now stays
    settings = msgspec.json.decode(sys.argv[2], type=ZygoteSettings)
    if not settings.forks:
        _alone(settings, msgspec.json.decode(sys.argv[3], type=ChildBounds))
        return
    control = socket.socket(fileno=int(sys.argv[1]))
    shell = _prepare(settings)
    obstacle = _obstacle(settings)
    if obstacle:
        control.send(obstacle.encode())
        return
    _serve_host(control, settings, shell)
