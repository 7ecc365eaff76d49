"""Inside the real otter-grader: assign, what students get, run; scores and reasons are ours."""

from __future__ import annotations

import ast
import csv
import io
import pickle
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import dill
import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import sync_playwright

pytest.importorskip("otter", reason="otter-grader is not installed: pip install -e '.[otter]'")

from otter_assignment import BIN, ROOT, OtterAssignment, score

from autograder import report as reports
from autograder.course import load_course
from autograder.demo.enrolment import Enrolment, enrol
from autograder.hosts.otter.release import BUNDLE, assigned_names, check_cell
from autograder.release.cells import Cell, CellKind, solution_text, starter_text
from autograder.release.source import read_source

SOURCE = read_source(ROOT / "solutions/softmax/softmax.py")
QUESTIONS = {cell.name: cell.text for cell in SOURCE.cells if cell.kind is CellKind.QUESTION}
KINDS = (
    "the solution",
    "over_columns",
    "untouched",
    "crash in a cell",
    "tampered",
    "operations lie",
    "a script",
    "twice",
)


@pytest.fixture(scope="module")
def course_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.yml", folder)
    return folder / "course.yml"


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory, course_file: Path) -> OtterAssignment:
    return OtterAssignment(tmp_path_factory.mktemp("otter"), course_file)


def solved_notebook(assignment: OtterAssignment) -> Any:
    book = assignment.student
    for cell in book.cells:
        name = cell.metadata.get("autograder", {}).get("question")
        cell.source = solution_text(QUESTIONS[name]) if name else cell.source
    return book


def test_students_get_the_starter_and_no_solution(assignment: OtterAssignment):
    book = assignment.student
    found = {
        cell.metadata.autograder.question: cell.source
        for cell in book.cells
        if "question" in cell.metadata.get("autograder", {})
    }
    assert found == {name: starter_text(text, name) for name, text in QUESTIONS.items()}
    assert 'grader.check("softmax")' in [cell.source for cell in book.cells]
    written = nbformat.writes(book)
    for line in ("exponentials / exponentials.sum", "shifted - np.log", "SOLUTION"):
        assert line not in written
    assert [c.metadata.autograder.answer for c in book.cells if "answer" in c.metadata.get("autograder", {})] == [
        "explain"
    ]


