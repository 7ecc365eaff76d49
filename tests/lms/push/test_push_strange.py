"""Platforms that answer with JSON of any form: words, never a traceback, and nobody's grade is touched wrongly."""

from __future__ import annotations

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lms_platform import Clock, graded, held

from autograder.errors import PushError
from autograder.lms.grades import Standing
from autograder.lms.registry import push_services

ANYTHING = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.just(10**400), st.floats(allow_nan=False), st.text(max_size=4)
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=4,
)


def places(value, where=()):
    """List where something stands in a JSON value."""
    yield where
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*where, key))


def replaced(value, where, by):
    if not where:
        return by
    changed = copy.copy(value)
    changed[where[0]] = replaced(value[where[0]], where[1:], by)
    return changed


@pytest.mark.parametrize("via", list(push_services()))
def test_answers_of_any_form_end_in_words(via, tmp_path, secrets_set, monkeypatch):
    from push_site import Site, make

    monkeypatch.setattr("autograder.lms.push.state.os.fsync", lambda _: None)
    clock = Clock()
    with make(via, clock).serving() as fake:
        site = Site(via, fake, clock, tmp_path)
        real = fake.answer

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        @given(which=st.integers(0, 12), place=st.integers(0, 500), by=ANYTHING)
        def strange(which, place, by):
            site.state.unlink(missing_ok=True)
            count = iter(range(1000))

            def answer(request):
                response = real(request)
                if next(count) == which and not isinstance(response.body, bytes):
                    known = list(places(response.body))
                    response.body = replaced(response.body, known[place % len(known)], by)
                return response

            fake.answer = answer
            kept = site.score("bo")
            try:
                pushed = site.push([graded("ana", 10.0, "why"), held("bo", Standing.PENDING)], max_drop=20.0)
            except PushError:
                pass  # in words, and nothing was sent
            else:
                assert all(outcome.reason or outcome.found is not None for outcome in pushed.outcomes)
            assert site.score("bo") == kept

        strange()
