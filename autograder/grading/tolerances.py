"""How far from the wanted numbers a correct answer may lie: one table, with its reasons."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

__all__ = ["AGREEMENT", "SMALLEST_SCALE", "TABLE", "Tolerance", "agreement", "tolerance"]


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
        # A share of examples moves by 1/n for each example that lies on the border between two classes, and the order
        # in which Keras shuffles them changes with its version.
        "accuracy": Tolerance(rtol=0.0, atol=0.01),
    }
)
"""How far TensorFlow's own results may lie from its recorded ones: another device, another version."""


def agreement(name: str, dtype: str) -> Tolerance | None:
    """Return the tolerance for a recorded array by its name and dtype; None where only equal will do."""
    return AGREEMENT["accuracy"] if "accuracy" in name else AGREEMENT.get(dtype)


def tolerance(dtype: str) -> Tolerance:
    """Return the default tolerance for numbers of `dtype`, a key of TABLE; any other name is held to float64's."""
    return TABLE.get(dtype, _SINGLE)
