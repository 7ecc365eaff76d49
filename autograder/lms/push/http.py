"""Answers that do not have the form they should: an error with words, never a traceback."""

from __future__ import annotations

import contextlib
import functools
import html
import json
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urljoin

import msgspec
import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as SilentError

from autograder.errors import PushError, PushUnsettled
from autograder.lms.push.credentials import Secret, check_address, host_of, origin_of
from autograder.text import printable

__all__ = [
    "STRANGE",
    "HttpClient",
    "HttpReply",
    "HttpRequest",
    "Patience",
    "UnreadableReply",
    "checked_reply",
    "next_page",
]


MAX_HOPS = 5
MAX_PAGES = 1000
MAX_SHOWN = 200
_BUSY = "rate limit exceeded"  # Canvas says so with 403


class UnreadableReply(PushError):
    """An answer came, and nobody can read it."""


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait, and for how much. Times in seconds, sizes in bytes; `clock` never goes back."""

    connect: float = 10.0
    read: float = 60.0
    whole: float = 180.0
    tries: int = 5
    first_wait: float = 1.0
    longest_wait: float = 120.0
    max_bytes: int = 32 << 20
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    jitter: Callable[[], float] = random.random


class HttpReply(msgspec.Struct, frozen=True):
    """An answer that was read to its end."""

    status_code: int
    url: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.content.decode("utf-8", "replace")

    @property
    def links(self) -> Mapping[str, Mapping[str, str]]:
        """The next page, in the form that `requests` gives it."""
        following = next_page(self.headers.get("Link", ""), self.url)
        return {"next": {"url": following, "rel": "next"}} if following else {}

    def json(self, **_: object) -> Any:
        """Decode the body, whatever type it is said to be; raises Unreadable."""
        try:
            return json.loads(self.content, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise UnreadableReply(
                f"{host_of(self.url)} answered with something other than JSON: is the address right?"
            ) from None


class HttpRequest(msgspec.Struct, frozen=True):
    """One request. `repeatable` where doing it twice is as good as once; not `authorised`: without the token."""

    method: str
    url: str
    headers: Mapping[str, str] = {}
    params: Any = None
    data: Any = None
    repeatable: bool = False
    authorised: bool = True


class HttpClient:
    """Requests to one platform, with its token.

    `token` goes to no host but those of `hosts`; `secrets` are removed from messages.
    """

    def __init__(
        self,
        hosts: Sequence[str],
        *,
        token: Callable[[], Secret] | None = None,
        secrets: Sequence[Secret] = (),
        patience: Patience | None = None,
    ) -> None:
        self._origins = {origin_of(check_address(each)) for each in hosts}
        self._token, self._secrets = token, list(secrets)
        self.patience = patience or Patience()
        self._session = requests.Session()
        self._session.auth = lambda request: request  # or requests looks for a password in ~/.netrc
        self._pages: set[str] = set()

    def get(self, url: str, headers: Mapping[str, str] | None = None, params: Any = None, **_: object) -> HttpReply:
        """Read something. Raises PushError; also if a list of pages leads back to itself."""
        reply = self._cleaned(self.request(HttpRequest("GET", url, headers or {}, params=params, repeatable=True)))
        following = reply.links.get("next", {}).get("url")
        if not following:
            self._pages.clear()
            return reply
        self._pages.add(reply.url)
        if following in self._pages or len(self._pages) > MAX_PAGES:
            self._pages.clear()
            raise PushError(
                f"{host_of(url)}: the pages of a list lead in a circle. Nothing was written; try again later."
            )
        return reply

    def post(self, url: str, headers: Mapping[str, str] | None = None, data: Any = None, **_: object) -> HttpReply:
        """Write something, once. Raises PushUnsettled where it may have been done although no answer came."""
        return self._cleaned(self.request(HttpRequest("POST", url, headers or {}, data=data)))

    def request(self, ask: HttpRequest) -> HttpReply:
        """Ask until there is an answer; every status but 429 and 5xx is one, and is returned.

        What is not `repeatable` is asked again only where it certainly was not done. Raises PushError, PushUnsettled.
        """
        headers = {name: value for name, value in ask.headers.items() if name.lower() != "authorization"}
        headers["Accept-Encoding"] = "identity"  # so that the bound on the size is one
        if ask.authorised and self._token:
            self._allowed(ask.url)
            headers["Authorization"] = f"Bearer {self._token().reveal()}"
        for attempt in range(1, self.patience.tries + 1):
            last = attempt == self.patience.tries
            try:
                reply = self._once(ask, headers)
            except (requests.RequestException, HTTPError, OSError) as error:
                done = self._failed(error, ask)
                if last or isinstance(error, _TooLong) or not (ask.repeatable or _never_sent(error)):
                    raise done from None
                self._wait(attempt, None)
                continue
            busy = reply.status_code == 429 or (reply.status_code == 403 and _BUSY in reply.text[:500].lower())
            if not busy and reply.status_code < 500:
                return reply
            if last or not (busy or ask.repeatable):
                raise self._gave_up(reply, unsettled=not busy and not ask.repeatable)
            self._wait(attempt, reply.headers.get("Retry-After"))
        raise PushError(f"{host_of(ask.url)} was not asked: no tries are allowed.")

    def hide(self, secret: Secret) -> None:
        """Keep one more secret out of every message."""
        self._secrets.append(secret)

    def said(self, reply: HttpReply, text: str | None = None) -> str:
        """Quote an answer in a message: short, printable, without secrets."""
        quoted = self.scrub(reply.text if text is None else text)
        return f"{host_of(reply.url)} answered {reply.status_code}" + (f": {quoted}" if quoted else "")

    def scrub(self, text: str) -> str:
        """Make foreign text fit for a message."""
        for secret in self._secrets:
            text = text.replace(secret.reveal(), "***")
        text = printable(" ".join(text.split()))
        return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"

    def _cleaned(self, reply: HttpReply) -> HttpReply:
        """Remove secrets from an answer that echoes them: canvasapi logs every answer."""
        content = reply.content
        for secret in self._secrets:
            content = content.replace(secret.reveal().encode(), b"***")
        return msgspec.structs.replace(reply, content=content)

    def _once(self, ask: HttpRequest, headers: Mapping[str, str]) -> HttpReply:
        url, params = ask.url, ask.params
        bounds = (self.patience.connect, self.patience.read)
        fixed = {
            "headers": dict(headers),
            "data": ask.data,
            "timeout": bounds,
            "stream": True,
        }
        for _ in range(MAX_HOPS):
            with contextlib.closing(
                self._session.request(ask.method, url, params=params, allow_redirects=False, **fixed)
            ) as response:
                target = response.headers.get("Location")
                if not (300 <= response.status_code < 400 and target):
                    content = b"".join(self._body(response))
                    found = CaseInsensitiveDict(response.headers)
                    return HttpReply(response.status_code, response.url or url, found, content)
            following = urljoin(response.url or url, target)
            if ask.method != "GET" or origin_of(following) != origin_of(url):
                raise PushError(
                    f"{host_of(url)} redirects to {host_of(following)}; nothing is sent there. "
                    "If that is where the platform lives now, give that address."
                )
            url, params = following, None
        raise PushError(f"{host_of(url)} redirects in a circle. Is the address right?")

    def _body(self, response: requests.Response) -> Iterator[bytes]:
        """Yield the body as it comes, so that a slow one is noticed; raises PushError beyond the bounds."""
        until, total = self.patience.clock() + self.patience.whole, 0
        while part := response.raw.read1(1 << 16, decode_content=True):
            total += len(part)
            if total > self.patience.max_bytes:
                raise _TooLong
            if self.patience.clock() > until:
                raise requests.ReadTimeout(f"not at its end after {self.patience.whole:g} s")
            yield part

    def _allowed(self, url: str) -> None:
        if origin_of(check_address(url)) not in self._origins:
            raise PushError(
                f"the platform points to {host_of(url)}, where no token of its own is sent. Nothing was read."
            )

    def _failed(self, error: Exception, ask: HttpRequest) -> PushError:
        """Describe a connection failure in our own words: the library's hold addresses and more."""
        if isinstance(error, requests.exceptions.SSLError):
            why = "no secure connection; its certificate may not be valid"
        elif isinstance(error, _TooLong):
            why = f"the answer has more than {self.patience.max_bytes >> 20} MB"
        elif isinstance(error, requests.Timeout | TimeoutError | SilentError):
            why = "it did not answer in time"
        elif _never_sent(error):
            why = "no connection"
        else:
            why = "the connection broke"
        kind = PushError if ask.repeatable or _never_sent(error) else PushUnsettled
        return kind(f"{host_of(ask.url)}: {why}. Look at the address and the network, then run again.")

    def _gave_up(self, reply: HttpReply, *, unsettled: bool) -> PushError:
        return (PushUnsettled if unsettled else PushError)(f"{self.said(reply)}. Run again later.")

    def _wait(self, attempt: int, asked: str | None) -> None:
        backoff = self.patience.first_wait * 2 ** (attempt - 1) * (0.5 + self.patience.jitter() / 2)
        seconds = max(backoff, self._asked(asked))
        if seconds > self.patience.longest_wait:
            raise PushError(f"the platform asks to wait {seconds:.0f} s. Run again after that.")
        self.patience.sleep(seconds)

    def _asked(self, header: str | None) -> float:
        """Read Retry-After, in seconds or as a date."""
        if not header:
            return 0.0
        with contextlib.suppress(ValueError):
            return max(0.0, float(header))
        with contextlib.suppress(ValueError, TypeError):
            return max(0.0, (parsedate_to_datetime(header) - self.patience.now()).total_seconds())
        return 0.0


