"""One run over a class: find, skip what is unchanged, grade the rest, write reports and grades.csv."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from autograder import __version__
from autograder.batch import hashing
from autograder.batch.cluster.connection import ClusterSpec, require_dask
from autograder.batch.discovery import Absent, Discovery, Found, Ignored, find_submissions, read_bounded
from autograder.batch.local.fork_server import ForkServer
from autograder.batch.local.messages import Setup
from autograder.batch.local.pool import MARGIN_SECONDS, Pool, cores
from autograder.course import Course
from autograder.errors import OutputError
from autograder.report import Report, Status
from autograder.results.store import Store, StoredReports, reports_in
from autograder.results.table import grades_csv
from autograder.submission import Job
from autograder.text import printable

if TYPE_CHECKING:
    from autograder.baseline.archive import Baseline

__all__ = ["GradeOptions", "GraderPool", "Progress", "RunResult", "grade"]

_DETAILS: dict[str, tuple[()]] = {"questions": (), "cell_errors": (), "notes": ()}
_KEPT = (Status.GRADED, Status.PENDING)


class GradeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to grade, and how. Empty `assignments` and `students` mean all; `workers` 0 means one per core.

    `cluster` names a Dask cluster to grade on (`batch.connect.FORMS`); empty, processes of this machine do it.
    With `live_baseline`, TensorFlow computes anew what is otherwise read from the records.
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
    """How a run ended. `stale` counts reports in OUT whose submission is no longer there."""

    reports: StoredReports
    ignored: tuple[Ignored, ...]
    graded: int
    reused: int
    stale: int
    seconds: float
    interrupted: bool


class GraderPool(Protocol):
    """Whatever turns jobs into reports: processes of this machine, or a cluster."""

    def __enter__(self) -> GraderPool: ...
    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: object, /) -> None: ...

    def run(self, jobs: Iterator[Job]) -> Iterator[Report]:
        """Draw jobs as they can be held, and give each one's report as it comes."""


class Progress(Protocol):
    """Told how far a run is."""

    def start(self, total: int) -> None:
        """`total` submissions are to be looked at."""

    def step(self, report: Report) -> None:
        """One of them is done."""

    def stop(self) -> None:
        """No more will come."""


def grade(course: Course, order: GradeOptions, progress: Progress, server: ForkServer | None = None) -> RunResult:
    """Grade a class. What is done is on disk at every moment: a run that ended early continues where it stopped.

    `server`, of the order's isolation level, may have been started before; the run uses it, or ends it.

    KeyboardInterrupt ends the run with `interrupted`. Raises OutputError (folders), CourseError (unknown assignment),
    IsolationUnavailable, GraderError (a broken grader), BaselineError, SandboxError (no worker can start).
    """
    started = time.monotonic()
    wanted = tuple(course.assignment(name).name for name in order.assignments)
    _apart(order.submitted, order.out)
    names = tuple(assignment.name for assignment in course.assignments)
    listing = _only(find_submissions(order.submitted, names, wanted), order.students)
    with Store(order.out) as store, _live(course, order, listing) as baselines:
        run = _Run(course, order, listing, store, progress)
        run.baselines, run.server = baselines, server
        try:
            interrupted = run.all()
        finally:
            progress.stop()
            others = run.write_table()
    return RunResult(
        reports=StoredReports({key: store.path(*key) for key in run.reports}),
        ignored=listing.ignored,
        graded=run.graded,
        reused=run.reused,
        stale=0 if order.students or interrupted else sum(not wanted or each.assignment in wanted for each in others),
        seconds=time.monotonic() - started,
        interrupted=interrupted,
    )


