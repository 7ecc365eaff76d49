"""A platform in this process, on 127.0.0.1, that misbehaves on demand: busy, broken, mute, slow, endless."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from autograder.lms.grades import Grade, Standing
from autograder.lms.push.http import Patience

FAULTS = ("429", "503 before", "503 after", "mute before", "mute after", "garbage after")


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)
    start: datetime = datetime(2026, 11, 28, 12, 0, 0, 250_000, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def patience(self, **changed: Any) -> Patience:
        fixed = {"sleep": self.sleep, "clock": lambda: self.seconds, "now": self.now, "jitter": lambda: 1.0}
        return Patience(**({"connect": 5.0, "read": 5.0, "first_wait": 1.0} | fixed | changed))


@dataclass
class Request:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Response:
    """What goes back; `body` is JSON unless it is bytes."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"

    def encoded(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Mute(Exception):
    """The connection is to be closed without an answer."""


class Platform:
    """The part that all three share: a server, a log, faults that hit the next requests."""

    def __init__(self) -> None:
        self.log: list[Request] = []
        self.writes = 0
        self.faults: deque[str] = deque()
        self.read_faults: deque[str] = deque()
        self.retry_after = "2"
        self.instead: Callable[[Request], Response | None] = lambda request: None
        self.lock = threading.Lock()
        self.url = ""

    def is_write(self, request: Request) -> bool:
        raise NotImplementedError

    def answer(self, request: Request) -> Response:
        raise NotImplementedError

    def respond(self, request: Request) -> Response:
        with self.lock:
            self.log.append(request)
            forced = self.instead(request)
            if forced is not None:
                return forced
            write = self.is_write(request)
            self.writes += write
            queue = self.faults if write else self.read_faults
            fault = queue.popleft() if queue else ""
            if fault == "429":
                headers = {"Retry-After": self.retry_after} if self.retry_after else {}
                return Response(429, {"errors": "slow down"}, headers)
            if fault == "503 before":
                return Response(503, b"<h1>busy</h1>", kind="text/html")
            if fault == "mute before":
                raise Mute
            response = self.answer(request)
            if fault == "503 after":
                return Response(502, b"<h1>bad gateway</h1>", kind="text/html")
            if fault == "mute after":
                raise Mute
            if fault == "garbage after":
                return Response(200, b"<html>maintenance", kind="text/html")
            return response

    @contextmanager
    def serving(self, context: ssl.SSLContext | None = None) -> Iterator[Platform]:
        server = _Server(("127.0.0.1", 0), _handler(self))
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: Any) -> None:
        pass  # the other side went away in the middle, which is what some tests are about


def _handler(platform: Platform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            self._respond()

        def do_POST(self) -> None:
            self._respond()

        def _respond(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), 1 << 22)
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, parts.path, query, headers, self.rfile.read(length))
            try:
                response = platform.respond(request)
            except Mute:
                return
            if isinstance(response.body, Drip):
                response.body.send(self)
                return
            body = response.encoded()
            self.send_response(response.status)
            fixed = {"Content-Type": response.kind, "Content-Length": str(len(body))}
            for name, value in (fixed | response.headers).items():
                self._headers_buffer.append(f"{name}: {value}\r\n".encode())  # as bytes: platforms send UTF-8
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@dataclass
class Drip:
    """A body that comes in parts, more slowly or longer than anybody waits."""

    part: bytes
    times: int
    pause: float = 0.0

    def send(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        try:
            for _ in range(self.times):
                handler.wfile.write(self.part)
                time.sleep(self.pause)
        except OSError:
            pass  # the other side has gone, which is what is wanted


def graded(student: str, score: float, comment: str = "", max_score: float = 20.0) -> Grade:
    return Grade(
        student=student, standing=Standing.GRADED, score=score, raw_score=score, max_score=max_score, comment=comment
    )


def held(student: str, standing: Standing) -> Grade:
    return Grade(student=student, standing=standing)
