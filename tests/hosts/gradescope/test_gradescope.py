"""A container shaped like Gradescope's: built offline, graded at the landlock level, results.json always there."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import hostile_support as support
import pytest
from click.testing import CliRunner
from gradescope_container import Container
from hostile_support import Listeners, Place
from otter_assignment import BIN, ROOT

from autograder import report as reports
from autograder.cli import main
from autograder.course import load_course
from autograder.demo.enrolment import Enrolment, enrol
from autograder.errors import ReleaseError
from autograder.hosts import packaging
from autograder.hosts.gradescope import release
from autograder.sandbox.levels import LEVELS

KINDS = ("the solution", "over_columns", "untouched", "crash in a cell", "tampered", "operations lie", "a script",
         "an empty file", "renamed", "endless loop in a function")  # fmt: skip
CREATED = "2027-02-12T12:00:00.000000-05:00"  # half a day before the due date


@pytest.fixture(scope="module")
def course_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / "course.yml").read_text(encoding="utf-8")
    text = text.replace("keep: latest", "keep: best")
    for name, value in support.LIMITS.items():  # endless loops end soon
        text = re.sub(rf"^  {name}: \d+", f"  {name}: {value}", text, flags=re.MULTILINE)
    (folder / "course.yml").write_text(text, encoding="utf-8")
    return folder / "course.yml"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    (folder / "constraints.txt").write_text(packaging.pinned_requirements(), encoding="utf-8")
    words = [sys.executable, "-m", "pip", "download", "-q", "-r", folder / "constraints.txt", "-d", folder]
    done = subprocess.run([*words, "--only-binary", ":all:"], capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        pytest.skip(f"pip has no index to take wheels from: {done.stderr[-300:]}")
    return folder


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory, course_file: Path, wheels: Path) -> Container:
    if shutil.which("bwrap") is None or LEVELS["landlock"].obstacle():
        pytest.skip(f"no container can be made here: {LEVELS['landlock'].obstacle() or 'bubblewrap is not installed'}")
    folder = tmp_path_factory.mktemp("gradescope")
    packed = folder / "softmax.zip"
    words = ("release", "softmax", "--to", "gradescope", "-o", packed, "--wheels", wheels, "--course", course_file)
    subprocess.run([BIN / "autograder", *words], check=True, capture_output=True, timeout=120)
    made = Container(folder / "autograder")
    made.printed = made.build(packed)  # type: ignore[attr-defined]
    return made


def chosen(course_file: Path, thorough: bool) -> list[Enrolment]:
    seats = [s for s in enrol(load_course(course_file)) if s.assignment == "softmax" and s.specimen.filename]
    return seats if thorough else [next(s for s in seats if kind in s.specimen.what) for kind in KINDS]


def test_without_namespaces_landlock_serves_and_doctor_says_so(image: Container):
    assert "warning  isolation namespaces" in image.printed  # type: ignore[attr-defined]
    assert "ok       isolation landlock" in image.printed  # type: ignore[attr-defined]


def test_scores_are_those_of_autograder_grade(
    image: Container, course_file: Path, tmp_path: Path, request: pytest.FixtureRequest
):
    seats = chosen(course_file, request.config.getoption("--thorough"))
    for seat in seats:
        target = tmp_path / "submitted" / seat.student / "softmax" / seat.specimen.filename
        target.parent.mkdir(parents=True)
        target.write_bytes(seat.specimen.data)
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
    subprocess.run([BIN / "autograder", *words], check=True, capture_output=True, timeout=600)
    ours = {each.student: each for each in map(reports.read_report, (tmp_path / "out/reports/softmax").glob("*.json"))}
    for seat in seats:
        found = image.grade({seat.specimen.filename: seat.specimen.data})
        report = ours[seat.student]
        automatic = [question for question in report.questions if not question.manual]
        assert found["score"] == sum(question.score or 0.0 for question in automatic), seat.specimen.what
        shown = [(test["score"], test["max_score"]) for test in found["tests"] if "score" in test]
        assert shown == [(t.points, t.max_points) for q in automatic for t in q.tests]
        assert found["extra_data"]["nn_autograder"]["isolation"] == "landlock"


def test_a_submission_without_one_notebook_gets_valid_results_that_say_so(image: Container):
    assert "no notebook" in image.grade({"notes.txt": b"hello"})["output"]
    assert image.grade({})["score"] == 0.0
    several = image.grade({"a.ipynb": b"{}", "b.ipynb": b"{}"})
    assert "through no fault" in several["tests"][0]["output"]
    assert "more than one notebook" in several["tests"][1]["output"]


def test_what_else_is_handed_in_is_never_imported(image: Container, course_file: Path):
    seat = next(s for s in chosen(course_file, False) if s.specimen.what == "the solution")
    touch = b"open('/autograder/escaped', 'w')\n"
    others = dict.fromkeys(("numpy.py", "autograder/__init__.py", "sitecustomize.py", "conftest.py"), touch)
    found = image.grade({"softmax.ipynb": seat.specimen.data} | others)
    assert found["score"] == 18.0
    assert not (image.root / "escaped").exists()


def test_hostile_work_gets_what_its_honest_part_deserves_and_touches_nothing(
    image: Container, tmp_path: Path, request: pytest.FixtureRequest
):
    thorough = request.config.getoption("--thorough")
    place, listeners = Place(Path("/autograder")), Listeners(tmp_path)
    place.course, place.submitted, place.out = (
        place.root / name for name in ("source/course", "submission", "results")
    )
    words = support.words(place, listeners, place.submitted / "softmax.ipynb")
    before, odd = fingerprint(image.root), {}
    for scenario in support.scenarios():
        if thorough or scenario.name in support.SAMPLE:
            found = image.grade({"softmax.ipynb": support.hostile_notebook(scenario, words)})
            low, high = scenario.scores
            if not low <= found["score"] <= high or support.MARK in str(found):
                odd[scenario.name] = found["score"]
    listeners.close()
    assert odd == {}
    assert listeners.calls == []
    assert fingerprint(image.root) == before


def fingerprint(root: Path) -> dict[str, bytes]:
    """Note what students' code must not change: everything but what a run itself writes."""
    kept = [path for part in ("source", "venv/bin", "venv/pyvenv.cfg") for path in sorted((root / part).rglob("*"))]
    return {str(path): path.read_bytes() for path in [*kept, root / "run_autograder"] if path.is_file()} | {
        str(path): b"" for path in root.iterdir()
    }


