"""From a report to Gradescope's results.json: finite, bounded, and nothing shown before its time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from autograder.course import load_course
from autograder.course.model import KeepAttempt, LatePolicy, ShowWhen, Visibility
from autograder.hosts.gradescope.results import (
    MARK,
    SubmissionHistory,
    encode_results,
    read_history,
    results_json,
    ungraded_results,
)
from autograder.report import Figures, QuestionResult, Report, Status, TestResult, Training

ROOT = Path(__file__).parents[3]
COURSE = msgspec.structs.replace(load_course(ROOT / "course.yml"), late_policy=LatePolicy(per_day=0.5))
ASSIGNMENT = COURSE.assignment("softmax")
DUE = datetime(2027, 2, 13, 4, 59, tzinfo=UTC)


def report(points: float = 1.0, message: str = "", status: Status = Status.PENDING) -> Report:
    test = TestResult(
        id="t::x", criterion="Sums to 1.", passed=points == 2, points=points, max_points=2.0, message=message
    )
    by_hand = TestResult(id="t::y", criterion="Explains.", passed=False, points=0.0, max_points=3.0)
    questions = (
        QuestionResult("softmax", points, 2.0, tests=(test,)),
        QuestionResult("explain", None, 3.0, manual=True, tests=(by_hand,)),
    )
    return Report(student="s", assignment="softmax", status=status, score=points, max_score=5.0, questions=questions)


def test_a_criterion_is_a_test_and_a_written_answer_has_no_score():
    found = results_json(COURSE, ASSIGNMENT, report(), SubmissionHistory())
    assert found["score"] == 1.0
    assert [test.get("score") for test in found["tests"]] == [1.0, None]
    assert [test["number"] for test in found["tests"]] == ["1.1", "2.1"]
    assert "A person grades this." in found["tests"][1]["output"]


def test_each_question_is_shown_when_the_course_says():
    shown = Visibility(criteria=ShowWhen.AFTER_PUBLISHED, questions={"explain": ShowWhen.VISIBLE})
    own = msgspec.structs.replace(ASSIGNMENT, visibility=shown)
    found = results_json(COURSE, own, report(), SubmissionHistory())
    assert [test["visibility"] for test in found["tests"]] == ["after_published", "visible"]


def test_gradescopes_own_due_date_goes_before_the_courses():
    day = timedelta(days=1)
    assert results_json(COURSE, ASSIGNMENT, report(), SubmissionHistory(created=DUE + day / 2))["score"] == 0.5
    extended = SubmissionHistory(created=DUE + day / 2, due=DUE + day)
    assert results_json(COURSE, ASSIGNMENT, report(), extended)["score"] == 1.0


def test_the_best_attempt_counts_where_the_course_keeps_it_even_if_we_fail():
    before = SubmissionHistory(attempt=3, scores=((1, 1.5), (2, 0.5)))
    best = msgspec.structs.replace(COURSE, keep=KeepAttempt.BEST)
    assert results_json(COURSE, ASSIGNMENT, report(), before)["score"] == 1.0
    found = results_json(best, ASSIGNMENT, report(), before)
    assert found["score"] == 1.5
    assert "Attempt 3. Attempt 1 had the most so far: 1.5 of 2 points." in found["output"]
    failed = msgspec.structs.replace(report(), status=Status.ERROR, score=None, reason="the disk is full")
    assert results_json(best, ASSIGNMENT, failed, before)["score"] == 1.5
    assert "the disk is full" not in str(
        [t for t in ungraded_results("the disk is full")["tests"] if t["visibility"] == "visible"]
    )


def test_a_measured_training_is_ranked_and_a_loss_that_is_no_number_is_not():
    for losses, names in (((2.0, 0.5), ["Accuracy", "Loss"]), ((2.0, None), ["Accuracy"]), ((), ["Accuracy"])):
        training = Training("train", losses=losses, accuracy=0.9, seconds=1.0, confusion=((1,),))
        drawn = msgspec.structs.replace(report(), figures=Figures(training=training))
        board = results_json(COURSE, ASSIGNMENT, drawn, SubmissionHistory())["leaderboard"]
        assert [row["name"] for row in board] == names
        assert board[0]["value"] == 0.9
    assert "leaderboard" not in results_json(COURSE, ASSIGNMENT, report(), SubmissionHistory())


@given(st.floats(allow_nan=True, allow_infinity=True), st.text())
def test_any_report_becomes_finite_json(points: float, message: str):
    made = encode_results(results_json(COURSE, ASSIGNMENT, report(points, message), SubmissionHistory()))
    json.loads(made, parse_constant=lambda name: 1 / 0)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "created_at",
                        "users",
                        "assignment",
                        "due_date",
                        "previous_submissions",
                        "results",
                        "extra_data",
                        MARK,
                        "score",
                    ]
                ),
                inner,
            )
        ),
    )
)
def test_whatever_gradescope_says_of_a_submission_is_read_or_left_out(tmp_path_factory, value):
    path = tmp_path_factory.getbasetemp() / "metadata.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert read_history(path, MARK).attempt >= 1


def test_the_history_of_a_group_with_an_extension(tmp_path: Path):
    before = [
        {
            "submission_time": "2027-02-02T00:00:00+00:00",
            "score": 9.0,
            "results": {"extra_data": {MARK: {"score": 2.0}}},
        },
        {"submission_time": "2027-02-01T00:00:00+00:00", "score": 9.0, "results": {}},
    ]
    users = [{"id": 1}, {"id": 2, "assignment": {"due_date": "2027-03-01T00:00:00+00:00"}}]
    about = {
        "created_at": "2027-02-14T00:00:00+00:00", "users": users, "previous_submissions": before,
        "assignment": {"due_date": "2027-02-13T00:00:00+00:00"},
    }  # fmt: skip
    (tmp_path / "m.json").write_text(json.dumps(about), encoding="utf-8")
    found = read_history(tmp_path / "m.json", MARK)
    assert (found.attempt, found.scores) == (3, ((2, 2.0),))
    assert found.seconds_late(None) < 0
    assert read_history(tmp_path / "nothing.json", MARK) == SubmissionHistory()
