"""Find the submissions in a folder of students' files, and when each was handed in. Links are never followed."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from autograder import __version__
from autograder.errors import OutputError
from autograder.report import Report, Status
from autograder.text import is_text, printable

__all__ = [
    "FILE",
    "MAX_BYTES",
    "Absent",
    "Discovery",
    "Found",
    "Ignored",
    "find_in_folder",
    "find_submissions",
    "read_bounded",
    "submission_time",
]


MAX_BYTES = 64 << 20
"""Most bytes read of one file. A longer file is cut off, and then refused for its size."""

NOTEBOOK, SCRIPT = ".ipynb", ".py"
SUFFIXES = (NOTEBOOK, SCRIPT)
_CLOSED = "the folder cannot be read: make it readable, then run the same command again"


class Found(msgspec.Struct, frozen=True):
    """A submission to grade."""

    student: str
    assignment: str
    path: Path
    notes: tuple[str, ...] = ()


class Absent(msgspec.Struct, frozen=True):
    """A student without a submission that can be graded: `missing`, or `error` if a person must decide."""

    student: str
    assignment: str
    status: Status
    reason: str

    def report(self) -> Report:
        """Return the report for this student: a status and a reason, no score."""
        return Report(
            student=self.student,
            assignment=self.assignment,
            status=self.status,
            reason=self.reason,
            engine=__version__,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
        )


class Ignored(msgspec.Struct, frozen=True):
    """A file or folder that was left out, and why."""

    path: str
    reason: str


class Discovery(msgspec.Struct, frozen=True):
    """What a folder of submissions contains; each entry is in exactly one of the three lists."""

    found: tuple[Found, ...] = ()
    absent: tuple[Absent, ...] = ()
    ignored: tuple[Ignored, ...] = ()


def find_submissions(submitted: Path, names: Sequence[str], wanted: Sequence[str] = ()) -> Discovery:
    """List the submissions in `submitted`, sorted by student.

    `names` are the course's assignments, `wanted` those to grade (all if empty). Two layouts are supported:
    nbgrader's <student>/<assignment>/<file>, and a flat folder of <student>.ipynb files for a single assignment.
    A single file counts as a flat folder of one. Raises OutputError if `submitted` cannot be read.
    """
    if not submitted.exists():
        raise OutputError(f"no folder {printable(str(submitted))}. Name the folder that contains the submissions.")
    search = _Search(tuple(names), tuple(wanted) or tuple(names))
    try:
        if submitted.is_file():
            search.flat_file(submitted.absolute())
        else:
            search.folder(submitted.absolute())
    except OSError as error:
        where = printable(str(error.filename or submitted))
        raise OutputError(f"cannot read {where}: {error.strerror}. Make it readable, then run again.") from None
    return search.listing()


def find_in_folder(folder: Path, student: str, assignment: str) -> Found | Absent:
    """Choose the submission in one student's folder for one assignment, by the same rule as for a whole class."""
    search = _Search((assignment,), (assignment,))
    search.assignment(student, assignment, folder)
    listing = search.listing()
    return listing.found[0] if listing.found else listing.absent[0]


