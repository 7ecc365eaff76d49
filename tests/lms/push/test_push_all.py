"""What holds on Canvas, on Moodle and over LTI alike."""

from __future__ import annotations

import pytest
from lms_platform import FAULTS, graded, held

from autograder.errors import OutputError, PushError, PushUnsettled
from autograder.lms.grades import Standing
from autograder.lms.push.model import JoinBy, PushAction, PushStatus
from autograder.lms.push.run import push
from autograder.lms.push.state import State


def moves(plan):
    return {row.grade.student: row.move for row in plan.rows}


def results(pushed):
    return {outcome.student: outcome.result for outcome in pushed.outcomes}


WHOLE = [
    graded(name, score, f"why: {score}") for name, score in [("ana", 17.5), ("bo", 0.0), ("cyd", 20.0), ("dee", 3.25)]
]


def test_a_class_arrives_and_is_read_back(site):
    pushed = site.push(WHOLE)
    assert results(pushed) == dict.fromkeys(["ana", "bo", "cyd", "dee"], PushStatus.AGREED)
    assert pushed.agreed
    assert [site.score(name) for name in ("ana", "bo", "cyd", "dee")] == [17.5, 0.0, 20.0, 3.25]
    assert site.comments("ana") == ["why: 17.5"]
    assert site.score("eve") is None


def test_a_preview_writes_nothing_anywhere(site, tmp_path):
    before = set(tmp_path.iterdir())
    plan = site.preview(WHOLE)
    assert moves(plan) == dict.fromkeys(["ana", "bo", "cyd", "dee"], PushAction.NEW)
    assert site.fake.writes == 0
    assert site.score("ana") is None
    assert set(tmp_path.iterdir()) == before


def test_a_second_push_sends_nothing(site):
    site.push(WHOLE)
    writes = site.fake.writes
    again = site.push(WHOLE)
    assert site.fake.writes == writes
    assert set(moves(again.plan).values()) == {PushAction.SAME}
    assert again.outcomes == ()
    assert again.agreed


def test_a_second_push_sends_nothing_even_without_the_state_file(site):
    site.push(WHOLE)
    site.state.unlink()
    writes = site.fake.writes
    assert site.push(WHOLE).agreed
    assert site.fake.writes == writes
    assert site.comments("ana") == ["why: 17.5"]


@pytest.mark.parametrize("standing", [standing for standing in Standing if standing is not Standing.GRADED])
def test_only_a_graded_score_ever_leaves(site, standing):
    site.set("ana", 11.0)
    pushed = site.push([held("ana", standing), held("bo", standing), graded("cyd", 5.0)])
    assert site.score("ana") == pytest.approx(11.0)
    assert site.score("bo") is None
    assert site.score("cyd") == pytest.approx(5.0)
    assert moves(pushed.plan)["ana"] == standing.value
    assert pushed.agreed is (standing is not Standing.FAILED)


def test_nothing_graded_asks_for_nothing(site):
    target = site.target()
    asked = len(site.fake.log)
    assert push(target, site.order([held("ana", Standing.PENDING)])).agreed
    assert len(site.fake.log) == asked


def test_a_raise_goes_and_a_drop_needs_leave(site):
    site.push([graded("ana", 10.0), graded("bo", 10.0)])
    writes = site.fake.writes
    stopped = site.push([graded("ana", 12.0), graded("bo", 7.5)])
    assert "1 grade would drop by more than 0 points, at most by 2.5" in stopped.plan.stop
    assert "--max-drop 2.5" in stopped.plan.stop
    assert not stopped.agreed
    assert site.fake.writes == writes
    assert site.score("ana") == pytest.approx(10.0), "not even the raise"
    allowed = site.push([graded("ana", 12.0), graded("bo", 7.5)], max_drop=2.5)
    assert moves(allowed.plan) == {"ana": PushAction.RAISE, "bo": PushAction.DROP}
    assert allowed.agreed
    assert site.score("bo") == pytest.approx(7.5)


def test_what_a_person_changed_is_reported_and_not_fought(site):
    site.push([graded("ana", 10.0), graded("bo", 10.0)])
    site.set("ana", 18.0)
    writes = site.fake.writes
    pushed = site.push([graded("ana", 12.0), graded("bo", 10.0)])
    assert moves(pushed.plan)["ana"] is PushAction.BY_HAND
    assert "10 was sent, and a person changed it there" in pushed.plan.rows[0].reason
    assert site.fake.writes == writes
    assert site.score("ana") == pytest.approx(18.0)
    assert pushed.agreed, "a decision of a person's is no failure"


