"""How far from the wanted numbers a correct answer may be, and how far a computed baseline from its record."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from autograder.baseline.archive import Arrays, Baseline

__all__ = [
    "AGREEMENT",
    "SMALLEST_SCALE",
    "TABLE",
    "ArrayDifference",
    "Tolerance",
    "compare_arrays",
    "compare_baselines",
    "record_tolerance",
    "tolerance",
]


class Tolerance(NamedTuple):
    """Accept |got - want| <= rtol * |want| + atol * scale.

    `scale` is the largest finite |want| of the whole array, at least SMALLEST_SCALE: a sum in another order errs by a
    part of its largest terms, so an entry near zero beside entries near 1000 cannot be held to its own size.
    """

    rtol: float
    atol: float


SMALLEST_SCALE = 0.1
"""Where all that is wanted is zero, or rounding noise around it, errors are judged as if numbers were this large."""

_SINGLE = Tolerance(rtol=2e-5, atol=1e-6)

TABLE = MappingProxyType(
    {
        # A float64 array may hold numbers that were computed in float32 (eps 1.2e-7) and stored wider, and nothing in
        # the result tells. 2e-5 is 170 eps: exp() of a float32 score near 100 alone loses 100 eps / 2, and sums over
        # some thousand terms lose sqrt(1000) eps / 2. 1e-6 is 8 eps of the largest entry, for cancellation.
        "float64": _SINGLE,
        "float32": _SINGLE,
        # longdouble says as little about how it was computed as float64 does.
        "longdouble": _SINGLE,
        # eps is 9.8e-4: five roundings in a row, as softmax and one layer take them.
        "float16": Tolerance(rtol=5e-3, atol=1e-3),
        # Whole numbers that stand for floating ones are exact; judged as the floats that were wanted.
        "integer": _SINGLE,
    }
)
"""Default tolerances by the dtype of the student's numbers."""


AGREEMENT = MappingProxyType(
    {
        # eps is 2.2e-16. Processors, GPUs and versions sum in other orders and have an exp() of their own, right to one
        # or two units in the last place; a trajectory of some hundred steps carries that on.
        "float64": Tolerance(rtol=1e-10, atol=1e-12),
        # The same with eps 1.2e-7: exp() of a score near 100 alone loses 100 eps / 2. TF32, of eps 9.8e-4, is off.
        "float32": Tolerance(rtol=2e-5, atol=2e-6),
        # A share of examples moves by 1/n for each example on the border between two classes, and the order in which
        # Keras shuffles them changes with its version.
        "accuracy": Tolerance(rtol=0.0, atol=0.01),
    }
)
"""How far TensorFlow's results may be from the recorded ones, on another device or in another version."""


def record_tolerance(array: str, asked: str, stored: str) -> Tolerance | None:
    """Return how far an array of a baseline may be from its record; None where it must be equal.

    The precision is that of the computation: the lower one of `asked`, the dtype of the case, and `stored`, that of
    the array. Python floats, such as the losses in Keras's history, are stored as float64 whatever they come from.
    """
    if "accuracy" in array:
        return AGREEMENT["accuracy"]
    if np.dtype(stored).kind != "f":
        return None
    return AGREEMENT.get("float32" if "float32" in (asked, stored) else stored)


def tolerance(dtype: str) -> Tolerance:
    """Return the default tolerance for numbers of `dtype`, a key of TABLE; any other name is held to float64's."""
    return TABLE.get(dtype, _SINGLE)


class ArrayDifference(msgspec.Struct, frozen=True):
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


def compare_baselines(recorded: Baseline, fresh: Baseline) -> tuple[ArrayDifference, ...]:
    """Compare two baselines in the order of the record; what only one of them holds is a problem, too."""
    return compare_arrays(recorded.arrays, fresh.arrays)


def compare_arrays(recorded: Arrays, fresh: Arrays) -> tuple[ArrayDifference, ...]:
    """Compare arrays by their keys `case/dtype/array`."""
    return tuple(_difference(key, recorded.get(key), fresh.get(key)) for key in {**recorded, **fresh})


def _difference(key: str, old: NDArray[Any] | None, new: NDArray[Any] | None) -> ArrayDifference:
    case, dtype, name = key.split("/")
    if old is None or new is None:
        return ArrayDifference(case, dtype, name, problem="not recorded" if old is None else "no longer computed")
    if (old.shape, old.dtype) != (new.shape, new.dtype):
        seen = f"was {old.dtype} of shape {old.shape}, is {new.dtype} of shape {new.shape}"
        return ArrayDifference(case, dtype, name, problem=seen)
    finite = np.isfinite(old)
    if not np.array_equal(old[~finite], new[~finite], equal_nan=True) or not np.isfinite(new[finite]).all():
        return ArrayDifference(case, dtype, name, problem="nan or infinity in other places")
    absolute, relative, near = _distance(old[finite], new[finite], record_tolerance(name, dtype, old.dtype.name))
    return ArrayDifference(case, dtype, name, absolute, relative, "" if near else "too far")


def _distance(old: NDArray[Any], new: NDArray[Any], limits: Tolerance | None) -> tuple[float, float, bool]:
    old, new = old.astype(np.float64), new.astype(np.float64)
    error, size = np.abs(new - old), np.abs(old)
    relative = np.divide(error, size, out=np.zeros_like(error), where=size > 0)
    largest = float(error.max(initial=0.0)), float(relative.max(initial=0.0))
    if limits is None:
        return *largest, not error.any()
    scale = float(size.max(initial=SMALLEST_SCALE))
    return *largest, bool(np.all(error <= limits.rtol * size + limits.atol * scale))
