"""Real nbgrader, from the release to the exported grades; nothing in its place."""

from __future__ import annotations

import csv
import json
import re
import zipfile

import nbformat
import pytest
from nbgrader_course import BIN, ROOT, STAMP, NbCourse, text_of

from autograder import report as reports
from autograder.course import load_course
from autograder.demo.enrolment import Enrolment, enrol
from autograder.release.notebook import serialise, solution_notebook
from autograder.release.source import read_source

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[nbgrader]'")

RIGHT = {
    "softmax": """def softmax(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)""",
    "log_softmax": """def log_softmax(z):
    z = np.asarray(z, dtype=float)
    s = z - np.max(z, axis=-1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))""",
}
FULL = {"points-softmax": 12.0, "points-log_softmax": 6.0}


def automatic(cells: dict[str, float | None]) -> dict[str, float | None]:
    return {cell: score for cell, score in cells.items() if cell in FULL}


def without(book, grade_id):
    book.cells = [cell for cell in book.cells if cell.metadata.get("nbgrader", {}).get("grade_id") != grade_id]
    return book


def damaged(course: NbCourse) -> dict[str, bytes]:
    """Notebooks with right answers and everything else wrong that students manage to do."""
    made = {}
    book = course.answered(RIGHT)
    made["deleted points"] = text_of(without(course.answered(RIGHT), "points-softmax"))
    made["deleted all locked"] = text_of(_only_solutions(course.answered(RIGHT)))
    made["twice"] = text_of(_doubled(course.answered(RIGHT), "points-softmax"))
    made["retyped"] = text_of(_retyped(course.answered(RIGHT), "points-softmax"))
    made["renamed ids"] = text_of(_with_about(course.answered(RIGHT), "points-softmax", grade_id="points-other"))
    made["more points"] = text_of(_with_about(course.answered(RIGHT), "points-softmax", points=900))
    made["no number of points"] = text_of(_with_about(course.answered(RIGHT), "points-softmax", points="many"))
    made["unlocked"] = text_of(_with_about(course.answered(RIGHT), "points-softmax", locked=False, solution=True))
    made["no metadata"] = text_of(_bare(course.answered(RIGHT)))
    made["metadata of another kind"] = json.dumps(_odd(json.loads(nbformat.writes(book)))).encode()
    made["own score"] = text_of(_with_output(course.answered(RIGHT), "points-softmax"))
    made["Warnings, on stderr"] = text_of(_warning(course.answered(RIGHT)))
    made["byte order mark"] = b"\xef\xbb\xbf" + text_of(book)
    made["=1+1"] = text_of(book)
    return made


def _only_solutions(book):
    book.cells = [c for c in book.cells if c.cell_type == "code" and not c.metadata.get("nbgrader", {}).get("locked")]
    return book


def _doubled(book, name):
    place = next(i for i, c in enumerate(book.cells) if c.metadata.get("nbgrader", {}).get("grade_id") == name)
    book.cells.insert(place, nbformat.from_dict({**book.cells[place], "id": "twin"}))
    return book


