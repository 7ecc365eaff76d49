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
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template
from jinja2.loaders import PackageLoader
from markupsafe import Markup, escape

from autograder.batch.names import safe_name
from autograder.errors import OutputError

__all__ = ["GENERATOR", "clean", "page_name", "percent", "policy", "render_page", "seconds", "write"]

GENERATOR = b'<meta name="generator" content="nn-autograder">'
_SHAPE = re.compile(r"\((?:\w{1,4}, ?)+\w{0,4}\)")
_NEVER = "base-uri 'none'; form-action 'none'"
_SPACES = "\n\t\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # the last two are part of how some names are written
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def render_page(template: str, context: dict[str, Any]) -> bytes:
    """Fill a template; every value in it that is not Markup of ours is escaped."""
    style, script = _assets()
    return _template(template).render(style=style, script=script, policy=policy(), **context).encode()


def write(path: Path, page: bytes) -> None:
    """Write a page and the folders that it lies in; raises OutputError that says what to do."""
    try:
        try:
            path.write_bytes(page)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page)
    except OSError as error:
        where = clean(str(error.filename or path))
        raise OutputError(f"cannot write {where}: {error.strerror}. Free some space, or choose another -o.") from error


@cache
def policy() -> str:
    """Give the content security policy: nothing is loaded from anywhere, and only our own style and script count."""
    style, script = (_hash(asset) for asset in _assets())
    return f"default-src 'none'; style-src {style}; script-src {script}; img-src data:; {_NEVER}"


def page_name(student: str) -> str:
    """Name the file of a student's page: as that of the report, harmless whatever the student is called."""
    return f"{safe_name(student)}.html"


def clean(text: object) -> str:
    """Show what a text holds and nothing more: control, format and direction characters become visible escapes."""
    words = str(text)
    if words.isascii() and words.isprintable():
        return words
    return "".join(char if _shown(char) else char.encode("unicode_escape", "surrogatepass").decode() for char in words)


def percent(share: float | None) -> str:
    """Write a share as a percentage; a dash where there is none. Only all of it is 100 %, only nothing is 0 %."""
    if share is None or not math.isfinite(share):
        return "–"
    whole = round(100 * share)
    if (whole == 100 and share < 1) or (whole == 0 and share > 0):
        return f"{100 * share:.1f} %" if 0.0005 <= share < 0.9995 else ("> 99.9 %" if share > 0.5 else "< 0.1 %")
    return f"{whole} %"


def seconds(value: float | None) -> str:
    """Write a duration in seconds, or milliseconds where it is short; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.2g} s" if 0.95 <= value < 10 else f"{value:.0f} s" if value >= 10 else f"{1000 * value:.0f} ms"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clean": clean,
        "percent": percent,
        "seconds": seconds,
        "page": _address,
        "segment": lambda name: quote(safe_name(name), safe=""),
        "anchor": lambda name: f"q-{safe_name(name)}",
        "signed": lambda value: "–" if value is None else f"{value:+.2f}".replace("-", "−"),
        "figure": lambda value: "–" if value is None else f"{value:.3g}",
        "sentence": _sentence,
        "shapes": _shapes,
    }
    return environment


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _assets() -> tuple[Markup, Markup]:
    """Read style and script as they stand in the page, without the space that only people need."""
    folder = files("autograder.pages") / "templates"
    texts = ((folder / name).read_text(encoding="utf-8") for name in ("style.css", "page.js"))
    style, script = (
        "\n".join(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("/*"))
        for text in texts
    )
    return Markup(style), Markup(script)  # noqa: S704 - files of this package


def _hash(asset: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(asset.encode()).digest()).decode()}'"


@lru_cache(maxsize=1 << 14)
def _address(name: str) -> str:
    """Give the file of a page as a part of a link; its name may hold percent signs."""
    return quote(page_name(name), safe="")


def _shown(char: str) -> bool:
    return char in _SPACES or unicodedata.category(char) not in _UNWANTED


def _sentence(text: str) -> str:
    """Begin with a capital letter and end with a full stop, as a sentence among others."""
    words = clean(text).strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")


def _shapes(text: str) -> Markup:
    """Mark the shapes of arrays in a text, such as (3, 4), as code."""
    parts, end = [], 0
    for found in _SHAPE.finditer(text):
        parts += [escape(text[end : found.start()]), Markup("<code>{}</code>").format(found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
