"""What differs between two versions of a file, and whether it is only words."""

from __future__ import annotations

import ast
import csv
import difflib
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import zip_longest
from typing import Any, NamedTuple

__all__ = ["Difference", "Page", "compared"]

TIMES = {
    "seconds",
    "started",
    "made",
    "recorded",
    "slowest",
    "out",
    "path",
    "pages",
    "target",
    "key",
    "hash",
    "version",
}
TEXTS = {"message", "hint", "criterion", "reason", "title", "titles", "text", "error", "comment"}
TEXT_ATTRIBUTES = {"title", "alt", "aria-label", "content", "d", "points"}
NOISE = (
    (re.compile(r"/(?:[\w.@ -]+/)*(?:old|new)(?=/|\b)"), "<folder>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::[\d.]+(?:[+-]\d\d:\d\d)?)?"), "<moment>"),
    (re.compile(r"\b[0-9a-f]{32,64}\b"), "<hash>"),
    (re.compile(r"\b\d+\.\d+\.\d+\b"), "<version>"),
    (re.compile(r"\bautograder(?:\.[a-z_]\w*)+"), "<module>"),
    (re.compile(r"\b\d+(?:\.\d+)? (?:m?s|seconds)\b"), "<time>"),
)
CELL_ID = re.compile(r"\.cells\[\d+\]\.id$")  # drawn at random where nothing names the cell
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


class Difference(NamedTuple):
    """What differs at a place; `text` where only words do."""

    place: str
    old: str
    new: str
    text: bool = False

    @property
    def template(self) -> tuple[str, str]:
        """Both sides without their numbers: the same rewording in many places."""
        return NUMBER.sub("#", self.old), NUMBER.sub("#", self.new)


def compared(name: str, old: bytes, new: bytes) -> Iterator[Difference]:
    """Yield what differs between two versions of a file; its ending says how it is read."""
    ending = name.rpartition(".")[2]
    try:
        one, other = old.decode("utf-8"), new.decode("utf-8")
    except UnicodeDecodeError:
        yield Difference("", f"{len(old)} bytes", f"{len(new)} bytes")
        return
    if ending in ("json", "ipynb"):
        yield from _values("", json.loads(one), json.loads(other))
    elif ending == "csv":
        yield from _values("", list(csv.DictReader(io.StringIO(one))), list(csv.DictReader(io.StringIO(other))))
    elif ending == "html":
        yield from _tokens(Page.tokens(one), Page.tokens(other))
    elif ending == "py":
        yield from _code("", one, other)
    else:
        yield from _lines(one, other)


def _values(place: str, old: Any, new: Any) -> Iterator[Difference]:
    """Compare two JSON values; the last key of a place says what kind of value it is."""
    key = place.rpartition(".")[2].partition("[")[0]
    if old == new or key in TIMES or CELL_ID.search(place):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        code = old.get("cell_type") == "code"
        for name in [*old, *(name for name in new if name not in old)]:
            both = old.get(name, "<no key>"), new.get(name, "<no key>")
            yield from (
                _source(f"{place}.{name}", code, *both) if name == "source" else _values(f"{place}.{name}", *both)
            )
    elif isinstance(old, list) and isinstance(new, list):
        for number, both in enumerate(zip_longest(old, new, fillvalue="<nothing>")):
            yield from _values(f"{place}[{number}]", *both)
    elif key in TEXTS and isinstance(old, str) and isinstance(new, str):
        yield from _text(place, old, new)
    elif _quiet(str(old)) != _quiet(str(new)):
        yield Difference(place, str(old), str(new))


def _source(place: str, code: bool, old: Any, new: Any) -> Iterator[Difference]:
    one, other = ("".join(each) for each in (old, new))
    yield from _code(place, one, other) if code else _text(place, one, other)


def _code(place: str, old: str, new: str) -> Iterator[Difference]:
    """Compare Python code: comments and strings are texts, everything else is not."""
    if _quiet(old) == _quiet(new):
        return
    try:
        same = _shape(old) == _shape(new)
    except SyntaxError:
        same = False
    changed = list(difflib.unified_diff(old.split("\n"), new.split("\n"), n=0, lineterm=""))[2:]
    minus, plus = ("\n      ".join(line for line in changed if line[0] == sign) for sign in "-+")
    yield Difference(place, minus, plus, text=same)


def _shape(source: str) -> str:
    tree = ast.parse(re.sub(r"^(\s*)[%!]", r"\1#", source, flags=re.MULTILINE))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return _quiet(ast.unparse(tree))


def _lines(old: str, new: str) -> Iterator[Difference]:
    for one, other in zip_longest(old.split("\n"), new.split("\n"), fillvalue="<nothing>"):
        if _quiet(one) != _quiet(other):
            yield Difference("line", one, other, text=one.lstrip().startswith("#") and other.lstrip().startswith("#"))


def _text(place: str, old: str, new: str) -> Iterator[Difference]:
    """Compare texts: other words may say the same, other numbers do not."""
    one, other = _quiet(old), _quiet(new)
    if one != other:
        yield Difference(place, old, new, text=sorted(NUMBER.findall(one)) == sorted(NUMBER.findall(other)))


def _quiet(text: str) -> str:
    for pattern, name in NOISE:
        text = pattern.sub(name, text)
    return text


class Page(HTMLParser):
    """A page as a sequence of tags and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    @classmethod
    def tokens(cls, text: str) -> list[tuple[str, str]]:
        """Return (tag, "") and ("", text), in order; attributes that hold words are texts."""
        page = cls()
        page.feed(text)
        return page.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add a tag and its attributes."""
        plain = " ".join(f"{name}={value}" for name, value in attrs if name not in TEXT_ATTRIBUTES)
        self.found.append((f"<{tag} {_quiet(plain)}>", ""))
        self.found += [("", value) for name, value in attrs if name in TEXT_ATTRIBUTES and value]

    def handle_data(self, data: str) -> None:
        """Add a text."""
        if data.strip():
            self.found.append(("", " ".join(data.split())))


def _tokens(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[Difference]:
    was, now = ([tag for tag, _ in tokens if tag] for tokens in (old, new))
    if was != now:
        changed = [line for line in difflib.ndiff(was, now) if line[0] in "-+"]
        minus, plus = ("\n      ".join([line for line in changed if line[0] == sign][:5]) for sign in "-+")
        yield Difference("tags", minus, plus)
        return
    for (_, one), (_, other) in zip_longest(old, new, fillvalue=("", "")):
        yield from _text("text", one, other)
