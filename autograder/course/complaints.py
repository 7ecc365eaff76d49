"""What msgspec says of a wrong value, as a place in the file and words that name the remedy."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

import msgspec

from autograder.course.lines import Path

__all__ = ["Keys", "dotted", "explain"]

Keys = Mapping[str, type[msgspec.Struct]]
"""The record whose fields may stand under a key; the empty key is the file itself."""

_PLACE = re.compile(r" - at (?:`key` in )?`\$(.*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*)`$")
_TYPES = re.compile(r"`([a-z0-9 |]+)`")
_WORDS = {
    "array": "a list",
    "bool": "true or false",
    "date": "a date without time",
    "datetime": "a date with time",
    "float": "a number",
    "int": "a whole number",
    "null": "nothing",
    "object": "a mapping of keys",
    "str": "text",
}
_EXAMPLES = {
    "assignments": "assignments: [{name: softmax}]",
    "call_seconds": "call_seconds: 5",
    "cell_seconds": "cell_seconds: 10",
    "course": "course: {id: nn101, title: {en: Neural networks}}",
    "criteria": "criteria: visible",
    "disk_mb": "disk_mb: 32",
    "due": "due: 2027-02-05T23:59:00-05:00",
    "format_version": "format_version: 1",
    "grace_minutes": "grace_minutes: 15",
    "id": "id: nn101",
    "keep": "keep: latest",
    "languages": "languages: [en, es]",
    "late_policy": "late_policy: {per_day: 0.1, max_days: 5}",
    "max_days": "max_days: 5",
    "memory_mb": "memory_mb: 1024",
    "name": "name: softmax",
    "of": "of: score",
    "output_kb": "output_kb: 64",
    "per_day": "per_day: 0.1",
    "processes": "processes: 64",
    "sandbox": "sandbox: {memory_mb: 1024}",
    "questions": "questions: {softmax: after_published}",
    "secret": "secret: file:.autograder-secret",
    "submission_seconds": "submission_seconds: 120",
    "title": "title: {en: Neural networks, es: Redes neuronales}",
    "visibility": "visibility: {criteria: visible}",
    "weight": "weight: 1",
}


def explain(message: str, keys: Keys) -> tuple[Path, str]:
    """Turn the text of a msgspec.ValidationError into the place of the value and words with a remedy."""
    found = _PLACE.search(message)
    path = _path(found[1] if found else "")
    said = message[: found.start()] if found else message
    if field := _FIELD.match(said):
        if field[1].startswith("missing"):
            return path, f"there is no `{field[2]}` here. Add it, as in `{_example(field[2])}`."
        return (*path, field[2]), _unknown(field[2], _record(path, keys))
    words = _TYPES.sub(lambda match: " or ".join(_WORDS.get(part, part) for part in match[1].split(" | ")), said)
    name = _name(path)
    remedy = f" Write it as in `{_example(name)}`." if name else ""
    return path, f"{words[:1].lower()}{words[1:]}.{remedy}"


def dotted(path: Path) -> str:
    """Write a place as people do: assignments[0].weight, counted from 0."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def _path(text: str) -> Path:
    return tuple(int(match[2]) if match[2] else match[1] for match in _STEP.finditer(text))


def _name(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _record(path: Path, keys: Keys) -> type[msgspec.Struct]:
    return keys[_name(path)]


def _example(name: str) -> str:
    return _EXAMPLES.get(name, f"{name}: ...")


def _unknown(name: str, record: type[msgspec.Struct]) -> str:
    known = record.__struct_fields__
    near = difflib.get_close_matches(name.lower(), known, n=1)
    remedy = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(known)}."
    return f"this key is not known. {remedy}"
