"""Frames on two pipes: `magic, header length, body length | msgpack header | array bytes`.

Both sides use this module. Every length is checked before memory is taken, and no read or write outlasts its deadline.
"""

from __future__ import annotations

import math
import os
import select
import struct
import time
from typing import Any, NamedTuple

import msgspec
import numpy as np

from .values import Encoded, ValueProblem, decode_value, encode_value, numeric_dtype

__all__ = [
    "REPLIES",
    "REQUESTS",
    "Array",
    "Call",
    "Carrier",
    "Direction",
    "Frame",
    "LockedDown",
    "Missing",
    "PipePair",
    "ProtocolError",
    "Raised",
    "Reply",
    "Request",
    "RunCells",
    "StoreArray",
    "Value",
]

PREFIX = struct.Struct("<4sIQ")
MAGIC = b"NNA1"
MAX_ARRAYS, MAX_DIMENSIONS = 4096, 16
JOIN_BELOW = 1 << 15  # small arrays are copied into one write; large ones are written from where they lie
BUFFER = 1 << 14


class ProtocolError(Exception):
    """The peer broke the format or a bound."""


class Array(msgspec.Struct, array_like=True):
    """How to read one array of the body."""

    dtype: str
    shape: list[int]


class Frame(msgspec.Struct, array_like=True):
    """Whatever travels; a reply carries the number of the request that it answers."""

    number: int


class Carrier(Frame, array_like=True):
    """A frame with a value, whose arrays follow the header as bytes; `arrays` is filled on the way."""

    value: Encoded = None
    arrays: list[Array] = []


class RunCells(Frame, array_like=True, tag="cells"):
    """Run cells, each given as (number, source), in order; each is answered by a Value or a Raised."""

    cells: list[tuple[int, str]]
    seconds: float


class Call(Carrier, array_like=True, tag="call"):
    """Call a function; the value is [args, kwargs], or is answered by (result, args) if the arguments are wanted."""

    name: str = ""
    seconds: float = 0.0
    want_arguments: bool = False


class StoreArray(Carrier, array_like=True, tag="store"):
    """Keep an array, which later calls refer to by its position; there is no answer."""


class LockedDown(Frame, array_like=True, tag="ready"):
    """The child is locked down: sent once, before any student code."""


class Value(Carrier, array_like=True, tag="value"):
    """A cell ran to its end, or a function returned the value."""

    output: str = ""


class Missing(Frame, array_like=True, tag="missing"):
    """There is no function of that name."""


class Raised(Frame, array_like=True, tag="raised"):
    """An exception: its type's name, and the innermost cell and line in its traceback, (0, 0) if there are none."""

    kind: str
    cell: int
    line: int
    text: str
    output: str = ""


Request = RunCells | Call | StoreArray
Reply = LockedDown | Value | Missing | Raised


class Direction(NamedTuple):
    """What may come on one of the two pipes, and how many bytes of header and body."""

    decoder: msgspec.msgpack.Decoder[Any]
    most_header: int
    most_body: int


# The host's requests may be large, a stranger's replies may not. Made once: a child must not pay for reading the types.
REQUESTS = Direction(msgspec.msgpack.Decoder(Request), 16 << 20, 1 << 30)
REPLIES = Direction(msgspec.msgpack.Decoder(Reply), 1 << 20, 32 << 20)
_encoder = msgspec.msgpack.Encoder()


