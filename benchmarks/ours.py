"""This engine, run as its users run it; and once more inside this process, to see where the time goes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from autograder.course import Assignment, Course
from autograder.grading.session import grade_jobs_in_session as grade_session
from autograder.report import Report, read_report
from autograder.sandbox import Sandbox, StudentProcess
from autograder.submission import Job
from benchmarks.measure import Run, run

__all__ = ["Parts", "grade", "parts", "reports"]

AUTOGRADER = Path(sys.executable).with_name("autograder")


class Parts(msgspec.Struct, frozen=True):
    """Mean wall seconds per submission, in one worker, and the mean number of students' processes."""

    spawn: float
    cells: float
    calls: float
    teardown: float
    judging: float
    total: float
    processes: float


class _Recording:
    """A sandbox that remembers the processes it started."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.level = sandbox.level
        self.started: list[StudentProcess] = []

    def run(self, cells: Sequence[str]) -> StudentProcess:
        self.started.append(self._sandbox.run(cells))
        return self.started[-1]


def grade(course: Course, submitted: Path, out: Path, workers: int) -> Run:
    """Run `autograder grade` on a folder of submissions."""
    command = [AUTOGRADER, "grade", submitted, "-o", out, "--workers", str(workers), "--course", course.path]
    done = run([str(word) for word in command], submitted.parent)
    if done.exit_code:
        raise RuntimeError(f"autograder grade failed:\n{done.text()}")
    return done


def reports(out: Path, assignment: str) -> dict[str, Report]:
    """Read the reports that `autograder grade` wrote, by student."""
    found = map(read_report, sorted((out / "reports" / assignment).glob("*.json")))
    return {report.student: report for report in found}


def parts(course: Course, assignment: Assignment, notebooks: Sequence[str]) -> Parts:
    """Grade in this process, as a worker does, and take the means of each part; the first three are warm-up."""
    done: list[Report] = []
    jobs = [
        Job(f"s{i}", assignment.name, f"{assignment.name}.ipynb", text.encode(), content_hash="", lang=None)
        for i, text in enumerate([*notebooks[:3], *notebooks])
    ]
    with Sandbox(course.sandbox) as sandbox:
        recording = _Recording(sandbox)
        grade_session(course, [assignment], recording, jobs, done.append)
    if len(recording.started) != len(jobs):
        raise RuntimeError(f"{len(jobs)} submissions, but {len(recording.started)} were run")
    times = [process.timing for process in recording.started[3:]]
    count = len(times)
    spawn, cells, calls, teardown = (
        sum(getattr(timing, name) for timing in times) / count for name in ("spawn", "cells", "calls", "close")
    )
    total = sum(report.seconds for report in done[3:]) / count
    judging = total - spawn - cells - calls - teardown
    return Parts(spawn, cells, calls, teardown, judging, total, sum(timing.children for timing in times) / count)
