"""Compare with nbgrader and otter on this machine: `make bench`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from autograder.course import Assignment, Course, load_course
from autograder.release.source import read_source, source_path
from benchmarks import agreement, bound, classifier, inside_nbgrader, nbgrader_peer, otter_peer, ours
from benchmarks.classroom import Pupil, notebook, pupils, write_class
from benchmarks.kit import make_kit
from benchmarks.measure import Memory, Run
from benchmarks.results import Figures, Growth, Results, Size, machine, markdown

__all__ = ["main"]

ROOT = Path(__file__).parent.parent
ASSIGNMENT = "softmax"
SINGLE_RUNS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison, print it, and write benchmarks/RESULTS.md."""
    options = _parser().parse_args(arguments)
    course = load_course(ROOT / "course.yml")
    with tempfile.TemporaryDirectory(prefix="autograder-bench-") as scratch:
        text = markdown(_Comparison(course, Path(scratch), options).results())
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=main.__doc__)
    parser.add_argument("--class-size", type=int, default=40, help="submissions graded by every engine (40)")
    parser.add_argument("--peers-sample", type=int, default=10, help="how many of them otter grades (10): it is slow")
    parser.add_argument("--all", action="store_true", help="let otter grade all of them")
    parser.add_argument(
        "--growth", type=int, nargs=2, default=(100, 1000), help="sizes of the larger classes (100 1000)"
    )
    parser.add_argument("--no-growth", action="store_true", help="leave the larger classes out")
    parser.add_argument("--tensorflow", type=Path, default=Path(sys.executable), help="a Python that has TensorFlow")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/RESULTS.md", help="file to write")
    return parser