class _Run:
    """The state of one run."""

    def __init__(
        self, course: Course, order: GradeOptions, listing: Discovery, store: Store, progress: Progress
    ) -> None:
        self._course, self._order, self._listing = course, order, listing
        self._store, self._progress = store, progress
        self._keys: dict[str, hashing.HashState] = {}
        self._notes: dict[tuple[str, str], tuple[str, ...]] = {}
        self.reports: dict[tuple[str, str], Report] = {}
        self.baselines: Mapping[str, Baseline] = {}
        self.server: ForkServer | None = None
        self.graded = self.reused = 0

    def all(self) -> bool:
        """Do everything; tell whether Ctrl-C ended it."""
        self._progress.start(len(self._listing.found))
        try:
            for absent in self._listing.absent:
                self._absent(absent)
            with self._graders() as graders:
                for report in graders.run(self._jobs()):
                    self._graded(report)
        except KeyboardInterrupt:
            return True
        return False

    def write_table(self) -> list[Report]:
        """Write grades.csv from every report in OUT; give those that this run did not meet."""
        known = {self._store.path(*key) for key in self.reports}
        in_place = ((path, report) for path, report in reports_in(self._order.out, known) if report)
        others = [report for path, report in in_place if path == self._store.path(report.assignment, report.student)]
        self._store.write(self._order.out / "grades.csv", grades_csv([*self.reports.values(), *others]))
        return others

    def _graders(self) -> GraderPool:
        order, course = self._order, self._course
        names = sorted({found.assignment for found in self._listing.found})
        live = {name: baseline.path for name, baseline in self.baselines.items()}
        assignments = (msgspec.structs.replace(course.assignment(name), baseline=live.get(name)) for name in names)
        setup = Setup(course, tuple(assignments), order.level)
        log, expected = order.out / "workers.log", len(self._listing.found)
        if order.cluster and expected:
            require_dask()
            from autograder.batch.cluster.scheduling import Cluster  # noqa: PLC0415 - Dask takes time to import, if it is there

            place = ClusterSpec(order.cluster, order.workers)
            return Cluster(place, setup, log, expected=expected, margin=order.margin)
        workers = min(order.workers or cores(), max(1, expected))
        return Pool(setup, workers, log, server=self.server, margin=order.margin)

    def _jobs(self) -> Iterator[Job]:
        """Read and hash submissions as workers ask for them; settle here what needs no worker."""
        for found in self._listing.found:
            try:
                data = read_bounded(found.path)
            except OSError as error:
                self._record(_unreadable(found, error))
                continue
            wanted = hashing.content_hash(self._key(found.assignment), data, found.path.suffix)
            earlier, note = self._store.load(found.assignment, found.student)
            if earlier and not self._order.force and earlier.content_hash == wanted and earlier.status in _KEPT:
                self.reused += 1
                self._done(earlier)
                continue
            self._notes[found.assignment, found.student] = (*found.notes, *([note] if note else []))
            lang = self._order.lang or None
            yield Job(found.student, found.assignment, found.path.name, data, content_hash=wanted, lang=lang)

    def _key(self, assignment: str) -> hashing.HashState:
        if assignment not in self._keys:
            folder = self._course.assignment(assignment).folder
            course, order = self._course, self._order
            shared = hashing.KeyParts(folder, course.sandbox, order.level, order.lang, course.secret)
            if assignment in self.baselines:
                shared = msgspec.structs.replace(shared, baseline=self.baselines[assignment].digest)
            self._keys[assignment] = hashing.assignment_key(shared)
        return self._keys[assignment]

    def _graded(self, report: Report) -> None:
        notes = self._notes.pop((report.assignment, report.student), ())
        self.graded += 1
        self._record(msgspec.structs.replace(report, notes=(*report.notes, *notes)) if notes else report)

    def _absent(self, absent: Absent) -> None:
        earlier, _ = self._store.load(absent.assignment, absent.student)
        report = _report(absent.student, absent.assignment, absent.status, absent.reason)
        if earlier and earlier.status in _KEPT:
            return  # a score is never given up because a file has gone; it is listed as stale
        if earlier and (earlier.status, earlier.reason) == (report.status, report.reason):
            report = earlier
        else:
            self._store.save(report)
        self._remember(report)

    def _record(self, report: Report) -> None:
        self._store.save(report)
        self._done(report)

    def _done(self, report: Report) -> None:
        self._remember(report)
        self._progress.step(report)

    def _remember(self, report: Report) -> None:
        """Keep what the table needs; the rest is in its file: the memory for a large class must stay small."""
        self.reports[report.assignment, report.student] = msgspec.structs.replace(report, **_DETAILS)


@contextmanager
def _live(course: Course, order: GradeOptions, listing: Discovery) -> Iterator[Mapping[str, Baseline]]:
    if not order.live_baseline:
        yield {}
        return
    from autograder.baseline.archive import read_baseline  # noqa: PLC0415 - NumPy would make every command wait
    from autograder.baseline.recording import live  # noqa: PLC0415

    names = sorted({found.assignment for found in listing.found})
    folders = {course.assignment(name).folder: name for name in names}
    with live(folders) as files:
        yield {folders[folder]: read_baseline(path) for folder, path in files.items()}


def _report(student: str, assignment: str, status: Status, reason: str) -> Report:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Report(student=student, assignment=assignment, status=status, reason=reason, engine=__version__, started=now)


def _unreadable(found: Found, error: OSError) -> Report:
    reason = f"cannot read {printable(str(found.path))}: {error.strerror}. Make it readable, then run again."
    return _report(found.student, found.assignment, Status.ERROR, reason)


def _only(listing: Discovery, students: Iterable[str]) -> Discovery:
    chosen = set(students)
    if not chosen:
        return listing
    found = tuple(found for found in listing.found if found.student in chosen)
    absent = tuple(absent for absent in listing.absent if absent.student in chosen)
    unknown = sorted(chosen - {each.student for each in found} - {each.student for each in absent})
    if unknown:
        raise OutputError(f"no student {unknown[0]!r} among the submissions. Give the name of the folder or file.")
    return Discovery(found, absent, listing.ignored)


def _apart(submitted: Path, out: Path) -> None:
    inner, outer = out.resolve(), submitted.resolve()
    if inner == outer or outer in inner.parents:
        raise OutputError(f"{printable(str(out))} lies in the folder of submissions. Choose another -o.")
