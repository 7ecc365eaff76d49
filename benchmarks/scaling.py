"""How grading grows, from a class to a MOOC: `python -m benchmarks.scaling`.

Grades the same made-up submissions with one worker, with two, on a Dask cluster of two on this machine, and with a run
that is killed half-way and continued; compares the scores, watches the memory, writes the figures into docs/scaling.md.
"""

from __future__ import annotations

import argparse
import csv
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from autograder.course import Course, load_course
from autograder.release.source import read_source, source_path
from benchmarks.classroom import pupils, write_class
from benchmarks.growth import Drop, Figures, Watch, section
from benchmarks.ours import AUTOGRADER
from benchmarks.results import machine

__all__ = ["main"]

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs/scaling.md"
ASSIGNMENT = "softmax"
SAMPLE_SECONDS = 0.5
ONE, TWO, CLUSTER = ("--workers", "1"), ("--workers", "2"), ("--cluster", "local:2")
BEGIN, END = "<!-- figures: python -m benchmarks.scaling -->\n", "<!-- end of figures -->\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the figures, and put them into docs/scaling.md; 1 if the scores of two runs differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=(100, 1000, 10000), help="sizes of the classes")
    parser.add_argument("--out", type=Path, default=DOCUMENT, help="the document to put the figures into")
    parser.add_argument("--print", action="store_true", dest="only_print", help="leave the document as it is")
    options = parser.parse_args(arguments)
    before = machine()
    with tempfile.TemporaryDirectory(prefix="autograder-scaling-") as scratch:
        figures = _Measuring(load_course(ROOT / "course.yml"), Path(scratch)).all(sorted(options.sizes))
    text = section(figures, before)
    print(text)
    if not options.only_print:
        _put(text, options.out)
    return 1 if figures.differences else 0


def _put(text: str, document: Path) -> None:
    old = document.read_text(encoding="utf-8")
    head, _, rest = old.partition(BEGIN)
    _, _, tail = rest.partition(END)
    if not rest or not tail:
        raise SystemExit(f"error: {document} has no place for the figures, between {BEGIN.strip()} and {END.strip()}")
    document.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", encoding="utf-8")


class _Measuring:
    """All runs of one measurement."""

    def __init__(self, course: Course, scratch: Path) -> None:
        self._course, self._scratch = course, scratch
        self._folder = course.assignment(ASSIGNMENT).folder
        self._source = read_source(source_path(self._folder), course.languages)
        self._runs = 0

    def all(self, sizes: Sequence[int]) -> Figures:
        """Grade classes of each size, the largest in every way."""
        drops = []
        differences = []
        for size in sizes:
            submitted = self._class(size)
            wanted = [TWO, CLUSTER] if size != sizes[-1] else [ONE, TWO, CLUSTER]
            done = [self._run(submitted, size, words) for words in wanted]
            drops += [drop for drop, _ in done]
            scores = {drop.words: found for drop, found in done}
            if size == sizes[-1]:
                scores["killed and continued"] = self._killed(submitted, size)
            first, *others = scores.items()
            differences += [f"{size} submissions, {first[0]} and {name}" for name, each in others if each != first[1]]
        return Figures(tuple(drops), tuple(differences))

    def _class(self, size: int) -> Path:
        _say(f"a class of {size}")
        submitted = self._scratch / f"class-{size}"
        write_class(pupils(self._folder, self._source, size), self._source, submitted)
        return submitted

    def _command(self, submitted: Path, words: Sequence[str]) -> tuple[list[str], Path]:
        self._runs += 1
        out = self._scratch / f"results-{self._runs}"
        command = [AUTOGRADER, "grade", submitted, "-o", out, "--course", self._course.path]
        return [*map(str, command), "--assignment", ASSIGNMENT, *words], out

    def _run(self, submitted: Path, size: int, words: tuple[str, str]) -> tuple[Drop, dict[str, str]]:
        _say(f"  {' '.join(words)}")
        command, out = self._command(submitted, words)
        started = time.monotonic()
        process = _start(command)
        watch = Watch(psutil.Process(process.pid))
        while process.poll() is None:
            watch.look()
            time.sleep(SAMPLE_SECONDS)
        seconds = time.monotonic() - started
        if process.returncode:
            raise SystemExit(f"error: {' '.join(command)} ended with code {process.returncode}")
        return watch.drop(size, " ".join(words), seconds, _steady(out)), _scores(out)

    def _killed(self, submitted: Path, size: int) -> dict[str, str]:
        _say("  killed half-way, and continued")
        command, out = self._command(submitted, TWO)
        process = _start(command)
        while process.poll() is None and sum(1 for _ in out.rglob("*.json")) < size // 2:
            time.sleep(0.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
        _start(command).wait()
        return _scores(out)


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _steady(out: Path) -> float:
    """Return the mean seconds between reports once everything runs: those of the first fifth are left out."""
    times = sorted(path.stat().st_mtime for path in out.glob("reports/*/*.json"))
    first = len(times) // 5
    return (times[-1] - times[first]) / max(1, len(times) - 1 - first)


def _scores(out: Path) -> dict[str, str]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: f"{row['status']} {row['score']} {row['reason']}" for row in csv.DictReader(file)}


def _say(what: str) -> None:
    print(f"- {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