def test_attempts_and_late_work_count_as_the_course_says(image: Container, course_file: Path):
    seat = next(s for s in chosen(course_file, False) if "over_columns" in s.specimen.what)
    alone = image.grade({"softmax.ipynb": seat.specimen.data}, {"created_at": CREATED})
    late = image.grade({"softmax.ipynb": seat.specimen.data}, {"created_at": CREATED.replace("02-12", "02-14")})
    assert late["score"] == pytest.approx(0.8 * alone["score"])
    before = {
        "submission_time": "2027-02-11T12:00:00-05:00",
        "score": 17.0,
        "results": {"extra_data": {"nn_autograder": {"score": 17.0}}},
    }
    again = image.grade(
        {"softmax.ipynb": seat.specimen.data}, {"created_at": CREATED, "previous_submissions": [before]}
    )
    assert again["score"] == 17.0
    assert again["extra_data"]["nn_autograder"]["score"] == alone["score"]


def test_results_are_there_when_the_grader_cannot_work(image: Container):
    course, python = image.root / "source/course", image.root / "venv/bin/python"
    for broken in (course, python):
        aside = broken.with_name("aside")
        broken.rename(aside)
        try:
            found = image.grade({"softmax.ipynb": b"{}"})
        finally:
            aside.rename(broken)
        assert "through no fault of yours" in found["tests"][0]["output"]
        assert found["tests"][1]["visibility"] == "hidden"
        assert found["extra_data"]["nn_autograder"]["status"] == "error"


def test_the_archive_is_small_secret_and_the_same_every_time(course_file: Path, tmp_path: Path):
    course = load_course(course_file)
    one, other = tmp_path / "one.zip", tmp_path / "other.zip"
    for path in (one, other):
        release.write_archive(course, "softmax", path)
    assert one.read_bytes() == other.read_bytes()
    assert one.stat().st_mode & 0o077 == 0
    assert one.stat().st_size < 1 << 20
    with zipfile.ZipFile(io.BytesIO(one.read_bytes())) as packed:
        names = packed.namelist()
    assert {"setup.sh", "run_autograder", "course/solutions/softmax/test_softmax.py"} <= set(names)
    assert not [name for name in names if "mse" in name]


def test_an_option_that_a_target_does_not_take_is_refused(course_file: Path, tmp_path: Path):
    for target, option in (
        ("gradescope", "--lang=es"),
        ("otter", f"--wheels={tmp_path}"),
        ("nbgrader", "--sandbox=process"),
    ):
        words = (
            "release",
            "softmax",
            "--to",
            target,
            option,
            "-o",
            str(tmp_path / "x.zip"),
            "--course",
            str(course_file),
        )
        refused = CliRunner().invoke(main, words)
        assert refused.exit_code == 2
        assert f"{option.partition('=')[0]} has no effect on --to {target}" in refused.output


def test_what_cannot_be_released_is_refused(course_file: Path, tmp_path: Path):
    course = load_course(course_file)
    with pytest.raises(ReleaseError, match=r"wants a zip file\. Name one"):
        release.write_archive(course, "softmax", tmp_path / "softmax")
    with pytest.raises(ReleaseError, match="no wheels in this folder"):
        release.write_archive(course, "softmax", tmp_path / "softmax.zip", wheels=tmp_path)
    text = course_file.read_text(encoding="utf-8")
    odd = course_file.with_name("odd.yml")
    entry = "  - name: softmax\n    visibility: {questions: {sotfmax: hidden}}\n"
    odd.write_text(text.replace("  - name: softmax\n", entry), encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"visibility names 'sotfmax', and softmax has no such question"):
        release.write_archive(load_course(odd), "softmax", tmp_path / "softmax.zip")
