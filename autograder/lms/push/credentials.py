"""Tokens and keys, from the environment or the keyring, and the addresses that they may be sent to."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from autograder.errors import PushError
from autograder.text import printable

__all__ = ["SERVICE", "Secret", "check_address", "find_private_key", "find_token", "host_of", "origin_of"]

SERVICE = "nn-autograder"
"""The service under which the keyring holds a platform's token; the name is the platform's host."""

MAX_KEY_BYTES = 64 << 10


class Secret:
    """Text that is sent to its platform and shown nowhere."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself, for the one line that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down")


def find_token(variable: str, host: str, environ: Mapping[str, str] = os.environ) -> Secret:
    """Find a platform's token; raises PushError saying where it is looked for."""
    value = environ.get(variable, "").strip() or _from_keyring(host)
    if not value:
        keyring = f"put it into the keyring: keyring set {SERVICE} {printable(host)}"
        raise PushError(f"there is no token for {printable(host)}. Set {variable}, or {keyring}")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise PushError(f"the token in {variable} or the keyring has characters that no token has. Copy it again.")
    return Secret(value)


def find_private_key(variable: str, host: str, environ: Mapping[str, str] = os.environ) -> Secret:
    """Find the private key (PEM) that signs for us: the file that a variable names, else the keyring.

    Raises PushError; also if others on this machine can read the file.
    """
    name = environ.get(variable, "").strip()
    if name:
        return _key_file(Path(name), variable)
    if value := _from_keyring(host):
        return Secret(value)
    keyring = f"keyring set {SERVICE} {printable(host)} < key.pem"
    raise PushError(
        f"there is no private key for {printable(host)}. Set {variable} to the path of one, or run {keyring}"
    )


def _key_file(path: Path, variable: str) -> Secret:
    shown = printable(str(path))
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(MAX_KEY_BYTES + 1)
    except OSError as error:
        raise PushError(f"{variable}: {shown} cannot be read: {error.strerror}. Give the path of a key.") from None
    if stat.S_IMODE(mode) & 0o077:
        raise PushError(f"{variable}: others can read {shown}. Make it yours alone: chmod 600 {shown}")
    if len(data) > MAX_KEY_BYTES or b"PRIVATE KEY" not in data or not data.isascii():
        raise PushError(
            f"{variable}: {shown} is not a private key in PEM form. Create one: openssl genrsa -out key.pem 2048"
        )
    return Secret(data.decode("ascii"))


def _from_keyring(host: str) -> str:
    """Ask the system's keyring; a machine without one has no entry."""
    import keyring
    import keyring.errors

    try:
        return (keyring.get_password(SERVICE, host) or "").strip()
    except keyring.errors.KeyringError:
        return ""


LOCAL = ("127.0.0.1", "::1", "localhost")


def check_address(url: str) -> str:
    """Check an address: https, or a server on this machine. Raises PushError."""
    try:
        parts = urlsplit(url)
        name, _ = parts.hostname, parts.port
    except ValueError:
        parts, name = urlsplit(""), None
    if not name or parts.scheme not in ("http", "https") or parts.username or parts.password:
        raise PushError(
            f"{printable(url)[:100]!r} is not the address of a platform. Write one as in https://lms.example.edu"
        )
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
