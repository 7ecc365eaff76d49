"""Faults during a run: disks, clocks, damaged files. Nothing is lost, and every failure is reported.

Real processes and real file systems; what needs root to be arranged is skipped without it. Processes that are killed,
runs that are interrupted, and two runs at once: test_kill.py, test_grade.py. Clusters: test_cluster.py.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from dask_processes import Dask
from tiny_class import ONE_ONLY, RIGHT, SQUARED, alive, descendants, eventually, hand_in

from autograder.results.store import reports_in

POINTS = [(RIGHT, 3.0), (SQUARED, 0.0), (ONE_ONLY, 1.0)]
COUNT = 24
YEAR = 365 * 86400


@pytest.fixture
def work(submitted) -> dict[str, float]:
    """A class, with the expected scores."""
    padding = "# " + "x" * 200 + "\n"
    hand_in(submitted, {f"s{i:02}": padding + POINTS[i % 3][0] for i in range(COUNT)})
    return {f"s{i:02}": POINTS[i % 3][1] for i in range(COUNT)}


@pytest.fixture
def grade(autograder, submitted) -> Callable[..., tuple[int, str]]:
    """Grade into a folder as users do; return the exit code and the standard error."""

    def run(out: Path, *words: str, **environment: str) -> tuple[int, str]:
        process = autograder(
            "grade", submitted, "-o", out, "--assignment", "twice", "--workers", "1", *words, **environment
        )
        _, errors = process.communicate(timeout=300)
        assert "Traceback" not in errors
        return process.returncode, errors

    return run


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Callable[[str], Path]]:
    """A file system of its own, (re)mounted with options."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = []

    def mount(options: str) -> Path:
        again = ["-o", f"remount,{options}"] if mounted else ["-t", "tmpfs", "-o", options]
        done = subprocess.run(["mount", *again, "tmpfs", folder], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"needs root and a system that lets it mount: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield mount
    if mounted:
        subprocess.run(["umount", folder], check=True)


def scores(out: Path) -> dict[str, float | None]:
    return {report.student: report.score for _, report in reports_in(out) if report}


def test_a_full_disk_is_reported_and_the_run_continues_when_there_is_space(work, grade, small_disk):
    out = small_disk("size=64k")
    code, errors = grade(out)
    assert code == 1
    assert (
        "No space left on device. Free some space there, then run the same command again: what is graded is kept"
        in errors
    )
    kept = scores(out)
    assert 0 < len(kept) < COUNT
    assert kept.items() <= work.items()
    assert not list(out.rglob(".tmp-*"))
    assert grade(out)[0] == 1, "still full"
    assert scores(out).items() >= kept.items()
    small_disk("size=8m")
    assert grade(out)[0] == 0
    assert scores(out) == work
    assert len((out / "grades.csv").read_text().splitlines()) == COUNT + 1


def test_a_disk_that_is_full_from_the_start(work, grade, small_disk):
    out = small_disk("size=4k")
    (out / "in the way").write_bytes(b"x" * 4096)
    code, errors = grade(out)
    assert code == 1
    assert errors.splitlines()[-1].startswith("error: cannot use ")
    assert "Free some space" in errors


def test_no_space_for_temporary_files(work, grade, small_disk, tmp_path):
    scratch = small_disk("size=4k,nr_inodes=3")
    (scratch / "in the way").write_bytes(b"x" * 4096)
    code, errors = grade(tmp_path / "out", TMPDIR=str(scratch))
    if code == 0:  # Python found another folder for them
        assert scores(tmp_path / "out") == work
    else:
        assert errors.splitlines()[-1].startswith("error: ")
        assert "No space left on device" in errors


def test_a_read_only_output_folder(work, grade, small_disk):
    out = small_disk("size=8m")
    assert grade(out)[0] == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    small_disk("ro")
    code, errors = grade(out, "--force")
    assert code == 1
    assert "Read-only file system. Make it a folder you may write to, or choose another, then run the same" in errors
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_a_folder_that_becomes_read_only_during_the_run(work, autograder, submitted, grade, tmp_path):
    out = tmp_path / "out"
    run = autograder("grade", submitted, "-o", out, "--assignment", "twice", "--workers", "1")
    eventually(lambda: scores(out), seconds=200)
    locked = subprocess.run(["chattr", "+i", out / "reports" / "twice"], capture_output=True, text=True, check=False)
    below = descendants(run.pid)
    _, errors = run.communicate(timeout=300)
    if locked.returncode:
        pytest.skip(f"needs root and a file system with attributes: {locked.stderr.strip()}")
    kept = scores(out)
    subprocess.run(["chattr", "-i", out / "reports" / "twice"], check=True)
    assert kept.items() <= work.items()
    if len(kept) < COUNT:
        assert run.returncode == 1
        assert "Operation not permitted" in errors
        assert "then run the same command again: what is graded is kept" in errors
    eventually(lambda: not any(map(alive, below)))
    assert grade(out)[0] == 0
    assert scores(out) == work


def other(report: bytes) -> bytes:
    """Give a report a future format version."""
    return json.dumps(json.loads(report) | {"format_version": 9}).encode()


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "half-written": lambda report: report[: len(report) // 2],
    "zero bytes": lambda report: b"",
    "zeros": lambda report: bytes(len(report)),
    "other JSON": lambda report: b'{"student": 7, "scores": []}',
    "a list": lambda report: b"[]",
    "another form": other,
    "not UTF-8": lambda report: report.replace(b"twice", b"\xff\xfe\xfd", 1),
    "an unknown status": lambda report: report.replace(b'"graded"', b'"splendid"'),
    "a score that is text": lambda report: report.replace(b'"score": ', b'"score": "x', 1),
}


def test_only_damaged_reports_are_replaced(work, grade, tmp_path):
    out = tmp_path / "out"
    assert grade(out)[0] == 0
    places = sorted((out / "reports" / "twice").glob("*.json"))
    damaged = dict(zip(places, DAMAGES.values(), strict=False))
    whole = {path: path.stat().st_mtime_ns for path in places if path not in damaged}
    for path, damage in damaged.items():
        path.write_bytes(damage(path.read_bytes()))
    shutil.copy(places[-2], places[-1])  # another student's
    del whole[places[-1]]
    (out / "grades.csv").write_bytes(b"\0")
    assert grade(out)[0] == 0
    assert scores(out) == work
    assert {path: path.stat().st_mtime_ns for path in whole} == whole
    for path in (*damaged, places[-1]):
        notes = json.loads(path.read_bytes())["notes"]
        assert any("was replaced" in note for note in notes), path
    assert len((out / "grades.csv").read_text().splitlines()) == COUNT + 1


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_a_folder_or_pipe_in_the_place_of_a_report(work, grade, tmp_path, kind):
    out = tmp_path / "out"
    place = out / "reports" / "twice" / "s05.json"
    place.parent.mkdir(parents=True)
    (tmp_path / "precious").write_text("not a report")
    match kind:
        case "folder":
            place.mkdir()
        case "pipe":
            os.mkfifo(place)
        case "link":
            place.symlink_to(tmp_path / "precious")
    code, errors = grade(out)
    assert (tmp_path / "precious").read_text() == "not a report"
    if kind == "folder":
        assert code == 1
        assert "s05.json" in errors
        place.rmdir()
        code, errors = grade(out)
    assert code == 0, errors
    assert scores(out) == work


CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static int (*real)(clockid_t, struct timespec *);
/* Every 1.3 seconds of real time it jumps by as many seconds as the variable says, forth and back. */
static long jump(void) {
    struct timespec t;
    real(CLOCK_MONOTONIC, &t);
    const char *seconds = getenv("JUMP");
    return (t.tv_sec * 10 + t.tv_nsec / 100000000) / 13 % 2 && seconds ? atol(seconds) : 0;
}
int clock_gettime(clockid_t id, struct timespec *t) {
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int done = real(id, t);
    if (id == CLOCK_REALTIME) t->tv_sec += jump();
    return done;
}
time_t time(time_t *at) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (at) *at = t.tv_sec;
    return t.tv_sec;
}
int gettimeofday(struct timeval *t, void *zone) {
    struct timespec s;
    clock_gettime(CLOCK_REALTIME, &s);
    t->tv_sec = s.tv_sec; t->tv_usec = s.tv_nsec / 1000;
    return 0;
}
"""


@pytest.fixture(scope="module")
def jumping_clock(tmp_path_factory) -> str:
    """A library with which the system clock jumps forward and back."""
    if sys.platform != "linux" or shutil.which("cc") is None:
        pytest.skip("needs Linux and a C compiler")
    folder = tmp_path_factory.mktemp("clock")
    (folder / "clock.c").write_text(CLOCK)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "clock.so", "clock.c", "-ldl"], cwd=folder, check=True)
    return str(folder / "clock.so")


def test_the_clock_does_jump(jumping_clock):
    code = "import time; print([time.sleep(0.1) or time.time() for _ in range(28)])"
    environment = {"LD_PRELOAD": jumping_clock, "JUMP": str(YEAR)}
    shown = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    times = json.loads(shown.stdout)
    assert max(times) - min(times) > YEAR - 10


def test_a_clock_that_jumps(work, grade, tmp_path, jumping_clock):
    out = tmp_path / "out"
    code, errors = grade(out, LD_PRELOAD=jumping_clock, JUMP=str(-YEAR))
    assert code == 0, errors
    assert scores(out) == work
    assert all(0 <= report.seconds < 100 for _, report in reports_in(out))
    kept = {path: path.read_bytes() for path, _ in reports_in(out)}
    assert grade(out)[0] == 0
    assert {path: path.read_bytes() for path, _ in reports_in(out)} == kept


@pytest.mark.parametrize("seconds", [5, 3600])
def test_a_clock_that_jumps_in_a_whole_cluster(work, autograder, grade, submitted, *, tmp_path, jumping_clock, seconds):
    """While the clock is set back, Dask may delay messages: seconds are tolerated, an hour is reported."""
    out = tmp_path / "out"
    (tmp_path / "dask").mkdir()
    jumping = {"LD_PRELOAD": jumping_clock, "JUMP": str(seconds)}
    cluster = Dask(tmp_path / "dask", **jumping)
    try:
        cluster.start_worker("--no-nanny")
        words = ["grade", submitted, "-o", out, "--assignment", "twice", "--cluster", cluster.address]
        run = autograder(*words, **jumping)
        _, errors = run.communicate(timeout=900)
    finally:
        cluster.close()
    if run.returncode:
        assert seconds == 3600
        assert "has not answered for" in errors
        assert grade(out)[0] == 0
    assert scores(out) == work


def test_two_runs_at_the_same_time_have_one_result_each(work, autograder, submitted, tmp_path):
    out = tmp_path / "out"
    words = ["grade", submitted, "-o", out, "--assignment", "twice", "--workers", "1"]
    runs = [autograder(*words) for _ in range(3)]
    said = [run.communicate(timeout=300)[1] for run in runs]
    done = [run.returncode for run in runs]
    assert 0 in done
    for code, errors in zip(done, said, strict=True):
        assert code == 0 or "is in use by another run" in errors
    assert scores(out) == work
    assert len(list((out / "reports").rglob("*"))) == COUNT + 1


def test_reports_are_the_same_however_often_a_run_was_stopped(work, autograder, grade, submitted, tmp_path):
    out, whole = tmp_path / "out", tmp_path / "whole"
    for _ in range(3):
        run = autograder("grade", submitted, "-o", out, "--assignment", "twice", "--workers", "2")
        before = len(scores(out))
        eventually(lambda run=run, before=before: len(scores(out)) > before + 2 or run.poll() is not None, seconds=200)
        run.kill()
        run.wait()
    assert grade(out)[0] == 0
    assert grade(whole)[0] == 0
    timeless = {"seconds": 0.0, "started": ""}
    for path, report in reports_in(whole):
        twin = msgspec.json.decode((out / path.relative_to(whole)).read_bytes(), type=type(report))
        assert strip(msgspec.structs.replace(report, **timeless)) == strip(msgspec.structs.replace(twin, **timeless))


def strip(report):
    questions = tuple(
        msgspec.structs.replace(q, tests=tuple(msgspec.structs.replace(t, seconds=0.0) for t in q.tests))
        for q in report.questions
    )
    return msgspec.structs.replace(report, questions=questions)
