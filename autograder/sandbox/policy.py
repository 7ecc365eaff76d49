"""The seccomp policy: which system calls a student's process may make. Compiled to BPF once, shipped as bytes.

`python -m autograder.sandbox.policy` writes box/seccomp/*.bpf anew; it needs libseccomp and pyseccomp, which only
development machines have. A test compares the shipped bytes with a fresh compilation.

What is not listed gives ENOSYS, so that the C library falls back as on an old kernel; what programs are likely to try
gives EPERM, a clearer error. There is no fork and no exec, hence one process whose address space bounds all its memory.
"""

from __future__ import annotations

import errno
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

__all__ = ["ARCHITECTURES", "compile_filter", "main", "shipped"]

FOLDER = Path(__file__).parent / "guest" / "seccomp"
ARCHITECTURES = {"x86_64": "X86_64", "aarch64": "AARCH64"}

_FILES = """
open openat close close_range lseek read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2
stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents getdents64 getcwd
chdir fchdir umask fallocate ftruncate fsync fdatasync flock fadvise64 copy_file_range sendfile splice tee
statfs fstatfs dup dup2 dup3 pipe pipe2 eventfd eventfd2 poll ppoll select pselect6 epoll_create epoll_create1
epoll_ctl epoll_wait epoll_pwait epoll_pwait2 shutdown recvfrom getsockname getpeername getsockopt
""".split()
_MEMORY = """
mmap munmap mprotect mremap madvise msync mincore brk mlock munlock mbind get_mempolicy set_mempolicy membarrier
""".split()
_TIME_AND_SIGNALS = """
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause alarm
setitimer getitimer timer_create timer_settime timer_gettime timer_delete timer_getoverrun timerfd_create
timerfd_settime timerfd_gettime nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
""".split()
_PROCESS = """
getrusage sysinfo uname getrandom getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid
getgroups getpgrp getrlimit setrlimit futex futex_waitv set_robust_list set_tid_address arch_prctl rseq
sched_yield sched_get_priority_max sched_get_priority_min getcpu restart_syscall exit exit_group wait4 waitid
""".split()
ALLOWED = _FILES + _MEMORY + _TIME_AND_SIGNALS + _PROCESS

# Calls that change the file tree: allowed only where the tree is the child's own tmpfs.
CHANGES = """
creat mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat truncate
""".split()
REFUSED = """
kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal pidfd_open pidfd_getfd fork vfork execve
execveat socket connect bind listen accept accept4 sendmsg sendmmsg recvmsg recvmmsg ptrace process_vm_readv
process_vm_writev kcmp unshare setns mount umount2 pivot_root chroot bpf perf_event_open userfaultfd
io_uring_setup keyctl add_key request_key memfd_create shmget shmat shmctl semget semop msgget msgsnd mq_open
setuid setgid setreuid setregid setresuid setresgid setgroups capset personality setpgid setsid setpriority
ioprio_set chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat
setxattr lsetxattr fsetxattr mknod mknodat syslog
""".split()

# Commands of multiplexed calls: (argument position, values). Left out on purpose: F_SETOWN and F_SETSIG, with which the
# kernel signals other processes; TIOCSTI, which types into a terminal; PR_SET_PDEATHSIG, which would undo ours.
COMMANDS = {
    "fcntl": (1, [0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032, 1034]),
    "ioctl": (1, [0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451]),
    "prctl": (0, [3, 15, 16, 21, 39, 0x5356_4D41]),
    "prlimit64": (0, [0]),
}
OPEN_TO_WRITE = (
    0o1,
    0o2,
    0o100,
    0o1000,
)  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC (Landlock before ABI 3 misses truncation)
# Calls that take a process number: position of that argument, which must be 0, this process. At level `landlock` the
# grader has the same user, and would let a student's process choose its processors.
OWN_PROCESS = {
    "sched_getaffinity": 0, "sched_setaffinity": 0, "sched_getparam": 0, "sched_getscheduler": 0, "getpgid": 0,
    "getsid": 0, "getpriority": 1, "get_robust_list": 0,
}  # fmt: skip
CLONE_THREAD = 0x0001_0000
AF_UNIX, SOCK_STREAM, SOCK_TYPE_MASK = 1, 1, 0xF


