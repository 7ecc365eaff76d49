"""The secret that hidden inputs are drawn from: a file made at first use, or a variable of the environment."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path

from autograder.course.places import SHARE, user_state
from autograder.errors import CourseError

__all__ = ["LEAST", "problem", "resolve"]

LEAST = 16
"""Fewest bytes of a secret: less can be guessed."""

_FILE = re.compile(r"file:(?!\.\.?$)[A-Za-z0-9._-]{1,100}")
_VARIABLE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]{0,100}")


def problem(source: str, course_file: str) -> str:
    """Say what is wrong with a `secret:` entry, remedy included; empty if nothing is."""
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
        "Write `secret: file:.autograder-secret` (made at first use) or `secret: env:AUTOGRADER_SECRET`."
    )


def resolve(source: str, root: Path) -> bytes:
    """Read the secret that a `secret:` entry names; a file that does not exist is made first.

    Raises CourseError if it is absent, too short, or cannot be read or made.
    """
    kind, _, name = source.partition(":")
    if kind == "env":
        return _from_variable(name)
    folder = user_state() if root == SHARE else root
    path = folder / name
    try:
        if not path.exists():
            _make(path)
        found = path.read_bytes().strip()
    except OSError as error:
        raise CourseError(
            f"{path}: the course's secret cannot be read or made ({error.strerror}). "
            "Make the folder writable, or write `secret: env:AUTOGRADER_SECRET` into the course file."
        ) from error
    if len(found) < LEAST:
        raise CourseError(
            f"{path}: the course's secret has fewer than {LEAST} bytes. Delete the file: a new one is made at next use."
        )
    return found


def _from_variable(name: str) -> bytes:
    found = os.environb.get(name.encode(), b"") if os.supports_bytes_environ else os.environ.get(name, "").encode()
    if len(found.strip()) < LEAST:
        raise CourseError(
            f"the variable {name} is to hold the course's secret, and {'is too short' if found else 'is not set'}. "
            f"Set it to at least {LEAST} random characters, the same wherever this course is graded."
        )
    return found.strip()


def _make(path: Path) -> None:
    """Write 32 random bytes as hexadecimal digits, readable by nobody else; the first of several processes wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, never replaces the secret that another process has already begun to use.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
