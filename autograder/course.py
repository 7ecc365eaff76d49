"""course.yml as typed records. Every error names the file, the line and the key, and what to do."""

from __future__ import annotations

import difflib
import math
import os
import re
import secrets
import sys
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import msgspec

from autograder._yaml import Lines, Place, read_yaml
from autograder.errors import CourseError
from autograder.sandbox.limits import Limits

__all__ = ["FORMAT_VERSION", "Assignment", "Course", "LatePolicy", "builtin_course", "load"]

FORMAT_VERSION = 1
FILE_NAME = "course.yml"
LANGUAGES = ("en", "es")
SHARE = Path("share") / "nn-autograder"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*").fullmatch
_DAY = 86400.0
_PLACE = re.compile(r"(.*) - at `\$(.*)`$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]


class LatePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What lateness costs: `per_day` of the score for each day begun, nothing accepted after `max_days`."""

    per_day: Fraction = 0.0
    max_days: NotNegative | None = None
    grace_minutes: NotNegative = 0.0

    def penalty(self, score: float, seconds_late: float) -> float:
        """Give the points that a submission of `score` points loses, between 0 and the score."""
        late = seconds_late - 60 * self.grace_minutes
        if late <= 0:
            return 0.0
        if self.max_days is not None and seconds_late > self.max_days * _DAY:
            return score
        return min(score, score * self.per_day * math.ceil(seconds_late / _DAY))


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]+$", max_length=64)]
    title: dict[str, str] = {}


class _AssignmentEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    due: datetime | None = None
    weight: NotNegative = 1.0
    late_policy: LatePolicy | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format_version: int
    course: _Names
    assignments: Annotated[list[_AssignmentEntry], msgspec.Meta(min_length=1)]
    languages: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = ("en",)
    secret: str = "file:.autograder-secret"  # noqa: S105 - where the secret is, not the secret
    late_policy: LatePolicy = LatePolicy()
    sandbox: Limits = Limits()


class Assignment(msgspec.Struct, frozen=True):
    """One assignment of a course; `folder` holds what only instructors see, `due` carries its time zone."""

    name: str
    folder: Path
    due: datetime | None
    weight: float
    late_policy: LatePolicy


class Course:
    """A course: its names, languages (the first is the default), assignments and sandbox limits."""

    def __init__(self, path: Path, file: _File, assignments: tuple[Assignment, ...]) -> None:
        self.path = path
        self.root = path.parent
        self.id = file.course.id
        self.title = file.course.title
        self.languages = file.languages
        self.assignments = assignments
        self.late_policy = file.late_policy
        self.sandbox = file.sandbox
        self.secret_source = file.secret

    @cached_property
    def secret(self) -> bytes:
        """What hidden inputs are drawn from, read or made at first use; raises CourseError if it cannot be had."""
        kind, _, where = self.secret_source.partition(":")
        if kind == "env":
            value = os.environ.get(where, "")
            if not value:
                raise CourseError(f"{self.path}: the environment variable {where}, which holds the secret, is not set")
            return value.encode()
        return _secret_file(self.root / where)

    def assignment(self, name: str) -> Assignment:
        """Give the assignment of this name; raises CourseError with the nearest names."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        known = [assignment.name for assignment in self.assignments]
        raise CourseError(f"{self.path} has no assignment {name!r}{_nearest(name, known)}; it has {', '.join(known)}")


def load(path: Path | None = None) -> Course:
    """Read a course file; without `path` the course.yml of this folder or the nearest one above.

    Raises CourseError with file, line, key and remedy.
    """
    path = _search() if path is None else path / FILE_NAME if path.is_dir() else path
    path = path.absolute()
    data, lines = read_yaml(path)
    file = _convert(path, data, lines)
    _check(path, file, lines)
    assignments = tuple(_assignment(path, file, index, lines) for index in range(len(file.assignments)))
    return Course(path, file, assignments)


def builtin_course() -> Path:
    """Give the course.yml that this package ships: the checkout's, or the installed copy beside the environment."""
    checkout = Path(__file__).resolve().parents[1] / FILE_NAME
    installed = Path(sys.prefix) / SHARE / FILE_NAME
    for path in (checkout, installed):
        if path.is_file():
            return path
    raise CourseError(f"the course that comes with nn-autograder is not at {installed}: install the package again")


def _search() -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise CourseError(f"no {FILE_NAME} in {here} or above: go to the course's folder, or name it with --course FILE")


def _convert(path: Path, data: Any, lines: Lines) -> _File:
    version = data.get("format_version") if isinstance(data, dict) else None
    if type(version) is int and version > FORMAT_VERSION:
        raise _error(
            path, lines, ("format_version",), f"version {version} is newer than {FORMAT_VERSION}: update nn-autograder"
        )
    if not isinstance(data, dict) or type(version) is not int or version < 1:
        raise CourseError(f"{path}, line 1: a course file begins with `format_version: {FORMAT_VERSION}`")
    try:
        return msgspec.convert(data, _File)
    except msgspec.ValidationError as error:
        text, place = _split(str(error))
        raise _error(path, lines, place, _explained(text, data, place)) from error


def _split(text: str) -> tuple[str, Place]:
    match = _PLACE.match(text)
    if match is None:
        return text, ()
    steps = _STEP.findall(match[2])
    return match[1], tuple(int(index) if index else name for name, index in steps)


def _explained(text: str, data: Any, place: Place) -> str:
    unknown = re.match(r"Object contains unknown field `(.*)`", text)
    if unknown:
        known = sorted(set(_fields(place)))
        return f"unknown key {unknown[1]!r}{_nearest(unknown[1], known)}; known keys: {', '.join(known)}"
    value = data
    for step in place:
        value = value[step] if not isinstance(value, dict) or step in value else None
    return f"{text[:1].lower()}{text[1:]}" + ("" if isinstance(value, (dict, list)) else f", got {value!r}")


def _fields(place: Place) -> list[str]:
    kinds: dict[Place, Any] = {
        (): _File, ("course",): _Names, ("late_policy",): LatePolicy, ("sandbox",): Limits,
        ("assignments", "late_policy"): LatePolicy, ("assignments",): _AssignmentEntry,
    }  # fmt: skip
    return [
        field.name for field in msgspec.structs.fields(kinds[tuple(step for step in place if isinstance(step, str))])
    ]


def _error(path: Path, lines: Lines, place: Place, text: str) -> CourseError:
    known = place
    while known not in lines:
        known = known[:-1]
    name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
    return CourseError(f"{path}, line {lines[known]}: {name + ': ' if name else ''}{text}")


def _check(path: Path, file: _File, lines: Lines) -> None:
    for index, language in enumerate(file.languages):
        if language not in LANGUAGES:
            raise _error(
                path, lines, ("languages", index), f"{language!r} is not supported: choose from {', '.join(LANGUAGES)}"
            )
        if language in file.languages[:index]:
            raise _error(path, lines, ("languages", index), f"{language!r} stands twice")
    kind, _, where = file.secret.partition(":")
    if kind not in ("file", "env") or not where:
        remedy = "write `file:.autograder-secret` or `env:VARIABLE`; a secret in this file would be committed with it"
        raise _error(path, lines, ("secret",), remedy)
    if kind == "file" and (Path(where).is_absolute() or ".." in Path(where).parts):
        raise _error(path, lines, ("secret",), f"{where!r} is not inside the course's folder: name a file in it")


def _assignment(path: Path, file: _File, index: int, lines: Lines) -> Assignment:
    entry, place = file.assignments[index], ("assignments", index)
    if not _NAME(entry.name):
        raise _error(
            path, lines, (*place, "name"), f"{entry.name!r} is no name: use small letters, digits and single hyphens"
        )
    earlier = [other.name for other in file.assignments[:index]]
    if entry.name in earlier:
        first = lines["assignments", earlier.index(entry.name)]
        raise _error(
            path, lines, (*place, "name"), f"{entry.name!r} stands twice (first in line {first}): rename or remove one"
        )
    if entry.due is not None and entry.due.tzinfo is None:
        raise _error(
            path, lines, (*place, "due"), "the time zone is missing: write for example 2027-02-05T23:59:00-05:00"
        )
    folder = path.parent / "solutions" / entry.name
    if not folder.is_dir():
        raise _error(
            path, lines, (*place, "name"), f"the folder {folder} does not exist: add it, or remove this assignment"
        )
    return Assignment(entry.name, folder, entry.due, entry.weight, entry.late_policy or file.late_policy)


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _secret_file(path: Path) -> bytes:
    """Read the secret, or make it: whoever links the finished file first wins, so that two runs agree on one value."""
    try:
        if not path.exists():
            draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32) + "\n")
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        value = path.read_bytes().strip()
    except OSError as error:
        raise CourseError(f"the secret {path} can be neither read nor made: {error.strerror}") from error
    if len(value) < 16:
        raise CourseError(f"the secret {path} has fewer than 16 characters: remove the file, and a new one is made")
    return value
