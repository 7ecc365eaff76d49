"""Whatever comes in from outside, nothing but the errors meant for it comes out: kept seeds, and mutations of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from run import INSTRUMENTED
from targets import TARGETS, seeds

CASES = [(target, path) for target in TARGETS for path in seeds(target)]


@pytest.mark.parametrize(("target", "path"), CASES, ids=lambda value: getattr(value, "name", value))
def test_a_seed_is_borne(target, path):
    TARGETS[target](path.read_bytes())


def test_every_target_has_seeds_and_is_searched():
    assert {target for target, _ in CASES} == set(TARGETS) == set(INSTRUMENTED)


@st.composite
def mutated(draw: st.DrawFn, target: str) -> bytes:
    """Change a seed here and there: bytes replaced, cut out, repeated, or put between."""
    data = bytearray(draw(st.sampled_from([path.read_bytes() for path in seeds(target)])))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 40))
        new = draw(
            st.one_of(st.binary(max_size=8), st.just(bytes(data[at : at + length]) * 2), st.sampled_from(TOKENS))
        )
        data[at : at + length] = new
    return bytes(data)


TOKENS = [
    b"{",
    b"[",
    b'"',
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\0",
    b"\xff\xff\xff\xff",
    b"null",
    b"1e999",
    b"NaN",
    b"-" * 40,
]
TOKENS += [
    b"&a *a",
    b"!!python/object:os.system x",
    b"\xe2\x80\xae",
    b"# %%",
    b"<<: *",
    b"? :",
    b"\xc1",
    b"\xdd\xff\xff",
]


@pytest.mark.parametrize("target", TARGETS)
def test_mutated_seeds_are_borne(target):
    @settings(max_examples=150, deadline=None, database=None)
    @given(mutated(target))
    def check(data: bytes) -> None:
        TARGETS[target](data)

    check()


@pytest.mark.parametrize("target", TARGETS)
def test_any_bytes_are_borne(target):
    @settings(max_examples=100, deadline=None, database=None)
    @given(st.binary(max_size=2000))
    def check(data: bytes) -> None:
        TARGETS[target](data)

    check()
