"""Messages between the coordinator and its workers: length-prefixed msgpack over a socket pair."""

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
    "Channel",
    "Done",
    "Failed",
    "Message",
    "Ready",
    "Setup",
    "Stop",
    "Task",
    "pack",
    "take_messages",
    "unpack",
]

_HEADER = 4
MAX_SETUP = 1 << 17
"""Longest `Setup` in bytes; it is sent as one packet."""
_CHUNK = 1 << 20


class Setup(msgspec.Struct, frozen=True, tag=True):
    """What workers need before the first job, sent once: the assignments to grade, and the isolation level."""

    course: Course
    assignments: tuple[Assignment, ...]
    level: str = "best"


class Stop(msgspec.Struct, frozen=True, tag=True):
    """There are no more jobs. If the stream ends without this message, the coordinator has died."""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The worker with this process id has loaded sandbox and graders, and waits for its first job."""

    pid: int


class Done(msgspec.Struct, frozen=True, tag=True):
    """One report."""

    report: Report


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The worker or the fork server cannot continue; `kind` is the exception's name, `text` its message."""

    kind: str
    text: str


class Task(msgspec.Struct, frozen=True, tag=True):
    """One submission to grade."""

    job: Job


Message = Setup | Task | Stop | Ready | Done | Failed


def _path(kind: type, value: Any) -> Path:
    if kind is not Path or type(value) is not str:
        raise NotImplementedError(f"cannot decode {kind}")
    return Path(value)


_encoder = msgspec.msgpack.Encoder(enc_hook=str)  # paths are the only type that msgpack does not know
_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message, dec_hook=_path)


def pack(message: Message) -> bytes:
    """Encode a message, preceded by its length."""
    body = _encoder.encode(message)
    return len(body).to_bytes(_HEADER, "big") + body


def unpack(data: bytes) -> Message:
    """Decode exactly one message; raises msgspec.DecodeError on anything else."""
    return _decoder.decode(data[_HEADER:])


def take_messages(buffer: bytearray) -> Iterator[Message]:
    """Remove the complete messages from the front of `buffer` and yield them. Raises msgspec.DecodeError."""
    while len(buffer) >= _HEADER:
        end = _HEADER + int.from_bytes(buffer[:_HEADER], "big")
        if len(buffer) < end:
            return
        body = bytes(buffer[_HEADER:end])
        del buffer[:end]
        yield _decoder.decode(body)


class Channel:
    """The coordinator's end of a connection. It never blocks: a worker that hangs must not delay the others."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._socket = end
        self._incoming, self._outgoing = bytearray(), bytearray()

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def unsent(self) -> bool:
        """Whether there is data left to write."""
        return bool(self._outgoing)

    def send(self, message: Message) -> None:
        """Queue a message and write what can be written now; raises OSError if the worker is gone."""
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
        """Return the complete messages that have arrived; raises EOFError once the worker has closed its end."""
        try:
            data = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return []
        if not data:
            raise EOFError
        self._incoming += data
        return list(take_messages(self._incoming))

    def close(self) -> None:
        self._socket.close()
