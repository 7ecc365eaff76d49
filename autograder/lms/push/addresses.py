"""Addresses of platforms: which are allowed, which are the same, what they are called in a message."""

from __future__ import annotations

from urllib.parse import urlsplit

from autograder.batch.names import printable
from autograder.errors import PushError

__all__ = ["address", "host", "origin"]

LOCAL = ("127.0.0.1", "::1", "localhost")


def address(url: str) -> str:
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


def origin(url: str) -> tuple[str, str, int]:
    """Give scheme, host and port of an address."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)


def host(url: str) -> str:
    """Name a platform in a message, without path or query."""
    return printable(urlsplit(url).netloc.rpartition("@")[2])[:100]
