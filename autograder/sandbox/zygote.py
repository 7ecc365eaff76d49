"""The host's handle on a zygote: start it at a level, fork children from it, end it."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from platform import machine
from typing import TYPE_CHECKING

import msgspec

from autograder.errors import IsolationUnavailable, SandboxError
from autograder.sandbox import policy
from autograder.sandbox.guest.lockdown import ChildEnding
from autograder.sandbox.levels import Level
from autograder.sandbox.levels.base import child_bounds, child_environment
from autograder.sandbox.limits import Limits

if TYPE_CHECKING:
    from autograder.sandbox.child import Child

__all__ = ["Zygote"]

START_SECONDS, ANSWER_SECONDS = 120.0, 30.0
MAX_MESSAGE = 4096


class Zygote:
    """A warm Python at one isolation level, or a cold one per submission at a level that does not fork.

    It loads by itself; `prepare` waits for that. Both raise IsolationUnavailable with the reason if the level does not
    work on this machine. What talks to children needs NumPy and is imported with the first of them: the zygote's own
    start need not wait for that.
    """

    def __init__(self, level: Level, preload: Sequence[str]) -> None:
        reason = level.obstacle()
        if reason:
            raise IsolationUnavailable(reason)
        self.level = level
        self._folder = tempfile.mkdtemp(prefix="autograder-")
        os.chmod(self._folder, 0o755)  # noqa: PTH101, S103 - empty, and the spare user must be able to stand in it
        user = level.user()
        self._user = {"user": user, "group": user, "extra_groups": []} if user else {}
        self._settings = level.settings(self._folder, preload)
        self._environment = child_environment(self._settings.folder)
        self._bounds = b""
        self._process: subprocess.Popen[bytes] | None = None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if level.forks:
                number = theirs.fileno()
                self._process = self._popen(str(number), pass_fds=[number], stderr=subprocess.PIPE)

    def prepare(self, limits: Limits) -> Zygote:
        """Wait until children can be forked, each within these limits; gives the zygote itself."""
        self._bounds = msgspec.json.encode(child_bounds(limits))
        if self.level.forks:
            try:
                self._await(limits)
            except BaseException:
                self.close()
                raise
        return self

    def _await(self, limits: Limits) -> None:
        self._control.settimeout(START_SECONDS)
        try:
            self._control.send(self._bounds)
            self._control.send(
                policy.shipped(machine(), writable=self.level.private_tree, threads=limits.processes > 1)
            )
            answer = self._control.recv(MAX_MESSAGE)
        except OSError as error:
            raise IsolationUnavailable(f"level {self.level.name}: {self._last_words() or error}") from None
        if answer != b"ready":
            raise IsolationUnavailable(
                f"level {self.level.name}: {answer.decode() or self._last_words() or 'the sandbox did not start'}"
            )
        self._control.settimeout(ANSWER_SECONDS)

    def _popen(self, control: str, **kwargs: object) -> subprocess.Popen[bytes]:
        encoded = [msgspec.json.encode(self._settings).decode()]
        if not self.level.forks:
            encoded.append(self._bounds.decode())
        words = self.level.command(self._settings, control, *encoded)
        kwargs = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **kwargs}
        cwd = "/" if self.level.forks else self._folder
        return subprocess.Popen(words, env=self._environment, cwd=cwd, **self._user, **kwargs)  # type: ignore[call-overload,no-any-return]  # noqa: S603 - our own interpreter

    def _last_words(self) -> str:
        if self._process is None or self._process.stderr is None:
            return ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        os.set_blocking(self._process.stderr.fileno(), False)
        return (self._process.stderr.read() or b"").decode(errors="replace").strip()[-500:]

    def share(self) -> socket.socket:
        """Start a copy of the zygote for another process of ours; return the socket for that process's `adopt`.

        Raises SandboxError if the zygote is gone.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                socket.send_fds(self._control, [b"share"], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise SandboxError(f"the sandbox stopped answering: {error}") from None
        ours.settimeout(ANSWER_SECONDS)
        return ours

    def adopt(self, control: socket.socket) -> None:
        """Use the copy behind `control`, in a process forked from the one that started the zygote and will end it."""
        self._control.close()
        self._control, self._folder, self._process = control, "", None

    def spawn(self) -> Child:
        """Fork a locked-down child. Raises SandboxError if the zygote is gone."""
        from autograder.sandbox.child import Child, kill_and_wait, wait_for_end
        from autograder.sandbox.guest.wire import REPLIES, REQUESTS, PipePair

        if not self.level.forks:
            return self._plain_child()
        reads, their_writes = os.pipe()
        their_reads, writes = os.pipe()
        try:
            socket.send_fds(self._control, [b"spawn"], [their_reads, their_writes])
            number, descriptors, *_ = socket.recv_fds(self._control, MAX_MESSAGE, 1)
        except OSError as error:
            os.close(reads)
            os.close(writes)
            raise SandboxError(f"the sandbox stopped answering: {error}") from None
        finally:
            os.close(their_reads)
            os.close(their_writes)
        if not descriptors:
            os.close(reads)
            os.close(writes)
            raise SandboxError(f"the sandbox ended: {self._last_words()}")
        pidfd = descriptors[0]
        return Child(
            PipePair(reads, writes, REPLIES, REQUESTS),
            lambda: wait_for_end(pidfd),
            lambda: kill_and_wait(pidfd),
            self._reaper(number),
        )

    def _reaper(self, number: bytes) -> Callable[[], ChildEnding]:
        def reap() -> ChildEnding:
            try:
                self._control.send(number)
                return msgspec.json.decode(self._control.recv(MAX_MESSAGE), type=ChildEnding)
            except (OSError, msgspec.DecodeError) as error:
                raise SandboxError(f"the sandbox stopped answering: {error}") from None

        return reap

    def _plain_child(self) -> Child:
        from autograder.sandbox.child import GRACE, Child
        from autograder.sandbox.guest.wire import REPLIES, REQUESTS, PipePair

        process = self._popen("-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        if process.stdin is None or process.stdout is None:
            raise SandboxError("a process without pipes")
        reads, writes = os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno())
        process.stdin.close()
        process.stdout.close()

        def reap() -> ChildEnding:
            return ChildEnding(process.wait(), 0.0, 0)

        def kill() -> None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its own session: what it started goes with it

        def ended() -> bool:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
            return process.returncode is not None

        return Child(PipePair(reads, writes, REPLIES, REQUESTS), ended, kill, reap)

    def close(self) -> None:
        """End the zygote, or the copy of it that was adopted, and with it every child; remove its folder."""
        self._control.close()  # the zygote leaves at the end of its socket, and bubblewrap with it
        if self._process is not None:
            try:
                if self._process.stderr is not None:
                    select.select([self._process.stderr], [], [], 5)  # its end, at once
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stderr is not None:
                self._process.stderr.close()
            self._process = None
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
