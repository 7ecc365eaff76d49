"""Grade a class: find submissions, skip the unchanged, grade the rest, write reports and grades.csv."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from autograder.batch import hashing
from autograder.batch.cluster.connection import ClusterSpec, require_dask
from autograder.batch.discovery import Absent, Discovery, Found, Ignored, find_submissions, read_bounded
from autograder.batch.local.fork_server import ForkServer
from autograder.batch.local.messages import Setup
from autograder.batch.local.pool import MARGIN_SECONDS, Pool, cores
from autograder.course import Course
from autograder.errors import OutputError
from autograder.report import Report, Status
from autograder.results.store import Store, StoredReports, grades_csv, reports_in
from autograder.results.summary import Summarizer, Summary
from autograder.submission import Job
from autograder.text import printable

if TYPE_CHECKING:
    from autograder.baseline.archive import Baseline

__all__ = ["GradeOptions", "GraderPool", "NoProgress", "Progress", "RunResult", "grade", "unreadable"]

_DETAILS: dict[str, tuple[()]] = {"questions": (), "cell_errors": (), "notes": ()}
_KEPT = (Status.GRADED, Status.PENDING)


class GradeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to grade, and how. Empty `assignments` and `students` mean all; `workers` 0 means one per core.

    `cluster` names a Dask cluster to grade on (`cluster.connection.FORMS`); if empty, this machine's processes grade.
    With `live_baseline`, TensorFlow computes what is otherwise read from the records.
    """

    submitted: Path
    out: Path
    assignments: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    workers: int = 0
    cluster: str = ""
    lang: str = ""
    force: bool = False
    level: str = "best"
    margin: float = MARGIN_SECONDS
    live_baseline: bool = False


class RunResult(msgspec.Struct, frozen=True):
    """The result of a run. `reports` are read from their files on iteration, so that a large class fits in memory.

    `stale` counts reports in the output folder whose submission no longer exists.
    """

    reports: StoredReports
    summary: Summary
    ignored: tuple[Ignored, ...]
    graded: int
    reused: int
    stale: int
    seconds: float
    interrupted: bool


class GraderPool(Protocol):
    """Grades jobs: in processes of this machine, or on a cluster."""

    def __enter__(self) -> GraderPool: ...
    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: object, /) -> None: ...

    def run(self, jobs: Iterator[Job]) -> Iterator[Report]:
        """Draw jobs as there is room for them, and yield each report as it comes."""


class Progress(Protocol):
    """Receives the progress of a run."""

    def start(self, total: int) -> None:
        """Handle the start of a run over `total` submissions."""

    def step(self, report: Report) -> None:
        """Handle one finished submission."""

    def stop(self) -> None:
        """Handle the end of the run."""


class NoProgress:
    """Ignores all progress."""

    def start(self, total: int) -> None:
        """Do nothing."""

    def step(self, report: Report) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


def grade(
    course: Course, options: GradeOptions, progress: Progress | None = None, server: ForkServer | None = None
) -> RunResult:
    """Grade a class. Results are on disk as soon as they exist: a run that ended early continues where it stopped.

    A `server` that was started earlier, for the same isolation level, is used and closed by the run.

    KeyboardInterrupt ends the run with `interrupted`. Raises OutputError (folders), CourseError (unknown assignment),
    IsolationUnavailable, GraderError (a broken grader), BaselineError, SandboxError (no worker can start).
    """
    started = time.monotonic()
    progress = progress or NoProgress()
    wanted = tuple(course.assignment(name).name for name in options.assignments)
    _require_apart(options.submitted, options.out)
    names = tuple(assignment.name for assignment in course.assignments)
    listing = _only(find_submissions(options.submitted, names, wanted), options.students)
    with Store(options.out) as store, _live_baselines(course, options, listing) as baselines:
        run = _Run(_Inputs(course, options, listing, baselines, server), store, progress)
        try:
            interrupted = run.grade_all()
        finally:
            progress.stop()
            others = run.write_table()
    stale = sum(not wanted or each.assignment in wanted for each in others)
    return RunResult(
        reports=StoredReports({key: store.path(*key) for key in run.reports}),
        summary=run.summary(),
        ignored=listing.ignored,
        graded=run.graded,
        reused=run.reused,
        stale=0 if options.students or interrupted else stale,
        seconds=time.monotonic() - started,
        interrupted=interrupted,
    )


class _Inputs(msgspec.Struct, frozen=True):
    """Everything that a run reads. `baselines` are computed for this run, by assignment."""

    course: Course
    options: GradeOptions
    listing: Discovery
    baselines: Mapping[str, Baseline]
    server: ForkServer | None


