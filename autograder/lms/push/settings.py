"""Where the course is on its platform: lms.yml beside course.yml, options above it, and the column they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from autograder.course import document as document_module
from autograder.course.document import YamlDocument, YamlProblem, parse_yaml
from autograder.errors import PushError
from autograder.lms.push.credentials import check_address
from autograder.lms.push.model import JoinBy, Target
from autograder.lms.registry import ServiceSettings, push_services
from autograder.text import printable

if TYPE_CHECKING:
    from autograder.lms.push.http import Patience

__all__ = ["FILE", "PushSettings", "connect_target", "load_settings"]


FILE = "lms.yml"
FORMAT_VERSION = 1
MAX_BYTES = 256 << 10

_SECRET = re.compile(r"token|secret|passw|passphrase|private|credential|api.?key|access.?key|bearer", re.IGNORECASE)
_NO_SECRET = ("token_url",)


class PushSettings(msgspec.Struct, frozen=True):
    """What a settings file says: what students' names are on the platform, and a section for each service."""

    join: JoinBy | None = None
    services: Mapping[str, ServiceSettings] = {}


def load_settings(path: Path) -> PushSettings:
    """Read a settings file; one that is not there is empty. Raises PushError naming line, key and remedy."""
    text = _text(path)
    if text is None:
        return PushSettings()
    try:
        document = parse_yaml(text)
    except YamlProblem as problem:
        raise PushError(f"{path}:{problem.line}: {problem}") from None
    for where in _secrets(document.value):
        key = printable(document_module.dotted_path(where))[:100]
        remedy = "A token belongs in the environment or the keyring (docs/lms.md). Remove it, and make a new one"
        _refuse(path, document, where, f"`{key}` looks like a secret. {remedy}.")
    sections = {name: service.settings for name, service in push_services().items()}
    form = _file_form(sections)
    version = document.value.get("format_version") if isinstance(document.value, dict) else None
    if isinstance(version, int) and version != FORMAT_VERSION:
        _refuse(path, document, ("format_version",), f"this nn-autograder knows format {FORMAT_VERSION}. Update it.")
    try:
        found = msgspec.structs.asdict(msgspec.convert(document.value, form))
    except msgspec.ValidationError as error:
        where, words = document_module.explain_validation(str(error), {"": form, **sections})
        _refuse(path, document, where, f"`{printable(document_module.dotted_path(where))}`: {words}")
    return PushSettings(found["join"], {name: found[name] for name in sections})


def _file_form(sections: Mapping[str, type[ServiceSettings]]) -> type[msgspec.Struct]:
    """Build the record of a settings file, with a section for each service that is registered."""
    head: list[tuple[str, Any, Any]] = [("format_version", int, msgspec.NODEFAULT), ("join", JoinBy | None, None)]
    fields = [*head, *((name, section, section()) for name, section in sections.items())]
    return msgspec.defstruct("SettingsFile", fields, frozen=True, forbid_unknown_fields=True)


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


def connect_target(
    via: str,
    assignment: str,
    file: PushSettings,
    options: Mapping[str, str] = MappingProxyType({}),
    patience: Patience | None = None,
) -> Target:
    """Find our assignment's column on a platform; raises PushError saying what is missing or refused.

    options  what the command line says instead of the file: field of the service's settings -> text, where empty means
             as in the file; `assignment` is what the column is called there
    """
    service = push_services()[via]
    settings = _merged(via, file.services.get(via, service.settings()), options)
    named = settings.assignments.get(assignment, assignment)
    return service.connect(settings, options.get("assignment") or str(named), patience)


def _merged(via: str, settings: ServiceSettings, options: Mapping[str, str]) -> ServiceSettings:
    """Replace settings by options and check them; raises PushError naming the option of what is missing."""
    known = settings.options()
    settings = msgspec.structs.replace(settings, **{name: options[name] for name in known if options.get(name)})
    for name, setting in known.items():
        value = getattr(settings, name)
        if value == "" and setting.required:
            remedy = f"Give {setting.option}, or write it into {FILE} beside course.yml (docs/lms.md)."
            raise PushError(f"{via}: the {setting.noun} is not known. {remedy}")
        if setting.address:
            check_address(value)
    return settings
