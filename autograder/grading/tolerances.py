"""How far from the wanted numbers a correct answer may lie: one table, with its reasons."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

__all__ = ["SMALLEST_SCALE", "TABLE", "Tolerance", "tolerance"]


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


def tolerance(dtype: str) -> Tolerance:
    """Return the default tolerance for numbers of `dtype`, a key of TABLE; any other name is held to float64's."""
    return TABLE.get(dtype, _SINGLE)
