"""Parse YAML with the line of each key, and explain validation errors by their place in the file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec
import yaml

__all__ = ["Keys", "Path", "YamlDocument", "YamlProblem", "dotted_path", "explain_validation", "parse_yaml"]


Path = tuple[str | int, ...]
"""The place of a value: keys of mappings and positions in lists (from 0), outermost first."""

_PLAIN = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


class YamlDocument(NamedTuple):
    """The values of a YAML file, and the line (from 1) of each key and list item."""

    value: object
    lines: dict[Path, int]


class YamlProblem(Exception):
    """A YAML file cannot be used; the line (from 1), and what to do."""

    def __init__(self, line: int, text: str) -> None:
        self.line = line
        super().__init__(text)


def parse_yaml(text: str) -> YamlDocument:
    """Parse one YAML document; raises YamlProblem.

    Aliases and anchors are refused: a small file could expand to an endless one, and several keys share a line.
    """
    lines: dict[Path, int] = {(): 1}
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        value = None if node is None else _value(loader, node, (), lines)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlProblem(line, f"character {error.character:#06x} is not allowed in text. Remove it.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlProblem(mark.line + 1 if mark else 1, f"{_message(error)}. Correct the YAML here.") from error
    except RecursionError:
        raise YamlProblem(1, "the lists and mappings are nested too deeply. A course needs four levels.") from None
    return YamlDocument(value, lines)


def _message(error: yaml.MarkedYAMLError) -> str:
    """Return PyYAML's message; some problems are the second half of a sentence that the context begins."""
    problem = error.problem or "this is not YAML"
    return f"{error.context}, {problem}" if problem.startswith("but ") else problem


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without anchors and aliases."""

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave the parser untyped
        if getattr(event, "anchor", None) is not None:
            raise YamlProblem(
                event.start_mark.line + 1,
                f"the anchor or alias `{event.anchor}` is not allowed here. Write the value itself; "
                "quote it if it starts with & or *.",
            )
        return super().compose_node(parent, index)  # type: ignore[arg-type]  # the stubs accept fewer types


def _value(loader: _Loader, node: yaml.Node, path: Path, lines: dict[Path, int]) -> object:
    if isinstance(node, yaml.ScalarNode):
        return _scalar(loader, node)
    if node.tag not in _PLAIN:
        raise YamlProblem(node.start_mark.line + 1, f"the tag `{node.tag}` is not allowed here. Remove it.")
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, path, lines)
    found = []
    for position, item in enumerate(node.value):
        lines[*path, position] = item.start_mark.line + 1
        found.append(_value(loader, item, (*path, position), lines))
    return found


def _mapping(loader: _Loader, node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value
        if key_node.tag != "tag:yaml.org,2002:str":
            shown = f"`{key}` as a key" if isinstance(key, str) else "a list or mapping as a key"
            raise YamlProblem(line, f"YAML does not read {shown} as text. Quote the key.")
        if key in found:
            first = lines[*path, key]
            raise YamlProblem(line, f"the key `{key}` is a duplicate (first in line {first}). Remove one.")
        lines[*path, key] = line
        found[key] = _value(loader, value_node, (*path, key), lines)
    return found


def _scalar(loader: _Loader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_object(node)
    except (ValueError, OverflowError) as error:
        problem = f"`{str(node.value)[:60]}` cannot be read ({error})"
        raise YamlProblem(node.start_mark.line + 1, f"{problem}. Correct it, or quote it if it is text.") from error


Keys = Mapping[str, type[msgspec.Struct]]
"""The record whose fields are allowed below a key; the empty key is the file itself."""

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


def explain_validation(message: str, keys: Keys) -> tuple[Path, str]:
    """Return the place and the explanation, with a remedy, of a msgspec.ValidationError's message."""
    found = _PLACE.search(message)
    path = _path(found[1] if found else "")
    what = message[: found.start()] if found else message
    if field := _FIELD.match(what):
        if field[1].startswith("missing"):
            return path, f"`{field[2]}` is missing here. Add it, as in `{_example(field[2])}`."
        return (*path, field[2]), _unknown(field[2], _record(path, keys))
    words = _TYPES.sub(lambda match: " or ".join(_WORDS.get(part, part) for part in match[1].split(" | ")), what)
    name = _name(path)
    remedy = f" Write it as in `{_example(name)}`." if name else ""
    return path, f"{words[:1].lower()}{words[1:]}.{remedy}"


def dotted_path(path: Path) -> str:
    """Format a place like `assignments[0].weight`, counting from 0."""
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
    remedy = f"Did you mean `{near[0]}`?" if near else f"Known keys: {', '.join(known)}."
    return f"this key is unknown. {remedy}"
