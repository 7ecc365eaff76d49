"""Hash everything that a report depends on. An equal hash means that grading again would change nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

import msgspec

from autograder import __version__
from autograder.sandbox.limits import Limits

__all__ = ["HashState", "KeyParts", "assignment_key", "content_hash", "engine_digest", "folder_digest", "folder_files"]

_DECIDING = ("baseline", "grading", "sandbox", "submission")
_IGNORED = ("__pycache__", ".pytest_cache", ".ipynb_checkpoints")


class HashState(Protocol):
    """A hash object that can be copied; hashlib has no public type for it."""

    def update(self, data: bytes, /) -> None: ...
    def copy(self) -> HashState: ...
    def hexdigest(self) -> str: ...


class KeyParts(msgspec.Struct, frozen=True):
    """What all submissions of an assignment share: folder, limits, requested isolation, language, secret.

    `baseline` is the digest of TensorFlow's results if those in the folder are not used.
    """

    folder: Path
    limits: Limits
    level: str
    lang: str
    secret: bytes
    engine: str = ""
    baseline: bytes = b""


def assignment_key(shared: KeyParts) -> HashState:
    """Hash the shared parts, once per assignment."""
    digest = hashlib.sha256()
    secret = hashlib.sha256(shared.secret).digest()
    settings = msgspec.json.encode([shared.engine or engine_digest(), shared.limits, shared.level, shared.lang])
    for part in (folder_digest(shared.folder), settings, secret, shared.baseline):
        _add(digest, part)
    return digest


def content_hash(shared: HashState, data: bytes, suffix: str) -> str:
    """Hash one submission on top of the shared parts; return 64 hexadecimal digits. `suffix` is the file's."""
    digest = shared.copy()
    _add(digest, suffix.encode())
    _add(digest, data)
    return digest.hexdigest()


def folder_digest(folder: Path) -> bytes:
    """Hash the names and contents of an assignment's files, in a fixed order."""
    digest = hashlib.sha256()
    for name, data in folder_files(folder):
        _add(digest, name.encode("utf-8", "surrogateescape"))
        _add(digest, data)
    return digest.digest()


def folder_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Read the files of an assignment except caches: yield relative name and contents, in a fixed order."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not set(_IGNORED).intersection(relative.parts):
            yield relative.as_posix(), path.read_bytes()


@cache
def engine_digest() -> str:
    """Hash the version and the source of every module that affects a score, so that a fix makes reports stale."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(path for part in _DECIDING for path in (package / part).rglob("*.py")):
        _add(digest, str(path.relative_to(package)).encode())
        _add(digest, path.read_bytes())
    return digest.hexdigest()


def _add(digest: HashState, part: bytes) -> None:
    digest.update(len(part).to_bytes(8, "big"))
    digest.update(part)