def compile_filter(architecture: str, *, writable: bool, threads: bool) -> bytes:
    """Compile the policy for `architecture`.

    `writable` says that the child has a tmpfs of its own to write in, `threads` that it may start threads.
    """
    import pyseccomp

    rules = _Rules(pyseccomp, ARCHITECTURES[architecture])
    for name in ALLOWED:
        if writable or name not in ("open", "openat"):
            rules.allow(name)
    for name in CHANGES:
        rules.allow(name) if writable else rules.refuse(name)
    for name in REFUSED:
        rules.refuse(name)
    if not writable:
        rules.read_only_open()
    for name, (position, values) in COMMANDS.items():
        for value in values:
            rules.allow(name, rules.equals(position, value))
    for name, position in OWN_PROCESS.items():
        rules.allow(name, rules.equals(position, 0))
    # A datagram pair could send to any path, so pairs are streams and nothing is sent to an address.
    rules.allow("sendto", rules.equals(4, 0))
    rules.allow("socketpair", rules.equals(0, AF_UNIX), rules.masked(1, SOCK_TYPE_MASK, SOCK_STREAM))
    if threads:
        rules.allow("clone", rules.masked(0, CLONE_THREAD, CLONE_THREAD))
        rules.refuse("clone", rules.masked(0, CLONE_THREAD, 0))
    else:
        rules.refuse("clone")
    return rules.export()


class _Rules:
    """A libseccomp filter under construction for one architecture."""

    def __init__(self, library: Any, architecture: str) -> None:
        self._library = library
        self._filter = library.SyscallFilter(library.ERRNO(errno.ENOSYS))
        wanted = getattr(library.Arch, architecture)
        if wanted != library.system_arch():
            self._filter.add_arch(wanted)
            self._filter.remove_arch(library.Arch.NATIVE)

    def _add(self, action: Any, name: str, *conditions: Any) -> None:
        try:
            self._filter.add_rule(action, name, *conditions)
        except OSError:
            return  # no such system call on this architecture

    def allow(self, name: str, *conditions: Any) -> None:
        self._add(self._library.ALLOW, name, *conditions)

    def refuse(self, name: str, *conditions: Any) -> None:
        self._add(self._library.ERRNO(errno.EPERM), name, *conditions)

    def equals(self, position: int, value: int) -> Any:
        return self._library.Arg(position, self._library.EQ, value)

    def masked(self, position: int, mask: int, value: int) -> Any:
        return self._library.Arg(position, self._library.MASKED_EQ, mask, value)

    def read_only_open(self) -> None:
        for name, position in (("open", 1), ("openat", 2)):
            self.allow(name, self.masked(position, sum(OPEN_TO_WRITE), 0))
            for flag in OPEN_TO_WRITE:
                self.refuse(name, self.masked(position, flag, flag))

    def export(self) -> bytes:
        self._filter.set_attr(self._library.Attr.CTL_OPTIMIZE, 2)  # a binary tree loads and runs faster
        with tempfile.TemporaryFile() as file:
            self._filter.export_bpf(file)
            file.seek(0)
            return file.read()


def _path(architecture: str, writable: bool, threads: bool) -> Path:
    return FOLDER / f"{architecture}-{'writable' if writable else 'readonly'}{'-threads' if threads else ''}.bpf"


def shipped(architecture: str, *, writable: bool, threads: bool) -> bytes:
    """Return the compiled policy that this package ships for one of ARCHITECTURES."""
    return _path(architecture, writable, threads).read_bytes()


def main() -> None:
    """Compile and write every variant."""
    FOLDER.mkdir(exist_ok=True)
    for architecture in ARCHITECTURES:
        for writable, threads in product((True, False), repeat=2):
            program = compile_filter(architecture, writable=writable, threads=threads)
            _path(architecture, writable, threads).write_bytes(program)


if __name__ == "__main__":
    main()
