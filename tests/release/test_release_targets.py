"""The files that students get: their names, and that the committed ones are current."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import course
from autograder.errors import CourseError, OutputError
from autograder.release.targets import notebook_names, render_notebooks, write_notebooks

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> course.Course:
    return course.load_course(ROOT / "course.yml")


def test_the_first_language_has_no_suffix() -> None:
    assert notebook_names("softmax", ("en", "es")) == {"en": "softmax.ipynb", "es": "softmax.es.ipynb"}
    assert notebook_names("softmax", ("es",)) == {"es": "softmax.ipynb"}


def test_committed_notebooks_are_current(shipped: course.Course) -> None:
    stale = [
        str(path.relative_to(ROOT))
        for assignment in shipped.assignments
        for filename, text in render_notebooks(shipped, assignment.name).items()
        if not (path := ROOT / "assignments" / assignment.name / filename).is_file()
        or path.read_text(encoding="utf-8") != text
    ]
    names = " ".join(assignment.name for assignment in shipped.assignments)
    assert not stale, f"not current: {', '.join(stale)}; run `autograder release {names} --to notebook -o assignments`"


def test_students_get_nothing_but_notebooks(shipped: course.Course) -> None:
    found = {
        str(path.relative_to(ROOT / "assignments")) for path in (ROOT / "assignments").rglob("*") if path.is_file()
    }
    wanted = {f"{a.name}/{filename}" for a in shipped.assignments for filename in render_notebooks(shipped, a.name)}
    assert {path for path in found if ".ipynb_checkpoints" not in path} == wanted


def test_write_gives_the_paths_it_wrote(shipped: course.Course, tmp_path: Path) -> None:
    paths = write_notebooks(shipped, "softmax", tmp_path / "out")
    assert paths == (tmp_path / "out/softmax/softmax.ipynb", tmp_path / "out/softmax/softmax.es.ipynb")
    assert all(path.stat().st_size for path in paths)


def test_an_unknown_assignment_is_refused_before_anything_is_written(shipped: course.Course, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="softmx"):
        write_notebooks(shipped, "softmx", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_named(shipped: course.Course, tmp_path: Path) -> None:
    (tmp_path / "softmax").write_text("in the way", encoding="utf-8")
    with pytest.raises(OutputError, match=r"softmax: cannot be written \(.*\)\. Choose another folder with -o\."):
        write_notebooks(shipped, "softmax", tmp_path)