def test_who_is_not_in_the_course_is_listed_and_the_others_arrive(site):
    with pytest.raises(PushError, match=r"no kind of name fits all 2 students.*login fits 1.*\(not: ghost\).*--join"):
        site.preview([graded("ana", 5.0), graded("ghost", 5.0)])
    pushed = site.push([graded("ana", 5.0), graded("ghost", 5.0)], join=JoinBy.LOGIN)
    assert moves(pushed.plan) == {"ana": PushAction.NEW, "ghost": PushAction.UNKNOWN}
    assert site.score("ana") == pytest.approx(5.0)
    assert not pushed.agreed


def test_a_teacher_is_never_graded(site):
    plan = site.preview([graded("teacher", 5.0)], join=JoinBy.LOGIN)
    assert moves(plan) == {"teacher": PushAction.UNKNOWN}


def test_the_platforms_own_number_and_the_universitys_are_not_mixed(site):
    plan = site.preview([graded("101", 5.0), graded("102", 6.0)])
    assert plan.join is JoinBy.ID
    assert [row.member.name for row in plan.rows] == ["ana", "bo"]


@pytest.mark.parametrize("score", [20.5, float("nan"), float("inf"), -1.0])
def test_a_score_that_fits_nowhere_stays_here(site, score):
    pushed = site.push([graded("ana", score), graded("bo", 5.0)])
    assert moves(pushed.plan)["ana"] is PushAction.MAXIMUM
    assert site.score("ana") is None
    assert site.score("bo") == pytest.approx(5.0)
    assert not pushed.agreed


def test_another_maximum_is_refused_or_rescaled(site):
    pushed = site.push([graded("ana", 8.5, max_score=10.0)])
    if site.via == "ags":
        assert site.fake.scores["101"] == pytest.approx(85.0)
        assert pushed.agreed
    else:
        assert "the column holds 20 points at most, ours are out of 10" in pushed.plan.rows[0].reason
        assert site.score("ana") is None


def test_a_student_who_is_listed_twice_gets_neither(site):
    plan = site.preview([graded("ana", 5.0), graded("ana", 6.0), graded("bo", 7.0)])
    assert [row.move for row in plan.rows] == [PushAction.AMBIGUOUS, PushAction.AMBIGUOUS, PushAction.NEW]


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_while_writing_changes_nothing_in_the_end(site, fault):
    if fault == "garbage after" and site.via == "ags":
        pytest.skip("a score's answer has no body that matters")
    site.fake.faults.append(fault)
    pushed = site.push(WHOLE)
    assert pushed.agreed, pushed.outcomes
    assert [site.score(name) for name in ("ana", "bo", "cyd", "dee")] == [17.5, 0.0, 20.0, 3.25]
    assert all(len(site.comments(name)) == 1 for name in ("ana", "bo", "cyd", "dee")), "no comment twice"


@pytest.mark.parametrize("fault", ["503 before", "mute before", "429"])
def test_a_platform_that_stays_broken_is_left_alone_and_a_rerun_ends_it(site, fault):
    site.fake.faults.extend([fault] * 200)
    pushed = site.push(WHOLE)
    assert not pushed.agreed
    assert set(results(pushed).values()) <= {PushStatus.NOT_WRITTEN, PushStatus.NOT_KNOWN}
    assert all(outcome.reason for outcome in pushed.outcomes)
    assert site.score("ana") is None
    site.fake.faults.clear()
    assert site.push(WHOLE).agreed
    assert all(len(site.comments(name)) == 1 for name in ("ana", "bo", "cyd", "dee"))


def test_what_cannot_be_read_back_is_not_claimed(site):
    target = site.target()
    site.fake.read_faults.clear()
    real = site.fake.answer

    def then_broken(request):
        response = real(request)
        if site.fake.is_write(request):
            site.fake.read_faults.extend(["503 before"] * 50)
        return response

    site.fake.answer = then_broken
    pushed = push(target, site.order(WHOLE), sleep=site.clock.sleep)
    assert set(results(pushed).values()) == {PushStatus.NOT_KNOWN}
    assert not pushed.agreed
    site.fake.read_faults.clear()
    site.fake.answer = real
    site._sleep(0)
    writes = site.fake.writes
    assert site.push(WHOLE).agreed
    assert site.fake.writes == writes, "it had arrived"


def test_one_push_at_a_time(site):
    with State(site.state, "x"), pytest.raises(OutputError, match="another push is using"):
        site.push(WHOLE)
    assert site.fake.writes == 0


