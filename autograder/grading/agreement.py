"""Whether TensorFlow computes today, here, what is recorded: array by array, by the table of tolerances."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from autograder.baseline.archive import Arrays, Baseline
from autograder.grading.tolerances import SMALLEST_SCALE, Tolerance, agreement

__all__ = ["Difference", "compare", "compare_arrays"]


class Difference(msgspec.Struct, frozen=True):
    """How far one array is from its record: the largest differences, and what is wrong, if anything.

    `relative` is a part of the size of the recorded number; where that is 0, only `absolute` tells. Both are None
    where numbers cannot be compared.
    """

    case: str
    dtype: str
    array: str
    absolute: float | None = None
    relative: float | None = None
    problem: str = ""


def compare(recorded: Baseline, fresh: Baseline) -> tuple[Difference, ...]:
    """Compare two baselines in the order of the record; what only one of them holds is a problem, too."""
    return compare_arrays(recorded.arrays, fresh.arrays)


def compare_arrays(recorded: Arrays, fresh: Arrays) -> tuple[Difference, ...]:
    """Compare arrays by their keys `case/dtype/array`."""
    return tuple(_difference(key, recorded.get(key), fresh.get(key)) for key in {**recorded, **fresh})


def _difference(key: str, old: NDArray[Any] | None, new: NDArray[Any] | None) -> Difference:
    case, dtype, name = key.split("/")
    if old is None or new is None:
        return Difference(case, dtype, name, problem="not recorded" if old is None else "no longer computed")
    if (old.shape, old.dtype) != (new.shape, new.dtype):
        seen = f"was {old.dtype} of shape {old.shape}, is {new.dtype} of shape {new.shape}"
        return Difference(case, dtype, name, problem=seen)
    finite = np.isfinite(old)
    if not np.array_equal(old[~finite], new[~finite], equal_nan=True) or not np.isfinite(new[finite]).all():
        return Difference(case, dtype, name, problem="nan or infinity in other places")
    absolute, relative, near = _distance(old[finite], new[finite], agreement(name, old.dtype.name))
    return Difference(case, dtype, name, absolute, relative, "" if near else "too far")


def _distance(old: NDArray[Any], new: NDArray[Any], limits: Tolerance | None) -> tuple[float, float, bool]:
    old, new = old.astype(np.float64), new.astype(np.float64)
    error, size = np.abs(new - old), np.abs(old)
    relative = np.divide(error, size, out=np.zeros_like(error), where=size > 0)
    largest = float(error.max(initial=0.0)), float(relative.max(initial=0.0))
    if limits is None:
        return *largest, not error.any()
    scale = float(size.max(initial=SMALLEST_SCALE))
    return *largest, bool(np.all(error <= limits.rtol * size + limits.atol * scale))
