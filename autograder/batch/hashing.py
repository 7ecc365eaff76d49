"""What a report depends on, as one hash: the same hash means that grading again would change nothing."""

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
_PASSED_OVER = ("__pycache__", ".pytest_cache", ".ipynb_checkpoints")


class HashState(Protocol):
    """A hash that others can be started from; hashlib has no public name for it."""

    def update(self, data: bytes, /) -> None: ...
    def copy(self) -> HashState: ...
    def hexdigest(self) -> str: ...


class KeyParts(msgspec.Struct, frozen=True):
    """What all submissions of an assignment share: its folder, limits, isolation as asked for, language, secret.

    `baseline` is the digest of TensorFlow's results where not those in the folder are used.
    """

    folder: Path
    limits: Limits
    level: str
    lang: str
    secret: bytes
    engine: str = ""
    baseline: bytes = b""


def assignment_key(shared: KeyParts) -> HashState:
    """Digest what is shared, once per assignment."""
    digest = hashlib.sha256()
    secret = hashlib.sha256(shared.secret).digest()
    settings = msgspec.json.encode([shared.engine or engine_digest(), shared.limits, shared.level, shared.lang])
    for part in (folder_digest(shared.folder), settings, secret, shared.baseline):
        _add(digest, part)
    return digest


def content_hash(shared: HashState, data: bytes, suffix: str) -> str:
    """Hash one submission under a `key`; `suffix` tells a notebook from a script. 64 hexadecimal digits."""
    digest = shared.copy()
    _add(digest, suffix.encode())
    _add(digest, data)
    return digest.hexdigest()


def folder_digest(folder: Path) -> bytes:
    """Digest every file of an assignment's folder: names and bytes, in a fixed order."""
    digest = hashlib.sha256()
    for name, data in folder_files(folder):
        _add(digest, name.encode("utf-8", "surrogateescape"))
        _add(digest, data)
    return digest.digest()


def folder_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Read every file of an assignment's folder that counts: its relative name and its bytes, in a fixed order."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not set(_PASSED_OVER).intersection(relative.parts):
            yield relative.as_posix(), path.read_bytes()


@cache
def engine_digest() -> str:
    """Digest the version and the source of whatever decides a score, so that a mended engine grades again."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(path for part in _DECIDING for path in (package / part).rglob("*.py")):
        _add(digest, str(path.relative_to(package)).encode())
        _add(digest, path.read_bytes())
    return digest.hexdigest()


def _add(digest: HashState, part: bytes) -> None:
    digest.update(len(part).to_bytes(8, "big"))
    digest.update(part)
