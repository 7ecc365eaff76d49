"""An archive from an LMS, opened with suspicion: it is refused whole, or every member of it is safe to read.

What one student uploaded must not keep a class from being graded: a file that is too large is only marked as such.
What no LMS writes - a path that leaves the folder, a link, two members of one name - refuses the archive.
"""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from autograder.batch.discovery import MAX_BYTES
from autograder.errors import ArchiveRefused
from autograder.text import printable

__all__ = ["MAX_MEMBERS", "Archive", "ArchiveMember", "open_archive"]

MAX_MEMBERS = 5_000
"""Most members: a class of 800 with three attempts each and a receipt per attempt."""

_MAX_TOTAL, _MAX_UNDOUBTED, _MAX_RATIO = 16 << 30, 1 << 30, 100
_MAX_NAME = 1_000
_UTF8, _ENCRYPTED = 0x800, 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_AGAIN = "Download it from the LMS again. Nothing was written."
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, ValueError)


class ArchiveMember(NamedTuple):
    """A member: its path with `/`, composed characters; its size in bytes; its time, in the zone of the server."""

    path: str
    size: int
    modified: datetime | None

    @property
    def too_large(self) -> bool:
        """Whether it is never read."""
        return self.size > MAX_BYTES


class Archive:
    """A zip file whose list of members is sound."""

    def __init__(self, name: str, file: zipfile.ZipFile, infos: dict[ArchiveMember, zipfile.ZipInfo]) -> None:
        self.name = name
        self.items = tuple(infos)
        self._file, self._infos = file, infos

    def read(self, item: ArchiveMember) -> bytes:
        """Unpack a member; raises ArchiveRefused if it is damaged or larger than it says."""
        if item.too_large:
            raise ArchiveRefused(f"{printable(item.path)} is larger than {MAX_BYTES >> 20} MB.")
        try:
            with self._file.open(self._infos[item]) as member:
                data = member.read(item.size + 1)
        except _BROKEN as error:
            raise ArchiveRefused(f"{self.name}: {printable(item.path)} is damaged ({error}). {_AGAIN}") from None
        if len(data) != item.size:
            raise ArchiveRefused(f"{self.name}: {printable(item.path)} is not as long as it says. {_AGAIN}")
        return data


@contextmanager
def open_archive(path: Path, most: int = MAX_MEMBERS) -> Iterator[Archive]:
    """Open a zip of at most `most` members; raises ArchiveRefused, naming the first thing that is wrong with it."""
    name = printable(path.name)
    try:
        with zipfile.ZipFile(path) as file:
            yield Archive(name, file, _checked(name, file, path.stat().st_size, most))
    except OSError as error:
        raise ArchiveRefused(f"cannot read {printable(str(path))}: {error.strerror or error}.") from None
    except _BROKEN as error:
        raise ArchiveRefused(f"{name} is not a readable zip archive ({printable(str(error))}). {_AGAIN}") from None


def _checked(name: str, file: zipfile.ZipFile, size: int, most: int) -> dict[ArchiveMember, zipfile.ZipInfo]:
    infos = file.infolist()
    if len(infos) > most:
        raise ArchiveRefused(
            f"{name} has {len(infos)} members, more than {most}. If your class is so large, say --max-members. "
            "Nothing was written."
        )
    found: dict[ArchiveMember, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for info in infos:
        path = _path(info)
        problem = _problem(path, info) or ("there are two members of this name" if path in seen else "")
        if problem:
            raise ArchiveRefused(f"{name}: {printable(path[:200])}: {problem}. {_AGAIN}")
        seen.add(path)
        if not info.is_dir():
            found[ArchiveMember(path, info.file_size, _time(info))] = info
    unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    if packed > size:
        raise ArchiveRefused(f"{name}: its members overlap. {_AGAIN}")
    if unpacked > _MAX_TOTAL or (unpacked > _MAX_UNDOUBTED and unpacked > _MAX_RATIO * size):
        raise ArchiveRefused(f"{name} would unpack to {unpacked >> 20} MB from {size >> 20} MB. Nothing was written.")
    return found


def _path(info: zipfile.ZipInfo) -> str:
    """Return a member's path; "" if it is not valid UTF-8, whatever its flags say."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            return ""
    return unicodedata.normalize("NFC", name).replace("\\", "/")


def _problem(path: str, info: zipfile.ZipInfo) -> str:
    parts = path.split("/")
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
    checks = {
        "a name that is empty or not in UTF-8": not path,
        "a name with a NUL in it": "\0" in path,
        "a name that is too long": len(path) > _MAX_NAME,
        "an absolute path": path.startswith("/") or re.match(r"[A-Za-z]:", path) is not None,
        "a path that leaves the folder": ".." in parts,
        "a link or a device": kind not in (0, stat.S_IFREG, stat.S_IFDIR),
        "it is encrypted": bool(info.flag_bits & _ENCRYPTED),
        "a way of packing that no LMS uses": info.compress_type not in _METHODS,
    }
    return next((problem for problem, wrong in checks.items() if wrong), "")


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        moment = datetime(*info.date_time)
    except ValueError:
        return None
    return moment if moment.year > 1980 else None  # what a zip says that knows no time
