"""Addresses of platforms: which are allowed, which are the same, and the next page of a list."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from autograder.errors import PushError
from autograder.text import printable

__all__ = ["check_address", "host_of", "next_page", "origin_of"]


LOCAL = ("127.0.0.1", "::1", "localhost")


def check_address(url: str) -> str:
    """Check an address: https, or a server on this machine. Raises PushError."""
    try:
        parts = urlsplit(url)
        name, _ = parts.hostname, parts.port
    except ValueError:
        parts, name = urlsplit(""), None
    if not name or parts.scheme not in ("http", "https") or parts.username or parts.password:
        raise PushError(f"{printable(url)[:100]!r} is no address of a platform; one is https://lms.example.edu")
    if parts.scheme == "http" and name not in LOCAL:
        raise PushError(f"{printable(url)[:100]} would send a token unencrypted. Write https://.")
    return url


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)


def host_of(url: str) -> str:
    """Name a platform in a message, without path or query."""
    return printable(urlsplit(url).netloc.rpartition("@")[2])[:100]


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
