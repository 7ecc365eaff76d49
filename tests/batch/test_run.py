"""Runs over a class: what is kept, what is graded again, and what interrupts a run."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec
import pytest
from tiny_class import ONE_ONLY, RIGHT, SLOW, SQUARED, alive, descendants, eventually, hand_in, workers

from autograder.batch.run import GradeOptions, RunResult, grade
from autograder.errors import CourseError, OutputError
from autograder.report import Report, Status
from autograder.results.store import Store, reports_in

SCORES = {"right": 3.0, "squared": 0.0, "one": 1.0}
WORK = {"right": RIGHT, "squared": SQUARED, "one": ONE_ONLY}


class Silent:
    """Progress that is ignored."""

    def start(self, total: int) -> None:
        self.total = total

    def step(self, report: Report) -> None: ...

    def stop(self) -> None: ...


@pytest.fixture
def order(submitted, tmp_path) -> GradeOptions:
    return GradeOptions(submitted=submitted, out=tmp_path / "out", assignments=("twice",), workers=1)


def run(course, order: GradeOptions, **changes: object) -> RunResult:
    return grade(course, msgspec.structs.replace(order, **changes), Silent())


def scores(out: Path) -> dict[str, float | None]:
    return {report.student: report.score for _, report in reports_in(out) if report}


def test_a_class_is_graded(course, order):
    hand_in(order.submitted, WORK)
    (order.submitted / "nobody").mkdir()
    outcome = run(course, order)
    assert (outcome.graded, outcome.reused, outcome.interrupted) == (3, 0, False)
    assert scores(order.out) == SCORES | {"nobody": None}
    squared = next(report for report in outcome.reports if report.student == "squared")
    assert {test.misconception for question in squared.questions for test in question.tests} == {"squared"}
    lines = (order.out / "grades.csv").read_text().splitlines()
    assert [line.split(",")[:4] for line in lines[1:]] == [
        ["nobody", "twice", "missing", ""],
        ["one", "twice", "graded", "1"],
        ["right", "twice", "graded", "3"],
        ["squared", "twice", "graded", "0"],
    ]


def test_unchanged_work_is_not_graded_again(course, order):
    hand_in(order.submitted, WORK)
    run(course, order)
    before = {path: path.stat().st_mtime_ns for path in order.out.glob("reports/*/*")}
    again = run(course, order)
    assert (again.graded, again.reused) == (0, 3)
    assert {path: path.stat().st_mtime_ns for path in order.out.glob("reports/*/*")} == before
    assert run(course, order, force=True).graded == 3


def test_only_what_changed_is_graded_again(course, order):
    hand_in(order.submitted, WORK)
    run(course, order)
    path = order.submitted / "one" / "twice" / "twice.ipynb"
    path.write_bytes((order.submitted / "right" / "twice" / "twice.ipynb").read_bytes())
    again = run(course, order)
    assert (again.graded, again.reused) == (1, 2)
    assert scores(order.out)["one"] == 3.0


def test_a_corrected_grader_grades_everything_again(course, order):
    hand_in(order.submitted, WORK)
    run(course, order)
    grader = course.assignment("twice").folder / "test_twice.py"
    grader.write_text(grader.read_text().replace("points(2)", "points(5)"))
    assert run(course, order).graded == 3
    assert scores(order.out)["right"] == 6.0


def test_a_damaged_report_is_graded_again_with_a_note(course, order):
    hand_in(order.submitted, WORK)
    run(course, order)
    with Store(order.out) as store:
        path = store.path("twice", "one")
    path.write_bytes(path.read_bytes()[:100])
    again = run(course, order)
    assert (again.graded, again.reused) == (1, 2)
    report = next(report for report in again.reports if report.student == "one")
    assert report.score == 1.0
    assert "was replaced" in report.notes[-1]


def test_an_error_is_tried_again_by_the_next_run(course, order):
    hand_in(order.submitted, WORK)
    grader = course.assignment("twice").folder / "test_twice.py"
    text = grader.read_text()
    grader.write_text("import nothing_of_this_name\n" + text)
    broken = run(course, order)
    assert {report.status for report in broken.reports} == {Status.ERROR}
    assert {report.score for report in broken.reports} == {None}
    grader.write_text(text)
    assert run(course, order).graded == 3
    assert scores(order.out) == SCORES


def test_a_score_is_kept_after_its_submission_is_deleted(course, order):
    hand_in(order.submitted, WORK)
    run(course, order)
    (order.submitted / "one" / "twice" / "twice.ipynb").unlink()
    again = run(course, order)
    assert (again.graded, again.reused, again.stale) == (0, 2, 1)
    assert scores(order.out) == SCORES
    assert "one,twice,graded,1" in (order.out / "grades.csv").read_text()


def test_one_student(course, order):
    hand_in(order.submitted, WORK)
    outcome = run(course, order, students=("one",))
    assert [report.student for report in outcome.reports] == ["one"]
    with pytest.raises(OutputError, match="no student 'two'"):
        run(course, order, students=("two",))


def test_a_note_lists_the_other_files_of_the_folder(course, order):
    hand_in(order.submitted, {"ana": RIGHT})
    (order.submitted / "ana" / "twice" / "twice.es.ipynb").write_bytes(b"{}")
    (report,) = run(course, order).reports
    assert report.score == 3.0
    assert any("twice.es.ipynb" in note for note in report.notes)


def test_the_output_folder_may_not_be_inside_the_submissions(course, order):
    with pytest.raises(OutputError, match="is inside the folder"):
        run(course, order, out=order.submitted / "out")


def test_an_unknown_assignment_is_refused_before_anything_is_written(course, order):
    with pytest.raises(CourseError, match="twise"):
        run(course, order, assignments=("twise",))
    assert not order.out.exists()


@pytest.fixture
def many(submitted) -> dict[str, float]:
    """A class that takes a while to grade, with the expected scores."""
    codes = [RIGHT, SQUARED, ONE_ONLY]
    points = list(SCORES.values())
    pause = SLOW.format(seconds=0.1)
    hand_in(submitted, {f"s{i:02}": pause + codes[i % 3] for i in range(24)})
    return {f"s{i:02}": points[i % 3] for i in range(24)}


def reports(out: Path) -> list[Path]:
    return list(out.glob("reports/twice/*.json"))


def test_a_worker_killed_in_the_middle_changes_nothing(many, autograder, submitted, tmp_path):
    out = tmp_path / "out"
    run = autograder("grade", submitted, "-o", out, "--assignment", "twice", "--workers", "2")
    eventually(lambda: len(reports(out)) >= 3)
    os.kill(workers(run.pid)[0], signal.SIGKILL)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    assert scores(out) == many


def test_a_killed_run_leaves_no_process_and_continues_where_it_stopped(many, autograder, submitted, tmp_path):
    words = ["grade", submitted, "-o", tmp_path / "out", "--assignment", "twice", "--workers", "2"]
    out = tmp_path / "out"
    run = autograder(*words)
    eventually(lambda: len(reports(out)) >= 3)
    below = descendants(run.pid)
    assert len(below) >= 2
    run.kill()
    run.wait()
    eventually(lambda: not any(map(alive, below)), seconds=10)
    kept = {path: path.stat().st_mtime_ns for path in reports(out)}
    assert 3 <= len(kept) < 24
    again = autograder(*words)
    _, errors = again.communicate(timeout=60)
    assert again.returncode == 0, errors
    assert scores(out) == many
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_keeps_what_is_done(many, autograder, submitted, tmp_path, signal_):
    words = ["grade", submitted, "-o", tmp_path / "out", "--assignment", "twice", "--workers", "2"]
    out = tmp_path / "out"
    run = autograder(*words)
    eventually(lambda: len(reports(out)) >= 3)
    below = descendants(run.pid)
    run.send_signal(signal_)
    _, errors = run.communicate(timeout=20)
    assert run.returncode == 130
    assert "To continue, run the same command again." in errors
    assert "Traceback" not in errors
    eventually(lambda: not any(map(alive, below)), seconds=10)
    done = scores(out)
    assert 3 <= len(done) < 24
    assert done.items() <= many.items()
    assert len((out / "grades.csv").read_text().splitlines()) == len(done) + 1


def test_two_runs_on_one_folder(many, autograder, submitted, tmp_path):
    words = ["grade", submitted, "-o", tmp_path / "out", "--assignment", "twice", "--workers", "1"]
    first = autograder(*words)
    eventually(lambda: reports(tmp_path / "out"))
    second = autograder(*words)
    _, errors = second.communicate(timeout=20)
    assert second.returncode == 1
    assert errors.startswith("error: ")
    assert f"is in use by another run (process {first.pid})" in errors
    first.communicate(timeout=60)
    assert first.returncode == 0
    assert scores(tmp_path / "out") == many
