"""Whether two runs gave the same: up to rounding, but not up to kind."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading.comparison import alike

A = np.array([[1.0, np.nan], [np.inf, -2.0]])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (A, A.copy()),
        (A, A.astype(np.float32)),
        (A, A * (1 + 1e-7)),
        (1.0, np.float32(1.0)),
        (None, None),
        ("text", "text"),
        (np.array([True]), np.array([True])),
        ({"W": A, "n": [1, None]}, {"n": [1, None], "W": A * (1 + 1e-7)}),
        ((A, 3), (A, 3)),
        ({1, "a"}, {"a", 1}),
    ],
)
def test_rounding_and_width_do_not_matter(one, other):
    assert alike(one, other, containers=True)
    assert alike(other, one, containers=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (A, A.T),
        (A, -A),
        (A, np.nan_to_num(A)),
        (A, A[:1]),
        (A, None),
        (np.zeros(3), np.zeros(3, dtype=int)),
        (1.0, "1.0"),
        (True, 1),
        ({"W": A}, {"V": A}),
        ({"W": A}, {1: A}),
        ({1: A}, {1: A}),
        ((A, 3), [A, 3, 4]),
        (object(), object()),
        ({1, 2}, {1, 3}),
    ],
)
def test_anything_else_does(one, other):
    assert not alike(one, other, containers=False)
    assert not alike(other, one, containers=False)


def test_a_list_is_an_array_only_where_containers_do_not_count():
    assert alike([1.0, 2.0], np.array([1.0, 2.0]), containers=False)
    assert not alike([1.0, 2.0], np.array([1.0, 2.0]), containers=True)
