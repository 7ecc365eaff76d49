"""Make untrusted text and names safe: as file names, on a terminal, in a spreadsheet."""

from __future__ import annotations

import hashlib
import os
from urllib.parse import unquote_to_bytes

__all__ = ["formula_guarded", "is_text", "printable", "safe_name", "student_of"]

_KEPT = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
MAX_LENGTH = 200
"""Longest safe name in bytes: file systems allow 255, and the ending and a temporary name need room."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CUT = "~"  # never part of an encoded name, so a shortened name cannot be another student's


def safe_name(student: str) -> str:
    """Percent-encode a student id into one harmless file name: ASCII, no separator, no leading dot or dash.

    `student_of` undoes it. An id whose encoding exceeds MAX_LENGTH is shortened and ends in `~` and a hash;
    such a name cannot be turned back, the report in the file holds the id.
    """
    raw = os.fsencode(student)
    encoded = "".join(chr(byte) if _kept(byte, first=i == 0) else f"%{byte:02X}" for i, byte in enumerate(raw))
    if len(encoded) <= MAX_LENGTH:
        return encoded
    digest = hashlib.sha256(raw).hexdigest()[:32]
    return encoded[: MAX_LENGTH - len(digest) - 1].rstrip("%") + _CUT + digest


def student_of(name: str) -> str | None:
    """Return the student id that `safe_name` encoded; None for a shortened or foreign name."""
    if _CUT in name:
        return None
    student = os.fsdecode(unquote_to_bytes(name))
    return student if safe_name(student) == name else None


def is_text(name: str) -> bool:
    """Return whether a file name is valid Unicode; other names cannot be written into a report."""
    return not any("\udc80" <= char <= "\udcff" for char in name)


def printable(text: str) -> str:
    """Escape what a terminal would act on: control characters, direction marks, bytes that are not text."""
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def formula_guarded(text: str) -> str:
    """Quote text that a spreadsheet would take for a formula; replace NUL, at which some readers stop."""
    text = text.replace("\0", "\ufffd")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode()


def _kept(byte: int, *, first: bool) -> bool:
    return byte in _KEPT and not (first and byte in b".-")