def test_a_state_file_of_something_else_is_not_overwritten(site):
    site.state.write_text('{"format_version": 2, "targets": {}}')
    with pytest.raises(OutputError, match="it has format 2"):
        site.push(WHOLE)
    site.state.write_text("grades")
    with pytest.raises(OutputError, match="is not a record of pushes"):
        site.push(WHOLE)
    assert site.fake.writes == 0
    assert site.state.read_text() == "grades"


def test_ctrl_c_in_the_middle_loses_nothing(site):
    real = site.fake.answer
    target = site.target()
    target.batch = 2
    write, count = target.write, []

    def interrupted(changes):
        count.append(1)
        answers = write(changes)
        if len(count) == 1:
            raise KeyboardInterrupt
        return answers

    target.write = interrupted
    pushed = push(target, site.order(WHOLE), sleep=site.clock.sleep)
    assert pushed.interrupted
    assert list(results(pushed).values()) == [PushStatus.NOT_KNOWN] * 2 + [PushStatus.NOT_WRITTEN] * 2
    assert all(outcome.reason for outcome in pushed.outcomes)
    assert site.score("cyd") is None
    assert site.fake.answer == real
    again = site.push(WHOLE)
    assert again.agreed
    assert moves(again.plan) == {
        "ana": PushAction.SAME,
        "bo": PushAction.SAME,
        "cyd": PushAction.NEW,
        "dee": PushAction.NEW,
    }
    assert all(len(site.comments(name)) == 1 for name in ("ana", "bo", "cyd", "dee"))


def test_only_the_comment_changed(site):
    site.push([graded("ana", 10.0, "first")])
    pushed = site.push([graded("ana", 10.0, "second")])
    assert moves(pushed.plan) == {"ana": PushAction.COMMENT}
    assert pushed.agreed
    assert site.comments("ana")[-1] == "second"
    assert site.score("ana") == pytest.approx(10.0)


def test_a_hostile_comment_arrives_as_text(site):
    text = "a<b & \x00\x1b[31m<script>alert(1)</script> 'x' \ud800\nline two — ñ"
    pushed = site.push([graded("ana", 10.0, text)])
    assert pushed.agreed
    seen = site.comments("ana")[0]
    assert "\x00" not in seen
    assert "\x1b" not in seen
    assert ("<script>" in seen) is (site.via != "moodle"), "Moodle shows HTML, the others text"
    writes = site.fake.writes
    site.state.unlink()
    assert site.push([graded("ana", 10.0, text)]).agreed
    assert site.fake.writes == writes


def test_a_column_that_is_not_there(site):
    from autograder.lms.push.settings import PushSettings, connect_target

    known = site.target()
    assert "HW 1" in known.name
    options = {"url": site.fake.url, "course": "7" if site.via == "canvas" else "12"}
    if site.via == "ags":
        options = {"line_items": f"{site.fake.url}/lineitems", "memberships": f"{site.fake.url}/members"}
        options |= {"token_url": f"{site.fake.url}/token", "audience": "the-platform"}
        options |= {"client_id": "client-1", "key_id": "key-1"}
    with pytest.raises(PushError, match=r"called 'HW 9'.*HW 1"):
        connect_target(site.via, "HW 9", PushSettings(), options, site.clock.patience())
    assert connect_target(site.via, "HW 1", PushSettings(), options, site.clock.patience()).key == known.key


def test_a_grade_that_a_person_changes_while_nobody_answers_is_left(site):
    target = site.target()
    write = target.write

    def lost(changes):
        site.set("ana", 19.0)
        raise PushUnsettled("no answer")

    target.write = lost
    pushed = push(target, site.order([graded("ana", 10.0)]), sleep=site.clock.sleep)
    target.write = write
    assert results(pushed) == {"ana": PushStatus.KEPT}
    assert pushed.outcomes[0].reason == "a person changed it there meanwhile"
    assert site.push([graded("ana", 10.0)]).outcomes == ()
    assert site.score("ana") == pytest.approx(19.0)


def test_students_with_names_of_a_roster_are_found_by_their_ids(site):
    from autograder.lms.roster import Person

    people = {"participant-4": Person(student="participant-4", login="Ana"), "x": Person(student="x", login="bo")}
    plan = site.preview([graded("participant-4", 5.0), graded("x", 5.0)], people=people)
    assert [row.member.name for row in plan.rows] == ["ana", "bo"]
    assert plan.join is JoinBy.LOGIN