class PipePair:
    """Two pipe ends. The host's reads and writes carry a deadline; a child's wait for ever."""

    def __init__(self, reads: int, writes: int, incoming: Direction, outgoing: Direction) -> None:
        self._reads, self._writes = reads, writes
        os.set_blocking(reads, False)
        os.set_blocking(writes, False)
        self._poll_read, self._poll_write = select.poll(), select.poll()
        self._poll_read.register(reads, select.POLLIN)
        self._poll_write.register(writes, select.POLLOUT)
        self._buffer, self._low, self._high = memoryview(bytearray(BUFFER)), 0, 0
        self._incoming, self._outgoing = incoming, outgoing

    def close(self) -> None:
        """Close both ends."""
        os.close(self._reads)
        os.close(self._writes)

    def send(self, frame: Request | Reply, deadline: float | None = None) -> None:
        """Write one frame.

        Raises ValueProblem if it is too large, TimeoutError at the deadline, OSError if the peer is gone.
        """
        arrays: list[np.ndarray[Any, Any]] = []
        match frame:
            case Carrier():  # not `isinstance`: a student's code may have replaced it
                encoded = encode_value(frame.value, arrays)
                specs = [Array(a.dtype.str, list(a.shape)) for a in arrays]
                frame = msgspec.structs.replace(frame, value=encoded, arrays=specs)
        header = _encoder.encode(frame)
        body = sum(a.nbytes for a in arrays)
        most = self._outgoing
        if len(header) > most.most_header or body > most.most_body or len(arrays) > MAX_ARRAYS:
            raise ValueProblem("larger than a frame may be")
        prefix = PREFIX.pack(MAGIC, len(header), body)
        if body < JOIN_BELOW:
            self._write([memoryview(b"".join([prefix, header, *(a.tobytes() for a in arrays)]))], deadline)
        else:
            blobs = [memoryview(a.reshape(-1).view("u1")) for a in arrays if a.nbytes]  # type: ignore[arg-type]  # a buffer, for which NumPy's stubs have no name
            self._write([memoryview(prefix + header), *blobs], deadline)

    def receive(self, deadline: float | None = None, stored: Any = None) -> Any:
        """Read one frame that may come in this direction.

        Raises ProtocolError on a breach of the format, TimeoutError at the deadline, EOFError if the peer is gone.
        """
        magic, header_size, body_size = PREFIX.unpack(self._take(PREFIX.size, deadline))
        if magic != MAGIC or header_size > self._incoming.most_header or body_size > self._incoming.most_body:
            raise ProtocolError("not a frame, or an oversized one")
        header = self._take(header_size, deadline)
        try:
            frame = self._incoming.decoder.decode(header)
            match frame:
                case Carrier():
                    frame.value = decode_value(frame.value, self._arrays(frame.arrays, body_size, deadline), stored)
                case _ if body_size:
                    raise ProtocolError("a body without arrays")
        except (ProtocolError, TimeoutError, EOFError):
            raise
        except Exception as error:  # whatever hostile data provokes, RecursionError included, is the peer's breach
            raise ProtocolError(f"{type(error).__name__} in a frame") from None
        return frame

    def _arrays(self, specs: list[Array], left: int, deadline: float | None) -> list[np.ndarray[Any, Any]]:
        if len(specs) > MAX_ARRAYS:
            raise ProtocolError("too many arrays")
        arrays = []
        for spec in specs:
            if not numeric_dtype(spec.dtype) or len(spec.shape) > MAX_DIMENSIONS or min(spec.shape, default=0) < 0:
                raise ProtocolError("an array of a forbidden kind")
            dtype = np.dtype(spec.dtype)
            left -= math.prod(spec.shape) * dtype.itemsize
            if left < 0:
                raise ProtocolError("arrays larger than the body")
            array = np.empty(spec.shape, dtype)
            if array.nbytes > BUFFER:
                self._read(memoryview(array.reshape(-1).view("u1")), deadline)  # type: ignore[arg-type]  # a buffer, for which NumPy's stubs have no name
            elif array.nbytes:
                array = np.frombuffer(self._take(array.nbytes, deadline), dtype).reshape(spec.shape).copy()
            arrays.append(
                array if spec.dtype != "|b1" else np.asarray(array.view("u1") != 0)
            )  # a byte of 2 is no boolean
        if left:
            raise ProtocolError("body larger than the arrays")
        return arrays

    def _take(self, size: int, deadline: float | None) -> memoryview:
        """Return the next `size` bytes; up to BUFFER of them are in the buffer, valid only until the next read."""
        if size > BUFFER:
            data = memoryview(bytearray(size))
            self._read(data, deadline)
            return data
        if self._low + size > BUFFER:
            left = bytes(self._buffer[self._low : self._high])
            self._buffer[: len(left)] = left
            self._low, self._high = 0, len(left)
        while self._high - self._low < size:
            try:
                got = os.readv(self._reads, [self._buffer[self._high :]])
            except BlockingIOError:
                _wait(self._poll_read, deadline)
                continue
            if not got:
                raise EOFError
            self._high += got
        taken = self._buffer[self._low : self._low + size]
        self._low += size
        if self._low == self._high:
            self._low = self._high = 0
        return taken

    def _read(self, into: memoryview, deadline: float | None) -> None:
        while len(into):
            ready = min(len(into), self._high - self._low)
            if ready:
                into[:ready] = self._buffer[self._low : self._low + ready]
                self._low += ready
                into = into[ready:]
                continue
            direct = len(into) >= BUFFER
            try:
                got = os.readv(self._reads, [into if direct else self._buffer])
            except BlockingIOError:
                _wait(self._poll_read, deadline)
                continue
            if not got:
                raise EOFError
            if direct:
                into = into[got:]
            else:
                self._low, self._high = 0, got

    def _write(self, parts: list[memoryview], deadline: float | None) -> None:
        while parts:
            try:
                sent = os.writev(self._writes, parts)
            except BlockingIOError:
                _wait(self._poll_write, deadline)
                continue
            while parts and sent >= len(parts[0]):
                sent -= len(parts.pop(0))
            if sent:
                parts[0] = parts[0][sent:]


def _wait(poll: select.poll, deadline: float | None) -> None:
    left = None if deadline is None else (deadline - time.monotonic()) * 1000
    if (left is not None and left <= 0) or not poll.poll(left):
        raise TimeoutError
