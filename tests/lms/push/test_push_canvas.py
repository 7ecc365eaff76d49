"""What only Canvas does."""

from __future__ import annotations

import logging

import fake_canvas
import pytest
from lms_platform import graded, held

from autograder.errors import PushError
from autograder.lms.grades import Standing
from autograder.lms.push.model import JoinBy, PushAction, PushStatus
from autograder.lms.push.run import push


def moves(plan):
    return {row.grade.student: row.move for row in plan.rows}


def test_canvasapi_still_has_the_place_where_our_session_goes():
    from canvasapi.requester import Requester

    assert hasattr(Requester("https://canvas.example.edu", ""), "_session")


def test_lists_are_read_to_their_last_page(canvas):
    assert len(canvas.target().members()) == 7
    assert len(canvas.target().read()) == 7


def test_pages_that_lead_in_a_circle_end(canvas):
    target = canvas.target()
    canvas.fake.circular = True
    with pytest.raises(PushError, match="lead in a circle"):
        target.members()


def test_excused_there_stays_excused(canvas):
    canvas.fake.grade("101", None, excused=True)
    pushed = canvas.push([graded("ana", 10.0), graded("bo", 10.0)])
    assert moves(pushed.plan)["ana"] is PushAction.EXCUSED_THERE
    assert canvas.fake.submissions["101"]["excused"]
    assert canvas.score("ana") is None
    assert pushed.agreed


def test_students_by_any_of_their_names(canvas):
    for name, kind in [("101", JoinBy.ID), ("s101", JoinBy.SIS), ("ANA", JoinBy.LOGIN)]:
        plan = canvas.preview([graded(name, 5.0)])
        assert (plan.join, plan.rows[0].member.key) == (kind, "101")


def test_one_number_for_two_people_is_refused(canvas):
    canvas.fake.users[1]["sis_user_id"] = "101"
    with pytest.raises(PushError, match=r"by id they are other people than by sis.*--join"):
        canvas.preview([graded("101", 5.0)])
    plan = canvas.preview([graded("101", 5.0)], join=JoinBy.SIS)
    assert plan.rows[0].member.name == "bo"


def test_two_people_with_one_name_get_nothing(canvas):
    canvas.fake.users[1]["login_id"] = "Ana"
    plan = canvas.preview([graded("ana", 5.0), graded("cyd", 5.0)], join=JoinBy.LOGIN)
    assert moves(plan) == {"ana": PushAction.AMBIGUOUS, "cyd": PushAction.NEW}


def test_comments_of_others_stay_and_ours_is_added_once(canvas):
    canvas.fake.submissions["101"]["submission_comments"].append({"comment": "see me"})
    canvas.push([graded("ana", 10.0, "why")])
    canvas.push([graded("ana", 12.0, "why")])
    assert canvas.comments("ana") == ["see me", "why"]
    assert canvas.score("ana") == 12.0


def test_a_comment_that_a_person_deleted_does_not_come_back(canvas):
    canvas.push([graded("ana", 10.0, "why")])
    canvas.fake.submissions["101"]["submission_comments"].clear()
    writes = canvas.fake.writes
    assert canvas.push([graded("ana", 10.0, "why")]).agreed
    assert canvas.fake.writes == writes


def test_a_grade_that_a_person_took_away_is_given_again(canvas):
    canvas.push([graded("ana", 10.0)])
    canvas.fake.grade("101", None)
    pushed = canvas.push([graded("ana", 10.0)])
    assert moves(pushed.plan) == {"ana": PushAction.NEW}
    assert canvas.score("ana") == 10.0


def test_a_late_policy_of_canvas_is_named(canvas):
    canvas.fake.late["101"] = 2.0
    pushed = canvas.push([graded("ana", 10.0)])
    assert pushed.outcomes[0].result is PushStatus.AGREED
    assert pushed.outcomes[0].reason == "Canvas's own late policy makes 8 of it"


@pytest.mark.parametrize("applied", [False, True])
def test_a_job_that_fails_is_judged_by_what_is_there(canvas, applied):
    canvas.fake.job_fails = True
    sleep = canvas._sleep if applied else canvas.clock.sleep
    pushed = push(canvas.target(), canvas.order([graded("ana", 10.0, "why")]), sleep=sleep)
    assert pushed.outcomes[0].result is (PushStatus.AGREED if applied else PushStatus.NOT_WRITTEN)
    assert applied or "Canvas could not do it: Something went wrong" in pushed.outcomes[0].reason
    assert len(canvas.comments("ana")) == applied


def test_a_job_that_does_not_end_is_not_waited_for_for_ever(canvas):
    canvas.fake.queries_until_done = 10**6
    pushed = push(canvas.target(), canvas.order([graded("ana", 10.0)]), sleep=canvas.clock.sleep)
    assert pushed.outcomes[0].result is PushStatus.NOT_WRITTEN
    assert "still writing" in pushed.outcomes[0].reason
    assert 900 < canvas.clock.seconds < 1200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"grading_type": "pass_fail"}, "not graded in points"),
        ({"points_possible": 0}, "not graded in points"),
        ({"points_possible": None}, "not graded in points"),
        ({"group_category_id": 4}, "Assign Grades to Each Student Individually"),
        ({"anonymize_students": True}, "hides who the students are"),
        ({"moderated_grading": True}, "is moderated"),
    ],
)
def test_assignments_that_cannot_take_one_students_points(canvas, change, said):
    canvas.fake.assignment |= change
    with pytest.raises(PushError, match=said):
        canvas.target()


def test_a_closed_grading_period(canvas):
    canvas.fake.assignment["in_closed_grading_period"] = True
    pushed = canvas.push([graded("ana", 10.0)])
    assert moves(pushed.plan) == {"ana": PushAction.LOCKED}
    assert not pushed.agreed
    assert canvas.fake.writes == 0


def test_canvas_is_busy_with_403(canvas):
    from lms_platform import Response

    target, answers = canvas.target(), [Response(403, b"403 Forbidden (Rate Limit Exceeded)", kind="text/html")] * 2
    canvas.fake.instead = lambda request: answers.pop() if answers else None
    assert len(target.members()) == 7


def test_a_token_that_is_not_accepted(canvas, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_CANVAS_TOKEN", "wrongSECRETwrong")
    with pytest.raises(PushError, match=r"does not accept the token.*New Access Token") as caught:
        canvas.target()
    assert "wrongSECRETwrong" not in str(caught.value)


def test_what_is_missing_is_named(canvas):
    assert canvas.target().lacking() == []
    canvas.fake.may_grade = False
    assert canvas.target().lacking() == ["the permission 'Grades - edit' in this course"]


def test_not_even_the_end_of_the_token_is_logged(canvas, caplog):
    caplog.set_level(logging.DEBUG)
    canvas.push([graded("ana", 10.0), held("bo", Standing.PENDING)])
    assert "Request: GET" in caplog.text, "canvasapi logs"
    assert fake_canvas.TOKEN[-4:] not in caplog.text
