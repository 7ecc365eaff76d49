"""The guide for LMSs, followed as a reader would, with real notebooks; and the archive that is graded directly."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import lms_class as c
import pytest
from click.testing import CliRunner
from lms_class import CLASS, ROOT, Pupil

from autograder.cli import main
from autograder.release.notebook import serialise, solution_notebook, student_notebook
from autograder.release.source import read_source

FEW = [person for person in CLASS if person.login in ("alovelace", "sobrien")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the guide names: two students, of whom one knows the answers."""
    folder = tmp_path_factory.mktemp("guide")
    shutil.copy(ROOT / "course.yml", folder)
    shutil.copytree(ROOT / "solutions", folder / "solutions")
    source = read_source(ROOT / "solutions/softmax/softmax.py")
    made = {person.login: make for person, make in zip(FEW, (solution_notebook, student_notebook), strict=True)}

    def notebook(person: Pupil, attempt: str = "last") -> bytes:
        return serialise(made[person.login](source, "en")).encode()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(c, "CLASS", FEW)
        patch.setattr(c, "work", notebook)
        for lms in ("canvas", "moodle", "blackboard", "brightspace", "gradescope"):
            getattr(c, f"{lms}_zip")(folder / f"{lms}.zip")
        c.canvas_csv(folder / "canvas.csv")
        c.moodle_worksheet(folder / "worksheet.csv")
        c.blackboard_file(folder / "blackboard.xls")
        c.brightspace_csv(folder / "brightspace.csv")
        c.gradescope_csv(folder / "gradescope.csv")
    return folder


def follow(document: Path, folder: Path) -> str:
    """Run the guide's shell lines in order; what is printed is given."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    text = document.read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S) for line in block.splitlines()]
    printed = []
    for line in lines:
        call = ["bash", "-c", line]
        done = subprocess.run(
            call, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        printed.append(done.stdout)
    return "\n".join(printed)


def test_the_guide_for_lms_works(folder):
    printed = follow(ROOT / "docs/lms.md", folder)
    assert "2 written, 0 unchanged: canvas/submitted" in printed
    assert "2 written answers, 2 without points" in printed
    assert (folder / "canvas/feedback.zip").is_file()


def test_marks_of_a_person_make_a_grade_whole(folder, tmp_path):
    follow_once(folder)
    marks = tmp_path / "marks.csv"
    told = ["--assignment", "softmax", "--results", folder / "moodle", "--course", folder / "course.yml"]
    assert invoke("lms", "marks", *told, "-o", marks).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(marks.read_text(encoding="utf-8"))))
    assert [(row["question"], row["points"]) for row in rows] == [("explain", "")] * 2
    to = ["lms", "export", "--to", "moodle-worksheet", "--template", folder / "worksheet.csv", *told]
    first = invoke(*to, "-o", tmp_path / "a.csv", "--marks", marks, "--json")
    assert [line["standing"] for line in json.loads(first.stdout)["lines"]] == ["pending"] * 2
    assert (tmp_path / "a.csv").read_bytes() == (folder / "worksheet.csv").read_bytes()
    rows[0] |= {"points": "1.5", "comment": "=well <b>said</b>"}
    with marks.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert "1 without points" in invoke("lms", "marks", *told, "-o", marks).stdout
    second = invoke(*to, "-o", tmp_path / "b.csv", "--marks", marks, "--json")
    [ada, sean] = json.loads(second.stdout)["lines"]
    assert (ada["standing"], ada["after"], sean["standing"]) == ("graded", "19.5", "pending")
    text = (tmp_path / "b.csv").read_text(encoding="utf-8-sig")
    assert "=well &lt;b&gt;said&lt;/b&gt;" in text
    back = invoke("lms", "feedback", "--to", "moodle", "--from-zip", folder / "moodle.zip", *told,
                  "-o", tmp_path / "back.zip", "--marks", marks)  # fmt: skip
    assert back.exit_code == 0, back.output
    with zipfile.ZipFile(tmp_path / "back.zip") as file:
        [name] = file.namelist()
        page = file.read(name).decode()
    assert name == "Ada Lovelace_4_assignsubmission_file/feedback.html"
    assert "<b>19.5</b> <span>of 20 points</span>" in page
    assert "=well &lt;b&gt;said&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("alovelace@example.org,explain,21", "points must be a number from 0 to 2"),
        ("alovelace@example.org,explain,much", "points must be a number from 0 to 2"),
        ("alovelace@example.org,softmax,1", "no written question 'softmax' in the report; it has: explain"),
        ("nobody,explain,1", "there is no report of this student"),
        ("alovelace@example.org,explain,1\nalovelace@example.org,explain,2", "a second mark"),
    ],
)
def test_marks_that_make_no_sense_are_refused(line, said, folder, tmp_path):
    follow_once(folder)
    (tmp_path / "marks.csv").write_text(f"student,question,points\n{line}\n")
    told = ["--assignment", "softmax", "--results", folder / "moodle", "--course", folder / "course.yml"]
    to = ["lms", "export", "--to", "moodle-worksheet", "--template", folder / "worksheet.csv", *told]
    done = invoke(*to, "-o", tmp_path / "a.csv", "--marks", tmp_path / "marks.csv")
    assert done.exit_code == 1
    assert said in done.stderr
    assert "marks.csv:" in done.stderr


def follow_once(folder: Path) -> None:
    if not (folder / "moodle/reports").exists():
        words = ["--course", folder / "course.yml", "--assignment", "softmax"]
        roster = folder / "worksheet.csv"
        invoke("grade", folder / "moodle.zip", "--roster", roster, "-o", folder / "moodle", *words)


def invoke(*words: str | Path):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_an_archive_is_graded_directly(folder, tmp_path):
    words = ["--roster", folder / "worksheet.csv", "-o", tmp_path / "out", "--course", folder / "course.yml"]
    done = invoke("grade", folder / "moodle.zip", *words, "--json")
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    assert (summary["graded"], summary["imported"]["lms"]) == (2, "moodle")
    assert summary["imported"]["assignment"] == "softmax"  # told by the notebooks' names
    assert (tmp_path / "out/submitted/alovelace@example.org/softmax/softmax.ipynb").is_file()
    again = json.loads(invoke("grade", folder / "moodle.zip", *words, "--json").stdout)
    assert (again["graded"], again["reused"]) == (0, 2)


def test_an_archive_needs_its_roster(folder, tmp_path):
    done = invoke("grade", folder / "moodle.zip", "-o", tmp_path / "out", "--course", folder / "course.yml")
    assert done.exit_code == 2
    assert "needs a --roster" in done.output
    done = invoke("grade", folder, "-o", tmp_path / "out", "--roster", "x.csv", "--course", folder / "course.yml")
    assert done.exit_code == 2
    assert "--roster is for an archive" in done.output


def test_unmatched_members_end_with_an_error(folder, tmp_path):
    words = ["-o", tmp_path / "s", "--course", folder / "course.yml", "--assignment", "softmax"]
    done = invoke("lms", "import", folder / "moodle.zip", "--roster", folder / "canvas.csv", *words)
    assert done.exit_code == 1
    assert "unmatched: 2" in done.stdout
    assert "give the grading worksheet" in done.stdout


def test_a_time_zone_must_exist(folder, tmp_path):
    words = ["-o", tmp_path / "s", "--course", folder / "course.yml", "--timezone", "Mars/Olympus"]
    done = invoke("lms", "import", folder / "moodle.zip", "--roster", folder / "worksheet.csv", *words)
    assert done.exit_code == 2
    assert "not a time zone" in done.output
