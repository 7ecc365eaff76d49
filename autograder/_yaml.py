"""YAML that people write by hand, read strictly: plain data, and the line of every key for error messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from autograder.errors import CourseError

__all__ = ["Lines", "Place", "read_yaml"]

Place = tuple[str | int, ...]
Lines = dict[Place, int]
MAX_BYTES, MAX_DEPTH = 1 << 20, 20
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_STRING = "tag:yaml.org,2002:str"


def read_yaml(path: Path) -> tuple[Any, Lines]:
    """Read a YAML file; give its data (timestamps as text) and the line of every place in it.

    Raises CourseError, with file and line, on anything but plain YAML: aliases, duplicate keys, tags, too much of it.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise CourseError(f"{path} has {len(raw)} bytes; a course file has at most {MAX_BYTES}")
    try:
        text = raw.decode("utf-8-sig")
        _refuse_aliases(path, text)
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        lines: Lines = {(): 1}
        return (None if node is None else _data(path, loader, node, (), lines)), lines
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise CourseError(f"{path}, line {line}: not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise CourseError(f"{path}: not valid YAML: {error}") from error


def _refuse_aliases(path: Path, text: str) -> None:
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark is not None else 1
            raise CourseError(
                f"{path}, line {line}: an alias (*{event.anchor}) is not allowed here: write the value out"
            )


def _data(path: Path, loader: yaml.SafeLoader, node: yaml.Node, place: Place, lines: Lines) -> Any:
    if len(place) > MAX_DEPTH:
        raise CourseError(f"{path}, line {node.start_mark.line + 1}: nested deeper than {MAX_DEPTH} levels")
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(path, loader, node, place, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_data(path, loader, item, (*place, index), lines) for index, item in enumerate(node.value)]
    if node.tag == _TIMESTAMP:
        node.tag = _STRING  # whoever wants a date reads the text, and can say what is wrong with it
    return loader.construct_object(node)


def _mapping(path: Path, loader: yaml.SafeLoader, node: yaml.MappingNode, place: Place, lines: Lines) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if not isinstance(key, str) or key_node.tag != _STRING:
            raise CourseError(f"{path}, line {line}: a key must be a plain word")
        if key in data:
            raise CourseError(
                f"{path}, line {line}: the key {key!r} stands twice (first in line {lines[(*place, key)]})"
            )
        lines[(*place, key)] = line
        data[key] = _data(path, loader, value_node, (*place, key), lines)
    return data
