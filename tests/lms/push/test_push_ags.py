"""What only LTI Advantage does."""

from __future__ import annotations

import pytest
from fake_ags import ACCESS, PREFIX
from lms_platform import graded

from autograder.errors import PushError
from autograder.lms.ags.push import CANVAS_SUBMISSION, AgsTarget, address_beneath
from autograder.lms.push.http import next_page
from autograder.lms.push.model import PushAction, PushStatus
from autograder.lms.push.run import push


def moves(plan):
    return {row.grade.student: row.move for row in plan.rows}


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        ("https://m/lineitems/3/lineitem?type_id=1", "https://m/lineitems/3/lineitem/scores?type_id=1"),
        ("https://m/api/lti/courses/1/line_items/2", "https://m/api/lti/courses/1/line_items/2/scores"),
        ("https://m/i/2/?a=b%20c&d", "https://m/i/2/scores?a=b%20c&d"),
    ],
)
def test_scores_stand_before_the_query(item, wanted):
    assert address_beneath(item, "scores") == wanted


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ('<https://m/A?p=2>; rel="next"', "https://m/A?p=2"),
        ("<https://m/a?x=1&amp;From=3>; rel=“next”", "https://m/a?x=1&From=3"),
        ("<https://m/a?x=1&amp;From=3>; rel=“next”".encode().decode("latin-1"), "https://m/a?x=1&From=3"),
        ("<https://m/1>; rel=first, <https://m/2,b>; title=x; rel='next'", "https://m/2,b"),
        ("&lt;https://m/2&gt;; rel=&quot;next&quot;", "https://m/2"),
        ("<?page=2>; rel=next", "https://m/base?page=2"),
        ('<https://m/1>; rel="prev"', None),
        ('<https://m/next>; rel="last"', None),
        ("", None),
        ("<<<;;;rel=next", None),
    ],
)
def test_next_pages_however_they_are_written(header, wanted):
    assert next_page(header, "https://m/base") == wanted


def test_one_token_for_a_whole_push(ags):
    ags.push([graded(name, 5.0) for name in ("ana", "bo", "cyd")])
    assert ags.fake.tokens == 1


def test_a_token_is_renewed_before_it_runs_out(ags):
    target = ags.target()
    ags.clock.seconds += 3600
    target.read()
    assert ags.fake.tokens == 2


@pytest.mark.parametrize("scope", ["score", "result.readonly", "contextmembership.readonly"])
def test_too_few_scopes_are_named(ags, scope):
    ags.fake.granted = [name for name in ags.fake.granted if not name.endswith(scope)]
    with pytest.raises(PushError, match=f"does not grant {scope}. An administrator"):
        ags.target()


def test_a_platform_that_knows_only_the_stronger_scope(ags):
    from lms_platform import Response

    ags.fake.granted.remove("lti-ags/scope/lineitem.readonly")

    def picky(request):
        asked = request.form.get("scope", "").split() if request.path == "/token" else []
        unknown = [scope for scope in asked if scope.removeprefix(PREFIX) not in ags.fake.granted]
        return Response(400, {"error": "invalid_scope"}) if unknown else None

    ags.fake.instead = picky
    assert ags.push([graded("ana", 5.0)]).agreed


def test_the_same_second_is_waited_for(ags):
    ags.fake.times["101"] = ags.clock.now()
    pushed = ags.push([graded("ana", 10.0, "why")])
    assert pushed.agreed
    assert [body["userId"] for body in ags.fake.posted] == ["101", "101"]
    first, second = (body["timestamp"] for body in ags.fake.posted)
    assert first < second
    assert second.endswith("Z")


