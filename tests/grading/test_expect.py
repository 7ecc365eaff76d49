"""expect: what passes, what fails, in which words, and that hostile values do no harm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import CriterionFailed
from autograder.grading import expect
from autograder.i18n import render

WANT = np.array([[0.25, 0.5], [-3.0, 1e-9]])


class Hostile:
    """An object that fails the test whatever is done to it."""

    def _touched(self, *_, **__):
        raise SystemExit("a method of an unknown object was called")

    __array__ = __float__ = __int__ = __index__ = __len__ = __iter__ = __getitem__ = __eq__ = __bool__ = _touched
    __array_ufunc__ = __array_function__ = __repr__ = __str__ = __lt__ = __gt__ = __abs__ = __sub__ = _touched
    __hash__ = None


class Evil(np.ndarray):
    """An array whose shape lies."""

    shape = property(lambda self: (2, 2))


def myself():
    items = []
    items.append(items)
    return items


def deep():
    items = [1.0]
    for _ in range(100_000):
        items = [items]
    return items


def wide():
    items = [0.0] * 1000
    for _ in range(6):
        items = [items] * 1000
    return items


def objects():
    array = np.empty(2, dtype=object)
    array[0] = Hostile()
    return array


HOSTILE = [
    Hostile(),
    [Hostile()],
    (1.0, Hostile()),
    objects(),
    Evil((3,)),
    type("float", (float,), {})(1.0),
    type("list", (list,), {})([1.0]),
    myself(),
    deep(),
    wide(),
    [[1.0], [2.0, 3.0]],
    [1.0, [2.0]],
    10**400,
    [10**5000],
    None,
    True,
    [True],
    np.True_,
    np.array([True]),
    "1.0",
    b"1",
    ["1.0"],
    {"a": 1.0},
    {1.0},
    1j,
    np.array([1j]),
    np.array(["a"]),
    np.array([b"a"]),
    np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    np.array(["2020-01-01"], dtype="M8[D]"),
    np.zeros(1, dtype="V8"),
    np.zeros(1, dtype=object),
    range(3),
    lambda: None,
    float,
]


@pytest.mark.parametrize("got", HOSTILE, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(
    "check",
    [
        lambda got: expect.close(got, WANT),
        lambda got: expect.close(got, 1.0),
        expect.array,
        expect.scalar,
        expect.floating,
        expect.finite,
        lambda got: expect.shape(got, (2, 2)),
        lambda got: expect.unchanged(WANT, got),
    ],
    ids=["close", "close-scalar", "array", "scalar", "floating", "finite", "shape", "unchanged"],
)
def test_a_value_that_is_no_array_of_numbers_fails_in_our_words(check, got):
    with pytest.raises(CriterionFailed) as caught:
        check(got)
    assert "Hostile" not in str(caught.value)
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize(
    "got",
    [
        WANT,
        WANT.astype(np.float32),
        WANT.astype(np.longdouble),
        WANT.astype(">f8"),
        WANT.tolist(),
        tuple(map(tuple, WANT)),
        list(WANT),
        [[np.float32(x) for x in row] for row in WANT],
        WANT * (1 + 1e-6),
        WANT + 5e-7,
        np.asfortranarray(WANT),
    ],
)
def test_close_takes_right_numbers_in_any_form_and_with_rounding(got):
    expect.close(got, WANT)


@pytest.mark.parametrize(("got", "want"), [(50, 50.0), (np.int64(50), 50.0), (np.array(50.0), 50.0), (50.0, [50.0][0])])
def test_close_takes_numbers_without_axes(got, want):
    expect.close(got, want)


def test_close_takes_another_order_of_summation():
    x = np.random.default_rng(1).normal(scale=100, size=(50, 2000)).astype(np.float32)
    expect.close(sum(x.T), x.astype(float).sum(axis=1))


def test_close_takes_float32_where_large_terms_cancel():
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=(100, 784)), rng.normal(size=(784, 10))
    expect.close(x.astype(np.float32) @ w.astype(np.float32), x @ w)


def test_close_takes_rounding_noise_around_zero():
    expect.close(np.full(3, 3e-8), np.array([1e-17, 0.0, -2e-17]))


def test_close_takes_half_precision_only_as_half_precision():
    expect.close(WANT.astype(np.float16), WANT)
    with pytest.raises(CriterionFailed):
        expect.close(WANT.astype(np.float16).astype(np.float64) * 1.003, WANT)


@pytest.mark.parametrize(
    ("got", "message"),
    [
        (np.zeros(3), "the result has shape (?,); shape (2, 2) is wanted"),
        (np.zeros((1, 2)), "the result has shape (1, 2); shape (2, 2) is wanted"),  # would broadcast
        (np.zeros((10**5, 0)), "the result has shape (?, ?); shape (2, 2) is wanted"),
        (np.zeros((1, 1, 1, 2, 2)), "the result has shape (1, 1, 1, 2, ...); shape (2, 2) is wanted"),
        (1.5, "the result is a single number; an array of shape (2, 2) is wanted"),
        (None, "the result is, or holds, nothing (None): is a return missing?; numbers are wanted"),
        (WANT * np.nan, "the result holds nan (not a number) where a number is wanted"),
        (WANT * np.inf, "the result holds infinity where a finite number is wanted"),
        (WANT + 1, "the shape is right, but the values are not"),
        (WANT.astype(int), "the shape is right, but the values are not"),
        (WANT.astype(complex), "the array holds values of dtype complex128; real numbers are wanted"),
        (WANT > 0, "the array holds values of dtype bool; real numbers are wanted"),
        (WANT.astype(object), "the array holds values of dtype another type; real numbers are wanted"),
    ],
)
def test_close_says_the_first_thing_that_is_wrong(got, message):
    with pytest.raises(CriterionFailed) as caught:
        expect.close(got, WANT)
    assert str(caught.value) == message


def test_close_wants_infinity_and_nan_exactly_where_the_right_result_has_them():
    want = np.array([np.nan, np.inf, -np.inf, 1.0])
    expect.close(want.copy(), want)
    for wrong in ([1.0, np.inf, -np.inf, 1.0], [np.nan, -np.inf, -np.inf, 1.0], [np.nan, 1e300, -np.inf, 1.0]):
        with pytest.raises(CriterionFailed, match="infinite or undefined"):
            expect.close(wrong, want)


def test_an_authors_tolerances_are_plain_ones():
    expect.close(1.05, 1.0, rtol=0, atol=0.1)
    with pytest.raises(CriterionFailed):
        expect.close(1.0 + 1e-9, 1.0, rtol=0, atol=0)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(0.001, 10))
def test_close_tells_a_wrong_number_from_a_right_one_at_any_scale(want, error):
    expect.close(want, want)
    if abs(want) > 0.1:
        with pytest.raises(CriterionFailed):
            expect.close(want * (1 + error), want)


def test_messages_show_no_value():
    with pytest.raises(CriterionFailed) as caught:
        expect.close([4242.0, 1.0], [1717.0, 1.0])
    assert not set("0123456789") & set(str(caught.value) + repr(dict(caught.value.params)))


def test_array_wants_an_array_of_floats_and_returns_it():
    assert expect.array(WANT, shape=(2, 2)) is WANT
    with pytest.raises(CriterionFailed, match="is a list; a NumPy array"):
        expect.array(WANT.tolist())
    with pytest.raises(CriterionFailed, match="dtype int64; floating"):
        expect.array(np.zeros(3, dtype=np.int64))
    with pytest.raises(CriterionFailed, match=r"shape \(\?, \?\); shape \(4,\)"):
        expect.array(WANT, shape=(4,))


@pytest.mark.parametrize("got", [1.5, np.float32(1.5), np.float64(1.5), np.array(1.5)])
def test_scalar_takes_one_float_of_any_make(got):
    assert expect.scalar(got) == 1.5


@pytest.mark.parametrize("got", [1, np.int8(1), np.array([1.5]), [1.5], True, "1.5"])
def test_scalar_refuses_everything_else(got):
    with pytest.raises(CriterionFailed):
        expect.scalar(got)


def test_floating_looks_at_lists_too():
    expect.floating([1.0, 2])
    with pytest.raises(CriterionFailed):
        expect.floating([1, 2])


def test_finite_names_nan_and_infinity():
    expect.finite(WANT)
    with pytest.raises(CriterionFailed, match="nan"):
        expect.finite([0.0, np.nan])
    with pytest.raises(CriterionFailed, match="infinity"):
        expect.finite(np.array([np.inf]))


@pytest.mark.parametrize(
    "after",
    [WANT + 1e-16, WANT.astype(np.float32), WANT.tolist(), WANT.reshape(-1), np.zeros((2, 2)), None],
)
def test_unchanged_forgives_nothing(after):
    before = WANT.copy()
    expect.unchanged(before, WANT)
    if not np.array_equal(np.asarray(after), WANT) or type(after) is not np.ndarray:
        with pytest.raises(CriterionFailed, match="changed its arguments"):
            expect.unchanged(before, after)


def test_unchanged_looks_into_lists_and_dicts():
    before = [{"W": WANT, "n": 3}, "text", (1, 2.0, float("nan"))]
    expect.unchanged(before, [{"W": WANT.copy(), "n": 3}, "text", (1, 2.0, float("nan"))])
    for after in ([{"W": WANT, "n": 4}, "text", (1, 2.0)], [{"W": WANT}, "text", (1, 2.0)], before[:2]):
        with pytest.raises(CriterionFailed):
            expect.unchanged(before, after)


def test_true_says_the_authors_sentence_in_the_students_language():
    expect.true(np.bool_(True), "never said")
    with pytest.raises(CriterionFailed) as caught:
        expect.true(False, "Too {small}.", es="Demasiado {pequeño}.")
    said = [render(caught.value.template, caught.value.params, lang) for lang in ("en", "es")]
    assert said == ["Too {small}.", "Demasiado {pequeño}."]


def test_true_refuses_what_is_neither_true_nor_false():
    with pytest.raises(TypeError, match=r"np\.all"):
        expect.true(np.array([True, True]), "never said")
