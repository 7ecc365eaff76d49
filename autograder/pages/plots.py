"""Plots as SVG, and weights as PNG, that are part of the page: no library, no style of their own.

Each is an image with a text for those who do not see it. Texts are escaped here; numbers are numbers.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import msgspec
from markupsafe import Markup, escape

from autograder.pages.statistics import Histogram

__all__ = ["Plot", "Polyline", "bar_plot", "data_uri", "format_number", "line_plot", "weight_strip"]


MARGIN_LEFT, MARGIN_BOTTOM, MARGIN_TOP, MARGIN_RIGHT = 34.0, 20.0, 8.0, 10.0
_SHORT = Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">')


class Polyline(msgspec.Struct, frozen=True):
    """A polyline, or several of one kind; `kind` is its class in the style sheet. None breaks it."""

    kind: str
    runs: Sequence[tuple[Sequence[float | None], Sequence[float | None]]]


class Plot(msgspec.Struct, frozen=True):
    """What a plot of lines is about; bounds left out are taken from the lines."""

    label: str
    x_label: str = ""
    width: float = 320.0
    height: float = 180.0
    bottom: float | None = None
    top: float | None = None
    right: float | None = None


def format_number(value: float) -> str:
    """Write a number as short as its size allows, without an exponent for what people compare."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def bar_plot(
    counts: Histogram, label: str, *, ticks: Sequence[tuple[float, str]], mark: float | None = None, large: bool = False
) -> Markup:
    """Draw a histogram of equal bins. `ticks` are places between 0 and 1 with their words; `mark` is such a place."""
    width, height = (460.0, 170.0) if large else (260.0, 110.0)
    left, right, top, bottom = 4.0, 4.0, 12.0, 18.0
    room, most = width - left - right, max([*counts.counts, 1])
    step = room / len(counts.counts)
    parts = [_SHORT.format(*map(format_number, (width, height)), label)]
    for i, count in enumerate(counts.counts):
        tall = (height - top - bottom) * count / most
        x, y = left + i * step + 1, height - bottom - tall
        kind = "bar" if count else "bar none"
        parts.append(_rect(kind, x, y if count else height - bottom - 1, step - 2, tall if count else 1))
        if count:
            parts.append(_text("value", x + step / 2 - 1, y - 3, str(count)))
    parts += [_text(_anchor(at), left + at * room, height - 5, words) for at, words in ticks]
    if mark is not None:
        parts.append(_segment("mark", left + mark * room, top - 8, left + mark * room, height - bottom))
    return Markup("").join([*parts, Markup("</svg>")])


def line_plot(plot: Plot, drawn: Sequence[Polyline]) -> Markup:
    """Draw lines over common axes; the last one lies on top."""
    xs = [x for line in drawn for run in line.runs for x in run[0] if x is not None]
    ys = [y for line in drawn for run in line.runs for y in run[1] if y is not None]
    frame = _Frame(plot, _bounds(xs, None, plot.right), _bounds(ys, plot.bottom, plot.top))
    parts = [_SHORT.format(*map(format_number, (plot.width, plot.height)), plot.label), *frame.axes()]
    for line in drawn:
        path = " ".join(filter(None, (frame.path(x, y) for x, y in line.runs)))
        if path:
            parts.append(Markup('<path class="line {}" d="{}"/>').format(line.kind, path))
    return Markup("").join([*parts, Markup("</svg>")])


class _Frame:
    """The axes of a plot, and where a value lies between them."""

    def __init__(self, plot: Plot, x: tuple[float, float], y: tuple[float, float]) -> None:
        self._plot, self._x, self._y = plot, x, y

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the position of a point; one outside is drawn at the border."""
        plot = self._plot
        across = (min(max(x, self._x[0]), self._x[1]) - self._x[0]) / (self._x[1] - self._x[0])
        up = (min(max(y, self._y[0]), self._y[1]) - self._y[0]) / (self._y[1] - self._y[0])
        return (
            MARGIN_LEFT + across * (plot.width - MARGIN_LEFT - MARGIN_RIGHT),
            plot.height - MARGIN_BOTTOM - up * (plot.height - MARGIN_BOTTOM - MARGIN_TOP),
        )

    def path(self, xs: Iterable[float | None], ys: Iterable[float | None]) -> str:
        """Write one polyline."""
        words, pen = [], "M"
        for x, y in zip(xs, ys, strict=False):
            if x is None or y is None or not self._x[0] <= x <= self._x[1]:
                pen = "M"
                continue
            words.append("{}{:.1f} {:.1f}".format(pen, *self.place(x, y)))
            pen = "L"
        return "".join(words)

    def axes(self) -> Iterator[Markup]:
        """Draw grid lines with their numbers, and what the horizontal axis counts."""
        plot = self._plot
        for value in _ticks(*self._y):
            left, y = self.place(self._x[0], value)
            yield _segment("grid", left, y, plot.width - MARGIN_RIGHT, y)
            yield _text("end", left - 5, y + 3.5, format_number(value))
        for value in _ticks(*self._x):
            x, bottom = self.place(value, self._y[0])
            yield _text("tick", x, bottom + 13, format_number(value))
        if plot.x_label:
            yield _text("end", plot.width - MARGIN_RIGHT, plot.height - MARGIN_BOTTOM - 4, plot.x_label)


def _bounds(values: Sequence[float], low: float | None, high: float | None) -> tuple[float, float]:
    least = low if low is not None else min(values, default=0.0)
    most = high if high is not None else max(values, default=1.0)
    if most - least < 1e-9 * max(1.0, abs(least)):
        return least - 0.5, least + 0.5
    return least, most


def _ticks(low: float, high: float) -> list[float]:
    """Choose three to six round values."""
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(i * step, 12) for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _anchor(at: float) -> str:
    return "start" if at <= 0.01 else "end" if at >= 0.99 else "tick"


def _rect(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    shape = '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="1.5"/>'
    return Markup(shape.format(escape(kind), x, y, width, height))  # noqa: S704 - numbers, and a class of ours


def _segment(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    shape = '<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>'
    return Markup(shape.format(escape(kind), x1, y1, x2, y2))  # noqa: S704 - numbers, and a class of ours


def _text(kind: str, x: float, y: float, words: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, f"{x:.1f}", f"{y:.1f}", words)


_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BLUE, _NEUTRAL, _RED = (38, 84, 170), (247, 247, 247), (178, 34, 52)
_SHIFTED = bytes((byte + 128) & 0xFF for byte in range(256))
GAP = 2  # pixels between two classes


def weight_strip(weights: bytes, side: int) -> bytes:
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