def test_a_clock_that_is_behind_is_no_endless_loop(ags):
    from datetime import timedelta

    ags.fake.times["101"] = ags.clock.now() + timedelta(days=1)
    pushed = ags.push([graded("ana", 10.0), graded("bo", 10.0)])
    assert [outcome.result for outcome in pushed.outcomes] == [PushStatus.REFUSED, PushStatus.AGREED]
    assert "is the clock right?" in pushed.outcomes[0].reason
    assert moves(ags.push([graded("ana", 10.0)]).plan) == {"ana": PushAction.REFUSED_BEFORE}


def test_a_score_says_all_that_it_must(ags):
    ags.push([graded("ana", 10.0, "why")])
    body = ags.fake.posted[0]
    assert (body["activityProgress"], body["gradingProgress"]) == ("Completed", "FullyGraded")
    assert (body["scoreGiven"], body["scoreMaximum"], body["comment"]) == (10.0, 20.0, "why")
    assert CANVAS_SUBMISSION not in body


def test_on_canvas_a_score_is_no_new_attempt(ags):
    target = ags.target()
    target._in_canvas = True
    assert push(target, ags.order([graded("ana", 10.0)]), sleep=ags.clock.sleep).agreed
    assert ags.fake.posted[0][CANVAS_SUBMISSION] == {"new_submission": False}


def test_a_canvas_is_known_by_its_address(ags):
    class Recorded:
        def get(self, url, headers):
            from autograder.lms.push.http import HttpReply

            return HttpReply(200, url, {}, b'[{"id": "https://c/api/lti/courses/1/line_items/2", "label": "HW 1"}]')

    target = AgsTarget(Recorded(), "https://c.example.edu/api/lti/courses/1/line_items", "https://c/members", "HW 1")
    assert target._in_canvas


def test_an_invisible_override_is_found_by_reading_back(ags):
    ags.fake.overridden["101"] = 60.0
    ags.fake.scores["101"] = 50.0
    pushed = ags.push([graded("ana", 15.0)])
    assert pushed.outcomes[0].result is PushStatus.KEPT
    assert pushed.outcomes[0].found == pytest.approx(12.0)
    posted = len(ags.fake.posted)
    again = ags.push([graded("ana", 15.0)])
    assert moves(again.plan) == {"ana": PushAction.REFUSED_BEFORE}
    assert len(ags.fake.posted) == posted


def test_a_line_item_of_another_host_gets_no_token(ags):
    items = ags.fake.items()
    items[1]["id"] = "http://localhost:1/lineitems/3/lineitem"
    ags.fake.items = lambda: items
    with pytest.raises(PushError, match="no token of its own is sent"):
        ags.target().read()


def test_pages_that_lead_in_a_circle_end(ags):
    target = ags.target()
    ags.fake.circular = True
    with pytest.raises(PushError, match="lead in a circle"):
        target.members()


def test_two_columns_of_one_name(ags):
    items = ags.fake.items()
    items[0]["resourceId"] = "hw1"
    ags.fake.items = lambda: items
    with pytest.raises(PushError, match="2 line items have the resourceId 'hw1'"):
        ags.target()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"token": "x"}', "without a token"),
        (b"[]", "without a token"),
        (b"<html>", "something other than JSON"),
        (b'{"access_token": "a\\nb"}', "without a token"),
    ],
)
def test_a_token_url_that_gives_none(ags, body, said):
    from lms_platform import Response

    ags.fake.instead = lambda request: Response(body=body) if request.path == "/token" else None
    with pytest.raises(PushError, match=said):
        ags.target()


def test_a_refused_client(ags):
    from lms_platform import Response

    ags.fake.instead = lambda request: Response(401, {"error": "invalid_client", "echo": ACCESS})
    with pytest.raises(PushError, match=r"no token.*invalid_client.*public key") as caught:
        ags.target()
    assert "eyJ" not in str(caught.value)


@pytest.mark.parametrize("text", ["-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n", "PRIVATE KEY"])
def test_a_key_that_cannot_sign(ags, tmp_path, text):
    (tmp_path / "key.pem").write_text(text)
    with pytest.raises(PushError, match="private key cannot sign"):
        ags.target()
