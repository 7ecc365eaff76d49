"""Load course.yml: check it, and build the records of `model`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec

from autograder.course import document, files
from autograder.course.document import Path as Where
from autograder.course.document import YamlDocument, YamlProblem, parse_yaml
from autograder.course.model import Assignment, Course, KeepAttempt, LatePolicy, Visibility
from autograder.errors import CourseError
from autograder.i18n import LANGUAGES
from autograder.sandbox.limits import Limits

__all__ = ["FORMAT_VERSION", "MAX_BYTES", "builtin_course", "load_course"]

FORMAT_VERSION = 1
MAX_BYTES = 256 << 10
"""Longest course file in bytes; a hundred assignments need about 10,000."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: dict[str, str]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    due: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    weight: Annotated[float, msgspec.Meta(ge=0, le=1_000_000)] = 1.0
    late_policy: LatePolicy | None = None
    visibility: Visibility | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format_version: int
    course: _Head
    languages: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    secret: str
    assignments: Annotated[tuple[_Entry, ...], msgspec.Meta(min_length=1)]
    late_policy: LatePolicy = LatePolicy()
    sandbox: Limits = Limits()
    visibility: Visibility = Visibility()
    keep: KeepAttempt = KeepAttempt.LATEST


_KEYS: document.Keys = {
    "": _File,
    "course": _Head,
    "assignments": _Entry,
    "late_policy": LatePolicy,
    "sandbox": Limits,
    "visibility": Visibility,
}


def load_course(path: Path | None = None) -> Course:
    """Load a course: `path` is its file or folder; None looks for course.yml in this folder and those above.

    Raises CourseError with file, line, key and remedy. The secret is read when `Course.secret` is first used.
    """
    return _Reader(files.course_file(path)).course()


def builtin_course() -> Course:
    """Load the course that this package includes: a repository checkout's, else the installed copy.

    Raises CourseError if the installation lacks it.
    """
    return load_course(files.builtin_course_file())


class _Reader:
    """A course file that is being read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._document: YamlDocument = parse_yaml(_text(path))
        except YamlProblem as problem:
            raise CourseError(f"{path}:{problem.line}: {problem}") from problem

    def course(self) -> Course:
        self._check_version()
        try:
            file = msgspec.convert(self._document.value, _File)
        except msgspec.ValidationError as error:
            self._refuse(*document.explain_validation(str(error), _KEYS))
        for where, problem in self._problems(file):
            self._refuse(where, problem)
        root = self._path.parent
        return Course(
            path=self._path,
            root=root,
            id=file.course.id,
            title=file.course.title,
            languages=file.languages,
            secret_source=file.secret,
            assignments=tuple(_assignment(entry, root) for entry in file.assignments),
            late_policy=file.late_policy,
            sandbox=file.sandbox,
            visibility=file.visibility,
            keep=file.keep,
        )

    def _check_version(self) -> None:
        """Check the version before everything else: a newer file may have unknown keys."""
        value = self._document.value
        if not isinstance(value, dict):
            self._refuse((), "a course file is a mapping of keys. Start it with `format_version: 1`.")
        version = value.get("format_version")
        if isinstance(version, int) and version > FORMAT_VERSION:
            problem = f"this file has format {version}, but this nn-autograder supports formats up to {FORMAT_VERSION}."
            self._refuse(("format_version",), f"{problem} Update nn-autograder: pip install --upgrade nn-autograder")
        if isinstance(version, int) and version < 1:
            self._refuse(("format_version",), f"there is no format {version}. Write `format_version: 1`.")

    def _refuse(self, where: Where, problem: str) -> NoReturn:
        near = next(where[:length] for length in range(len(where), -1, -1) if where[:length] in self._document.lines)
        key = f" `{document.dotted_path(where)}`:" if where else ""
        raise CourseError(f"{self._path}:{self._document.lines[near]}:{key} {problem}")

    def _problems(self, file: _File) -> Iterator[tuple[Where, str]]:
        """Yield the problems that types cannot express."""
        if not NAME.fullmatch(file.course.id):
            yield ("course", "id"), _naming(file.course.id)
        yield from _language_problems(file)
        if reason := files.secret_problem(file.secret, self._path.name):
            yield ("secret",), reason
        yield from self._assignment_problems(file.assignments)

    def _assignment_problems(self, entries: tuple[_Entry, ...]) -> Iterator[tuple[Where, str]]:
        first: dict[str, int] = {}
        for position, entry in enumerate(entries):
            where: Where = ("assignments", position, "name")
            if not NAME.fullmatch(entry.name):
                yield where, _naming(entry.name)
            # Some file systems ignore case.
            other = first.setdefault(entry.name.casefold(), position)
            if other != position:
                line = self._document.lines["assignments", other, "name"]
                yield where, f"there is already an assignment {entry.name!r}, in line {line}. Rename or remove one."
            folder = self._path.parent / "solutions" / entry.name
            if not folder.is_dir():
                yield where, f"there is no folder {folder}. Add it, or remove the assignment from this file."


def _language_problems(file: _File) -> Iterator[tuple[Where, str]]:
    known = ", ".join(LANGUAGES)
    for position, lang in enumerate(file.languages):
        if lang not in LANGUAGES:
            yield ("languages", position), f"language {lang[:40]!r} is not supported. Choose from: {known}."
        if lang in file.languages[:position]:
            yield ("languages", position), f"language {lang!r} is listed twice. Remove one."
    for lang in file.course.title:
        if lang not in LANGUAGES:
            yield ("course", "title", lang), f"language {lang[:40]!r} is not supported. Choose from: {known}."
    if not any(title.strip() for title in file.course.title.values()):
        yield ("course", "title"), "the course has no title. Write at least one, as in `title: {en: Neural networks}`."


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror}). Make it readable.") from error
    if len(data) > MAX_BYTES:
        raise CourseError(
            f"{path}: has more than {MAX_BYTES >> 10} KB. Is this the course file? Name it with --course."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CourseError(f"{path}:{line}: this is not UTF-8 text. Save the file with the encoding UTF-8.") from error


def _assignment(entry: _Entry, root: Path) -> Assignment:
    folder = root / "solutions" / entry.name
    return Assignment(entry.name, folder, entry.due, entry.weight, entry.late_policy, visibility=entry.visibility)


def _naming(name: str) -> str:
    allowed = "letters a to z, digits, - and _, at most 64, starting with a letter or digit"
    return f"{name[:80]!r} cannot be the name of a folder. Use {allowed}."
