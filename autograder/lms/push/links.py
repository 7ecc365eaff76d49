"""The way to a list's next page. Platforms write the header with other quotes, and escaped for HTML."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

__all__ = ["next_page"]

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"})
_LINK = re.compile(r"<([^<>]*)>\s*((?:;[^<]*?)?)(?=,\s*<|$)")
_NEXT = re.compile(r""";\s*rel\s*=\s*["']?[^"';,]*\bnext\b""", re.IGNORECASE)


def next_page(header: str, base: str) -> str | None:
    """Find the address of the next page in a Link header; None on the last page. Capitals stay what they are."""
    text = _as_utf8(header)
    for each in (text, html.unescape(text)):
        for target, parameters in _LINK.findall(each.translate(_QUOTES)):
            if _NEXT.search(parameters):
                return urljoin(base, html.unescape(target))
    return None


def _as_utf8(header: str) -> str:
    """Undo the reading of a header's bytes as Latin-1, which is how HTTP libraries give them."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
