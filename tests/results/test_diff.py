"""Whose score changed, and why."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from autograder.errors import OutputError
from autograder.report import QuestionResult, Report, Status, TestResult
from autograder.results.diff import diff_results
from autograder.results.store import Store


def report(student: str, *points: float, misconception: str = "") -> Report:
    tests = tuple(
        TestResult(f"t{i}", f"criterion {i}", p > 0, p, 2.0, misconception="" if p else misconception)
        for i, p in enumerate(points)
    )
    question = QuestionResult("q", sum(points), 2.0 * len(points), tests=tests)
    scored = {"score": sum(points), "max_score": 2.0 * len(points)}
    return Report(student=student, assignment="a", status=Status.GRADED, questions=(question,), **scored)


def folder(path: Path, *reports: Report) -> Path:
    with Store(path) as store:
        for each in reports:
            store.save(each)
    return path


def test_the_same_results(tmp_path):
    old = folder(tmp_path / "old", report("ana", 2, 0), report("bo", 2, 2))
    result = diff_results(old, old)
    assert (result.changes, result.same) == ((), 2)


def test_a_criterion_with_another_result(tmp_path):
    old = folder(tmp_path / "old", report("ana", 2, 0, misconception="squared"), report("bo", 2, 2))
    new = folder(tmp_path / "new", report("ana", 2, 2), report("bo", 2, 2))
    (change,) = diff_results(old, new).changes
    assert (change.student, change.old_score, change.new_score) == ("ana", 2, 4)
    (flip,) = change.flips
    assert (flip.criterion, flip.old_points, flip.new_points) == ("criterion 1", 0, 2)
    assert (flip.old_misconception, flip.new_misconception) == ("squared", "")


def test_another_misconception_with_the_same_score(tmp_path):
    old = folder(tmp_path / "old", report("ana", 2, 0, misconception="squared"))
    new = folder(tmp_path / "new", report("ana", 2, 0, misconception="halved"))
    (change,) = diff_results(old, new).changes
    assert change.old_score == change.new_score
    assert change.flips[0].new_misconception == "halved"


def test_criteria_and_students_that_come_and_go(tmp_path):
    old = folder(tmp_path / "old", report("ana", 2), report("bo", 2))
    new = folder(tmp_path / "new", report("ana", 2, 0), report("cy", 2))
    changes = {change.student: change for change in diff_results(old, new).changes}
    assert changes["ana"].flips[0].old_points is None
    assert (changes["bo"].old_status, changes["bo"].new_status) == (Status.GRADED, None)
    assert (changes["cy"].old_status, changes["cy"].new_status) == (None, Status.GRADED)


def test_a_score_that_became_an_error(tmp_path):
    broken = msgspec.structs.replace(report("ana"), status=Status.ERROR, score=None, reason="broken")
    (change,) = diff_results(folder(tmp_path / "old", report("ana", 2)), folder(tmp_path / "new", broken)).changes
    assert (change.old_score, change.new_score, change.reason) == (2, None, "broken")


def test_a_file_that_is_not_a_report_is_listed(tmp_path):
    old = folder(tmp_path / "old", report("ana", 2))
    (old / "reports" / "a" / "bo.json").write_text("{")
    assert diff_results(old, old).unreadable == (str(old / "reports/a/bo.json"), str(old / "reports/a/bo.json"))


def test_a_folder_without_reports(tmp_path):
    with pytest.raises(OutputError, match="has no reports"):
        diff_results(tmp_path, tmp_path)