def test_the_visible_checks_run_in_the_students_notebook(assignment: OtterAssignment, tmp_path: Path):
    right, untouched = solved_notebook(assignment), assignment.student
    for book, passed in ((right, True), (untouched, False)):
        book.cells = [cell for cell in book.cells if "grader.export" not in cell.source]
        nbformat.write(book, tmp_path / "softmax.ipynb")
        NotebookClient(book, timeout=120, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
        shown = str([cell.outputs for cell in book.cells if "grader.check" in cell.source])
        assert ("passed" in shown, "failed" in shown.lower()) == (passed, not passed)


def test_a_check_becomes_a_function_of_the_names_it_uses():
    text = "wanted = [1, 2]\ncheck(softmax, wanted, want=np.ones(2))\n'visible checks passed'"
    made = check_cell(Cell(CellKind.CHECK, text, 1, "softmax"), 2)
    function = ast.parse(made).body[-1]
    assert isinstance(function, ast.FunctionDef)
    assert (function.name, [each.arg for each in function.args.args]) == ("check_softmax_2", ["check", "np", "softmax"])
    assert len(function.body) == 2
    assert assigned_names("import numpy as np\nfor i in range(3):\n    def f(): pass") == {"np", "i", "f"}


def chosen(course_file: Path, thorough: bool) -> list[Enrolment]:
    seats = [s for s in enrol(load_course(course_file)) if s.assignment == "softmax" and s.specimen.filename]
    first = {kind: next(seat for seat in seats if kind in seat.specimen.what) for kind in KINDS}
    return seats if thorough else list(first.values())


def test_scores_are_those_of_autograder_grade(
    assignment: OtterAssignment, course_file: Path, tmp_path: Path, request: pytest.FixtureRequest
):
    seats = chosen(course_file, request.config.getoption("--thorough"))
    readable = [seat for seat in seats if seat.specimen.what not in ("an empty file", "cut off in the middle")]
    work = {f"{n}{Path(s.specimen.filename).suffix}": s.specimen.data for n, s in enumerate(readable)}
    for name, data in work.items():
        target = tmp_path / "submitted" / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
    words = (
        "grade",
        tmp_path / "submitted",
        "-o",
        tmp_path / "out",
        "--assignment",
        "softmax",
        "--course",
        course_file,
    )
    assignment.run(BIN / "autograder", *words)
    results = assignment.grade_all(work)
    assert results.keys() == work.keys()
    for name, found in results.items():
        report = reports.read_report(tmp_path / f"out/reports/softmax/{Path(name).stem}.json")
        assert {test["name"]: test["score"] for test in found["tests"]} == {
            question.name: question.score for question in report.questions if not question.manual
        }, name
        assert found["tests"][0]["visibility"] == "visible"


def test_the_command_gives_the_reason_and_the_hint(assignment: OtterAssignment, course_file: Path):
    seat = next(seat for seat in chosen(course_file, False) if "over_columns" in seat.specimen.what)
    found = assignment.grade("wrong.ipynb", seat.specimen.data)
    assert "columns instead of the rows" in str(found) or "columnas en vez de" in str(found)
    assert "over_columns" not in str(found)  # the name is for instructors
    assert "test_softmax.py" not in str(found)


# Docker alone is replaced: `otter grade` collects what `otter run` makes of each submission.
_GRADE = """
import os, sys
import otter.grade
from otter.run import main as run

def without_docker(autograder, paths, **_):
    found = []
    for path in paths:
        found.append(run(path, autograder=autograder, output_dir=None, no_logo=True))
        found[-1].file = os.path.basename(path)
    return found

otter.grade.launch_containers = without_docker
otter.grade.main(name="softmax", paths=[sys.argv[1]], output_dir=sys.argv[2], autograder=sys.argv[3], containers=1)
"""


def test_otters_table_of_grades(assignment: OtterAssignment):
    folder = assignment.folder / "class"
    folder.mkdir()
    nbformat.write(solved_notebook(assignment), folder / "ana.ipynb")
    nbformat.write(assignment.student, folder / "ben.ipynb")
    out = assignment.folder / "grades"
    out.mkdir()
    assignment.run(sys.executable, "-P", "-c", _GRADE, folder, out, assignment.archive)
    with (out / "final_grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    earned = {name: (float(row["softmax"]), float(row["log_softmax"])) for name, row in rows.items()}
    assert earned == {"points-per-question": (12.0, 6.0), "ana.ipynb": (12.0, 6.0), "ben.ipynb": (0.0, 0.0)}
    assert {row["grading_status"] for name, row in rows.items() if name != "points-per-question"} == {"Completed"}


def test_written_answers_become_a_pdf_file_and_nothing_else_does(assignment: OtterAssignment, tmp_path: Path):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:  # where otter looks for the browser that playwright would download
        usual = Path(playwright.chromium.executable_path)
    build, folder, name = usual.parts[-3:]
    number = build.rpartition("-")[2]
    shell = tmp_path / f"chromium_headless_shell-{number}/chrome-headless-shell-linux64/chrome-headless-shell"
    for path in (tmp_path / build / folder / name, shell):
        path.parent.mkdir(parents=True)
        path.symlink_to(chromium)
    book = solved_notebook(assignment)
    for cell in book.cells:
        if "answer" in cell.metadata.get("autograder", {}):
            cell.source = "The common factor cancels."
    nbformat.write(book, tmp_path / "written.ipynb")
    assignment.environment["PLAYWRIGHT_BROWSERS_PATH"] = str(tmp_path)
    pages = {}
    for name, options in {"whole.pdf": [], "written.pdf": ["--filtering"]}.items():
        assignment.run(BIN / "otter", "export", *options, "-e", "html", "written.ipynb", name, cwd=tmp_path)
        pages[name] = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / name).read_bytes()))
    assert pages["written.pdf"] == 1 < pages["whole.pdf"]


def test_what_else_is_in_a_zip_is_neither_imported_nor_unpickled(assignment: OtterAssignment):
    mark = assignment.folder / "escaped"

    class Bomb:
        def __reduce__(self) -> Any:
            return (Path.touch, (mark,))

    touch = f"open({str(mark)!r}, 'w')\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("softmax.ipynb", nbformat.writes(solved_notebook(assignment)))
        archive.writestr(".OTTER_LOG", pickle.dumps(Bomb()) + dill.dumps(Bomb()))
        for name in ("numpy.py", "pandas.py", "otter/__init__.py", "autograder/__init__.py", "json.py", "conftest.py"):
            archive.writestr(name, touch)
        archive.writestr(BUNDLE, b"no course")
    found = assignment.grade("packed.zip", packed.getvalue())
    assert score(found) == 18.0
    assert not mark.exists()


def test_a_failure_of_ours_is_told_and_is_no_silent_zero(assignment: OtterAssignment):
    broken = assignment.folder / "broken.zip"
    with zipfile.ZipFile(assignment.archive) as whole, zipfile.ZipFile(broken, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, b"no zip" if name.endswith(BUNDLE) else whole.read(name))
    out = assignment.folder / "broken"
    out.mkdir()
    (assignment.folder / "fine.ipynb").write_text(nbformat.writes(solved_notebook(assignment)), encoding="utf-8")
    printed = assignment.run(BIN / "otter", "run", "-a", broken, "-o", out, "fine.ipynb", code=1)
    assert "Release the assignment again" in printed