def _cell(book, name):
    return next(c for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def _retyped(book, name):
    cell = _cell(book, name)
    place = book.cells.index(cell)
    book.cells[place] = nbformat.v4.new_markdown_cell(cell.source, metadata=cell.metadata)
    return book


def _with_about(book, name, **changes):
    _cell(book, name).metadata["nbgrader"].update(changes)
    return book


def _bare(book):
    for cell in book.cells:
        cell.metadata = nbformat.from_dict({})
    return book


def _odd(book):
    for cell in book["cells"]:
        cell["metadata"]["nbgrader"] = "grade_id"
    return book


def _with_output(book, name):
    output = nbformat.v4.new_output("execute_result", data={"text/plain": "12.0"}, execution_count=1)
    _cell(book, name).outputs = [output]
    _cell(book, "softmax").source = "def softmax(z):\n    return z"
    return book


def _warning(book):
    first = next(cell for cell in book.cells if cell.cell_type == "code")
    first.source += "\nimport sys, warnings\nwarnings.warn('careful')\nprint('careful', file=sys.stderr)"
    return book


@pytest.fixture(scope="module")
def damaged_class(course: NbCourse) -> dict[str, dict[str, float | None]]:
    for student, data in damaged(course).items():
        course.hand_in(student, data)
    course.hand_in("no JSON", b'{"cells": [')
    course.hand_in("nested", b'{"cells": ' + b"[" * 100_000)
    printed = course.nbgrader("autograde", "softmax")
    assert "Traceback" not in printed
    return course.scores()


def test_what_students_do_to_their_notebooks_costs_no_points_and_gains_none(damaged_class):
    wanted = dict.fromkeys(damaged_class, FULL)
    wanted["own score"] = {"points-softmax": damaged_class["own score"]["points-softmax"], "points-log_softmax": 6.0}
    wanted["no JSON"] = wanted["nested"] = dict.fromkeys(FULL, 0.0)
    found = {
        name: {cell: score for cell, score in cells.items() if cell in FULL} for name, cells in damaged_class.items()
    }
    assert found == wanted
    assert found["own score"]["points-softmax"] < 3


def test_written_answers_wait_for_a_person(course, damaged_class):
    with course.book() as book:
        grades = [g for s in book.assignment_submissions("softmax") for n in s.notebooks for g in n.grades]
        waiting = {g.student.id: (g.auto_score, g.needs_manual_grade) for g in grades if g.name not in FULL}
    untouched = {"no JSON", "nested", "deleted all locked"}  # nbgrader's own rule: no response is no points
    assert waiting == {name: (0.0, False) if name in untouched else (None, True) for name in waiting}


def test_reasons_reach_gradebook_and_graded_notebook(course, damaged_class):
    with course.book() as book:
        said = book.find_comment("softmax", "softmax", "softmax", "own score").auto_comment
        assert book.find_comment("softmax", "softmax", "softmax", "twice").auto_comment is None
    graded = nbformat.read(course.directory / "autograded/own score/softmax/softmax.ipynb", as_version=4)
    shown, scored = _cell(graded, "points-softmax").outputs
    assert "✗ " in said
    assert said.splitlines()[0].removeprefix("✗ ") in shown["data"]["text/plain"]
    assert "<ul" in shown["data"]["text/html"]
    assert float(scored["data"]["text/plain"]) == damaged_class["own score"]["points-softmax"]


def test_marks_of_a_person_survive_a_regrade(course, damaged_class):
    question = next(name for name in damaged_class["twice"] if name not in FULL)
    with course.book() as book:
        grade = book.find_grade(question, "softmax", "softmax", "twice")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        comment = book.find_comment(question, "softmax", "softmax", "twice")
        comment.manual_comment = "well put"
        book.db.commit()
    course.nbgrader("autograde", "softmax", "--student=twice", "--force")
    with course.book() as book:
        assert book.find_grade(question, "softmax", "softmax", "twice").score == 1.5
        assert book.find_comment(question, "softmax", "softmax", "twice").comment == "well put"
        assert book.find_submission("softmax", "twice").score == 19.5
        book.find_grade(question, "softmax", "softmax", "twice").needs_manual_grade = False  # looked at once more
        book.db.commit()


def test_feedback_has_the_reasons_and_nothing_hidden(course, damaged_class):
    course.nbgrader("generate_feedback", "softmax", "--student=own score")
    page = (course.directory / "feedback/own score/softmax/softmax.html").read_text(encoding="utf-8")
    report = reports.read_report(course.directory / "results/reports/softmax/own%20score.json")
    failed = [
        test for question in report.questions for test in question.tests if not test.passed and not question.manual
    ]
    assert failed
    assert all(test.criterion in page for test in failed)
    assert "student.softmax" not in page
    assert "def test_" not in page


def test_late_work_costs_what_the_course_says(course, damaged_class):
    course.hand_in("late", text_of(course.answered(RIGHT)), stamp="2027-02-14 12:00:00.000000 UTC")
    course.hand_in("too late", text_of(course.answered(RIGHT)), stamp="2027-03-14 12:00:00.000000 UTC")
    course.nbgrader("autograde", "softmax", "--student=late")
    course.nbgrader("autograde", "softmax", "--student=too late")
    with course.book() as book:
        assert book.find_submission("softmax", "late").late_submission_penalty == pytest.approx(2 * 0.1 * 18)
        assert book.find_submission("softmax", "too late").late_submission_penalty == 18


def test_work_from_an_archive_is_graded_as_well(course, damaged_class):
    archive = course.directory / "downloaded/softmax/archive/all.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("zoe-softmax.ipynb", text_of(course.answered(RIGHT)))
    names = r"--FileNameCollectorPlugin.named_regexp=.*/(?P<student_id>\w+)-(?P<file_id>.+)"
    course.nbgrader("zip_collect", "softmax", names)
    course.nbgrader("autograde", "softmax", "--student=zoe")
    assert automatic(course.scores()["zoe"]) == FULL


def test_export_is_quoted_guarded_and_knows_missing(course, damaged_class):
    course.nbgrader("db", "student", "add", "absent", "--last-name=Ávila, Jr.")
    course.nbgrader("export", "--to=grades.csv")
    with (course.directory / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert rows["absent"]["status"] == "missing"
    assert rows["absent"]["score"] == ""
    assert rows["absent"]["last_name"] == "Ávila, Jr."
    assert rows["no JSON"]["raw_score"] == "0"
    assert rows["'=1+1"]["status"] == "pending"
    assert rows["Warnings, on stderr"]["score"] == "18"
    assert rows["twice"]["status"] == "graded"


def test_a_fault_of_ours_is_no_score_and_stops_nobody_else(tmp_path):
    course = NbCourse(tmp_path)
    course.release("softmax", "mse")
    for name in ("softmax", "mse"):
        course.nbgrader("generate_assignment", name)
    course.hand_in("ana", text_of(course.answered(RIGHT)))
    grader = course.course_file.parent / "solutions/softmax/test_softmax.py"
    whole = grader.read_text(encoding="utf-8")
    grader.write_text("import nothing_of_this_name\n", encoding="utf-8")
    printed = course.nbgrader("autograde", "softmax", code=1)
    assert "nothing_of_this_name" in printed
    assert not (course.directory / "autograded/ana/softmax").exists()
    course.nbgrader("export", "--to=grades.csv")
    assert "softmax,ana,,,,ungraded,,,," in (course.directory / "grades.csv").read_text(encoding="utf-8")
    grader.write_text(whole, encoding="utf-8")
    course.nbgrader("autograde", "softmax")
    assert course.scores()["ana"]["points-softmax"] == 12.0


def test_the_demo_class_gets_the_scores_of_autograder_grade(tmp_path, request):
    """Through the exchange, in Spanish; every sixth of the class, all with `--thorough`."""
    course = NbCourse(tmp_path)
    text = course.course_file.read_text(encoding="utf-8")
    for limit, seconds in {"cell": 2, "call": 1, "submission": 20}.items():  # endless loops end soon
        text = re.sub(rf"^  {limit}_seconds: \d+", f"  {limit}_seconds: {seconds}", text, flags=re.MULTILINE)
    course.course_file.write_text(text, encoding="utf-8")
    course.release("softmax", lang="es")
    course.nbgrader("generate_assignment", "softmax")
    course.nbgrader("release_assignment", "softmax")
    seats = [seat for seat in enrol(load_course(course.course_file)) if seat.assignment == "softmax"]
    handed = [seat for seat in seats if seat.specimen.filename]
    handed = handed if request.config.getoption("--thorough") else handed[::6]
    for seat in handed:
        _submit(course, seat)
    course.nbgrader("collect", "softmax")
    assert len(list((course.directory / "submitted").iterdir())) == len(handed)
    course.run(BIN / "autograder", "grade", "submitted", "-o", "elsewhere", "--assignment", "softmax",
               "--course", course.course_file)  # fmt: skip
    course.nbgrader("autograde", "softmax")
    _compare(course, handed)
    course.nbgrader("generate_feedback", "softmax")
    course.nbgrader("release_feedback", "softmax")
    assert len(list((course.directory / "feedback").glob("*/softmax/softmax.html"))) == len(handed)
    course.nbgrader("export", "--to=grades.csv")
    with (course.directory / "grades.csv").open(newline="", encoding="utf-8") as file:
        assert {row["status"] for row in csv.DictReader(file)} == {
            "graded",
            "pending",
        }  # some left the answer as it was


def _submit(course: NbCourse, seat: Enrolment) -> None:
    """Leave a submission in the exchange as `nbgrader submit` does, under the name that nbgrader wants."""
    folder = course.exchange / "nn101" / "inbound" / f"{seat.student}+softmax+{STAMP}+0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / "softmax.ipynb").write_bytes(seat.specimen.data)
    (folder / "timestamp.txt").write_text(STAMP, encoding="utf-8")
    (folder / "submission_secret.txt").write_text("0123456789abcdef", encoding="utf-8")


def _compare(course: NbCourse, handed: list[Enrolment]) -> None:
    found = course.scores()
    ours = {
        r.student: r for r in map(reports.read_report, (course.directory / "elsewhere/reports/softmax").glob("*.json"))
    }
    wanted = {
        seat.student: {f"points-{q.name}": q.score for q in ours[seat.student].questions if f"points-{q.name}" in FULL}
        for seat in handed
    }
    assert {name: automatic(cells) for name, cells in found.items()} == wanted


def test_the_guide_works(tmp_path):
    course = NbCourse(tmp_path)
    source = read_source(ROOT / "solutions/softmax/softmax.py")
    folder = course.exchange / "nn101" / "inbound" / f"ana+softmax+{STAMP}+0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / "softmax.ipynb").write_text(serialise(solution_notebook(source, "en")), encoding="utf-8")
    (folder / "timestamp.txt").write_text(STAMP, encoding="utf-8")
    (folder / "submission_secret.txt").write_text("0123456789abcdef", encoding="utf-8")
    (tmp_path / "course.yml").symlink_to(course.course_file)
    (tmp_path / "solutions").symlink_to(course.course_file.parent / "solutions")
    text = (ROOT / "docs/nbgrader.md").read_text(encoding="utf-8")
    commands = [line for line in text.split("```sh\n")[1].split("```")[0].splitlines() if line]
    assert len(commands) == 10
    for line in commands:
        course.run("bash", "-c", line, cwd=tmp_path)
    with (tmp_path / "course/grades.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["student_id"], row["status"], row["raw_score"]) for row in rows] == [("ana", "pending", "18")]
    assert (tmp_path / "course/feedback/ana/softmax/softmax.html").is_file()
