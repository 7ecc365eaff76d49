"""Plain values as msgpack-ready data, both ways. Whatever is not plain stays where it is and crosses as `Opaque`.

The host decodes what a hostile process wrote, so every branch here checks before it builds. Numbers, text and
containers of exact built-in types cross, and numeric arrays; never pickle, never a class chosen by the sender.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

__all__ = ["MAX_DEPTH", "Opaque", "Stored", "ValueProblem", "dump", "load", "numeric_dtype"]

MAX_DEPTH = 32
MAX_SET = 1000  # members with chosen hashes can make a set quadratic
MAX_INT_DIGITS = 4096  # hexadecimal digits of an integer beyond 64 bits
LIST, TUPLE, DICT, SET, ARRAY, SCALAR, COMPLEX, BIGINT, OPAQUE, STORED = range(10)
_Encoder = Callable[[Any, list[np.ndarray[Any, Any]], int], Any]
_ATOMS = frozenset({type(None), bool, float, str, bytes})
_DTYPE = re.compile(r"\|b1|\|[iu]1|<[iu][248]|<f[248]|<c(?:8|16)").fullmatch


class ValueProblem(Exception):
    """A value is too deep or too large to cross, or what came is not an encoded value."""


class Opaque(msgspec.Struct, frozen=True):
    """An object that stays in the student's process. `kind` is its type's name as that process tells it: untrusted."""

    kind: str


class Stored(msgspec.Struct, frozen=True):
    """An array that this child was sent before, by its number."""

    number: int


def numeric_dtype(text: str) -> bool:
    """Tell whether arrays of this dtype may cross: booleans, integers, floats, complex; little endian."""
    return _DTYPE(text) is not None


def dump(value: object, arrays: list[np.ndarray[Any, Any]], depth: int = 0) -> Any:
    """Encode `value`; arrays are appended to `arrays` in little-endian C order and referred to by index.

    Raises ValueProblem when nested deeper than MAX_DEPTH.
    """
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is int:
        return value if -(2**63) <= value < 2**63 else _big(value)  # type: ignore[operator]
    if depth >= MAX_DEPTH:
        raise ValueProblem(f"nested deeper than {MAX_DEPTH}")
    encode = _ENCODERS.get(kind)
    if encode is not None:
        return encode(value, arrays, depth + 1)
    if isinstance(value, np.generic):  # the exact type: a subclass of float64 is no number of ours
        if kind.__module__ != "numpy":
            return [OPAQUE, _name(kind)]
        return _array(np.asarray(value), arrays, SCALAR, kind.__name__)
    return [OPAQUE, _name(kind)]


def _name(kind: type) -> str:
    return str(kind.__name__)[:80]


def _big(value: Any) -> Any:
    return [BIGINT, hex(value)] if value.bit_length() <= 4 * MAX_INT_DIGITS else [OPAQUE, "int"]


def _array(value: Any, arrays: list[np.ndarray[Any, Any]], tag: int, kind: str = "ndarray") -> Any:
    if value.dtype.char == "g":  # long double: its bytes differ between machines
        value = value.astype(np.float64)
    plain = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<")).reshape(value.shape)
    if not numeric_dtype(plain.dtype.str):
        return [OPAQUE, f"{kind} of {plain.dtype.kind}"]
    arrays.append(plain)
    return [tag, len(arrays) - 1]


def _dict(value: Any, arrays: list[np.ndarray[Any, Any]], depth: int) -> Any:
    if any(type(key) is not str for key in value):
        return [OPAQUE, "dict"]
    return [DICT, [[key, dump(item, arrays, depth)] for key, item in value.items()]]


def _items(tag: int) -> _Encoder:
    return lambda value, arrays, depth: [tag, [dump(item, arrays, depth) for item in value]]


_ENCODERS: dict[type, _Encoder] = {
    list: _items(LIST),
    tuple: _items(TUPLE),
    set: lambda v, arrays, depth: _items(SET)(v, arrays, depth) if len(v) <= MAX_SET else [OPAQUE, "set"],
    dict: _dict,
    np.ndarray: lambda v, arrays, _: _array(v, arrays, ARRAY),
    complex: lambda v, *_: [COMPLEX, v.real, v.imag],
    Opaque: lambda v, *_: [OPAQUE, v.kind],
    Stored: lambda v, *_: [STORED, v.number],
}


def load(
    data: Any, arrays: list[np.ndarray[Any, Any]], stored: Callable[[int], Any] | None = None, depth: int = 0
) -> Any:
    """Decode what `dump` made. Raises ValueProblem on anything else; takes no time or memory beyond the data's own."""
    if type(data) is not list:
        if type(data) in _ATOMS or type(data) is int:
            return data
        raise ValueProblem("not an encoded value")
    if depth > MAX_DEPTH or len(data) < 2 or type(data[0]) is not int:
        raise ValueProblem("nested too deeply, or no tag")
    tag, body = data[0], data[1]
    if tag in (LIST, TUPLE, SET, DICT) and type(body) is list:
        return _container(tag, body, arrays, stored, depth + 1)
    return _leaf(tag, body, data, arrays, stored)


def _container(tag: int, body: list[Any], arrays: list[Any], stored: Callable[[int], Any] | None, depth: int) -> Any:
    if tag == DICT:
        return {_key(pair): load(pair[1], arrays, stored, depth) for pair in body}
    items = [load(item, arrays, stored, depth) for item in body]
    return items if tag == LIST else tuple(items) if tag == TUPLE else _set(items)


def _leaf(tag: int, body: Any, data: list[Any], arrays: list[Any], stored: Callable[[int], Any] | None) -> Any:
    value = None
    if tag in (ARRAY, SCALAR) and type(body) is int and 0 <= body < len(arrays):
        value = arrays[body] if tag == ARRAY else arrays[body][()]
    elif tag == COMPLEX and len(data) == 3 and type(body) is float and type(data[2]) is float:
        value = complex(body, data[2])
    elif tag == BIGINT and type(body) is str and len(body) <= MAX_INT_DIGITS + 3:
        value = int(body, 16)
    elif tag == OPAQUE and type(body) is str:
        value = Opaque(body[:80])
    elif tag == STORED and type(body) is int and stored is not None:
        value = stored(body)
    if value is None:
        raise ValueProblem("not an encoded value")
    return value


def _key(pair: Any) -> str:
    if type(pair) is list and len(pair) == 2 and type(pair[0]) is str:
        return pair[0]
    raise ValueProblem("a dict needs pairs with text keys")


def _set(items: list[Any]) -> set[Any]:
    if len(items) > MAX_SET or any(type(item) not in _ATOMS and type(item) is not int for item in items):
        raise ValueProblem("a set of more than plain members")
    return set(items)
