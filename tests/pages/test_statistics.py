"""Difficulty, discrimination, histograms: against NumPy, and where nothing can be said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.pages.statistics import difficulty, discrimination, histogram, logarithmic, quantile

SCORES = st.lists(st.floats(0, 20, width=32), min_size=5, max_size=40)


def test_difficulty_is_the_mean_share_of_the_points():
    assert difficulty([1.0, 2.0, 0.0], 2.0) == 0.5
    assert difficulty([], 2.0) is None
    assert difficulty([0.0], 0.0) is None


def test_discrimination_takes_the_item_out_of_the_total():
    item, total = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0], [9.0, 2.0, 7.0, 5.0, 4.0, 1.0]
    rest = np.subtract(total, item)
    assert discrimination(item, total) == pytest.approx(np.corrcoef(item, rest)[0, 1])


@pytest.mark.parametrize(("item", "total"), [([1.0] * 6, [1.0, 2, 3, 4, 5, 6]), ([0.0, 1.0], [3.0, 4.0])])
def test_where_nothing_varies_or_few_answered_there_is_no_discrimination(item, total):
    assert discrimination(item, total) is None


@settings(deadline=None)
@given(SCORES, st.randoms(use_true_random=False))
def test_a_correlation_lies_between_its_bounds(total, random):
    item = [random.choice((0.0, 1.0)) for _ in total]
    found = discrimination(item, total)
    assert found is None or -1 <= found <= 1


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=60))
def test_every_value_is_in_one_bin(values):
    assert sum(histogram(values, 0, 1, 10).counts) == len(values)


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e6), max_size=60))
def test_times_of_any_length_are_in_one_bin_each(values):
    found = logarithmic(values)
    assert sum(found.counts) == len(values)
    assert len(found.edges) == len(found.counts) + 1 <= 17


def test_the_last_bin_includes_its_end_and_borders_belong_to_the_bin_above():
    assert histogram([0.0, 0.1, 0.3, 1.0], 0, 1, 10).counts == (1, 1, 0, 1, 0, 0, 0, 0, 0, 1)


@settings(deadline=None)
@given(SCORES, st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values, share):
    assert quantile(values, share) == pytest.approx(np.quantile(values, share), abs=1e-6)
