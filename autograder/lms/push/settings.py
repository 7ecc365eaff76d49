"""Where the course is on its platform: lms.yml beside course.yml, and options above it. No secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec

from autograder.batch.names import printable
from autograder.course import complaints
from autograder.course.lines import Document, YamlProblem, parse
from autograder.errors import PushError
from autograder.lms.push.addresses import address
from autograder.lms.push.records import JoinBy

__all__ = ["FILE", "Ags", "File", "Rest", "load", "one_of"]

FILE = "lms.yml"
FORMAT_VERSION = 1
MAX_BYTES = 256 << 10

_Id = Annotated[int, msgspec.Meta(ge=0)] | Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
_SECRET = re.compile(r"token|secret|passw|passphrase|private|credential|api.?key|access.?key|bearer", re.IGNORECASE)
_NO_SECRET = ("token_url",)


class Rest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Canvas or Moodle: the site, the course's number, our assignments' numbers or names there."""

    url: str = ""
    course: _Id = ""
    assignments: dict[str, _Id] = {}


class Ags(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tool of LTI 1.3: the addresses and names that its registration gave; `audience` is the token URL if empty."""

    line_items: str = ""
    memberships: str = ""
    token_url: str = ""
    audience: str = ""
    client_id: str = ""
    key_id: str = ""
    assignments: dict[str, _Id] = {}


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A settings file; `join` says what the students' names are on the platform."""

    format_version: int
    join: JoinBy | None = None
    canvas: Rest = Rest()
    moodle: Rest = Rest()
    ags: Ags = Ags()


_KEYS: complaints.Keys = {"": File, "canvas": Rest, "moodle": Rest, "ags": Ags}


def load(path: Path) -> File:
    """Read a settings file; one that is not there is empty. Raises PushError naming line, key and remedy."""
    text = _text(path)
    if text is None:
        return File(FORMAT_VERSION)
    try:
        document = parse(text)
    except YamlProblem as problem:
        raise PushError(f"{path}:{problem.line}: {problem}") from None
    for where in _secrets(document.value):
        key = printable(complaints.dotted(where))[:100]
        remedy = "A token belongs into the environment or the keyring (docs/lms.md). Remove it, and make a new one"
        _refuse(path, document, where, f"`{key}` looks like a secret. {remedy}.")
    version = document.value.get("format_version") if isinstance(document.value, dict) else None
    if isinstance(version, int) and version != FORMAT_VERSION:
        _refuse(path, document, ("format_version",), f"this nn-autograder knows format {FORMAT_VERSION}. Update it.")
    try:
        return msgspec.convert(document.value, File)
    except msgspec.ValidationError as error:
        where, words = complaints.explain(str(error), _KEYS)
        _refuse(path, document, where, f"`{printable(complaints.dotted(where))}`: {words}")


def one_of(name: str, option: str, *values: str | int | None) -> str:
    """Take the first value that is given; raises PushError naming the option if none is."""
    for value in values:
        if value not in ("", None):
            text = str(value)
            return address(text) if name.endswith("address") else text
    raise PushError(f"the {name} is not known. Give {option}, or write it into {FILE} beside course.yml (docs/lms.md).")


def _text(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PushError(f"{path}: cannot be read ({error.strerror}). Make it readable.") from None
    if len(data) > MAX_BYTES:
        raise PushError(f"{path}: has more than {MAX_BYTES >> 10} KB. Is this the file of settings?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PushError(f"{path}: this is not UTF-8 text. Save the file in the encoding UTF-8.") from None


def _secrets(value: object, where: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the places of keys that are called like secrets, and of values that look like private keys."""
    if isinstance(value, str) and "PRIVATE KEY" in value:
        yield where
    children: Mapping[str | int, object] = {}
    if isinstance(value, dict):
        children = value
    elif isinstance(value, list):
        children = dict(enumerate(value))
    for key, child in children.items():
        inside = (*where, key)
        named = isinstance(key, str) and key not in _NO_SECRET and _SECRET.search(key)
        if named and where[-1:] != ("assignments",):
            yield inside
        yield from _secrets(child, inside)


def _refuse(path: Path, document: Document, where: tuple[str | int, ...], problem: str) -> NoReturn:
    near = next(where[:length] for length in range(len(where), -1, -1) if where[:length] in document.lines)
    raise PushError(f"{path}:{document.lines[near]}: {problem}")
