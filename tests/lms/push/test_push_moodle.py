"""What only Moodle does."""

from __future__ import annotations

import pytest
from lms_platform import graded

from autograder.errors import PushError
from autograder.lms.moodle.push import GRADEBOOK
from autograder.lms.push.model import PushAction, PushStatus
from autograder.lms.push.run import push


def moves(plan):
    return {row.grade.student: row.move for row in plan.rows}


def test_null_is_not_believed(moodle):
    real = moodle.fake.mod_assign_save_grades
    moodle.fake.mod_assign_save_grades = lambda form: None
    pushed = moodle.push([graded("ana", 10.0)])
    assert pushed.outcomes[0].result is PushStatus.KEPT
    assert pushed.outcomes[0].found is None
    assert not pushed.agreed
    moodle.fake.mod_assign_save_grades = real
    writes = moodle.fake.writes
    again = moodle.push([graded("ana", 10.0)])
    assert moves(again.plan) == {"ana": PushAction.REFUSED_BEFORE}
    assert not again.agreed
    assert moodle.fake.writes == writes, "nothing is sent twice"
    assert moodle.push([graded("ana", 10.0)], again=True).agreed
    moodle.fake.mod_assign_save_grades = lambda form: None
    moodle.push([graded("bo", 10.0, "why")])
    moodle.fake.mod_assign_save_grades = real
    assert moodle.push([graded("bo", 10.0, "why")], again=True).agreed
    assert moodle.comments("bo") == ["why"], "nor was the comment there"


def test_what_was_refused_is_sent_when_it_has_changed(moodle):
    real = moodle.fake.mod_assign_save_grades
    moodle.fake.mod_assign_save_grades = lambda form: None
    moodle.push([graded("ana", 10.0)])
    moodle.fake.mod_assign_save_grades = real
    assert moodle.push([graded("ana", 11.0)]).agreed


def test_a_cell_overridden_in_the_gradebook_is_reported_and_left(moodle):
    moodle.fake.overridden["101"] = 15.0
    pushed = moodle.push([graded("ana", 10.0), graded("bo", 5.0)])
    assert moves(pushed.plan) == {"ana": PushAction.OVERRIDDEN, "bo": PushAction.NEW}
    assert "101" not in moodle.fake.grades
    assert pushed.agreed


def test_overridden_to_what_we_say_is_the_same(moodle):
    moodle.fake.overridden["101"] = 10.0
    assert moves(moodle.preview([graded("ana", 10.0, "why")])) == {"ana": PushAction.SAME}


def test_overridden_between_plan_and_write(moodle):
    target = moodle.target()
    write = target.write

    def later(changes):
        moodle.fake.overridden["101"] = 19.0
        return write(changes)

    target.write = later
    pushed = push(target, moodle.order([graded("ana", 10.0)]), sleep=moodle.clock.sleep)
    assert pushed.outcomes[0].result is PushStatus.KEPT
    assert pushed.outcomes[0].reason == "a person set this grade in the gradebook, and it stands"


def test_a_locked_cell(moodle):
    moodle.fake.locked.add("101")
    pushed = moodle.push([graded("ana", 10.0)])
    assert moves(pushed.plan) == {"ana": PushAction.LOCKED}
    assert not pushed.agreed


def test_nobody_is_made_up(moodle):
    from autograder.lms.push.model import JoinBy

    moodle.push([graded("999", 10.0), graded("2", 10.0), graded("101", 5.0)], join=JoinBy.ID)
    assert set(moodle.fake.grades) == {"101"}


def test_one_student_whom_moodle_refuses_costs_no_other(moodle):
    moodle.fake.poison.add("102")
    pushed = moodle.push([graded("ana", 10.0), graded("bo", 5.0), graded("cyd", 6.0)])
    results = {outcome.student: outcome.result for outcome in pushed.outcomes}
    assert results == {"ana": PushStatus.AGREED, "bo": PushStatus.REFUSED, "cyd": PushStatus.AGREED}
    assert "Invalid parameter value detected (invalidparameter)" in pushed.outcomes[1].reason


def test_a_service_without_the_gradebook_is_said(moodle):
    moodle.fake.allowed.remove(GRADEBOOK)
    assert moodle.target().lacking() == [f"the function {GRADEBOOK} in the token's service"]
    pushed = moodle.push([graded("ana", 10.0, "why")])
    assert any("overridden in the gradebook is not seen" in note for note in pushed.plan.notes)
    assert pushed.agreed
    writes = moodle.fake.writes
    assert moodle.push([graded("ana", 10.0, "why")]).agreed
    assert moodle.fake.writes == writes


def test_a_function_that_is_not_allowed_stops_everything(moodle):
    moodle.fake.allowed.remove("mod_assign_save_grades")
    pushed = moodle.push([graded("ana", 10.0), graded("bo", 10.0)])
    assert {outcome.result for outcome in pushed.outcomes} == {PushStatus.NOT_WRITTEN}
    assert "refused mod_assign_save_grades: Access control exception (accessexception)" in pushed.outcomes[0].reason
    assert moodle.fake.writes == 1
    moodle.fake.allowed.add("mod_assign_save_grades")
    assert moodle.push([graded("ana", 10.0), graded("bo", 10.0)]).agreed


@pytest.mark.parametrize("grade", [-3, 0, None])
def test_scales_and_ungraded_assignments(moodle, grade):
    moodle.fake.assignment["grade"] = grade
    with pytest.raises(PushError, match="not graded in points"):
        moodle.target()


def test_what_delays_a_grade_is_said(moodle):
    moodle.fake.assignment |= {"markingworkflow": 1, "blindmarking": 1, "teamsubmission": 1}
    notes = moodle.target().notes()
    assert len(notes) == 3
    assert "release" in notes[0]


def test_a_wrong_token_is_not_quoted(moodle, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_MOODLE_TOKEN", "wrongSECRETwrong")
    with pytest.raises(PushError, match=r"token not found \*\*\* \(invalidtoken\)") as caught:
        moodle.target()
    assert "wrongSECRETwrong" not in str(caught.value)


def test_a_course_that_the_token_does_not_see(moodle):
    from autograder.lms.push.settings import PushSettings, connect_target

    with pytest.raises(PushError, match="shows no course 13"):
        connect_target(
            "moodle",
            "softmax",
            PushSettings(),
            {"url": moodle.fake.url, "course": "13"},
            moodle.clock.patience(),
        )
    with pytest.raises(PushError, match="not a course number"):
        connect_target(
            "moodle",
            "softmax",
            PushSettings(),
            {"url": moodle.fake.url, "course": "nn101"},
            moodle.clock.patience(),
        )


def test_a_page_that_is_not_moodle(moodle):
    from lms_platform import Response

    moodle.fake.instead = lambda request: Response(body=b"<html>hello", kind="text/html")
    with pytest.raises(PushError, match="something other than JSON"):
        moodle.target()
    moodle.fake.instead = lambda request: Response(body=[1, 2])
    with pytest.raises(PushError, match="Is this Moodle"):
        moodle.target()
    moodle.fake.instead = lambda request: Response(403, b"off", kind="text/plain")
    with pytest.raises(PushError, match=r"answered 403: off.*REST protocol"):
        moodle.target()
