"""Whether two plain values are the same: exactly, or as two runs of the same computation would give them.

Either side may be hostile: exact types are compared first, and unknown objects are never touched.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import CriterionFailed
from autograder.grading.numbers import Numbers, numbers
from autograder.grading.tolerances import SMALLEST_SCALE, tolerance

__all__ = ["alike", "identical"]

MAX_DEPTH = 32
_SIMPLE = frozenset({type(None), bool, int, str, bytes})
_NUMERIC = frozenset({float, complex, np.ndarray, *np.sctypeDict.values()} - {np.object_, np.void})
_Leaf = Callable[[Any, Any], bool | None]  # None: not a leaf, look inside


def identical(one: object, other: object) -> bool:
    """Return whether two values agree in type, shape, dtype and every value (nan equals nan)."""
    return _walk(one, other, _identical, 0)


def alike(one: object, other: object, *, containers: bool) -> bool:
    """Return whether two values agree up to rounding: shape, whole or floating, pattern of nan and infinity, numbers.

    With `containers`, an array is not alike a list of the same numbers.
    """
    return _walk(one, other, partial(_alike, containers=containers), 0)


def _walk(one: Any, other: Any, leaf: _Leaf, depth: int) -> bool:
    same = leaf(one, other)
    if same is not None:
        return same
    if type(one) is not type(other) or depth > MAX_DEPTH:
        return False
    if type(one) in (list, tuple):
        return len(one) == len(other) and all(_walk(a, b, leaf, depth + 1) for a, b in zip(one, other, strict=True))
    if type(one) is dict:
        return _same_keys(one, other) and all(_walk(one[key], other[key], leaf, depth + 1) for key in one)
    if type(one) is set:
        return _plain_set(one) and _plain_set(other) and one == other
    return False


def _same_keys(one: dict[Any, Any], other: dict[Any, Any]) -> bool:
    return all(type(key) is str for mapping in (one, other) for key in mapping) and one.keys() == other.keys()


def _plain_set(members: set[Any]) -> bool:
    return all(type(member) in _SIMPLE or type(member) is float for member in members)


def _identical(one: Any, other: Any) -> bool | None:
    if type(one) is not type(other):
        return False
    if type(one) in _SIMPLE:
        return bool(one == other)
    if type(one) not in _NUMERIC:
        return None
    a, b = np.asarray(one), np.asarray(other)
    if a.dtype != b.dtype or a.shape != b.shape or a.dtype.kind not in "biufc":
        return False
    return bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc"))


def _alike(one: Any, other: Any, *, containers: bool) -> bool | None:
    a, b = _numbers(one), _numbers(other)
    if a is None and b is None:
        return _identical(one, other)
    if a is None or b is None:
        return False
    if a.shape != b.shape or a.floating != b.floating or (containers and a.container != b.container):
        return False
    return _near(a.values, b.values, a.dtype)


def _numbers(value: object) -> Numbers | None:
    try:
        return numbers(value)
    except CriterionFailed:
        return None


def _near(a: NDArray[Any], b: NDArray[Any], dtype: str) -> bool:
    """Return whether numbers agree up to rounding; fast, for a diagnosis asks many times."""
    with np.errstate(all="ignore"):
        limits, size = tolerance(dtype), np.abs(b, dtype=np.float64)
        scale = float(size.max(initial=SMALLEST_SCALE))
        if np.isfinite(scale):
            error = np.abs(np.subtract(a, b, dtype=np.float64))
            return bool((error <= limits.rtol * size + limits.atol * scale).all())
    return _near_where_finite(a, b, dtype)


def _near_where_finite(a: NDArray[Any], b: NDArray[Any], dtype: str) -> bool:
    finite = np.isfinite(a)
    if not np.array_equal(finite, np.isfinite(b)) or not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    a, b = a[finite].astype(np.float64), b[finite].astype(np.float64)
    if not a.size:
        return True
    with np.errstate(all="ignore"):
        limits = tolerance(dtype)
        scale = max(float(np.abs(b).max()), SMALLEST_SCALE)
        return bool(np.all(np.abs(a - b) <= limits.rtol * np.abs(b) + limits.atol * scale))
