"""Messages between the coordinator and its workers: length-prefixed msgpack over a pair of sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from autograder.course import Assignment, Course
from autograder.report import Report
from autograder.submission import Job

__all__ = [
    "MAX_SETUP",
    "Done",
    "Failed",
    "Link",
    "Message",
    "Ready",
    "Setup",
    "Stop",
    "Task",
    "frames",
    "pack",
    "unpack",
]

_HEADER = 4
MAX_SETUP = 1 << 17
"""Longest `Setup` in bytes; it travels as one packet."""
_CHUNK = 1 << 20


class Setup(msgspec.Struct, frozen=True, tag=True):
    """What workers need before the first job; sent once. `assignments` are those that occur, `level` isolates."""

    course: Course
    assignments: tuple[Assignment, ...]
    level: str = "best"


class Stop(msgspec.Struct, frozen=True, tag=True):
    """No more jobs. An end of the stream without it means that the coordinator died."""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The worker with this process id asks for its first job: sandbox and graders are loaded."""

    pid: int


class Done(msgspec.Struct, frozen=True, tag=True):
    """One report."""

    report: Report


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The worker or what forks it cannot go on; `kind` is the exception's name, `text` says why."""

    kind: str
    text: str


class Task(msgspec.Struct, frozen=True, tag=True):
    """One submission to grade."""

    job: Job


Message = Setup | Task | Stop | Ready | Done | Failed


def _path(kind: type, value: Any) -> Path:
    if kind is not Path or type(value) is not str:
        raise NotImplementedError(f"no {kind} travels between these processes")
    return Path(value)


_encoder = msgspec.msgpack.Encoder(enc_hook=str)  # the records hold nothing but paths that msgpack does not know
_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message, dec_hook=_path)


def pack(message: Message) -> bytes:
    """Encode a message with its length before it."""
    body = _encoder.encode(message)
    return len(body).to_bytes(_HEADER, "big") + body


def unpack(data: bytes) -> Message:
    """Decode the one whole message that `data` is; raises msgspec.DecodeError on anything else."""
    return _decoder.decode(data[_HEADER:])


def frames(buffer: bytearray) -> Iterator[Message]:
    """Take every whole message off the front of `buffer`; raises msgspec.DecodeError on anything else."""
    while len(buffer) >= _HEADER:
        end = _HEADER + int.from_bytes(buffer[:_HEADER], "big")
        if len(buffer) < end:
            return
        body = bytes(buffer[_HEADER:end])
        del buffer[:end]
        yield _decoder.decode(body)


class Link:
    """The coordinator's end: never blocks, because a worker that hangs must not hold up the others."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._socket = end
        self._incoming, self._outgoing = bytearray(), bytearray()

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def unsent(self) -> bool:
        """Whether there is something left to write."""
        return bool(self._outgoing)

    def send(self, message: Message) -> None:
        """Queue a message and write what can be written now; OSError if the worker is gone."""
        self._outgoing += pack(message)
        self.flush()

    def flush(self) -> None:
        """Write what can be written now."""
        while self._outgoing:
            try:
                sent = self._socket.send(memoryview(self._outgoing)[:_CHUNK])
            except BlockingIOError:
                return
            del self._outgoing[:sent]

    def receive(self) -> list[Message]:
        """Give the whole messages that are there; EOFError when the worker has closed its end."""
        try:
            data = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return []
        if not data:
            raise EOFError
        self._incoming += data
        return list(frames(self._incoming))

    def close(self) -> None:
        self._socket.close()
