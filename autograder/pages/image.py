"""Weights as an image: one strip of a classifier's classes, a small PNG that stands in the page."""

from __future__ import annotations

import base64
import struct
import zlib
from functools import cache

__all__ = ["data_uri", "strip"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BLUE, _NEUTRAL, _RED = (38, 84, 170), (247, 247, 247), (178, 34, 52)
_SHIFTED = bytes((byte + 128) & 0xFF for byte in range(256))
GAP = 2  # pixels between two classes


def strip(weights: bytes, side: int) -> bytes:
    """Make a PNG of images of side * side signed bytes side by side: red speaks for a class, blue against it.

    What does not fill a whole image is left out; b"" where there is none.
    """
    size = side * side
    count = len(weights) // size if size else 0
    if not count:
        return b""
    blank = b"\x80" * GAP
    shifted = weights.translate(_SHIFTED)  # the palette's index: 128 is a weight of 0
    rows = (
        blank.join(shifted[n * size + row * side : n * size + (row + 1) * side] for n in range(count))
        for row in range(side)
    )
    width = count * side + (count - 1) * GAP
    header = struct.pack(">IIBBBBB", width, side, 8, 3, 0, 0, 0)  # eight bits per pixel, a palette
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = ((b"IHDR", header), (b"PLTE", _palette()), (b"IDAT", pixels), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def data_uri(png: bytes) -> str:
    """Write an image as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def _palette() -> bytes:
    return bytes(channel for index in range(256) for channel in _colour((index - 128) / 127))


def _colour(value: float) -> tuple[int, int, int]:
    """Mix a colour for a weight from -1 to 1."""
    end, share = (_RED if value > 0 else _BLUE), min(1.0, abs(value)) ** 0.8
    mixed = tuple(round(a + (b - a) * share) for a, b in zip(_NEUTRAL, end, strict=True))
    return mixed[0], mixed[1], mixed[2]
