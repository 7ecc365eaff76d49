"""Whatever a hostile process writes on the pipe ends in a value, a ProtocolError, the end of file or the deadline."""

from __future__ import annotations

import contextlib
import os
import struct
import threading
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sandbox.guest.values import (
    MAX_DEPTH,
    Encoded,
    Opaque,
    ValueProblem,
    decode_value,
    encode_value,
    round_trip,
)
from autograder.sandbox.guest.wire import MAGIC, PREFIX, REPLIES, REQUESTS, Call, PipePair, ProtocolError

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.fixture
def pair() -> Iterator[tuple[PipePair, PipePair, int]]:
    """The host's channel, the child's, and the descriptor on which the child writes."""
    host_reads, child_writes = os.pipe()
    child_reads, host_writes = os.pipe()
    host, child = (
        PipePair(host_reads, host_writes, REPLIES, REQUESTS),
        PipePair(child_reads, child_writes, REQUESTS, REPLIES),
    )
    yield host, child, child_writes
    host.close()
    child.close()


def soon() -> float:
    return time.monotonic() + 0.3


decode = msgspec.msgpack.Decoder(Encoded).decode
MAX_HEADER, MAX_BODY = REPLIES.most_header, REPLIES.most_body


@given(plain)
def test_values_survive_the_round_trip(value: object) -> None:
    assert round_trip(value) == value


@given(
    st.recursive(
        st.none() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.binary(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
        max_leaves=30,
    )
)
def test_arbitrary_data_is_a_value_or_a_problem(data: object) -> None:
    with contextlib.suppress(msgspec.ValidationError, ValueProblem, IndexError, ValueError):  # nothing else
        decode_value(decode(msgspec.msgpack.encode(data)), [np.zeros(2)])


def test_depth_is_bounded_both_ways() -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH + 2):
        deep = [deep]
    with pytest.raises(ValueProblem, match="nested deeper than"):
        encode_value(deep, [])
    nested: Any = 1
    for _ in range(4 * MAX_DEPTH):
        nested = [0, [nested]]
    with pytest.raises(ValueProblem):
        decode_value(decode(msgspec.msgpack.encode(nested)), [])


def test_long_lists_of_numpy_scalars_and_of_arrays_cross() -> None:
    losses = list(np.linspace(0, 1, 20_000))
    arrived: Any = round_trip(losses)
    assert arrived == losses
    assert {type(loss) for loss in arrived} == {np.float64}
    batches: Any = round_trip([np.arange(3, dtype=np.uint8)] * 1000)
    assert len(batches) == 1000


@pytest.mark.parametrize("data", [[5, "<f8", b"1234"], [5, "|O", b""], [5, "<f8", b"x" * 16], [5, "<U1", b"abcd"]])
def test_a_malformed_scalar_is_a_problem(data: object) -> None:
    with pytest.raises((ValueProblem, ValueError)):
        decode_value(decode(msgspec.msgpack.encode(data)), [])


def test_numpy_scalars_keep_their_type_and_strangers_stay_opaque() -> None:
    class Liar(np.float64):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    for value, kind in [
        (np.float32(1.5), np.float32),
        (np.bool_(True), np.bool_),
        (Liar(1), Opaque),
        (np.longdouble(1), np.float64),
    ]:
        assert type(round_trip(value)) is kind


BAD_FRAMES = {
    "garbage": b"x" * 64,
    "huge header": PREFIX.pack(MAGIC, MAX_HEADER + 1, 0),
    "huge body": PREFIX.pack(MAGIC, 1, MAX_BODY + 1),
    "2^63 body": PREFIX.pack(MAGIC, 1, 2**63),
    "no msgpack": PREFIX.pack(MAGIC, 4, 0) + b"\xc1\xc1\xc1\xc1",
    "nesting bomb": PREFIX.pack(MAGIC, 500_000, 0) + b"\x91" * 500_000,
    "list bomb": PREFIX.pack(MAGIC, 9, 0) + b"\x93\xa5value\x01"[:4] + b"\xdd\xff\xff\xff\xff",
}


