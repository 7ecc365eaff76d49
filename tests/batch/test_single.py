"""One submission graded by `grade_one`: the same report as in a class, whatever form the file has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from tiny_class import GRADER, ONE_ONLY, RIGHT, SQUARED, hand_in, notebook

import autograder
from autograder import GradeOptions, Report, grade, grade_one
from autograder.errors import CourseError, OutputError
from autograder.release.notebook import serialise, solution_notebook
from autograder.release.source import read_source
from autograder.report import Status

ROOT = Path(__file__).parents[2]


def without_times(report: Report) -> Report:
    questions = tuple(
        msgspec.structs.replace(q, tests=tuple(msgspec.structs.replace(t, seconds=0.0) for t in q.tests))
        for q in report.questions
    )
    return msgspec.structs.replace(report, student="", started="", seconds=0.0, questions=questions)


@pytest.mark.parametrize("code", [RIGHT, SQUARED, ONE_ONLY, "import os\nos._exit(3)", "def double(:"])
def test_the_report_is_the_one_of_a_class(course, submitted, tmp_path, code):
    hand_in(submitted, {"ana": code})
    options = GradeOptions(submitted=submitted, out=tmp_path / "out", assignments=("twice",), workers=1)
    (expected,) = grade(course, options).reports
    path = submitted / "ana" / "twice" / "twice.ipynb"
    for given in (path, str(path), path.read_bytes(), path.parent):
        assert without_times(grade_one(given, "twice", course=course)) == without_times(expected)
    assert not list(path.parents[2].glob(".*"))


def test_the_course_may_be_a_path_and_the_language_chosen(course_file):
    report = grade_one(notebook(SQUARED), "twice", course=course_file, lang="es")
    assert (report.score, report.max_score, report.lang) == (0.0, 3.0, "es")
    assert {test.misconception for question in report.questions for test in question.tests} == {"squared"}


def test_a_script(course, tmp_path):
    path = tmp_path / "answer.py"
    path.write_text(RIGHT)
    assert grade_one(path, "twice", course=course).score == 3.0
    assert grade_one(RIGHT.encode(), "twice", course=course, filename="answer.py").score == 3.0


def test_of_a_folder_the_same_file_counts_as_in_a_class(course, tmp_path):
    for name, code in {"twice.ipynb": RIGHT, "other.ipynb": ONE_ONLY}.items():
        (tmp_path / name).write_bytes(notebook(code))
    report = grade_one(tmp_path, "twice", course=course)
    assert report.score == 3.0
    assert any("other.ipynb" in note for note in report.notes)
    (tmp_path / "twice.ipynb").rename(tmp_path / "third.ipynb")
    report = grade_one(tmp_path, "twice", course=course)
    assert (report.status, report.score) == (Status.ERROR, None)
    assert "more than one notebook" in report.reason


def test_a_folder_without_a_notebook_is_missing_and_links_are_not_followed(course, tmp_path):
    hidden = tmp_path / "elsewhere.ipynb"
    hidden.write_bytes(notebook(RIGHT))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "twice.ipynb").symlink_to(hidden)
    report = grade_one(folder, "twice", course=course)
    assert (report.status, report.score) == (Status.MISSING, None)
    assert report.reason == "no notebook in the folder; twice.ipynb: a symbolic link"


def test_a_link_that_the_caller_names_is_followed(course, tmp_path):
    (tmp_path / "real").write_bytes(notebook(RIGHT))
    (tmp_path / "mine.ipynb").symlink_to(tmp_path / "real")
    assert grade_one(tmp_path / "mine.ipynb", "twice", course=course).score == 3.0


def test_a_file_that_is_too_large_gets_zero_and_the_reason(course, tmp_path):
    path = tmp_path / "twice.ipynb"
    with path.open("wb") as file:
        file.truncate(80 << 20)
    report = grade_one(path, "twice", course=course)
    assert "more than 20 MB" in str(report)


def test_what_does_not_exist_raises(course, tmp_path):
    with pytest.raises(OutputError, match="no such file"):
        grade_one(tmp_path / "nowhere.ipynb", "twice", course=course)
    with pytest.raises(CourseError, match="twise"):
        grade_one(notebook(RIGHT), "twise", course=course)


def test_a_broken_grader_is_an_error_and_no_score(course):
    grader = course.assignment("twice").folder / "test_twice.py"
    grader.write_text("import nothing_of_this_name\n" + GRADER)
    report = grade_one(notebook(RIGHT), "twice", course=course)
    assert (report.status, report.score) == (Status.ERROR, None)
    assert "nothing_of_this_name" in report.reason


def test_public_names_are_loaded_at_first_use():
    assert autograder.grade_one is grade_one
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        autograder.nothing  # noqa: B018


def test_the_example_of_the_guide_works(tmp_path):
    (example,) = re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs/api.md").read_text(), re.MULTILINE | re.DOTALL)
    shutil.copy(ROOT / "course.yml", tmp_path)
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    folder = tmp_path / "submitted" / "ana" / "softmax"
    folder.mkdir(parents=True)
    book = solution_notebook(read_source(ROOT / "solutions/softmax/softmax.py"), "en")
    (folder / "softmax.ipynb").write_text(serialise(book), encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-c", example]
    printed = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=True).stdout
    assert printed.startswith("pending 18.0 of 20.0")
    assert "'ana': 18.0" in printed
