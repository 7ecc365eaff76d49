"""What a benchmark run found, and how it is written down."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

import msgspec
import psutil

from benchmarks import inside_nbgrader
from benchmarks.agreement import Agreement
from benchmarks.classifier import Classifier, section
from benchmarks.ours import Parts

__all__ = ["Figures", "Growth", "Results", "Size", "machine", "markdown"]

PACKAGES = ("numpy", "ipython", "pytest", "nbgrader", "otter-grader")


class Figures(msgspec.Struct, frozen=True):
    """One engine: the whole command (or commands), and each submission by itself."""

    engine: str
    submissions: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    each: tuple[float, ...]

    def per_submission(self) -> float:
        """Return the wall seconds of the whole, start and end included, per submission."""
        return self.seconds / self.submissions


class Size(msgspec.Struct, frozen=True):
    """A class of one size, graded by `autograder grade` with two workers: wall and processor seconds of the command."""

    submissions: int
    seconds: float
    cpu_seconds: float


class Growth(msgspec.Struct, frozen=True):
    """A small and a large class, and beside them the lower bound once more: processor seconds of one submission."""

    small: Size
    large: Size
    bound_cpu_seconds: float

    def ratio(self) -> float:
        """Return the time per submission of the large class over that of the small one."""
        return (self.large.seconds / self.large.submissions) / (self.small.seconds / self.small.submissions)

    def further(self) -> Size:
        """Return one submission more, without start-up: the difference of the classes over that of their sizes."""
        more = self.large.submissions - self.small.submissions
        seconds = (self.large.seconds - self.small.seconds) / more
        return Size(1, seconds, (self.large.cpu_seconds - self.small.cpu_seconds) / more)


class Results(msgspec.Struct, frozen=True):
    """All of one run."""

    engines: tuple[Figures, ...]
    rounds: tuple[float, ...]
    agreements: tuple[Agreement, ...]
    parts: Parts
    single: tuple[float, ...]
    growth: Growth | None
    classifier: Classifier | str
    inside: inside_nbgrader.Inside
    isolation: str
    checks: int
    points: float
    machine: tuple[str, ...]


def machine() -> tuple[str, ...]:
    """Describe this machine and the versions that were compared."""
    model = next((line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")), "")
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{cores} cores ({model or platform.machine()}), {psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"{platform.system()} {platform.release()}; load average before the run {os.getloadavg()[0]:.1f}",
        f"Python {platform.python_version()}, {packages}",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
    )


def markdown(results: Results) -> str:
    """Write a run down as Markdown."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Results) -> Iterator[str]:
    first = results.engines[0]
    yield "# Results of `make bench`"
    yield ""
    yield "This file is written by the benchmark; do not edit it. How it is measured: [README](README.md)."
    yield ""
    yield from (f"- {line}" for line in results.machine)
    yield f"- {first.submissions} submissions of one assignment, {results.checks} criteria, {results.points:g} points"
    yield f"- isolation level of `autograder grade`: {results.isolation}"
    yield ""
    yield from _table(results.engines)
    yield ""
    yield from _notes(results)
    yield ""
    yield from _agreements(results.agreements)
    yield from _parts(results.parts)
    yield from _single(results.single)
    if results.growth:
        yield from _growth(results.growth, results.engines)
    yield from inside_nbgrader.section(results.inside)
    yield from section(results.classifier)


def _notes(results: Results) -> Iterator[str]:
    low, high = min(results.rounds), max(results.rounds)
    rounds, whole = len(results.rounds), results.engines[0].submissions
    yield f"`autograder grade` ran {rounds} times, before, between and after the others; with two workers a submission"
    yield f"took {_time(low)} to {_time(high)}, and the table has the median run. Wall and processor times are those of"
    yield "whole commands, start-up included, divided by the submissions; only the lower bound is without its start-up."
    for each in results.engines:
        if each.submissions < whole:
            yield f"{each.engine} graded {each.submissions} of the {whole} (`make bench ARGS=--all` for all)."


def _table(engines: Sequence[Figures]) -> Iterator[str]:
    first = engines[0]
    heads = ("engine", "submissions", "wall per submission", "times ours", "one submission: median (min to max)")
    yield f"| {' | '.join((*heads, 'processor per submission', 'peak memory'))} |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for each in engines:
        ratio = each.per_submission() / first.per_submission()
        spread = f"{_time(median(each.each))} ({_time(min(each.each))} to {_time(max(each.each))})"
        yield (
            f"| {each.engine} | {each.submissions} | {_time(each.per_submission())} | {ratio:.2g} | {spread} "
            f"| {_time(each.cpu_seconds / each.submissions)} | {each.peak_bytes / 1e6:.0f} MB |"
        )


def _agreements(agreements: Sequence[Agreement]) -> Iterator[str]:
    yield "## Do the scores agree?"
    yield ""
    for each in agreements:
        yield f"- {each.engine}: {each.same} of {each.of} submissions have the same points"
        yield from (f"  - {line}" for line in each.differences)
    yield ""


def _parts(parts: Parts) -> Iterator[str]:
    yield "## Where the time goes"
    yield ""
    yield "Mean of one submission in one warm worker, measured apart:"
    yield ""
    yield "| fork, lock down | cells | calls of functions | end of process | pytest, judging, diagnosis | all |"
    yield "|--:|--:|--:|--:|--:|--:|"
    columns = (parts.spawn, parts.cells, parts.calls, parts.teardown, parts.judging, parts.total)
    yield f"| {' | '.join(map(_time, columns))} |"
    yield ""


def _single(single: Sequence[float]) -> Iterator[str]:
    yield "## One submission from the shell"
    yield ""
    spread = f"{_time(min(single))} to {_time(max(single))}"
    yield f"`autograder grade` with one submission, start of Python included: {_time(median(single))}, median of"
    yield f"{len(single)} ({spread})."
    yield ""


def _growth(growth: Growth, engines: Sequence[Figures]) -> Iterator[str]:
    small, large, more = growth.small, growth.large, growth.further()
    yield "## Larger classes"
    yield ""
    yield f"With two workers {small.submissions} submissions took {small.seconds:.1f} s and {large.submissions} took"
    yield f"{large.seconds:.1f} s, start-up included: {growth.ratio():.2f} times as long per submission."
    yield ""
    yield f"One submission more costs {_time(more.seconds)} and {_time(more.cpu_seconds)} of processor time,"
    bound = growth.bound_cpu_seconds
    yield f"{more.cpu_seconds / bound:.2f} times the lower bound's {_time(bound)},"
    yield "measured again between the two classes. Beside that, without anybody's start-up where it can be told apart:"
    yield ""
    for each in engines:
        if "nbgrader" in each.engine:
            ratio = median(each.each) / more.seconds
            yield f"- {each.engine}: median of one submission {_time(median(each.each))}, {ratio:.0f} times as long"
        elif "otter" in each.engine:
            ratio = each.per_submission() / more.seconds
            yield f"- {each.engine}: {_time(each.per_submission())} a submission, {ratio:.0f} times as long"
    yield ""


def _time(seconds: float) -> str:
    """Write a time with three significant digits at most, in s or ms."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
