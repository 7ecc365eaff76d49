"""Plain, bounded numeric arrays from untrusted values.

Nothing here calls a method of an object before its exact type is known to be Python's or NumPy's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograder.errors import CriterionFailed
from autograder.i18n import TranslatedTerm

__all__ = ["Container", "Numbers", "SeenShape", "describe", "is_number", "numbers"]

MAX_DEPTH = 8
MAX_ITEMS = 1_000_000
MAX_INT_BITS = 1000  # a float holds no more than 1024
MAX_SHOWN_AXES = 4

_FLOATS = (np.float16, np.float32, np.float64, np.longdouble)
_INTEGERS = (
    np.int8,
    np.int16,
    np.int32,
    np.int64,
    np.uint8,
    np.uint16,
    np.uint32,
    np.uint64,
    np.longlong,
    np.ulonglong,
)
_DTYPES: dict[type, str] = {
    **{kind: np.dtype(kind).name for kind in (*_FLOATS[:3], *_INTEGERS, np.bool_, np.complex64, np.complex128)},
    np.longdouble: "longdouble",
    np.clongdouble: "complex",
}
_NUMPY_NUMBERS = frozenset((*_FLOATS, *_INTEGERS))
_SEQUENCES = (list, tuple)
_DESCRIPTIONS: dict[type, TranslatedTerm] = {
    type(None): TranslatedTerm("nothing (None): is a return missing?"),
    bool: TranslatedTerm("True or False"),
    np.bool_: TranslatedTerm("True or False"),
    int: TranslatedTerm("a whole number"),
    float: TranslatedTerm("a number"),
    complex: TranslatedTerm("a complex number"),
    np.complex64: TranslatedTerm("a complex number"),
    np.complex128: TranslatedTerm("a complex number"),
    str: TranslatedTerm("a text"),
    bytes: TranslatedTerm("bytes"),
    list: TranslatedTerm("a list"),
    tuple: TranslatedTerm("a tuple"),
    dict: TranslatedTerm("a dictionary"),
    set: TranslatedTerm("a set"),
    np.ndarray: TranslatedTerm("an array"),
    **dict.fromkeys(_FLOATS, TranslatedTerm("a number")),
    **dict.fromkeys(_INTEGERS, TranslatedTerm("a whole number")),
}


class Container(StrEnum):
    """What held the numbers."""

    ARRAY = "array"
    SCALAR = "scalar"
    SEQUENCE = "sequence"


class Numbers(NamedTuple):
    """Real numbers that are safe to compute with: `values` is a float64, longdouble or integer array of `shape`."""

    values: NDArray[Any]
    dtype: str
    container: Container

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        return self.values.shape

    @property
    def floating(self) -> bool:
        """Whether the numbers are of a floating-point type."""
        return self.values.dtype.kind == "f"


def is_number(value: object) -> bool:
    """Return whether a value is a real number by its exact type; True and False are not."""
    return type(value) in (int, float) or type(value) in _NUMPY_NUMBERS


def numbers(value: object) -> Numbers:
    """Read a real array, a number, or a (nested) list or tuple of numbers.

    Raises CriterionFailed for anything else, for ragged lists and for whole numbers too large for a float.
    """
    kind = type(value)
    if kind is np.ndarray:
        array: NDArray[Any] = value  # type: ignore[assignment]  # its exact type was just checked
        return Numbers(array, _dtype(array), Container.ARRAY if array.ndim else Container.SCALAR)
    if is_number(value):
        scalar = np.asarray(_plain(value))
        return Numbers(scalar, _dtype(scalar), Container.SCALAR)
    if kind in _SEQUENCES:
        return _sequence(value)  # type: ignore[arg-type]  # its exact type was just checked
    raise _not_numbers(value)


def describe(value: object) -> TranslatedTerm:
    """Describe a value in a few fixed words; the name of an unknown type is never shown."""
    return _DESCRIPTIONS.get(type(value), TranslatedTerm("an object of another type"))


class SeenShape(str):
    """The shape of a student's value as text. A length is shown only if it is 1 or among `known`, else as `?`.

    A student could return arrays of no numbers whose lengths spell hidden inputs; a length that was wanted, or that an
    argument had, tells nothing new.
    """

    __slots__ = ("_known", "_lengths")
    _lengths: tuple[int, ...]
    _known: frozenset[int]

    def __new__(cls, lengths: Sequence[int], known: Iterable[int]) -> SeenShape:
        """Write a shape; `known` are the lengths that may be shown."""
        may = frozenset(known) | {1}
        shown = [str(int(length)) if length in may else "?" for length in lengths[:MAX_SHOWN_AXES]]
        shown += ["..."] * (len(lengths) > MAX_SHOWN_AXES)
        text = super().__new__(cls, f"({', '.join(shown)}{',' * (len(lengths) == 1)})")
        text._lengths, text._known = tuple(lengths), may
        return text

    def knowing(self, lengths: Iterable[int]) -> SeenShape:
        """Write the same shape where more lengths are known."""
        return SeenShape(self._lengths, self._known.union(lengths))


def _dtype(array: NDArray[Any]) -> str:
    kind = array.dtype.type
    if kind in _NUMPY_NUMBERS:
        return _DTYPES.get(kind, "integer")
    seen = _DTYPES.get(kind, TranslatedTerm("another type"))
    raise CriterionFailed("the array holds values of dtype {seen}; real numbers are wanted", seen=seen)


def _plain(value: Any) -> Any:
    if type(value) is not int or value.bit_length() < 63:
        return value
    if value.bit_length() > MAX_INT_BITS:
        raise CriterionFailed("the result holds a whole number that is too large for a float")
    return float(value)


def _sequence(value: Sequence[object]) -> Numbers:
    shape, leaves = _leaves(value)
    if any(type(leaf) is np.ndarray for leaf in leaves):
        parts = [numbers(leaf).values for leaf in leaves]
        if len({part.shape for part in parts}) > 1:
            raise _ragged()
        values: NDArray[Any] = np.stack(parts)
    else:
        values = np.array([_plain(leaf) for leaf in leaves])
    values = values.reshape(shape + values.shape[1:])
    return Numbers(values, _dtype(values), Container.SEQUENCE)


def _leaves(value: Sequence[object]) -> tuple[tuple[int, ...], list[object]]:
    """Walk nested lists level by level, so that deep lists and lists that hold themselves end early."""
    shape: list[int] = []
    level: list[object] = [value]
    while level and all(type(item) in _SEQUENCES for item in level):
        lists: list[Sequence[object]] = level  # type: ignore[assignment]  # each was just checked
        shape.append(len(lists[0]))
        if len(shape) > MAX_DEPTH or sum(map(len, lists)) > MAX_ITEMS:
            raise CriterionFailed("the lists in the result are nested too deep or too long")
        if any(len(item) != shape[-1] for item in lists):
            raise _ragged()
        level = [leaf for item in lists for leaf in item]
    _check_leaves(level)
    return tuple(shape), level


def _check_leaves(leaves: list[object]) -> None:
    for leaf in leaves:
        if type(leaf) in _SEQUENCES:
            raise _ragged()
        if not is_number(leaf) and type(leaf) is not np.ndarray:
            raise _not_numbers(leaf)
    if sum(leaf.size for leaf in leaves if type(leaf) is np.ndarray) > MAX_ITEMS:
        raise CriterionFailed("the lists in the result are nested too deep or too long")


def _not_numbers(value: object) -> CriterionFailed:
    return CriterionFailed("the result is, or holds, {seen}; numbers are wanted", seen=describe(value))


def _ragged() -> CriterionFailed:
    return CriterionFailed("the lists in the result have different lengths, so they do not form an array")
