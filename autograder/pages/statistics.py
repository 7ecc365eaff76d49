"""What a class's scores say about its questions: distributions, difficulty, discrimination.

Only submissions with a score count, pending ones with what was graded automatically; a missing one is no zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

import msgspec

__all__ = ["ENOUGH", "Histogram", "correlation", "difficulty", "discrimination", "histogram", "logarithmic", "quantile"]

ENOUGH = 5
"""Fewest submissions for which a correlation is given."""


class Histogram(msgspec.Struct, frozen=True):
    """Counts between `edges`; one edge more than counts. The last bin includes its upper edge."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


def difficulty(scores: Sequence[float], most: float) -> float | None:
    """Return the item difficulty, 0 to 1: the mean share of the points earned, so a high value is an easy item.

    For an item that is right or wrong this is the classical p = (right answers) / (answers). Source: L. Crocker and
    J. Algina, Introduction to Classical and Modern Test Theory (1986), chapter 14. None without scores or points.
    """
    return fmean(scores) / most if scores and most > 0 else None


def discrimination(item: Sequence[float], total: Sequence[float]) -> float | None:
    """Return the item-rest correlation, -1 to 1: Pearson's r of an item's scores with the rest of the total.

    The item itself is taken out of the total, or it would correlate with itself. For an item that is right or wrong,
    r is the point-biserial correlation. Source: Crocker and Algina (as above), chapter 14. None for fewer than ENOUGH
    submissions, or where one of the two does not vary.
    """
    rest = [whole - part for part, whole in zip(item, total, strict=True)]
    return correlation(item, rest)


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Return Pearson's r; None for fewer than ENOUGH pairs, or if one of the two does not vary."""
    if len(xs) < ENOUGH:
        return None
    mean_x, mean_y = fmean(xs), fmean(ys)
    dx, dy = [x - mean_x for x in xs], [y - mean_y for y in ys]
    spread = math.sqrt(math.fsum(d * d for d in dx)) * math.sqrt(math.fsum(d * d for d in dy))
    if spread < 1e-12:
        return None
    return max(-1.0, min(1.0, math.fsum(a * b for a, b in zip(dx, dy, strict=True)) / spread))


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return a quantile by linear interpolation between the ranks; 0.5 is the median. None without values."""
    if not values:
        return None
    ranked, place = sorted(values), share * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (ranked[above] - ranked[below]) * (place - below)


def histogram(values: Sequence[float], low: float, high: float, bins: int) -> Histogram:
    """Count values in bins of equal width from `low` to `high`; what lies beyond is counted in the outermost bins."""
    width = (high - low) / bins
    counts = [0] * bins
    for value in values:
        counts[max(0, min(bins - 1, math.floor((value - low) / width + 1e-9)))] += 1
    return Histogram(tuple(low + width * i for i in range(bins + 1)), tuple(counts))


def logarithmic(values: Sequence[float]) -> Histogram:
    """Count positive values in bins that double in width: 0.25, 0.5, 1, 2 ...; as many as needed, at most 16."""
    usable = [max(value, 1e-3) for value in values]
    first = max(-6, math.floor(math.log2(min(usable)))) if usable else 0
    last = min(first + 15, max(first, math.floor(math.log2(max(usable))))) if usable else 0
    counts = [0] * (last - first + 1)
    for value in usable:
        counts[max(0, min(last - first, math.floor(math.log2(value)) - first))] += 1
    return Histogram(tuple(2.0**power for power in range(first, last + 2)), tuple(counts))
