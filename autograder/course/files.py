"""Locate the files of a course: course.yml, the secret for hidden inputs, and an assignment's Python files."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import sys
from pathlib import Path

from autograder.errors import CourseError

__all__ = [
    "FILE",
    "LEAST",
    "SHARE",
    "builtin_course_file",
    "course_file",
    "grader_paths",
    "is_grader",
    "read_secret",
    "secret_problem",
    "solution_path",
    "user_state_folder",
]


FILE = "course.yml"
SHARE = Path(sys.prefix) / "share" / "nn-autograder"
"""The course of an installed package."""

_CHECKOUT = Path(__file__).resolve().parents[2]


def course_file(path: Path | None) -> Path:
    """Return the course file: `path` (or course.yml in it, if it is a folder), else course.yml here or above.

    Raises CourseError if there is none.
    """
    if path is not None:
        chosen = Path(os.path.abspath(path / FILE if path.is_dir() else path))  # noqa: PTH100 - keeps links
        if not chosen.is_file():
            raise CourseError(f"{chosen}: no such file. Name the course's {FILE} with --course.")
        return chosen
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder / FILE
    raise CourseError(
        f"no {FILE} in {here} or in a folder above it. "
        "Change to the folder of your course, or name its file with --course PATH."
    )


def builtin_course_file() -> Path:
    """Return the course file that this package includes; raises CourseError if the installation lacks it."""
    for folder in (_CHECKOUT, SHARE):
        if (folder / FILE).is_file() and (folder / "solutions").is_dir():
            return folder / FILE
    raise CourseError(
        f"{SHARE / FILE}: the course that nn-autograder includes is not installed. "
        "Install nn-autograder again, or name your own course with --course PATH."
    )


def user_state_folder() -> Path:
    """Return this user's folder for state; the folder of an installed course may be read-only."""
    base = os.environ.get("XDG_STATE_HOME", "")
    state = Path(base) if base.startswith(os.sep) else Path.home() / ".local" / "state"
    return state / "nn-autograder"


LEAST = 16
"""Shortest secret in bytes: a shorter one could be guessed."""

_FILE = re.compile(r"file:(?!\.\.?$)[A-Za-z0-9._-]{1,100}")
_VARIABLE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]{0,100}")


def secret_problem(source: str, course_file: str) -> str:
    """Return what is wrong with a `secret:` entry, with the remedy; empty if it is valid."""
    if source == f"file:{course_file}":
        return "the course file itself is not secret. Write `secret: file:.autograder-secret`."
    if _FILE.fullmatch(source) or _VARIABLE.fullmatch(source):
        return ""
    if source.startswith("file:"):
        return "expected the plain name of a file beside the course file, as in `secret: file:.autograder-secret`."
    if source.startswith("env:"):
        return "expected the name of a variable, as in `secret: env:AUTOGRADER_SECRET`."
    return (
        "a secret written here would be committed with this file, and students could compute the hidden inputs. "
        "Write `secret: file:.autograder-secret` (created at first use) or `secret: env:AUTOGRADER_SECRET`."
    )


def read_secret(source: str, root: Path) -> bytes:
    """Read the secret that a `secret:` entry names; a file that does not exist is created first.

    Raises CourseError if it is absent, too short, or cannot be read or created.
    """
    kind, _, name = source.partition(":")
    if kind == "env":
        return _from_variable(name)
    folder = user_state_folder() if root == SHARE else root
    path = folder / name
    try:
        if not path.exists():
            _create_secret(path)
        found = path.read_bytes().strip()
    except OSError as error:
        raise CourseError(
            f"{path}: the course's secret cannot be read or created ({error.strerror}). "
            "Make the folder writable, or write `secret: env:AUTOGRADER_SECRET` in the course file."
        ) from error
    if len(found) < LEAST:
        raise CourseError(
            f"{path}: the course's secret has fewer than {LEAST} bytes. Delete the file: a new one is created."
        )
    return found


def _from_variable(name: str) -> bytes:
    found = os.environb.get(name.encode(), b"") if os.supports_bytes_environ else os.environ.get(name, "").encode()
    if len(found.strip()) < LEAST:
        raise CourseError(
            f"the variable {name}, which contains the course's secret, {'is too short' if found else 'is not set'}. "
            f"Set it to at least {LEAST} random characters, the same on every machine that grades this course."
        )
    return found.strip()


def _create_secret(path: Path) -> None:
    """Write 32 random bytes as hexadecimal digits, readable only by this user; the first of several processes wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A hard link, unlike a rename, never replaces a secret that another process already uses.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()


def solution_path(folder: Path) -> Path:
    """Return the one source of an assignment: notebook and reference solution, named as its folder.

    Dashes become underscores, because Python imports the file (cross-entropy/cross_entropy.py); a file that keeps the
    dashes is accepted as well. Where there is neither, the path is the one to write.
    """
    dashed = folder / f"{folder.name}.py"
    return dashed if dashed.is_file() else folder / f"{folder.name.replace('-', '_')}.py"


def grader_paths(folder: Path) -> tuple[Path, ...]:
    """Return the hidden graders of an assignment folder, in order of their names."""
    return tuple(sorted(folder.glob("test_*.py")))


def is_grader(path: Path) -> bool:
    """Return whether a file is a hidden grader: a test file in the folder of a solution."""
    return path.name.startswith("test_") and solution_path(path.parent).is_file()
