"""Student ids as file names, and as text on a terminal."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.text import MAX_LENGTH, printable, safe_name, student_of

NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(NAMES)
def test_a_short_name_can_be_turned_back(student):
    name = safe_name(student)
    assert len(name) <= MAX_LENGTH
    if "~" not in name:
        assert student_of(name) == student


@given(NAMES, NAMES)
def test_two_students_never_share_a_file(one, other):
    assert (safe_name(one) == safe_name(other)) == (one == other)


@given(st.text(min_size=1))
def test_a_name_is_one_plain_component(student):
    try:
        os.fsencode(student)
    except UnicodeEncodeError:
        return
    name = safe_name(student)
    assert name.isascii()
    assert name.isprintable()
    assert not set(name) & set("/\\ :*?\"<>|'")
    assert name[0] not in ".-"


@pytest.mark.parametrize(
    ("student", "name"),
    [
        ("ana", "ana"),
        ("Peñaloza, Inés", "Pe%C3%B1aloza%2C%20In%C3%A9s"),
        ("..", "%2E."),
        ("-rf", "%2Drf"),
        ("50%25", "50%2525"),
        ("a/b", "a%2Fb"),
    ],
)
def test_encoding(student, name):
    assert safe_name(student) == name
    assert student_of(name) == student


def test_a_long_name_is_shortened_without_collisions():
    one, other = safe_name("ñ" * 120 + "a"), safe_name("ñ" * 120 + "b")
    assert one != other
    assert len(one) <= MAX_LENGTH
    assert student_of(one) is None


def test_what_a_terminal_would_obey_is_escaped():
    assert printable("a\x1b[2Jb\u202ec\nñ") == "a\\x1b[2Jb\\u202ec\\nñ"
