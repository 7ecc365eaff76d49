"""Grading on a Dask cluster of real processes: the same results as here, whatever is lost on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest
from dask_processes import QUICK, Dask, Wire
from tiny_class import ONE_ONLY, RIGHT, SLOW, SQUARED, alive, descendants, eventually, hand_in

from autograder.batch.grade import Order, Outcome, grade
from autograder.batch.store import reports_in
from autograder.errors import ClusterError
from autograder.report import Report, Status

POINTS = [(RIGHT, 3.0), (SQUARED, 0.0), (ONE_ONLY, 1.0)]


class Watching:
    """Progress that does something after the report of a given number."""

    def __init__(self, after: int = 0, act=lambda: None) -> None:
        self._left, self._act = after, act

    def start(self, total: int) -> None: ...

    def step(self, report: Report) -> None:
        self._left -= 1
        if not self._left:
            self._act()

    def stop(self) -> None: ...


@pytest.fixture(scope="module")
def dask(tmp_path_factory) -> Iterator[Dask]:
    """A cluster of two workers, each replaced by its nanny if it dies."""
    cluster = Dask(tmp_path_factory.mktemp("dask"))
    for _ in range(2):
        cluster.start_worker()
    yield cluster
    cluster.close()


@pytest.fixture
def many(submitted) -> dict[str, float]:
    """A class that takes a while, with the scores it deserves."""
    pause = SLOW.format(seconds=0.1)
    hand_in(submitted, {f"s{i:02}": pause + POINTS[i % 3][0] for i in range(36)})
    return {f"s{i:02}": POINTS[i % 3][1] for i in range(36)}


@pytest.fixture
def order(submitted, tmp_path, dask) -> Order:
    return Order(submitted=submitted, out=tmp_path / "out", assignments=("twice",), cluster=dask.address)


def run(course, order: Order, watching: Watching | None = None, **changes: object) -> Outcome:
    return grade(course, msgspec.structs.replace(order, **changes), watching or Watching())


def scores(out: Path) -> dict[str, float | None]:
    return {report.student: report.score for _, report in reports_in(out) if report}


def grading(dask: Dask) -> list[int]:
    """List the processes of Dask's workers that hold a fork server: those that grade."""
    found = []
    for worker in dask.workers:
        for pid in descendants(worker.pid):
            try:
                children = psutil.Process(pid).children()
                if any("autograder.batch.worker" in child.cmdline() for child in children):
                    found.append(pid)
            except psutil.Error:
                continue
    return [pid for pid in found if "autograder.batch.worker" not in psutil.Process(pid).cmdline()]


def left_over(dask: Dask) -> list[Path]:
    return list(dask.folder.glob("worker*/**/course-*"))


def test_the_same_reports_as_from_this_machine(course, order, many):
    there = run(course, order)
    here = run(course, order, out=order.out.with_name("here"), cluster="")
    assert scores(order.out) == scores(here_out := order.out.with_name("here")) == many
    assert (there.graded, here.graded) == (36, 36)
    for path, report in reports_in(order.out):
        same = msgspec.json.decode((here_out / path.relative_to(order.out)).read_bytes())
        assert report.content_hash == same["content_hash"]
        assert report.isolation == same["isolation"]
        assert [test.id for question in report.questions for test in question.tests]


def test_workers_keep_the_course_private_and_forget_it(course, order, many, dask):
    seen = []

    def look() -> None:
        seen.extend((folder, folder.stat().st_mode & 0o777) for folder in left_over(dask))
        seen.extend(path.stat().st_mode & 0o777 for folder, _ in seen[:1] for path in folder.glob(".autograder-secret"))

    run(course, order, Watching(5, look))
    assert [mode for _, mode in seen[:-1]] == [0o700, 0o700]
    assert seen[-1] == 0o600
    eventually(lambda: not left_over(dask) and not grading(dask))


def test_unchanged_work_is_not_graded_again_wherever_it_was_graded(course, order, many):
    assert run(course, order, cluster="").graded == 36
    again = run(course, order)
    assert (again.graded, again.reused) == (0, 36)


