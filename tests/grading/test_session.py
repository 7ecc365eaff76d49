"""A grading session: submissions in, reports out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_course import RIGHT, STARTER, Grade, InProcess, job, notebook

from autograder.course import load_course
from autograder.errors import SandboxError
from autograder.grading.session import grade_jobs_in_session
from autograder.report import Report, Status
from autograder.sandbox import Limits, Sandbox
from autograder.submission import Job


def test_of(report: Report, name: str):
    return next(test for question in report.questions for test in question.tests if test.id == f"tiny::{name}")


test_of.__test__ = False


def test_a_right_submission_earns_all_automatic_points_and_waits_for_a_person(grade: Grade):
    (report,) = grade(RIGHT)
    assert (report.status, report.score, report.max_score) == (Status.PENDING, 6, 10)
    assert [(q.name, q.score, q.max_score, q.manual) for q in report.questions] == [
        ("double", 3, 3, False),
        ("total", 3, 3, False),
        ("explain", None, 4, True),
    ]
    assert [test.id for test in report.questions[0].tests] == ["tiny::test_values", "tiny::test_whole"]
    assert (report.student, report.assignment, report.content_hash) == ("s0", "tiny", "hash")
    assert (report.isolation, report.lang, report.reason) == (
        "none",
        "en",
        "full marks so far; a person grades the rest",
    )
    assert report.engine
    assert report.started
    assert report.seconds > 0


def test_without_written_questions_the_report_is_final(grade: Grade, assignment: Path):
    grader = assignment / "test_tiny.py"
    grader.write_text(grader.read_text().partition('@pytest.mark.question("explain")')[0])
    (report,) = grade(RIGHT)
    assert (report.status, report.score, report.max_score, report.reason) == (Status.GRADED, 6, 6, "full marks")


def test_a_misconception_is_named_with_its_hint_and_gives_the_reason(grade: Grade):
    (report,) = grade(RIGHT.replace("np.asarray(x, dtype=float) +", "np.asarray(x, dtype=float) *"))
    assert (report.score, report.reason) == (4, "The numbers are squared")
    values = test_of(report, "test_values")
    assert (values.passed, values.points, values.max_points) == (False, 0, 2)
    assert values.message == "the shape is right, but the values are not"
    assert (values.misconception, values.hint.partition("\n")[0]) == ("squared", "The numbers are squared.")
    assert test_of(report, "test_whole").passed


def test_the_report_is_in_the_language_asked_for(grade: Grade):
    (report,) = grade(RIGHT.replace("np.sum", "np.mean"), lang="es")
    total = test_of(report, "test_total")
    assert (report.lang, report.reason) == ("es", "Se toma la media")
    assert (total.criterion, total.message) == ("Suma.", "la forma es correcta, pero los valores no")
    assert total.hint == "Se toma la media.\n\nNo dividas."


def test_the_language_of_the_notebook_comes_before_that_of_the_course(grade: Grade):
    (report,) = grade(notebook(RIGHT, lang="es"))
    assert report.lang == "es"


def test_a_mistake_that_nobody_knows_is_not_named(grade: Grade):
    (report,) = grade("def double(x): return [7.0 * v for v in x]\ndef total(x): return 'much'\n")
    assert test_of(report, "test_values").misconception == test_of(report, "test_total").misconception == ""
    assert test_of(report, "test_total").message == "the result is a text; a single number is wanted"
    assert report.reason == "Doubles every number, and 1 more"


def test_a_wrong_function_is_seen_behind_one_that_calls_it(grade: Grade, assignment: Path):
    reference = assignment / "tiny.py"
    reference.write_text(reference.read_text().replace("double(x).sum() / 2", "double(x).sum()"))
    student = "import numpy as np\ndef double(x): return np.asarray(x, dtype=float) ** 2\n"
    (report,) = grade(student + "def total(x): return float(double(x).sum())\n")
    assert test_of(report, "test_total").misconception == "squared"


def test_the_starter_is_not_attempted_and_half_of_it_is_half(grade: Grade):
    starter, half = grade(STARTER, STARTER.replace("raise NotImplementedError", "return [2.0 * v for v in x]", 1))
    assert (starter.status, starter.score, starter.reason) == (Status.PENDING, 0, "not attempted")
    assert {test.message for question in starter.questions[:2] for test in question.tests} == {"not attempted"}
    assert (half.score, test_of(half, "test_total").message) == (3, "not attempted")
    assert half.reason == "Adds up"


def test_a_file_that_is_no_notebook_is_a_zero_with_the_reason(grade: Grade):
    (report,) = grade(b"\x89PNG")
    assert (report.status, report.score, report.max_score) == (Status.GRADED, 0, 10)
    assert report.reason
    assert {test.message for question in report.questions for test in question.tests} == {report.reason}


def test_students_do_not_meet(grade: Grade):
    wrong = RIGHT.replace("+", "*")
    reports = grade(RIGHT, wrong, RIGHT, STARTER, b"", RIGHT)
    assert [report.score for report in reports] == [6, 4, 6, 0, 0, 6]


def test_an_exception_of_the_students_shows_its_kind_and_never_its_text(grade: Grade):
    (report,) = grade("def double(x): raise ValueError(f'secret {x}')\n")
    values, total = test_of(report, "test_values"), test_of(report, "test_total")
    assert values.message == "double raised ValueError"
    assert total.message == "total is not defined"


BROKEN_TEST = '''

@double
@pytest.mark.points(1)
def test_broken(student):
    """Is broken."""
    {body}
'''


@pytest.mark.parametrize(
    "body",
    ["assert student.double([1.0]) is None", "student.double(lambda: 0)", "1 / 0", "pytest.skip('no')", "baseline"],
)
def test_a_test_that_fails_on_the_reference_gives_an_error_and_no_score(grade: Grade, assignment: Path, body: str):
    test = BROKEN_TEST.format(body=body)
    if body == "baseline":
        test = test.replace("(student)", "(baseline)")
    with (assignment / "test_tiny.py").open("a") as grader:
        grader.write(test)
    reports = grade(RIGHT, STARTER)
    assert [(report.status, report.score, report.max_score) for report in reports] == [(Status.ERROR, None, None)] * 2
    assert "test_broken" in reports[0].reason or "baseline.npz does not exist" in reports[0].reason


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("assert student.double([1.0])[0] == 2, 'Twice one is two.'", "Twice one is two."),
        ("x = student.double([1.0])\n    assert x[0] == 2, f'got {x}'", "this criterion is not met"),
        ("assert student.double([1.0])[0] == 2", "this criterion is not met"),
        ("np.testing.assert_allclose(student.double([1.0]), [2.0])", "this criterion is not met"),
        ("if student.double([1.0])[0] != 2:\n        pytest.fail('Twice one.')", "Twice one."),
        (
            "assert student.double([1.0]).shape == (1,)",
            "the value that the function returned could not be used here: is it of the right kind and shape?",
        ),
    ],
)
def test_only_an_authors_literal_words_reach_the_student(grade: Grade, assignment: Path, body: str, message: str):
    with (assignment / "test_tiny.py").open("a") as grader:
        grader.write(BROKEN_TEST.format(body=body))
    (report,) = grade("def double(x): return [4242.0]\n")
    assert report.status is Status.PENDING
    assert test_of(report, "test_broken").message == message


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("@pytest.mark.points(2)\n", "", "test_values has no points: add @pytest.mark.points"),
        ("@pytest.mark.points(2)", "@pytest.mark.points(0)", "test_values has no points"),
        ("@pytest.mark.points(3)", "@pytest.mark.points(3)\n@pytest.mark.skip", "is marked skip"),
        ('@pytest.mark.question("total")\n', "", 'belongs to no question: add @pytest.mark.question("name")'),
        ('"""Adds up.\n\n    es: Suma.\n    """', "", "test_total has no docstring"),
        ('question("explain")', 'question("total")', "question 'total' has manual and automatic tests"),
        ("import pytest\n", "import pytest\n1 / 0\n", "cannot be collected: ZeroDivisionError"),
        ("def test_", "def no_test_", "has no hidden tests"),
        (
            "(student, reference, rng)",
            "(student, reference, nothing)",
            "fails on the reference solution (FixtureLookupError); run `pytest",
        ),
    ],
)
def test_a_broken_grader_says_what_is_wrong_in_every_report(
    grade: Grade, assignment: Path, old: str, new: str, reason: str
):
    grader = assignment / "test_tiny.py"
    grader.write_text(grader.read_text().replace(old, new))
    (report,) = grade(RIGHT)
    assert (report.status, report.score) == (Status.ERROR, None)
    assert reason in report.reason


def test_an_unknown_assignment_is_an_error(grade: Grade):
    (report,) = grade(Job("ana", "tinny", "tinny.ipynb", notebook(RIGHT), "", None))
    assert (report.status, report.reason) == (Status.ERROR, "assignment 'tinny' is not among those of this run")


def test_a_missing_reference_is_an_error(grade: Grade, assignment: Path):
    (assignment / "tiny.py").unlink()
    (report,) = grade(RIGHT)
    assert (report.status, report.score) == (Status.ERROR, None)


class Breaks(InProcess):
    """A sandbox that cannot start."""

    def run(self, cells):
        raise SandboxError("no process could be started")


def test_a_broken_sandbox_is_an_error_for_each_submission(grade: Grade):
    reports = grade(RIGHT, RIGHT, sandbox=Breaks())
    assert [(r.status, r.score, r.reason) for r in reports] == [(Status.ERROR, None, "no process could be started")] * 2


def test_what_jobs_and_emit_raise_comes_out(course_folder: Path):
    course = load_course(course_folder / "course.yml")

    def emit(report: Report) -> None:
        raise KeyError("full disk")

    with pytest.raises(KeyError, match="full disk"):
        grade_jobs_in_session(course, course.assignments, InProcess(), [job("ana", RIGHT)], emit)


def test_jobs_are_pulled_one_at_a_time(course_folder: Path):
    course, reports = load_course(course_folder / "course.yml"), []

    def jobs():
        for number in range(3):
            assert len(reports) == number
            yield job(f"s{number}", RIGHT)

    grade_jobs_in_session(course, course.assignments, InProcess(), jobs(), reports.append)
    assert len(reports) == 3


def test_two_assignments_take_turns(course_folder: Path, assignment: Path):
    other = course_folder / "solutions" / "other"
    other.mkdir()
    for path in assignment.iterdir():
        if path.is_file():
            (other / path.name.replace("tiny", "other")).write_text(path.read_text().replace("tiny", "other"))
    text = (course_folder / "course.yml").read_text()
    (course_folder / "course.yml").write_text(text + "  - name: other\n    weight: 1\n")
    course, reports = load_course(course_folder / "course.yml"), []
    jobs = [Job("ana", name, f"{name}.ipynb", notebook(RIGHT), "", None) for name in ("tiny", "other", "tiny", "other")]
    grade_jobs_in_session(course, course.assignments, InProcess(), jobs, reports.append)
    assert [(r.assignment, r.score) for r in reports] == [("tiny", 6), ("other", 6)] * 2


def test_a_session_leaves_no_module_and_no_variable_behind(grade: Grade, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    grade(RIGHT)
    assert not [name for name in sys.modules if name.endswith("test_tiny")]
    assert os.environ["PYTEST_ADDOPTS"] == "--no-such-option"
    assert "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in os.environ


def test_inputs_are_the_same_for_every_student_and_follow_secret_and_test(grade: Grade, course_folder: Path):
    spy = "seen = []\ndef double(x):\n    raise ValueError\n"
    with (course_folder / "solutions" / "tiny" / "test_tiny.py").open("a") as grader:
        grader.write(
            "\n".join(
                f"@double\n@pytest.mark.points(1)\ndef test_{name}(rng):\n"
                f"    '''Draws.'''\n    with open({str(course_folder / 'drawn')!r}, 'a') as f:\n"
                f"        f.write(str(rng.integers(10**12)) + '\\n')\n"
                for name in ("one", "two")
            )
        )
    grade(spy, RIGHT)
    (course_folder / ".secret").write_text("another secret, long enough\n")
    grade(RIGHT)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", course_folder / "solutions" / "tiny"]
    subprocess.run(command, cwd=course_folder, check=True, capture_output=True, timeout=120)
    one, two, one_again, two_again, *other_secret = (course_folder / "drawn").read_text().split()
    assert (one, two) == (one_again, two_again)
    in_session, in_a_plain_run = other_secret[:2], other_secret[2:]
    assert in_session == in_a_plain_run
    assert len({one, two, *in_session}) == 4


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(Limits(call_seconds=2.0)) as sandbox:
        yield sandbox


def test_submissions_run_in_the_real_sandbox(grade: Grade, sandbox: Sandbox):
    reports = grade(
        RIGHT,
        RIGHT.replace("np.sum", "np.mean"),
        STARTER,
        notebook("import numpy\n1 / 0", RIGHT.partition("def total")[0], "x = undefined\ndef total(x): return 1.0"),
        "def double(x):\n    while True: pass\n",
        "def double(x):\n    import os; os._exit(0)\ndef total(x): return float(sum(map(sum, x)))\n",
        "class Own(Exception): pass\ndef double(x):\n    raise Own(str(x))\n",
        sandbox=sandbox,
    )
    assert [report.score for report in reports] == [6, 3, 0, 3, 0, 3, 0]
    assert {report.isolation for report in reports} == {sandbox.level}
    right, mean, starter, halted, endless, ends, raises = reports
    assert test_of(mean, "test_total").misconception == "mean"
    assert starter.reason == "not attempted"
    assert [error.cell for error in halted.cell_errors] == [1, 3]
    assert "ZeroDivisionError" in halted.cell_errors[0].message
    assert test_of(halted, "test_total").message.startswith("total is not defined, and cell 3 stopped with an error")
    assert "did not finish within" in test_of(endless, "test_values").message
    assert test_of(ends, "test_values").message == "double ended Python"
    own = "double raised an exception of its own in its line: raise Own(str(x))"
    assert test_of(raises, "test_values").message == own
    assert right.cell_errors == ()


class Bug(InProcess):
    """A sandbox with a mistake of ours in it."""

    def run(self, cells):
        raise ZeroDivisionError("hidden input 42")


def test_a_bug_of_ours_is_an_error_whose_text_goes_to_the_log_only(grade: Grade, caplog: pytest.LogCaptureFixture):
    (report,) = grade(RIGHT, sandbox=Bug())
    assert (report.status, report.score) == (Status.ERROR, None)
    assert report.reason == "an internal error (ZeroDivisionError); the log has the traceback"
    assert "hidden input 42" in caplog.text
