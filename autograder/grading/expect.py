"""Expectations of hidden tests about values that a student's code returned.

Every function is safe on hostile values and raises CriterionFailed with a message that a student may read: it names
shapes, dtypes and kinds, never the numbers, the hidden inputs or what was wanted in their place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import CriterionFailed
from autograder.grading.comparison import identical
from autograder.grading.numbers import Container, Numbers, SeenShape, describe, is_number, numbers
from autograder.grading.tolerances import SMALLEST_SCALE, tolerance
from autograder.i18n import Bilingual

__all__ = ["array", "close", "finite", "floating", "scalar", "shape", "true", "unchanged"]


def close(got: object, want: object, *, rtol: float | None = None, atol: float | None = None) -> None:
    """Expect numbers equal to `want` up to rounding, in the same shape.

    Args:
        got: what the student's code returned: array, number, or (nested) list or tuple of numbers.
        want: the right numbers, in any of the same forms, from the reference or the author.
        rtol: accepted error relative to each wanted number; default by dtype, see `tolerances`.
        atol: accepted absolute error; default by dtype and by the largest wanted number, see `tolerances`.

    Raises:
        CriterionFailed: by the first that is wrong of kind, shape, dtype, finiteness, values.
    """
    seen, wanted = numbers(got), numbers(want)
    _expect_shape(seen, wanted.shape)
    with np.errstate(all="ignore"):
        if not _plainly_near(seen, wanted.values, rtol, atol):
            _expect_same_finiteness(seen.values, wanted.values)
            _expect_near(seen, wanted.values, rtol, atol)


def array(got: object, *, shape: tuple[int, ...] | None = None) -> NDArray[Any]:
    """Expect a NumPy array of floats, of `shape` if one is given, and return it."""
    if type(got) is not np.ndarray:
        raise CriterionFailed("the result is {seen}; a NumPy array is wanted", seen=describe(got))
    seen = numbers(got)
    if shape is not None:
        _expect_shape(seen, shape)
    _expect_floating(seen)
    return seen.values


def scalar(got: object) -> float:
    """Expect one floating-point number (Python's, NumPy's, or an array without axes) and return it."""
    if type(got) is np.ndarray and got.ndim:
        raise CriterionFailed("the result has shape {seen}; a single number is wanted", seen=SeenShape(got.shape, ()))
    if type(got) is not np.ndarray and not is_number(got):
        raise CriterionFailed("the result is {seen}; a single number is wanted", seen=describe(got))
    seen = numbers(got)
    _expect_floating(seen)
    return float(seen.values)


def shape(got: object, shape: tuple[int, ...]) -> None:
    """Expect numbers (array, number or nested lists) of this shape."""
    _expect_shape(numbers(got), shape)


def floating(got: object) -> None:
    """Expect numbers of a floating-point type, not whole numbers."""
    _expect_floating(numbers(got))


def finite(got: object) -> None:
    """Expect numbers without nan or infinity."""
    values = numbers(got).values
    with np.errstate(all="ignore"):
        if np.isnan(values).any():
            raise CriterionFailed("the result holds nan (not a number) where finite numbers are wanted")
        if np.isinf(values).any():
            raise CriterionFailed("the result holds infinity where finite numbers are wanted")


def unchanged(before: object, after: object) -> None:
    """Expect arguments that are exactly as they were before the call: types, shapes, dtypes and every value."""
    if not identical(before, after):
        raise CriterionFailed("the function changed its arguments; work on a copy")


def true(condition: bool | np.bool_, message: str, *, es: str = "") -> None:
    """Expect a condition of the author's own; `message` says to the student what is wanted, `es` says it in Spanish."""
    if type(condition) not in (bool, np.bool_):
        raise TypeError("expect.true needs True or False; reduce arrays with np.all or np.any, whose result it takes")
    if not condition:
        raise CriterionFailed("{text}", text=Bilingual(message, **({"es": es} if es else {})))


def _expect_shape(seen: Numbers, wanted: tuple[int, ...]) -> None:
    wanted = tuple(int(length) for length in wanted)
    if seen.shape == wanted:
        return
    if not wanted:
        raise CriterionFailed("the result has shape {seen}; a single number is wanted", seen=SeenShape(seen.shape, ()))
    if seen.container is Container.SCALAR:
        raise CriterionFailed("the result is a single number; an array of shape {wanted} is wanted", wanted=str(wanted))
    raise CriterionFailed(
        "the result has shape {seen}; shape {wanted} is wanted",
        seen=SeenShape(seen.shape, wanted),
        wanted=str(wanted),
    )


def _expect_floating(seen: Numbers) -> None:
    if not seen.floating:
        raise CriterionFailed("the result is of dtype {seen}; floating-point numbers are wanted", seen=seen.dtype)


def _expect_same_finiteness(seen: NDArray[Any], wanted: NDArray[Any]) -> None:
    if np.any(np.isnan(seen) & ~np.isnan(wanted)):
        raise CriterionFailed("the result holds nan (not a number) where a number is wanted")
    if np.any(np.isinf(seen) & np.isfinite(wanted)):
        raise CriterionFailed("the result holds infinity where a finite number is wanted")
    unbounded = ~np.isfinite(wanted)
    if not np.array_equal(seen[unbounded], wanted[unbounded], equal_nan=True):
        raise CriterionFailed("the result differs from the right one where that is infinite or undefined")


def _plainly_near(seen: Numbers, wanted: NDArray[Any], rtol: float | None, atol: float | None) -> bool:
    """Return whether all is right, quickly: most answers are, and every test asks this."""
    if wanted.dtype != np.float64 or seen.values.dtype.itemsize > wanted.dtype.itemsize:
        return False
    size = np.abs(wanted)
    scale = float(size.max(initial=SMALLEST_SCALE))
    if not scale < np.inf:
        return False
    error = np.abs(np.subtract(seen.values, wanted, dtype=np.float64))
    return bool((error <= _allowed(seen.dtype, size, scale, rtol, atol)).all())


def _allowed(
    dtype: str, size: NDArray[Any], scale: float, rtol: float | None, atol: float | None
) -> NDArray[np.floating[Any]]:
    default = tolerance(dtype)
    allowed: NDArray[np.floating[Any]] = (default.rtol if rtol is None else rtol) * size
    return allowed + (default.atol * scale if atol is None else atol)


def _expect_near(seen: Numbers, wanted: NDArray[Any], rtol: float | None, atol: float | None) -> None:
    finite_want = np.abs(wanted[np.isfinite(wanted)])
    if not finite_want.size:
        return
    scale = max(float(finite_want.max()), SMALLEST_SCALE)
    allowed = _allowed(seen.dtype, finite_want, scale, rtol, atol)
    error = np.abs(_wide(seen.values)[np.isfinite(wanted)] - _wide(wanted)[np.isfinite(wanted)])
    if not np.all(error <= allowed):
        raise CriterionFailed("the shape is right, but the values are not")


def _wide(values: NDArray[Any]) -> NDArray[Any]:
    return values if values.dtype == np.longdouble else values.astype(np.float64)