def read_bounded(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Read at most `limit` + 1 bytes of a regular file; raises OSError for links, devices and the like."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(None, "not a regular file", str(path))
        return file.read(limit + 1)


class _Search:
    """A search through one folder, and what it has found so far."""

    def __init__(self, names: tuple[str, ...], wanted: tuple[str, ...]) -> None:
        self._names, self._wanted = names, wanted
        self._found: list[Found] = []
        self._absent: list[Absent] = []
        self._ignored: list[Ignored] = []

    def listing(self) -> Discovery:
        return Discovery(tuple(self._found), tuple(self._absent), tuple(self._ignored))

    def folder(self, root: Path) -> None:
        """Search a folder in either layout; raises OSError if it cannot be read."""
        entries = _sorted(root)
        flat = self._is_flat(entries)
        taken: set[str] = set()
        for entry in entries:
            obstacle = _obstacle(entry)
            if obstacle:
                self._ignore(entry.path, obstacle)
            elif entry.is_dir(follow_symlinks=False):
                self._ignore(entry.path, "a folder among files of one assignment") if flat else self._student(entry)
            elif flat:
                self._flat(entry, taken)
            elif _is_submission(entry):
                self._ignore(entry.path, "outside of <student>/<assignment>/: name its assignment with --assignment")
            else:
                self._ignore(entry.path, "not a notebook")

    def _is_flat(self, entries: Sequence[os.DirEntry[str]]) -> bool:
        if len(self._wanted) != 1 or not any(_is_submission(entry) for entry in entries):
            return False
        folders = (Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
        return not any((folder / name).is_dir() for folder in folders for name in self._names)

    def flat_file(self, path: Path) -> None:
        """Treat a single file as one student's submission; raises OutputError if it is not a notebook or script."""
        if len(self._wanted) != 1:
            raise OutputError(f"{printable(str(path))} is a single file: name its assignment with --assignment.")
        if path.suffix not in SUFFIXES or path.is_symlink():
            raise OutputError(f"{printable(str(path))} is not a notebook: name an .ipynb or .py file, or a folder.")
        self._found.append(Found(path.stem, self._wanted[0], path))

    def _flat(self, entry: os.DirEntry[str], taken: set[str]) -> None:
        path = Path(entry.path)
        if not _is_submission(entry):
            self._ignore(entry.path, "not a notebook")
        elif path.stem in taken:
            self._ignore(entry.path, f"{path.stem}{NOTEBOOK} is this student's submission")
        else:
            taken.add(path.stem)
            self._found.append(Found(path.stem, self._wanted[0], path))

    def _student(self, student: os.DirEntry[str]) -> None:
        seen = set()
        try:
            entries = _sorted(Path(student.path))
        except PermissionError:
            for name in self._wanted:
                self._absent.append(Absent(student.name, name, Status.ERROR, _CLOSED))
            return
        for entry in entries:
            obstacle = _obstacle(entry)
            if obstacle:
                self._ignore(entry.path, obstacle)
            elif not entry.is_dir(follow_symlinks=False):
                self._ignore(entry.path, "outside of <student>/<assignment>/")
            elif entry.name not in self._names:
                self._ignore(entry.path, self._unknown(entry.name))
            elif entry.name in self._wanted:
                seen.add(entry.name)
                self.assignment(student.name, entry.name, Path(entry.path))
            else:
                self._ignore(entry.path, "not among the assignments to grade")
        for name in self._wanted:
            if name not in seen:
                self._absent.append(Absent(student.name, name, Status.MISSING, "nothing submitted"))

    def _unknown(self, name: str) -> str:
        near = difflib.get_close_matches(name.lower(), self._names, n=1)
        return f"course.yml has no assignment of this name{f': did you mean {near[0]}?' if near else ''}"

    def assignment(self, student: str, name: str, folder: Path) -> None:
        """Choose the one submission in a student's folder for the assignment `name`.

        The order of preference is <name>.ipynb, then a language's <name>.es.ipynb, then the only notebook, then the
        same for .py.
        """
        usable, obstacles = [], []
        try:
            entries = _sorted(folder)
        except PermissionError:
            self._absent.append(Absent(student, name, Status.ERROR, _CLOSED))
            return
        for entry in entries:
            if _is_submission(entry):
                usable.append(entry.name)
                continue
            reason = _obstacle(entry) or ("a folder" if entry.is_dir(follow_symlinks=False) else "not a notebook")
            self._ignore(entry.path, reason)
            if entry.name.endswith(SUFFIXES):
                obstacles.append(f"{printable(entry.name)}: {reason}")
        chosen, candidates = _choose(name, usable)
        if chosen:
            others = [file for file in usable if file != chosen]
            notes = tuple(f"{printable(file)} was in the folder too; only {chosen} is graded" for file in others[:5])
            self._found.append(Found(student, name, folder / chosen, notes))
            self._ignore_all(folder, others, f"{chosen} is the submission")
        elif candidates:
            listed = ", ".join(printable(file) for file in candidates[:5])
            reason = f"more than one notebook ({listed}): keep one, or name the right one {name}{NOTEBOOK}"
            self._absent.append(Absent(student, name, Status.ERROR, reason))
            self._ignore_all(folder, usable, "one of several notebooks")
        else:
            reason = "; ".join(["no notebook in the folder", *obstacles[:5]])
            self._absent.append(Absent(student, name, Status.MISSING, reason))

    def _ignore_all(self, folder: Path, files: Iterable[str], reason: str) -> None:
        for file in files:
            self._ignore(f"{folder}/{file}", reason)

    def _ignore(self, path: str, reason: str) -> None:
        self._ignored.append(Ignored(printable(path), reason))


def _choose(assignment: str, usable: Sequence[str]) -> tuple[str, list[str]]:
    """Return (the submission's file name, []), or ('', the candidates) if none of several is preferred."""
    for suffix in SUFFIXES:
        files = [name for name in usable if name.endswith(suffix)]
        exact = f"{assignment}{suffix}"
        if exact in files:
            return exact, []
        dots = assignment.count(".") + 2
        languages = [name for name in files if name.startswith(f"{assignment}.") and name.count(".") == dots]
        for candidates in (languages, files):
            if len(candidates) == 1:
                return candidates[0], []
        if files:
            return "", files
    return "", []


def _sorted(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _obstacle(entry: os.DirEntry[str]) -> str:
    """Return why an entry is never opened; empty if it may be."""
    if entry.is_symlink():
        return "a symbolic link"
    if not is_text(entry.name):
        return "its name is not valid UTF-8: rename it"
    if entry.name.startswith("."):
        return "hidden"
    if not entry.is_dir(follow_symlinks=False) and not entry.is_file(follow_symlinks=False):
        return "neither a file nor a folder"
    return ""


def _is_submission(entry: os.DirEntry[str]) -> bool:
    return not _obstacle(entry) and entry.is_file(follow_symlinks=False) and Path(entry.name).suffix in SUFFIXES


FILE = "timestamp.txt"
_LIMIT = 200  # bytes


def submission_time(submitted: Path, student: str, assignment: str) -> datetime | None:
    """Read when a submission was handed in, from the file that nbgrader keeps; None if it is absent or unreadable.

    The text is like `2027-02-05 23:58:01 UTC`. The zone is a name from the time-zone database or an offset; without
    one it is UTC, as in nbgrader.
    """
    if Path(student).name != student:  # no folder of submissions has such a name
        return None
    try:
        text = read_bounded(submitted / student / assignment / FILE, _LIMIT)[:_LIMIT].decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return None
    clock, _, zone = text.rpartition(" ")
    for moment, name in ((text, ""), (clock, zone)):
        try:
            when = datetime.fromisoformat(moment)
            return when if when.tzinfo else when.replace(tzinfo=ZoneInfo(name) if name else UTC)
        except (ValueError, ZoneInfoNotFoundError, OSError):
            continue
    return None
