"""The demo class: complete, the same every time, and compared correctly."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import pytest

from autograder import course as courses
from autograder.batch.discovery import find_submissions
from autograder.demo.enrolment import STUDENTS, enrol, mismatches, write_class
from autograder.demo.specimens import LEAK, Expected, Specimen, mismatch
from autograder.errors import OutputError
from autograder.grading.variants import misconceptions
from autograder.report import QuestionResult, Report, Status, TestResult

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> courses.Course:
    return courses.load_course(ROOT / "course.yml")


@pytest.fixture(scope="module")
def seats(shipped):
    return enrol(shipped)


def test_sixty_students_with_different_names():
    assert len(set(STUDENTS)) == len(STUDENTS) == 60


def test_the_same_class_every_time(shipped, seats):
    assert enrol(shipped) == seats


def test_every_student_has_each_assignment_once(shipped, seats):
    places = [(seat.student, seat.assignment) for seat in seats]
    assert len(places) == len(set(places))
    for assignment in shipped.assignments:
        assert {student for student, name in places if name == assignment.name} >= set(STUDENTS)


def test_every_misconception_is_in_the_class(shipped, seats):
    for assignment in shipped.assignments:
        made = {name for seat in seats if seat.assignment == assignment.name for name in seat.specimen.named}
        assert made == {variant.name for variant in misconceptions(assignment.folder)}


def test_every_hostile_submission_is_in_the_class(seats):
    hostile = {seat.specimen.what for seat in seats if seat.specimen.what.startswith("hostile")}
    assert len(hostile) == len(list((ROOT / "autograder/demo/hostile").iterdir())) >= 12


def test_the_class_on_disk(shipped, seats, tmp_path):
    submitted = write_class(seats, tmp_path)
    listing = find_submissions(submitted, [assignment.name for assignment in shipped.assignments])
    missing = sum(seat.specimen.expected is Expected.MISSING for seat in seats)
    assert len(listing.found) == len(seats) - missing
    assert len(listing.absent) == missing
    with (tmp_path / "class.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(seats)
    assert {row["expected"] for row in rows} == {expected.value for expected in Expected}


def test_only_a_demo_is_replaced(seats, tmp_path):
    write_class(seats[:3], tmp_path)
    write_class(seats[:2], tmp_path)
    (tmp_path / "class.csv").unlink()
    with pytest.raises(OutputError, match="not from a demo"):
        write_class(seats[:1], tmp_path)


def report(*passed: bool, misconception: str = "", hint: str = "") -> Report:
    tests = tuple(
        TestResult(f"t{i}", "c", ok, float(ok), 1.0, misconception="" if ok else misconception, hint=hint)
        for i, ok in enumerate(passed)
    )
    questions = (QuestionResult("q", float(sum(passed)), float(len(passed)), tests=tests),)
    return Report(student="ana", assignment="a", status=Status.GRADED, score=float(sum(passed)), questions=questions)


@pytest.mark.parametrize(
    ("expected", "right", "wrong"),
    [
        (Expected.FULL, report(True, True), report(True, False)),
        (Expected.NAMED, report(True, False, misconception="m"), report(True, False)),
        (Expected.NAMED, report(False, False, misconception="m"), report(False, False, misconception="n")),
        (Expected.LESS, report(True, False), report(True, True)),
        (Expected.LOW, report(False, False), report(True, False)),
        (Expected.ZERO, report(False), report(False, misconception="m")),
    ],
)
def test_which_results_are_as_expected(expected, right, wrong):
    specimen = Specimen("x", expected, "x.ipynb", named=("m",))
    assert mismatch(specimen, right) == ""
    assert mismatch(specimen, wrong)


@pytest.mark.parametrize("expected", Expected)
def test_an_error_and_a_leak_are_never_expected(expected):
    specimen = Specimen("x", expected, "x.ipynb")
    assert mismatch(specimen, Report(student="ana", assignment="a", status=Status.ERROR))
    assert mismatch(specimen, report(True, False, hint=LEAK.decode()))
    if expected is not Expected.MISSING:
        assert mismatch(specimen, None)
        assert mismatch(specimen, Report(student="ana", assignment="a", status=Status.MISSING))


def test_a_missing_report_is_a_mismatch(seats):
    found = mismatches(seats[:5], [])
    assert len(found) == 5


def test_an_enrolment_is_a_record(seats):
    assert msgspec.to_builtins(seats[0])["student"] == STUDENTS[0]


def test_the_command_grades_a_class_of_any_course_as_expected(course_file, autograder, tmp_path):
    course_file.write_text(course_file.read_text().replace("  - name: later\n    weight: 1\n", ""))
    run = autograder("demo", tmp_path / "demo")
    shown, errors = run.communicate(timeout=100)
    assert run.returncode == 0, shown + errors
    assert "60 of 60 as expected" in shown
    assert len((tmp_path / "demo" / "grades.csv").read_text(encoding="utf-8").splitlines()) == 61
