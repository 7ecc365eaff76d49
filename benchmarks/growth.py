"""What one run took while it grew, and how that is written down."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from statistics import median

import msgspec
import psutil

from benchmarks.measure import pss

__all__ = ["Drop", "Figures", "Watch", "section"]

LARGE = 100_000
MOST_OVERHEAD = 0.005  # seconds per submission that Dask may add
MOST_LOSS = 0.1  # of throughput, from a class to the largest one


class Drop(msgspec.Struct, frozen=True):
    """One run. `each` is the seconds per submission once everything runs; memory in bytes.

    `early` and `late` are the median of all processes' memory in the second fifth of the run and in the last.
    """

    size: int
    words: str
    seconds: float
    each: float
    coordinator_peak: int
    peak: int
    early: float
    late: float


class Figures(msgspec.Struct, frozen=True):
    """All runs; `differences` names those whose scores were not the same."""

    drops: tuple[Drop, ...]
    differences: tuple[str, ...]

    def get(self, size: int, words: str) -> Drop | None:
        """Find a run."""
        return next((drop for drop in self.drops if (drop.size, drop.words) == (size, words)), None)


class Watch:
    """Looks at a process and all below it, again and again. Memory is PSS: pages that several share count once."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._samples: list[tuple[float, int, int]] = []

    def look(self) -> None:
        """Take a sample."""
        with contextlib.suppress(psutil.Error):
            own = pss(self._process)
            below = sum(map(pss, self._process.children(recursive=True)))
            self._samples.append((time.monotonic(), own, own + below))

    def drop(self, size: int, words: str, seconds: float, each: float) -> Drop:
        """Sum up."""
        totals = [total for _, _, total in self._samples]
        fifth = max(1, len(totals) // 5)
        return Drop(
            size,
            words,
            seconds,
            each,
            max(own for _, own, _ in self._samples),
            max(totals),
            median(totals[fifth : 2 * fifth] or totals),
            median(totals[-fifth:]),
        )


def section(figures: Figures, about: Sequence[str]) -> str:
    """Write the figures as a part of a document; `about` describes the machine."""
    names = (
        "submissions",
        "way",
        "whole command, s",
        "each, ms",
        "per 1,000, s",
        "coordinator, MB",
        "all, MB",
        "growth",
    )
    lines = [*about, "", f"| {' | '.join(names)} |", "|--:|---|--:|--:|--:|--:|--:|--:|"]
    for drop in figures.drops:
        memory = (
            f"{drop.coordinator_peak >> 20}",
            f"{drop.peak >> 20}",
            f"{100 * (drop.late / drop.early - 1):+.0f} %",
        )
        times = (f"{drop.seconds:.1f}", f"{1000 * drop.each:.1f}", f"{1000 * drop.seconds / drop.size:.0f}")
        lines.append(f"| {' | '.join((f'{drop.size:,}', f'`{drop.words}`', *times, *memory))} |")
    return "\n".join([*lines, "", *(f"- {line}" for line in _findings(figures))]) + "\n"


def _findings(figures: Figures) -> Iterator[str]:
    sizes = sorted({drop.size for drop in figures.drops})
    one, two = (figures.get(sizes[-1], words) for words in ("--workers 1", "--workers 2"))
    if one and two:
        times = one.each / two.each
        yield f"From one worker to two: {times:.2f} times as fast, an efficiency of {times / 2:.0%}."
    middle = figures.get(sizes[-2], "--workers 2") if len(sizes) > 1 else None
    if two and middle:
        change = middle.each / two.each - 1
        verdict = "no more than" if change >= -MOST_LOSS else "**more** than"
        yield (
            f"Throughput at {two.size:,} differs from that at {middle.size:,} by {change:+.1%}: {verdict} "
            f"{MOST_LOSS:.0%} is lost."
        )
    for way in ("--workers 2", "--cluster local:2"):
        ends = [figures.get(size, way) for size in sizes[-2:]]
        if len(ends) == 2 and ends[0] and ends[1]:
            times = ends[1].peak / ends[0].peak
            yield f"Peak memory of all processes, `{way}`: at {sizes[-1]:,} {times:.2f} times that at {sizes[-2]:,}."
    for size in sizes:
        local, dask = figures.get(size, "--workers 2"), figures.get(size, "--cluster local:2")
        if local and dask:
            steady, whole = dask.each - local.each, (dask.seconds - local.seconds) / size
            verdict = "within" if steady <= MOST_OVERHEAD else "**not within**"
            yield (
                f"Dask over the local path at {size:,}: {1000 * steady:+.1f} ms per submission, {verdict} "
                f"{1000 * MOST_OVERHEAD:.0f} ms; {1000 * whole:+.1f} ms with start and end."
            )
    if two:
        hours = two.each * 2 * LARGE / 3600
        yield (
            f"{LARGE:,} submissions take {hours:.1f} core-hours at this rate: {hours / 2:.1f} hours on two cores, "
            f"{60 * hours / 64:.1f} minutes on 64."
        )
    same = "identical" if not figures.differences else f"**different**: {'; '.join(figures.differences)}"
    yield f"Scores of all ways at each size, and after a run that was killed half-way and continued: {same}."
