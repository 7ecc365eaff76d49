"""YAML that remembers its lines: plain values only, no aliases, no duplicate keys."""

from __future__ import annotations

from typing import NamedTuple

import yaml

__all__ = ["Document", "Path", "YamlProblem", "parse"]

Path = tuple[str | int, ...]
"""Where a value stands: keys of mappings and positions in lists (from 0), outermost first."""

_PLAIN = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


class Document(NamedTuple):
    """The values of a YAML file, and the line (from 1) of each key and list item."""

    value: object
    lines: dict[Path, int]


class YamlProblem(Exception):
    """A YAML file cannot be used: the line (from 1), and what to do."""

    def __init__(self, line: int, text: str) -> None:
        self.line = line
        super().__init__(text)


def parse(text: str) -> Document:
    """Read one YAML document; raises YamlProblem.

    Aliases and anchors are refused: they let a small file stand for an endless one, and one line for several keys.
    """
    lines: dict[Path, int] = {(): 1}
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        value = None if node is None else _value(loader, node, (), lines)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlProblem(line, f"character {error.character:#06x} does not belong into text. Remove it.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlProblem(mark.line + 1 if mark else 1, f"{_said(error)}. Correct the YAML at this place.") from error
    except RecursionError:
        raise YamlProblem(1, "the lists and mappings are nested too deep. A course needs four levels.") from None
    return Document(value, lines)


def _said(error: yaml.MarkedYAMLError) -> str:
    """Give PyYAML's words; some of its problems are the second half of a sentence that the context begins."""
    problem = error.problem or "this is not YAML"
    return f"{error.context}, {problem}" if problem.startswith("but ") else problem


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without anchors and aliases."""

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave the parser untyped
        if getattr(event, "anchor", None) is not None:
            raise YamlProblem(
                event.start_mark.line + 1,
                f"the anchor or alias `{event.anchor}` is not allowed here. Write the value out; "
                "quote it if it is meant to begin with & or *.",
            )
        return super().compose_node(parent, index)  # type: ignore[arg-type]  # the stubs ask for less than is passed


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
            raise YamlProblem(line, f"YAML does not read {shown} as text. Put the key into quotes.")
        if key in found:
            first = lines[*path, key]
            raise YamlProblem(line, f"the key `{key}` stands here a second time (first in line {first}). Remove one.")
        lines[*path, key] = line
        found[key] = _value(loader, value_node, (*path, key), lines)
    return found


def _scalar(loader: _Loader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_object(node)
    except (ValueError, OverflowError) as error:
        said = f"`{str(node.value)[:60]}` cannot be read ({error})"
        raise YamlProblem(node.start_mark.line + 1, f"{said}. Correct it, or quote it if it is text.") from error