class _Comparison:
    """One run: the same class for everybody, this engine before, between and after the others."""

    def __init__(self, course: Course, scratch: Path, options: argparse.Namespace) -> None:
        self._course, self._scratch, self._options = course, scratch, options
        self._machine = machine()
        self._assignment: Assignment = course.assignment(ASSIGNMENT)
        self._source = read_source(source_path(self._assignment.folder), course.languages)
        self._kit = make_kit(self._assignment.folder / f"test_{ASSIGNMENT}.py", self._source)
        self._points = {check.name: check.points for check in self._kit.automatic()}
        self._class = self._pupils(options.class_size)
        self._sample = self._class if options.all else self._class[: options.peers_sample]
        self._rounds: list[tuple[Figures, Figures, Figures]] = []
        self._bound_points: dict[str, dict[str, float]] = {}

    def results(self) -> Results:
        """Set the class up, let every engine grade it, and put the figures together."""
        self._set_up()
        self._round()
        nbgrader = self._nbgrader()
        inside = self._inside()
        self._round()
        otter = (self._otter(1), self._otter(2))
        self._round()
        first = sorted(self._rounds, key=lambda figures: figures[0].seconds)[len(self._rounds) // 2]
        reports = ours.reports(self._out(0, 2), ASSIGNMENT)
        return Results(
            engines=(*first[:2], nbgrader, *otter, first[2]),
            rounds=tuple(figures[0].per_submission() for figures in self._rounds),
            agreements=self._agreements(),
            parts=self._parts(),
            single=tuple(self._single(turn) for turn in range(SINGLE_RUNS)),
            growth=None if self._options.no_growth else self._growth(*self._options.growth),
            classifier=self._classifier(),
            inside=inside,
            isolation=next(iter(reports.values())).isolation,
            checks=len(self._points),
            points=sum(self._points.values()),
            machine=self._machine,
        )

    def _pupils(self, size: int) -> tuple[Pupil, ...]:
        return pupils(self._assignment.folder, self._source, size)

    def _set_up(self) -> None:
        _say(f"a class of {len(self._class)}; otter grades {len(self._sample)} of it" + " (--all: everybody)")
        write_class(self._class, self._source, self._scratch / "submitted")
        (self._scratch / "kit.py").write_text(self._kit.text, encoding="utf-8")
        _say("nbgrader generate_assignment, otter assign")
        nbgrader_peer.build_course(self._scratch / "nbgrader", self._source, self._kit)
        nbgrader_peer.hand_in(self._scratch / "nbgrader", self._source, self._class)
        otter_peer.build_assignment(self._scratch / "otter", self._source, self._kit)
        otter_peer.hand_in(self._scratch / "otter", self._sample)

    def _out(self, turn: int, workers: int) -> Path:
        return self._scratch / f"results-{turn}-{workers}"

    def _round(self) -> None:
        self._rounds.append((self._ours(2), self._ours(1), self._bound()))

    def _ours(self, workers: int) -> Figures:
        label = f"`autograder grade`, {workers} worker{'s' if workers > 1 else ''}"
        _say(label)
        out = self._out(len(self._rounds), workers)
        with Memory() as memory:
            done = ours.grade(self._course, self._scratch / "submitted", out, workers)
        each = [report.seconds for report in ours.reports(out, ASSIGNMENT).values()]
        return _figures(label, [done], done.seconds, memory, each)

    def _bound(self) -> Figures:
        label = "lower bound: the same cells and criteria, unprotected, in one warm process"
        _say(label)
        paths = [self._scratch / "submitted" / pupil.name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb" for pupil in self._class]
        with Memory() as memory:
            _, rows = bound.measure(self._scratch / "kit.py", self._points, paths)
        self._bound_points = {pupil.name: row.points for pupil, row in zip(self._class, rows, strict=True)}
        seconds, cpu = sum(row.seconds for row in rows), sum(row.cpu_seconds for row in rows)
        return Figures(label, len(rows), seconds, cpu, memory.peak, tuple(row.seconds for row in rows))

    def _nbgrader(self) -> Figures:
        _say("nbgrader autograde")
        with Memory() as memory:
            done = nbgrader_peer.autograde(self._scratch / "nbgrader", ASSIGNMENT)
        self._nbgrader_run = done
        each = nbgrader_peer.submission_seconds(done)
        if len(each) != len(self._class):
            raise RuntimeError(f"nbgrader graded {len(each)} of {len(self._class)}:\n{done.text()[-3000:]}")
        return _figures("`nbgrader autograde`", [done], done.seconds, memory, each)

    def _inside(self) -> inside_nbgrader.Inside:
        _say("nbgrader autograde with our steps")
        default, ours_ = self._scratch / "nbgrader", self._scratch / "inside"
        inside_nbgrader.build(self._course, ours_, ASSIGNMENT, self._source, self._class)
        found = inside_nbgrader.measure(default, ours_, ASSIGNMENT, self._nbgrader_run)
        self._book = nbgrader_peer.scores(default, ASSIGNMENT)  # before the tricks
        return msgspec.structs.replace(found, tricks=inside_nbgrader.tricks(default, ours_, self._source))

    def _otter(self, at_once: int) -> Figures:
        words = "one after the other" if at_once == 1 else f"{at_once} at a time"
        _say(f"otter run, {words}")
        with Memory() as memory:
            seconds, done = otter_peer.grade(self._scratch / "otter", self._sample, at_once)
        return _figures(f"`otter run`, {words}", done, seconds, memory, [each.seconds for each in done])

    def _agreements(self) -> tuple[agreement.Agreement, ...]:
        reports = ours.reports(self._out(0, 2), ASSIGNMENT)
        mine = {name: agreement.automatic_points(report) for name, report in reports.items()}
        course = self._scratch / "nbgrader"
        otter = {pupil.name: otter_peer.scores(self._scratch / "otter", pupil, 1) for pupil in self._sample}
        return (
            agreement.with_nbgrader(self._class, mine, self._book, course, ASSIGNMENT),
            agreement.with_otter(self._sample, mine, otter),
            agreement.with_bound(self._class, mine, self._bound_points),
        )

    def _parts(self) -> ours.Parts:
        _say("where the time goes")
        return ours.parts(self._course, self._assignment, [notebook(pupil, self._source) for pupil in self._class])

    def _single(self, turn: int) -> float:
        alone, out = self._scratch / "single", self._scratch / f"single-{turn}"
        if not alone.exists():
            write_class(self._class[:1], self._source, alone)
        return ours.grade(self._course, alone, out, 1).seconds

    def _growth(self, small: int, large: int) -> Growth:
        first, bound_ = self._size(small), self._bound()
        return Growth(first, self._size(large), bound_.cpu_seconds / bound_.submissions)

    def _classifier(self) -> classifier.Classifier | str:
        _say("a classifier on real digits")
        return classifier.measure(self._course, self._options.tensorflow)

    def _size(self, size: int) -> Size:
        _say(f"a class of {size}, 2 workers")
        submitted, out = self._scratch / f"class-{size}", self._scratch / f"class-{size}-results"
        write_class(self._pupils(size), self._source, submitted)
        done = ours.grade(self._course, submitted, out, 2)
        return Size(size, done.seconds, done.cpu_seconds)


def _figures(label: str, done: Sequence[Run], seconds: float, memory: Memory, each: Sequence[float]) -> Figures:
    cpu = sum(run.cpu_seconds for run in done)
    return Figures(label, len(each), seconds, cpu, memory.peak, tuple(each))


def _say(what: str) -> None:
    print(f"- {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