def reply(arrays: list[Any], body: int, value: Any = None) -> bytes:
    header = msgspec.msgpack.encode(["value", 1, value, arrays, ""])
    return PREFIX.pack(MAGIC, len(header), body) + header


BAD_FRAMES |= {
    "objects": reply([["|O", [1]]], 8),
    "text array": reply([["<U4", [1]]], 16),
    "negative shape": reply([["<f8", [-1]]], 8),
    "overflowing shape": reply([["<f8", [2**40, 2**40]]], 8),
    "empty but endless": reply([["<f8", [0, 2**62, 2**62]]], 0),
    "17 dimensions": reply([["<f8", [1] * 17]], 8),
    "many arrays": reply([["<f8", [0]]] * 10_000, 0),
    "longer body": reply([["<f8", [1]]], 16) + b"\0" * 16,
    "unknown tag": reply([], 0, [99, 1]),
    "array out of range": reply([], 0, [4, 7]),
    "stored by the host": reply([], 0, [9, 0]),
    "set of lists": reply([], 0, [3, [[0, []]]]),
    "map": reply([], 0, {"a": 1}),
    "keys that collide": reply([], 0, {"a": 0}).replace(b"\x81\xa1a", b"\x81\x92\xff\xfe"),
    "a body without arrays": PREFIX.pack(MAGIC, 10, 8) + msgspec.msgpack.encode(["missing", 1]) + b"\0" * 8,
    "a request": PREFIX.pack(MAGIC, 7, 0) + msgspec.msgpack.encode(["call", 1]),
    "a field too few": PREFIX.pack(MAGIC, 9, 0) + msgspec.msgpack.encode(["raised", 1]),
    "wrong types": PREFIX.pack(MAGIC, 5, 0) + msgspec.msgpack.encode(["x", 1, 2])[:5],
}


@pytest.mark.parametrize("name", BAD_FRAMES)
def test_a_bad_frame_is_refused_quickly(pair: tuple[PipePair, PipePair, int], name: str) -> None:
    host, _, writes = pair
    os.set_blocking(writes, True)
    writer = threading.Thread(target=os.write, args=(writes, BAD_FRAMES[name]))
    writer.start()
    with pytest.raises((ProtocolError, TimeoutError)):
        host.receive(soon())
    writer.join(60)
    assert not writer.is_alive()


def test_half_a_frame_and_dripping_end_at_the_deadline(pair: tuple[PipePair, PipePair, int]) -> None:
    host, _, writes = pair
    os.write(writes, reply([["<f8", [2]]], 16) + b"\0" * 5)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        host.receive(soon())
    assert time.monotonic() - started > 0.25


def test_a_reader_who_never_reads_does_not_block_the_writer(pair: tuple[PipePair, PipePair, int]) -> None:
    host, _, _ = pair
    with pytest.raises(TimeoutError):
        host.send(Call(1, np.zeros(1 << 20)), soon())


def test_a_byte_of_two_is_no_boolean(pair: tuple[PipePair, PipePair, int]) -> None:
    host, _, writes = pair
    os.write(writes, reply([["|b1", [2]]], 2, [4, 0]) + b"\x02\x00")
    value = host.receive(soon()).value
    assert value.view("u1").tolist() == [1, 0]


_VALID = reply([["<f8", [2]], ["|u1", [3]]], 19, [0, [[4, 0], [2, [["k", [4, 1]]]], [8, "T"], 1.5]]) + struct.pack(
    "<2d3B", 1, 2, 3, 4, 5
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(_VALID) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, len(_VALID)),
)
def test_mutated_frames_never_surprise(edits: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(_VALID)
    for place, byte in edits:
        data[place] = byte
    reads, writes = os.pipe()
    unused_reads, unused_writes = os.pipe()
    os.write(writes, bytes(data[: cut or None]))
    os.close(writes)
    host = PipePair(reads, unused_writes, REPLIES, REQUESTS)
    with contextlib.suppress(ProtocolError, EOFError):
        host.receive(time.monotonic() + 1)
    host.close()
    os.close(unused_reads)
