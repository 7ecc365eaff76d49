"""From settings and secrets to the column of a platform."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from autograder.batch.names import printable
from autograder.errors import PushError
from autograder.lms.push import secrets
from autograder.lms.push.http import Http, Patience
from autograder.lms.push.records import Target
from autograder.lms.push.settings import Ags, File, Rest, one_of

__all__ = ["VARIABLES", "Options", "Via", "connect"]


class Via(StrEnum):
    """The three ways to a gradebook."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    AGS = "ags"


VARIABLES = {
    Via.CANVAS: "AUTOGRADER_CANVAS_TOKEN",
    Via.MOODLE: "AUTOGRADER_MOODLE_TOKEN",
    Via.AGS: "AUTOGRADER_LTI_KEY",
}
"""The environment variable that holds the token, or for AGS the path of the private key."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
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


def connect(via: Via, assignment: str, file: File, options: Options, patience: Patience | None = None) -> Target:
    """Find our assignment's column on the platform; raises PushError saying what is missing or refused."""
    if via is Via.AGS:
        return _ags(assignment, file.ags, options, patience)
    return _rest(via, assignment, file.canvas if via is Via.CANVAS else file.moodle, options, patience)


def _rest(via: Via, assignment: str, rest: Rest, options: Options, patience: Patience | None) -> Target:
    url = one_of(f"{via} address", "--url", options.url, rest.url).rstrip("/")
    course = one_of("number of the course there", "--lms-course", options.course, rest.course)
    wanted = options.assignment or _named(assignment, rest.assignments)
    if not re.fullmatch(r"[\w.:~-]+", course):
        raise PushError(f"{printable(course)!r} is no number of a course; it stands in the address of its page.")
    token = secrets.token(VARIABLES[via], urlsplit(url).netloc)
    if via is Via.CANVAS:
        from autograder.lms.push.canvas import Canvas  # noqa: PLC0415 - canvasapi takes long to load

        return Canvas(Http([url], token=lambda: token, secrets=[token], patience=patience), url, course, wanted)
    from autograder.lms.push.moodle import Moodle  # noqa: PLC0415

    return Moodle(Http([url], secrets=[token], patience=patience), token, url, course, wanted)


def _ags(assignment: str, file: Ags, options: Options, patience: Patience | None) -> Target:
    from autograder.lms.push import ags  # noqa: PLC0415
    from autograder.lms.push.tokens import Client, Tokens  # noqa: PLC0415 - loads cryptography

    line_items = one_of("line items address", "--line-items", options.line_items, file.line_items)
    memberships = one_of("memberships address", "--memberships", options.memberships, file.memberships)
    token_url = one_of("token address", "--token-url", options.token_url, file.token_url)
    client = Client(
        one_of("client id", "--client-id", options.client_id, file.client_id),
        one_of("key id", "--key-id", options.key_id, file.key_id),
        token_url,
        options.audience or file.audience or token_url,
    )
    key = secrets.private_key(VARIABLES[Via.AGS], urlsplit(token_url).netloc)
    tokens = Tokens(client, key)
    http = Http([line_items, memberships], token=lambda: tokens.get(http), secrets=[key], patience=patience)
    return ags.Ags(http, line_items, memberships, options.assignment or _named(assignment, file.assignments))


def _named(assignment: str, names: Mapping[str, str | int]) -> str:
    return str(names.get(assignment, assignment))
