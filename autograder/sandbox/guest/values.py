"""Plain values as msgpack-ready data, both ways. Whatever is not plain stays where it is and crosses as `Opaque`.

The host decodes what a hostile process wrote, so types are checked while decoding, before anything is built.
Numbers, text and containers of exact built-in types cross, and numeric arrays; never pickle, never a class of the
sender's choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import numpy as np

__all__ = [
    "MAX_DEPTH",
    "Encoded",
    "Opaque",
    "StoredArray",
    "ValueProblem",
    "decode_value",
    "encode_value",
    "numeric_dtype",
    "round_trip",
]

MAX_DEPTH = 32
MAX_SET = 1000  # members with chosen hashes can make a set quadratic
MAX_INT_DIGITS = 1024  # hexadecimal digits of an integer beyond 64 bits; Python prints it without complaint
LIST, TUPLE, DICT, SET, ARRAY, SCALAR, COMPLEX, BIGINT, OPAQUE, STORED, BYTES = range(11)
_Encoder = Callable[[Any, list[np.ndarray[Any, Any]], int], Any]
_ATOMS = frozenset({type(None), bool, float, str})
_DTYPE = re.compile(r"\|b1|\|[iu]1|<[iu][248]|<f[248]|<c(?:8|16)").fullmatch


class ValueProblem(Exception):
    """A value is too deep or too large to cross, or what came is not an encoded value."""


class Opaque(msgspec.Struct, frozen=True):
    """An object that stays in the student's process. `kind` is its type's name as that process tells it: untrusted."""

    kind: str


class StoredArray(msgspec.Struct, frozen=True):
    """An array that this child was sent before, by its number."""

    number: int


def numeric_dtype(text: str) -> bool:
    """Return whether arrays of this dtype may cross: little-endian booleans, integers, floats and complex numbers."""
    return _DTYPE(text) is not None


def encode_value(value: object, arrays: list[np.ndarray[Any, Any]], depth: int = 0) -> Any:
    """Encode `value`; arrays are appended to `arrays` in little-endian C order and referred to by index.

    Raises ValueProblem when nested deeper than MAX_DEPTH.
    """
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is int:
        return value if _short_int(value) else _big(value)
    if depth >= MAX_DEPTH:
        raise ValueProblem(f"nested deeper than {MAX_DEPTH}")
    encode = _ENCODERS.get(kind)
    if encode is not None:
        return encode(value, arrays, depth + 1)
    if isinstance(value, np.generic):  # the exact type: a subclass of float64 is no number of ours
        if kind.__module__ != "numpy":
            return [OPAQUE, _name(kind)]
        return _scalar(value)
    return [OPAQUE, _name(kind)]


def _name(kind: type) -> str:
    return str(kind.__name__)[:80]


def _big(value: Any) -> Any:
    return [BIGINT, hex(value)] if value.bit_length() <= 4 * MAX_INT_DIGITS else [OPAQUE, "int"]


def _scalar(value: Any) -> Any:
    """Encode a NumPy scalar where it stands: lists of thousands are common, arrays are counted."""
    if value.dtype.char == "g":
        value = np.float64(value)
    plain = np.asarray(value, dtype=value.dtype.newbyteorder("<"))
    return (
        [SCALAR, plain.dtype.str, plain.tobytes()] if numeric_dtype(plain.dtype.str) else [OPAQUE, _name(type(value))]
    )


def _array(value: Any, arrays: list[np.ndarray[Any, Any]]) -> Any:
    if value.dtype.char == "g":  # long double: its bytes differ between machines
        value = value.astype(np.float64)
    plain = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<")).reshape(value.shape)
    if not numeric_dtype(plain.dtype.str):
        return [OPAQUE, f"ndarray of {plain.dtype.kind}"]
    arrays.append(plain)
    return [ARRAY, len(arrays) - 1]


def _dict(value: Any, arrays: list[np.ndarray[Any, Any]], depth: int) -> Any:
    if any(type(key) is not str for key in value):
        return [OPAQUE, "dict"]
    return [DICT, [[key, encode_value(item, arrays, depth)] for key, item in value.items()]]


def _set(value: set[Any]) -> Any:
    plain = len(value) <= MAX_SET and all(type(item) in _ATOMS or _short_int(item) for item in value)
    return [SET, list(value)] if plain else [OPAQUE, "set"]


def _short_int(value: object) -> bool:
    return type(value) is int and -(2**63) <= value < 2**63


def _items(tag: int) -> _Encoder:
    return lambda value, arrays, depth: [tag, [encode_value(item, arrays, depth) for item in value]]


_ENCODERS: dict[type, _Encoder] = {
    list: _items(LIST),
    tuple: _items(TUPLE),
    set: lambda v, *_: _set(v),
    bytes: lambda v, *_: [BYTES, v],
    dict: _dict,
    np.ndarray: lambda v, arrays, _: _array(v, arrays),
    complex: lambda v, *_: [COMPLEX, v.real, v.imag],
    Opaque: lambda v, *_: [OPAQUE, v.kind],
    StoredArray: lambda v, *_: [STORED, v.number],
}


Arrays = list[np.ndarray[Any, Any]]
StoredArrays = Callable[[int], Any]


class _List(msgspec.Struct, array_like=True, tag=LIST):
    items: list[Encoded]

    def load(self, arrays: Arrays, stored: StoredArrays | None, depth: int) -> list[Any]:
        return [decode_value(item, arrays, stored, depth) for item in self.items]


class _Tuple(msgspec.Struct, array_like=True, tag=TUPLE):
    items: list[Encoded]

    def load(self, arrays: Arrays, stored: StoredArrays | None, depth: int) -> tuple[Any, ...]:
        return tuple(decode_value(item, arrays, stored, depth) for item in self.items)


class _Dict(msgspec.Struct, array_like=True, tag=DICT):
    pairs: list[tuple[str, Encoded]]

    def load(self, arrays: Arrays, stored: StoredArrays | None, depth: int) -> dict[str, Any]:
        return {key: decode_value(item, arrays, stored, depth) for key, item in self.pairs}


class _Set(msgspec.Struct, array_like=True, tag=SET):
    items: Annotated[list[bool | int | float | str | None], msgspec.Meta(max_length=MAX_SET)]

    def load(self, *_: object) -> set[Any]:
        return set(self.items)


class _Array(msgspec.Struct, array_like=True, tag=ARRAY):
    index: Annotated[int, msgspec.Meta(ge=0)]

    def load(self, arrays: Arrays, *_: object) -> Any:
        return arrays[self.index]


class _Scalar(msgspec.Struct, array_like=True, tag=SCALAR):
    dtype: str
    data: Annotated[bytes, msgspec.Meta(max_length=16)]

    def load(self, *_: object) -> Any:
        if not numeric_dtype(self.dtype):
            raise ValueProblem("a scalar of a forbidden kind")
        if self.dtype == "|b1":
            return np.bool_(self.data != b"\0")  # a byte of 2 is no boolean
        (value,) = np.frombuffer(self.data, self.dtype)
        return value


class _Complex(msgspec.Struct, array_like=True, tag=COMPLEX):
    real: float
    imag: float

    def load(self, *_: object) -> complex:
        return complex(self.real, self.imag)


class _BigInt(msgspec.Struct, array_like=True, tag=BIGINT):
    digits: Annotated[str, msgspec.Meta(max_length=MAX_INT_DIGITS + 3)]

    def load(self, *_: object) -> int:
        return int(self.digits, 16)


class _Opaque(msgspec.Struct, array_like=True, tag=OPAQUE):
    kind: str

    def load(self, *_: object) -> Opaque:
        return Opaque(self.kind[:80])


class _Stored(msgspec.Struct, array_like=True, tag=STORED):
    number: Annotated[int, msgspec.Meta(ge=0)]

    def load(self, _: Arrays, stored: StoredArrays | None, __: int) -> Any:
        if stored is None:
            raise ValueProblem("only the host refers to stored arrays")
        return stored(self.number)


class _Bytes(msgspec.Struct, array_like=True, tag=BYTES):
    data: bytes

    def load(self, *_: object) -> bytes:
        return self.data


_Node = _List | _Tuple | _Dict | _Set | _Array | _Scalar | _Complex | _BigInt | _Opaque | _Stored | _Bytes
# What a frame's value may be on the wire. No maps: with keys chosen to collide, decoding one could take for ever.
if TYPE_CHECKING:
    Encoded = Any  # before `dump` and after `load` the same field holds the value itself
else:
    Encoded = bool | int | float | str | _Node | None


def decode_value(value: Encoded, arrays: Arrays, stored: StoredArrays | None = None, depth: int = 0) -> Any:
    """Build the value that `dump` encoded and msgspec decoded.

    Raises ValueProblem when nested too deeply, IndexError or ValueError where an index or number makes no sense.
    """
    if depth > MAX_DEPTH:
        raise ValueProblem(f"nested deeper than {MAX_DEPTH}")
    return value.load(arrays, stored, depth + 1) if isinstance(value, _Node) else value


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Encoded).decode


def round_trip(value: object) -> Any:
    """Return a copy of `value` as it would arrive on the other side. Raises ValueProblem if it is nested too deeply."""
    arrays: Arrays = []
    encoded = _decode(_encode(encode_value(value, arrays)))
    return decode_value(encoded, [array.copy() for array in arrays])
