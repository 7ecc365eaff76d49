"""What was sent where: the file that makes a second push send nothing, and a stopped one go on."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import NoReturn

import msgspec

from autograder.atomic import replacing
from autograder.errors import OutputError
from autograder.text import printable

__all__ = ["FILE", "PushPhase", "PushedGrade", "State", "digest_of", "pushed_grades", "read_state", "scale_score"]

FILE = "pushed.json"
FORMAT_VERSION = 1
MAX_BYTES = 64 << 20


class PushPhase(StrEnum):
    """How far one grade is: on its way, read back and equal, or answered with something else."""

    SENDING = "sending"
    AGREED = "agreed"
    KEPT = "kept"


class PushedGrade(msgspec.Struct, frozen=True, kw_only=True):
    """The last grade that was sent for a student; never a comment's text, never a secret.

    before  what the platform had when it was sent; found is what it had afterwards, both in points of max_score
    """

    digest: str
    comment: str
    phase: PushPhase
    score: float
    max_score: float
    before: float | None = None
    found: float | None = None
    reason: str = ""

    def explains(self, theirs: float | None, max_score: float) -> bool:
        """Return whether a current grade comes from this entry or was there before it, so that no person set it."""
        known = {
            PushPhase.AGREED: (self.score,),
            PushPhase.KEPT: (self.found,),
            PushPhase.SENDING: (self.before, self.score),
        }
        if theirs is None:
            return True
        here = [scale_score(each, self.max_score, max_score) for each in known[self.phase]]
        return any(each is not None and abs(each - theirs) < SAME for each in here)


SAME = 0.005
"""Points by which two grades may differ and still be the same; ours have two decimal places."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format_version: int
    targets: dict[str, dict[str, PushedGrade]]


class State:
    """The state file of one folder, held by one push at a time; every change is on disk before the next step."""

    def __init__(self, path: Path, target: str) -> None:
        self._path, self._target = path, target
        self._lock = -1
        self._file = _File(FORMAT_VERSION, {})

    def __enter__(self) -> State:
        try:
            self._lock = _locked(self._path.with_name(f".{self._path.name}.lock"))
        except OSError as error:
            _refuse(self._path, error.strerror or str(error))
        try:
            self._file = read_state(self._path)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        os.close(self._lock)  # gives the lock back

    @property
    def entries(self) -> Mapping[str, PushedGrade]:
        """What was sent to this target, by student."""
        return pushed_grades(self._file, self._target)

    def record(self, changed: Mapping[str, PushedGrade]) -> None:
        """Keep these entries, on disk, in one step; raises OutputError."""
        if not changed:
            return
        self._file.targets.setdefault(self._target, {}).update(changed)
        data = msgspec.json.format(msgspec.json.encode(self._file), indent=1) + b"\n"
        try:
            with replacing(self._path) as draft, draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            _refuse(self._path, error.strerror or str(error))


def read_state(path: Path) -> _File:
    """Read a state file; one that is not there is empty. Raises OutputError on one that cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return _File(FORMAT_VERSION, {})
    except OSError as error:
        _refuse(path, error.strerror or str(error))
    try:
        if len(data) > MAX_BYTES:
            raise ValueError("it is too long")
        loaded = msgspec.json.decode(data, type=_File)
        if loaded.format_version != FORMAT_VERSION:
            raise ValueError(f"it has format {loaded.format_version}")
    except (ValueError, UnicodeDecodeError) as error:
        remedy = "Move it away only if you are sure that nothing was pushed with it"
        raise OutputError(f"{printable(str(path))} is not a record of pushes: {error}. {remedy}.") from None
    return loaded


def pushed_grades(file: _File, target: str) -> Mapping[str, PushedGrade]:
    """Return what a state file holds for a target, by student."""
    return file.targets.get(target, {})


def digest_of(*parts: object) -> str:
    """Name a payload: equal parts, equal name."""
    return hashlib.sha256(repr(parts).encode(errors="backslashreplace")).hexdigest()[:32]


def scale_score(score: float | None, maximum: float | None, ours: float | None) -> float | None:
    """Return a score out of `maximum` in points of `ours`; unchanged if one of the two is unknown."""
    if score is None or not maximum or ours is None or maximum == ours:
        return score
    return score * ours / maximum


def _locked(path: Path) -> int:
    """Hold a lock that the system releases however this process ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        where = printable(str(path.parent))
        raise OutputError(f"another push is using {where}. Wait for it to end, then run again.") from None
    return descriptor


def _refuse(path: Path, why: str) -> NoReturn:
    remedy = "Nothing is sent that cannot be written down: make the folder writable, or name another with --state"
    raise OutputError(f"cannot use {printable(str(path))}: {why}. {remedy}.") from None
