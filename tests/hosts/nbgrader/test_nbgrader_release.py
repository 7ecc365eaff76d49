"""The course directory: a source notebook with the right ids and points, and a configuration that loses nothing."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.course import load_course
from autograder.errors import ReleaseError
from autograder.grading.session import collect_criteria
from autograder.hosts.nbgrader.config import MARK
from autograder.hosts.nbgrader.release import POINTS, write_source

COURSE = load_course(Path(__file__).parents[3] / "course.yml")
NAMES = [assignment.name for assignment in COURSE.assignments]


def notebook(folder: Path, name: str, lang: str = "") -> NotebookNode:
    path, _ = write_source(COURSE, name, folder, lang=lang)
    return nbformat.read(path, as_version=4)


def graded(book: NotebookNode) -> dict[str, float]:
    abouts = [cell.metadata["nbgrader"] for cell in book.cells if "nbgrader" in cell.metadata]
    return {about["grade_id"]: about["points"] for about in abouts if about["grade"]}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_points_are_those_of_the_hidden_grader(tmp_path, name, lang):
    book = notebook(tmp_path, name, lang)
    wanted: dict[str, float] = {}
    for each in collect_criteria(COURSE, COURSE.assignment(name)):
        cell = each.question if each.manual else POINTS + each.question
        wanted[cell] = wanted.get(cell, 0) + each.points
    assert graded(book) == wanted
    nbformat.validate(book)


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_fit_the_gradebook(tmp_path, name):
    ids = [c.metadata["nbgrader"]["grade_id"] for c in notebook(tmp_path, name).cells if "nbgrader" in c.metadata]
    assert len(ids) == len(set(ids))
    assert max(map(len, ids)) <= 128


def test_only_answers_may_be_edited_and_they_hold_the_solution_between_markers(tmp_path):
    cells = {
        c.metadata["nbgrader"]["grade_id"]: c for c in notebook(tmp_path, "softmax").cells if "nbgrader" in c.metadata
    }
    assert {name for name, cell in cells.items() if not cell.metadata["nbgrader"]["locked"]} == {
        name for name, cell in cells.items() if cell.metadata["nbgrader"]["solution"]
    }
    assert "### BEGIN SOLUTION" in cells["softmax"].source
    assert cells[f"{POINTS}softmax"].source.startswith("# The grader writes here what softmax earned")


def test_no_hidden_test_is_in_the_source(tmp_path):
    path, _ = write_source(COURSE, "softmax", tmp_path)
    assert "student." not in path.read_text()
    assert "rng" not in path.read_text()


def test_a_configuration_that_is_there_keeps_its_lines_and_the_last_word(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'mine'\n")
    _, config = write_source(COURSE, "softmax", tmp_path)
    text = config.read_text()
    assert text.endswith("c.CourseDirectory.course_id = 'mine'\n")
    assert text.count(MARK) == 1
    write_source(COURSE, "mse", tmp_path)
    assert config.read_text() == text
    assert {path.name for path in (tmp_path / "source").iterdir()} == {"softmax", "mse"}


def test_a_second_language_goes_to_a_directory_of_its_own(tmp_path):
    write_source(COURSE, "softmax", tmp_path, lang="en")
    with pytest.raises(ReleaseError, match="in another language"):
        write_source(COURSE, "mse", tmp_path, lang="es")
    assert not (tmp_path / "source/mse/mse.ipynb").exists()
