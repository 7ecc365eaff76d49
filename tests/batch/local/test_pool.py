"""Workers that die, hang, or cannot start; real processes throughout."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

import msgspec
import pytest
from tiny_class import ONE_ONLY, RIGHT, SLOW, alive, descendants, eventually, notebook

from autograder.batch.local.messages import Setup
from autograder.batch.local.pool import Pool, cores
from autograder.errors import IsolationUnavailable
from autograder.report import Status
from autograder.submission import Job


@pytest.fixture
def setup(course) -> Setup:
    return Setup(course, (course.assignment("twice"),))


def job(student: str, code: str = RIGHT) -> Job:
    return Job(student, "twice", "twice.ipynb", notebook(code))


def graded(pool: Pool, jobs: list[Job]) -> dict[str, float | None]:
    return {report.student: report.score for report in pool.run(iter(jobs))}


def test_every_job_is_graded_once(setup, tmp_path):
    jobs = [job(f"s{i}", RIGHT if i % 2 else ONE_ONLY) for i in range(20)]
    with Pool(setup, 2, tmp_path / "log") as pool:
        reports = list(pool.run(iter(jobs)))
        pids = pool.pids
    assert sorted(report.student for report in reports) == sorted(job.student for job in jobs)
    assert {report.score for report in reports if int(report.student[1:]) % 2} == {3.0}
    assert {report.score for report in reports if not int(report.student[1:]) % 2} == {1.0}
    assert len(pids) == 2
    assert not any(map(alive, pids))


def test_no_more_workers_than_jobs_and_none_without_jobs(setup, tmp_path):
    with Pool(setup, 8, tmp_path / "log") as pool:
        assert graded(pool, []) == {}
        assert pool.pids == ()
        assert graded(pool, [job("ana")]) == {"ana": 3.0}
        assert len(pool.pids) == 1
    assert not (tmp_path / "log").exists(), "a log with nothing in it"


def test_jobs_are_drawn_only_as_workers_can_hold_them(setup, tmp_path):
    drawn = []

    def jobs():
        for i in range(10):
            drawn.append(i)
            yield job(f"s{i}")

    with Pool(setup, 1, tmp_path / "log") as pool:
        for done, _ in enumerate(pool.run(jobs()), 1):
            assert len(drawn) <= done + 2


def test_large_submissions_do_not_block(setup, tmp_path):
    padded = notebook(RIGHT) + b" " * 5_000_000
    jobs = [Job(f"s{i}", "twice", "twice.ipynb", padded) for i in range(4)]
    with Pool(setup, 1, tmp_path / "log") as pool:
        assert set(graded(pool, jobs).values()) == {3.0}


def test_a_killed_worker_is_replaced_and_its_jobs_are_graded(setup, tmp_path):
    jobs = [job(f"s{i}") for i in range(6)]
    killed = []
    scores = {}
    with Pool(setup, 1, tmp_path / "log") as pool:
        for report in pool.run(iter(jobs)):
            scores[report.student] = report.score
            if len(scores) in (1, 3):
                killed.append(pool.pids[0])
                os.kill(pool.pids[0], signal.SIGKILL)
    assert scores == {f"s{i}": 3.0 for i in range(6)}
    assert len(set(killed)) == 2


def test_a_submission_that_ends_two_workers_is_an_error_and_the_others_are_graded(setup, tmp_path):
    limits = msgspec.structs.replace(setup.course.sandbox, submission_seconds=1.0)
    course = msgspec.structs.replace(setup.course, sandbox=limits)
    jobs = [job("ana"), job("eve", SLOW.format(seconds=25)), job("bo")]
    with Pool(msgspec.structs.replace(setup, course=course), 1, tmp_path / "log", margin=1.0) as pool:
        reports = {report.student: report for report in pool.run(iter(jobs))}
    assert reports["eve"].status is Status.ERROR
    assert reports["eve"].score is None
    assert "tried 2 times" in reports["eve"].reason
    assert "gave no answer for 2 seconds" in reports["eve"].reason
    assert {reports[name].score for name in ("ana", "bo")} == {3.0}


def test_nothing_is_left_after_an_exception(setup, tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    pids: list[int] = []

    def stop_in_the_middle() -> None:
        with Pool(setup, 2, tmp_path / "log") as pool:
            next(pool.run(job(f"s{i}") for i in range(20)))
            pids.extend(descendants(os.getpid()))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stop_in_the_middle()
    assert len(pids) > 2
    eventually(lambda: not any(map(alive, pids)), seconds=5)
    assert not list((tmp_path / "tmp").iterdir())


def test_an_error_that_keeps_workers_from_starting_is_raised(setup, tmp_path):
    pool = Pool(msgspec.structs.replace(setup, level="none"), 1, tmp_path / "log")
    with pool, pytest.raises(IsolationUnavailable, match="no isolation level 'none'"):
        graded(pool, [job("ana")])


def test_cores_are_those_this_process_may_use():
    assert 1 <= cores() <= (os.cpu_count() or 1)
    assert Path("/proc").exists()