class _TooLong(requests.RequestException):
    """The body has more bytes than are read."""


def _never_sent(error: Exception) -> bool:
    """Return whether a request certainly did not reach the platform."""
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue:
        each = queue.pop()
        if isinstance(each, requests.ConnectTimeout | NewConnectionError | ConnectTimeoutError):
            return True
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        queue += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
    return False


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_P = ParamSpec("_P")
_R = TypeVar("_R")

STRANGE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a record raises that is not what was expected."""


def checked_reply(read: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a function that reads answers raise PushError where they are not what they should be."""

    @functools.wraps(read)
    def careful(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return read(*args, **kwargs)
        except STRANGE as error:
            what = type(error).__name__
            raise PushError(
                f"the platform answered with something unexpected ({what}). Is the address right?"
            ) from None

    return careful


_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"})
_LINK = re.compile(r"<([^<>]*)>\s*((?:;[^<]*?)?)(?=,\s*<|$)")
_NEXT = re.compile(r""";\s*rel\s*=\s*["']?[^"';,]*\bnext\b""", re.IGNORECASE)


def next_page(header: str, base: str) -> str | None:
    """Find the address of the next page in a Link header; None on the last page. Capitals stay what they are."""
    text = _as_utf8(header)
    for each in (text, html.unescape(text)):
        for target, parameters in _LINK.findall(each.translate(_QUOTES)):
            if _NEXT.search(parameters):
                return urljoin(base, html.unescape(target))
    return None


def _as_utf8(header: str) -> str:
    """Undo the reading of a header's bytes as Latin-1, which is how HTTP libraries give them."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
