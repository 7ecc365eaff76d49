"""The engine and its runner: items in, outcomes and reports out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tiny_course import GRADER, RIGHT, STARTER, Grade, InProcess, job

from autograder.course import load_course
from autograder.errors import SandboxError
from autograder.grading import runner
from autograder.grading.engine import Engine, ProbeEngine
from autograder.grading.proxy import LocalCode
from autograder.grading.session import run_session
from autograder.report import Report, Status

WRONG = RIGHT.replace("+", "*")
LOG = """
def note(line):
    with open({path!r}, "a") as file:
        file.write(line + "\\n")
"""
FIXTURES = '''

@pytest.fixture(scope="module")
def opened():
    note("set up")
    yield
    note("torn down")


@double
@pytest.mark.points(1)
def test_opened(student, opened):
    """Is run by pytest's protocol."""
    note("called")
    expect.close(student.double([1.0]), [2.0])
'''


def reports(kind: type[Engine], folder: Path, *submissions: str) -> list[Report]:
    course = load_course(folder / "course.yml")
    found: list[Report] = []
    jobs = [job(f"s{i}", each) for i, each in enumerate(submissions)]
    run_session(kind(course, course.assignments, InProcess(), jobs, found.append), course, course.assignments)
    return found


def test_a_probe_reports_the_first_failed_criterion_alone(course_folder: Path):
    right, wrong = reports(ProbeEngine, course_folder, RIGHT, WRONG)
    assert [test.id for q in right.questions for test in q.tests] == [
        "tiny::test_values",
        "tiny::test_whole",
        "tiny::test_total",
    ]
    assert right.score == 6
    assert [(test.id, test.passed, test.misconception) for q in wrong.questions for test in q.tests] == [
        ("tiny::test_values", False, "")
    ]


def test_a_probe_tries_the_criterion_that_failed_last_first(course_folder: Path):
    both_wrong = WRONG.replace("np.sum", "np.mean")
    only_total = RIGHT.replace("np.sum", "np.mean")
    found = reports(ProbeEngine, course_folder, both_wrong, only_total, both_wrong)
    assert [report.questions[0].tests[0].id for report in found] == [
        "tiny::test_values",
        "tiny::test_total",
        "tiny::test_total",
    ]


def test_jobs_are_pulled_one_at_a_time(course_folder: Path):
    course = load_course(course_folder / "course.yml")
    events: list[str] = []

    def jobs():
        for number in range(2):
            events.append(f"pulled {number}")
            yield job(str(number), RIGHT)

    engine = Engine(
        course, course.assignments, InProcess(), jobs(), lambda report: events.append(f"sent {report.student}")
    )
    run_session(engine, course, course.assignments)
    assert events == ["pulled 0", "sent 0", "pulled 1", "sent 1"]
    assert engine.finished
    assert engine.failure is None


def test_what_emit_raises_ends_the_session_and_is_raised(course_folder: Path):
    course = load_course(course_folder / "course.yml")

    def emit(_: Report) -> None:
        raise OSError("the disk is full")

    engine = Engine(course, course.assignments, InProcess(), [job("s", RIGHT)], emit)
    with pytest.raises(OSError, match="the disk is full"):
        run_session(engine, course, course.assignments)
    assert not engine.finished


def test_a_broken_sandbox_is_an_error_of_one_report(grade: Grade):
    class Broken(InProcess):
        @contextmanager
        def run(self, cells: Sequence[str]) -> Iterator[LocalCode]:
            if "NotImplementedError" in cells[0]:
                raise SandboxError("the sandbox broke down")
            with super().run(cells) as code:
                yield code

    broken, right = grade(STARTER, RIGHT, sandbox=Broken())
    assert (broken.status, broken.score, broken.reason) == (Status.ERROR, None, "the sandbox broke down")
    assert right.score == 6


def test_a_module_stays_set_up_between_submissions(grade: Grade, assignment: Path):
    log = assignment / "log.txt"
    text = GRADER.replace("double = pytest", f"{LOG.format(path=str(log))}\ndouble = pytest")
    (assignment / "test_tiny.py").write_text(text + FIXTURES)
    found = grade(RIGHT, RIGHT)
    assert [report.score for report in found] == [7, 7]
    assert log.read_text().splitlines() == ["set up", "called", "called", "torn down"]


@pytest.mark.parametrize(
    ("change", "fast"),
    [
        (("", ""), True),
        (("(student)", "(student, reference, rng)"), True),
        (("@double", '@double\n@pytest.mark.parametrize("x", [3])'), None),
        (("def test_it(student)", "async def test_it(student)"), False),
        (("(student)", "(student, tmp_path)"), False),
        (("@double", "@pytest.fixture\ndef rng():\n    return 3\n\n@double"), True),
        (("@double", "@pytest.fixture\ndef student():\n    return 3\n\n@double"), False),
    ],
)
def test_the_fast_path_takes_tests_that_need_the_packages_fixtures_alone(
    grade: Grade, assignment: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], fast: bool | None
):
    chosen: dict[str, bool] = {}

    def observed(item: pytest.Item) -> runner.FastTest | None:
        found = original(item)
        chosen[item.name.partition("[")[0]] = found is not None
        return found

    original = runner.fast_test
    monkeypatch.setattr(runner, "fast_test", observed)
    test = '@double\n@pytest.mark.points(1)\ndef test_it(student):\n    """It is."""\n'.replace(*change)
    if fast is None:
        test, fast = test.replace("(student)", "(student, x)"), True
    (assignment / "test_tiny.py").write_text(f"{GRADER}\n\n{test}")
    grade(RIGHT)
    assert chosen["test_it"] is fast
