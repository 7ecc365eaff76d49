"""The records of this course: current, complete, small, and what TensorFlow computes here too."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from autograder.baseline import cases
from autograder.baseline.archive import DTYPES, read_baseline
from autograder.baseline.recording import Device, compute, is_stale
from autograder.grading.tolerances import compare_baselines

RECORDS = sorted((Path(__file__).parents[2] / "solutions").glob("*/baseline.npz"))
each_record = pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.parent.name)


@each_record
def test_a_record_is_current_complete_and_small(path):
    baseline = read_baseline(path)
    renew = f"run `autograder baseline record {path.parent.name}`"
    assert not is_stale(path.parent, baseline), renew
    assert set(baseline.cases) == set(cases.load_cases(path.parent).functions), renew
    assert {key.split("/")[1] for key in baseline.arrays} == set(DTYPES)
    narrow = [k for k, a in baseline.arrays.items() if k.split("/")[1] == "float64" and a.dtype == np.float32]
    assert not narrow, "computed in float32, though float64 was asked for"
    assert path.stat().st_size < 200_000
    origin = baseline.provenance
    assert origin.assignment == path.parent.name
    assert all(f"device:{origin.device}" in place for place in origin.devices)
    assert (origin.cuda is None) == (origin.device == "CPU")


@pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="TensorFlow is not installed")
@each_record
def test_a_record_agrees_with_tensorflow(path):
    problems = [
        each for each in compare_baselines(read_baseline(path), compute(path.parent, Device.CPU)) if each.problem
    ]
    assert not problems