class _Run:
    """One run in progress: counts, slim reports for the table, sums for the summary."""

    def __init__(self, inputs: _Inputs, store: Store, progress: Progress) -> None:
        self._inputs, self._store, self._progress = inputs, store, progress
        self._keys: dict[str, hashing.HashState] = {}
        self._notes: dict[tuple[str, str], tuple[str, ...]] = {}
        self._summarizer = Summarizer()
        self.reports: dict[tuple[str, str], Report] = {}
        self.graded = self.reused = 0

    def grade_all(self) -> bool:
        """Grade everything; return whether Ctrl-C ended the run."""
        listing = self._inputs.listing
        self._progress.start(len(listing.found))
        try:
            for absent in listing.absent:
                self._add_absent(absent)
            with self._pool() as pool:
                for report in pool.run(self._jobs()):
                    self._add_graded(report)
        except KeyboardInterrupt:
            return True
        return False

    def write_table(self) -> list[Report]:
        """Write grades.csv from every report in the output folder; return those that this run did not touch."""
        out = self._inputs.options.out
        known = {self._store.path(*key) for key in self.reports}
        in_place = ((path, report) for path, report in reports_in(out, known) if report)
        others = [report for path, report in in_place if path == self._store.path(report.assignment, report.student)]
        self._store.write(out / "grades.csv", grades_csv([*self.reports.values(), *others]))
        return others

    def summary(self) -> Summary:
        """Return the summary, with misconceptions titled in the language of the run."""
        course, lang = self._inputs.course, self._inputs.options.lang or self._inputs.course.languages[0]

        def titles(assignment: str) -> dict[str, str]:
            from autograder.grading.variants import misconception_titles

            return misconception_titles(course.assignment(assignment).folder, lang)

        return self._summarizer.summary(titles)

    def _pool(self) -> GraderPool:
        options, course = self._inputs.options, self._inputs.course
        expected = len(self._inputs.listing.found)
        names = sorted({found.assignment for found in self._inputs.listing.found})
        live = {name: baseline.path for name, baseline in self._inputs.baselines.items()}
        assignments = (msgspec.structs.replace(course.assignment(name), baseline=live.get(name)) for name in names)
        setup = Setup(course, tuple(assignments), options.level)
        log = options.out / "workers.log"
        if options.cluster and expected:
            require_dask()
            from autograder.batch.cluster.scheduling import Cluster

            place = ClusterSpec(options.cluster, options.workers)
            return Cluster(place, setup, log, expected=expected, margin=options.margin)
        workers = min(options.workers or cores(), max(1, expected))
        return Pool(setup, workers, log, server=self._inputs.server, margin=options.margin)

    def _jobs(self) -> Iterator[Job]:
        """Read and hash submissions as workers ask for them; finish here what needs no worker."""
        options = self._inputs.options
        for found in self._inputs.listing.found:
            try:
                data = read_bounded(found.path)
            except OSError as error:
                self._save(unreadable(found, error).report())
                continue
            wanted = hashing.content_hash(self._key(found.assignment), data, found.path.suffix)
            earlier, note = self._store.load(found.assignment, found.student)
            if earlier and not options.force and earlier.content_hash == wanted and earlier.status in _KEPT:
                self.reused += 1
                self._finish(earlier)
                continue
            self._notes[found.assignment, found.student] = (*found.notes, *([note] if note else []))
            lang = options.lang or None
            yield Job(found.student, found.assignment, found.path.name, data, content_hash=wanted, lang=lang)

    def _key(self, assignment: str) -> hashing.HashState:
        if assignment not in self._keys:
            course, options = self._inputs.course, self._inputs.options
            live = self._inputs.baselines.get(assignment)
            parts = hashing.KeyParts(
                course.assignment(assignment).folder,
                course.sandbox,
                options.level,
                options.lang,
                course.secret,
                baseline=live.digest if live else b"",
            )
            self._keys[assignment] = hashing.assignment_key(parts)
        return self._keys[assignment]

    def _add_graded(self, report: Report) -> None:
        notes = self._notes.pop((report.assignment, report.student), ())
        self.graded += 1
        self._save(msgspec.structs.replace(report, notes=(*report.notes, *notes)) if notes else report)

    def _add_absent(self, absent: Absent) -> None:
        earlier, _ = self._store.load(absent.assignment, absent.student)
        report = absent.report()
        if earlier and earlier.status in _KEPT:
            return  # a missing file does not remove a score; the report is counted as stale
        if earlier and (earlier.status, earlier.reason) == (report.status, report.reason):
            report = earlier
        else:
            self._store.save(report)
        self._remember(report)

    def _save(self, report: Report) -> None:
        self._store.save(report)
        self._finish(report)

    def _finish(self, report: Report) -> None:
        self._remember(report)
        self._progress.step(report)

    def _remember(self, report: Report) -> None:
        """Keep what the table and the summary need; the rest is in the report's file, not in memory."""
        self._summarizer.add(report)
        self.reports[report.assignment, report.student] = msgspec.structs.replace(report, **_DETAILS)


@contextmanager
def _live_baselines(course: Course, options: GradeOptions, listing: Discovery) -> Iterator[Mapping[str, Baseline]]:
    if not options.live_baseline:
        yield {}
        return
    from autograder.baseline.archive import read_baseline
    from autograder.baseline.recording import live

    names = sorted({found.assignment for found in listing.found})
    folders = {course.assignment(name).folder: name for name in names}
    with live(folders) as files:
        yield {folders[folder]: read_baseline(path) for folder, path in files.items()}


def unreadable(found: Found, error: OSError) -> Absent:
    """Return what becomes of a submission whose file cannot be read."""
    reason = f"cannot read {printable(str(found.path))}: {error.strerror}. Make it readable, then run again."
    return Absent(found.student, found.assignment, Status.ERROR, reason)


def _only(listing: Discovery, students: Iterable[str]) -> Discovery:
    chosen = set(students)
    if not chosen:
        return listing
    found = tuple(found for found in listing.found if found.student in chosen)
    absent = tuple(absent for absent in listing.absent if absent.student in chosen)
    unknown = sorted(chosen - {each.student for each in found} - {each.student for each in absent})
    if unknown:
        raise OutputError(f"no student {unknown[0]!r} among the submissions. Use the name of the folder or file.")
    return Discovery(found, absent, listing.ignored)


def _require_apart(submitted: Path, out: Path) -> None:
    inner, outer = out.resolve(), submitted.resolve()
    if inner == outer or outer in inner.parents:
        raise OutputError(f"{printable(str(out))} is inside the folder of submissions. Choose another -o.")