def test_no_work_needs_no_cluster(course, order):
    assert run(course, order, cluster="tcp://127.0.0.1:9").graded == 0


def test_a_lost_workers_work_is_done_elsewhere(course, order, many, dask):
    lost: list[int] = []

    def kill() -> None:
        lost.append(grading(dask)[0])
        os.kill(lost[0], signal.SIGKILL)

    outcome = run(course, order, Watching(6, kill))
    assert scores(order.out) == many
    assert outcome.graded == 36
    assert not alive(lost[0])
    assert "was lost with" in (order.out / "workers.log").read_text()


KILLER = """
import os, signal
def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
pid = os.getpid()
while b"autograder.batch.worker" not in open(f"/proc/{pid}/cmdline", "rb").read():
    pid = parent(pid)
while b"autograder.batch.worker" in open(f"/proc/{pid}/cmdline", "rb").read():
    pid = parent(pid)
os.kill(pid, signal.SIGKILL)
"""


def test_a_submission_that_ends_workers_is_alone_to_blame(course, order, many):
    hand_in(order.submitted, {"s15-killer": KILLER})
    outcome = run(course, order, level="process")
    found = {report.student: report for report in outcome.reports}
    assert found.pop("s15-killer").status is Status.ERROR
    assert {student: report.score for student, report in found.items()} == many
    killer = next(report for report in outcome.reports if report.student == "s15-killer")
    assert killer.score is None
    assert "tried 2 times: the worker of the cluster that graded it alone" in killer.reason
    assert (order.out / "workers.log").read_text().count("was lost with") == 2


def test_a_connection_that_breaks_is_made_again(course, order, many, dask):
    wire = Wire(int(dask.address.rpartition(":")[2]))
    try:
        outcome = run(course, order, Watching(6, wire.cut), cluster=f"tcp://127.0.0.1:{wire.port}")
    finally:
        wire.close()
    assert outcome.graded == 36
    assert scores(order.out) == many
    assert "was made again" in (order.out / "workers.log").read_text()


def test_a_broken_grader_is_told_as_it_is_here(course, order, many):
    grader = course.assignment("twice").folder / "test_twice.py"
    grader.write_text("import nothing_of_this_name\n" + grader.read_text())
    reports = tuple(run(course, order).reports)
    assert {report.status for report in reports} == {Status.ERROR}
    assert "nothing_of_this_name" in reports[0].reason


def test_what_keeps_every_worker_from_grading_is_raised(course, order, many):
    with pytest.raises(Exception, match="no isolation level 'none'"):
        run(course, order, level="none")
    assert scores(order.out) == {}


def test_a_client_that_is_killed_loses_nothing(autograder, order, many, dask):
    words = ["grade", order.submitted, "-o", order.out, "--assignment", "twice", "--cluster", dask.address]
    client = autograder(*words)
    eventually(lambda: len(scores(order.out)) >= 3, seconds=90)
    client.kill()
    client.wait()
    kept = {path: path.stat().st_mtime_ns for path in order.out.glob("reports/twice/*.json")}
    assert 3 <= len(kept) < 36
    again = autograder(*words)
    _, errors = again.communicate(timeout=120)
    assert again.returncode == 0, errors
    assert scores(order.out) == many
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_a_scheduler_that_is_gone_is_told_and_what_is_graded_is_kept(course, order, many, tmp_path, monkeypatch):
    for name, value in QUICK.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "dask").mkdir()
    cluster = Dask(tmp_path / "dask")
    try:
        cluster.start_worker("--no-nanny", **QUICK)
        with pytest.raises(ClusterError, match="the connection to the scheduler was lost.*what is graded is kept"):
            run(course, order, Watching(6, cluster.scheduler.kill), cluster=cluster.address)
    finally:
        cluster.close()
    kept = scores(order.out)
    assert 6 <= len(kept) < 36
    assert len((order.out / "grades.csv").read_text().splitlines()) == len(kept) + 1
    again = run(course, order)
    assert (again.reused, again.graded) == (len(kept), 36 - len(kept))
    assert scores(order.out) == many
