"""Where the course is on its platform: lms.yml beside course.yml, options above it, and the column they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import urlsplit

import msgspec

from autograder.course import document as document_module
from autograder.course.document import YamlDocument, YamlProblem, parse_yaml
from autograder.errors import PushError
from autograder.lms.push import credentials
from autograder.lms.push.addresses import check_address
from autograder.lms.push.http import HttpClient, Patience
from autograder.lms.push.model import JoinBy, Target
from autograder.text import printable

__all__ = [
    "FILE",
    "VARIABLES",
    "AgsSettings",
    "ConnectOptions",
    "PushSettings",
    "PushVia",
    "RestSettings",
    "connect_target",
    "first_given",
    "load_settings",
]


FILE = "lms.yml"
FORMAT_VERSION = 1
MAX_BYTES = 256 << 10

_Id = Annotated[int, msgspec.Meta(ge=0)] | Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
_SECRET = re.compile(r"token|secret|passw|passphrase|private|credential|api.?key|access.?key|bearer", re.IGNORECASE)
_NO_SECRET = ("token_url",)


class RestSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Canvas or Moodle: the site, the course's number, our assignments' numbers or names there."""

    url: str = ""
    course: _Id = ""
    assignments: dict[str, _Id] = {}


class AgsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tool of LTI 1.3: the addresses and names that its registration gave; `audience` is the token URL if empty."""

    line_items: str = ""
    memberships: str = ""
    token_url: str = ""
    audience: str = ""
    client_id: str = ""
    key_id: str = ""
    assignments: dict[str, _Id] = {}


class PushSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A settings file; `join` says what the students' names are on the platform."""

    format_version: int
    join: JoinBy | None = None
    canvas: RestSettings = RestSettings()
    moodle: RestSettings = RestSettings()
    ags: AgsSettings = AgsSettings()


_KEYS: document_module.Keys = {"": PushSettings, "canvas": RestSettings, "moodle": RestSettings, "ags": AgsSettings}


def load_settings(path: Path) -> PushSettings:
    """Read a settings file; one that is not there is empty. Raises PushError naming line, key and remedy."""
    text = _text(path)
    if text is None:
        return PushSettings(FORMAT_VERSION)
    try:
        document = parse_yaml(text)
    except YamlProblem as problem:
        raise PushError(f"{path}:{problem.line}: {problem}") from None
    for where in _secrets(document.value):
        key = printable(document_module.dotted_path(where))[:100]
        remedy = "A token belongs into the environment or the keyring (docs/lms.md). Remove it, and make a new one"
        _refuse(path, document, where, f"`{key}` looks like a secret. {remedy}.")
    version = document.value.get("format_version") if isinstance(document.value, dict) else None
    if isinstance(version, int) and version != FORMAT_VERSION:
        _refuse(path, document, ("format_version",), f"this nn-autograder knows format {FORMAT_VERSION}. Update it.")
    try:
        return msgspec.convert(document.value, PushSettings)
    except msgspec.ValidationError as error:
        where, words = document_module.explain_validation(str(error), _KEYS)
        _refuse(path, document, where, f"`{printable(document_module.dotted_path(where))}`: {words}")


def first_given(name: str, option: str, *values: str | int | None) -> str:
    """Return the first value that is given; raises PushError naming the option if none is."""
    for value in values:
        if value not in ("", None):
            text = str(value)
            return check_address(text) if name.endswith("address") else text
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


def _refuse(path: Path, document: YamlDocument, where: tuple[str | int, ...], problem: str) -> NoReturn:
    near = next(where[:length] for length in range(len(where), -1, -1) if where[:length] in document.lines)
    raise PushError(f"{path}:{document.lines[near]}: {problem}")


class PushVia(StrEnum):
    """The three ways to a gradebook."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    AGS = "ags"


VARIABLES = {
    PushVia.CANVAS: "AUTOGRADER_CANVAS_TOKEN",
    PushVia.MOODLE: "AUTOGRADER_MOODLE_TOKEN",
    PushVia.AGS: "AUTOGRADER_LTI_KEY",
}
"""The environment variable that holds the token, or for AGS the path of the private key."""


class ConnectOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says; empty means: as in the file."""

    url: str = ""
    course: str = ""
    assignment: str = ""
    line_items: str = ""
    memberships: str = ""
    token_url: str = ""
    audience: str = ""
    client_id: str = ""
    key_id: str = ""


def connect_target(
    via: PushVia, assignment: str, file: PushSettings, options: ConnectOptions, patience: Patience | None = None
) -> Target:
    """Find our assignment's column on the platform; raises PushError saying what is missing or refused."""
    if via is PushVia.AGS:
        return _ags(assignment, file.ags, options, patience)
    return _rest(via, assignment, file.canvas if via is PushVia.CANVAS else file.moodle, options, patience)


def _rest(
    via: PushVia, assignment: str, rest: RestSettings, options: ConnectOptions, patience: Patience | None
) -> Target:
    url = first_given(f"{via} address", "--url", options.url, rest.url).rstrip("/")
    course = first_given("number of the course there", "--lms-course", options.course, rest.course)
    wanted = options.assignment or _named(assignment, rest.assignments)
    if not re.fullmatch(r"[\w.:~-]+", course):
        raise PushError(f"{printable(course)!r} is no number of a course; it stands in the address of its page.")
    token = credentials.find_token(VARIABLES[via], urlsplit(url).netloc)
    if via is PushVia.CANVAS:
        from autograder.lms.canvas.push import CanvasTarget  # noqa: PLC0415 - canvasapi takes long to load

        return CanvasTarget(
            HttpClient([url], token=lambda: token, secrets=[token], patience=patience), url, course, wanted
        )
    from autograder.lms.moodle.push import MoodleTarget  # noqa: PLC0415

    return MoodleTarget(HttpClient([url], secrets=[token], patience=patience), token, url, course, wanted)


def _ags(assignment: str, file: AgsSettings, options: ConnectOptions, patience: Patience | None) -> Target:
    from autograder.lms import ags  # noqa: PLC0415
    from autograder.lms.ags import LtiClient, LtiTokens  # noqa: PLC0415 - loads cryptography

    line_items = first_given("line items address", "--line-items", options.line_items, file.line_items)
    memberships = first_given("memberships address", "--memberships", options.memberships, file.memberships)
    token_url = first_given("token address", "--token-url", options.token_url, file.token_url)
    client = LtiClient(
        first_given("client id", "--client-id", options.client_id, file.client_id),
        first_given("key id", "--key-id", options.key_id, file.key_id),
        token_url,
        options.audience or file.audience or token_url,
    )
    key = credentials.find_private_key(VARIABLES[PushVia.AGS], urlsplit(token_url).netloc)
    tokens = LtiTokens(client, key)
    http = HttpClient([line_items, memberships], token=lambda: tokens.get(http), secrets=[key], patience=patience)
    return ags.AgsTarget(http, line_items, memberships, options.assignment or _named(assignment, file.assignments))


def _named(assignment: str, names: Mapping[str, str | int]) -> str:
    return str(names.get(assignment, assignment))
