"""Templates to files: the environment that escapes everything, the content security policy, names that are safe."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template
from jinja2.loaders import PackageLoader
from markupsafe import Markup, escape

from autograder.errors import OutputError
from autograder.text import safe_name

__all__ = [
    "GENERATOR",
    "SHEET",
    "SITE",
    "PageAssets",
    "bar_markup",
    "format_percent",
    "format_seconds",
    "page_assets",
    "page_name",
    "prose_markup",
    "render_page",
    "student_markup",
    "visible_text",
    "write_page",
]

GENERATOR = b'<meta name="generator" content="nn-autograder">'
Assets = tuple[tuple[str, ...], tuple[str, ...]]

_CODE = re.compile(r"`([^`\n]+)`|\((?:\d{1,4}, ?)+(?:\d{1,4})?\)")
_SPACES = "\n\t\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # the last two are part of how some names are written
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class PageAssets(NamedTuple):
    """What a page carries: its style and script as they stand in it, and the policy that allows these two only."""

    style: Markup
    script: Markup
    policy: str


SITE = ("style.css", "site.css"), ("page.js", "tables.js")
SHEET = ("style.css",), ("page.js",)
"""The files of an instructor's page, and of a page without tables."""


def render_page(template: str, context: dict[str, Any], assets: Assets = SITE) -> bytes:
    """Fill a template; every value in it that is not Markup of ours is escaped."""
    return _template(template).render(**context, **page_assets(assets)._asdict()).encode()


@cache
def page_assets(assets: Assets) -> PageAssets:
    """Put style and script together, and the content security policy: nothing is loaded from anywhere."""
    style, script = (Markup("\n".join(map(_slim, names))) for names in assets)  # noqa: S704 - files of this package
    allowed = f"style-src {_hash(style)}; script-src {_hash(script)}; img-src data:"
    return PageAssets(style, script, f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'")


def bar_markup(share: float | None, kind: str = "") -> Markup:
    """Draw a share from 0 to 1 as a thin bar; nothing for None."""
    if share is None:
        return Markup("")
    return _bar(f"{100 * max(0.0, min(1.0, share)):.1f}", kind)


@lru_cache(maxsize=1 << 12)
def _bar(width: str, kind: str) -> Markup:
    return Markup(
        '<svg class="mini {}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="6"/><rect class="fill" width="{}" height="6"/></svg>'
    ).format(kind, width)


@lru_cache(maxsize=1 << 14)
def student_markup(student: str) -> Markup:
    """Show a student's name apart from the direction of the text around it."""
    return Markup("<bdi>{}</bdi>").format(visible_text(student))


def write_page(path: Path, page: bytes) -> None:
    """Write a page and the folders that it lies in; raises OutputError that says what to do."""
    try:
        try:
            path.write_bytes(page)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page)
    except OSError as error:
        where = visible_text(str(error.filename or path))
        raise OutputError(f"cannot write {where}: {error.strerror}. Free some space, or choose another -o.") from error


@lru_cache(maxsize=1 << 14)
def page_name(student: str) -> str:
    """Name the file of a student's page: as that of the report, harmless whatever the student is called."""
    return f"{safe_name(student)}.html"


def visible_text(text: object) -> str:
    """Show what a text holds and nothing more: control, format and direction characters become visible escapes."""
    words = str(text)
    if words.isprintable():
        return words
    return "".join(char if _shown(char) else char.encode("unicode_escape", "surrogatepass").decode() for char in words)


def format_percent(share: float | None) -> str:
    """Write a share as a percentage; a dash where there is none. Only all of it is 100 %, only nothing is 0 %."""
    if share is None or not math.isfinite(share):
        return "–"
    whole = round(100 * share)
    if (whole == 100 and share < 1) or (whole == 0 and share > 0):
        return f"{100 * share:.1f} %" if 0.0005 <= share < 0.9995 else ("> 99.9 %" if share > 0.5 else "< 0.1 %")
    return f"{whole} %"


def format_seconds(value: float | None) -> str:
    """Write a duration in seconds, or milliseconds where it is short; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.2g} s" if 0.95 <= value < 10 else f"{value:.0f} s" if value >= 10 else f"{1000 * value:.0f} ms"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.pages"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clean": visible_text,
        "percent": format_percent,
        "seconds": format_seconds,
        "page": _address,
        "segment": lambda name: quote(safe_name(name), safe=""),
        "anchor": lambda name: f"q-{safe_name(name)}",
        "signed": lambda value: "–" if value is None else f"{value:+.2f}".replace("-", "−"),
        "figure": lambda value: "–" if value is None else f"{value:.3g}",
        "sentence": _sentence,
        "prose": prose_markup,
        "bar": bar_markup,
        "person": student_markup,
    }
    return environment


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _slim(name: str) -> str:
    """Read a file without the space and the comments that only people need."""
    text = (files("autograder.pages") / "templates" / name).read_text(encoding="utf-8")
    lines = (re.sub(r"\s*/\*.*?\*/", "", line).strip() for line in text.splitlines())
    return "\n".join(filter(None, lines))


def _hash(asset: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(asset.encode()).digest()).decode()}'"


@lru_cache(maxsize=1 << 14)
def _address(name: str) -> str:
    """Return a page's file name as a part of a link; the name may hold percent signs."""
    return quote(page_name(name), safe="")


def _shown(char: str) -> bool:
    return char in _SPACES or unicodedata.category(char) not in _UNWANTED


def _sentence(text: str) -> str:
    """Begin with a capital letter and end with a full stop, as a sentence among others."""
    words = visible_text(text).strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")


@lru_cache(maxsize=1 << 14)
def prose_markup(text: str) -> Markup:
    """Show a text; what stands between backticks, and the shapes of arrays such as (3, 4), become code."""
    words = visible_text(text)
    parts, end = [], 0
    for found in _CODE.finditer(words):
        parts += [escape(words[end : found.start()]), Markup("<code>{}</code>").format(found[1] or found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(words[end:])])
