"""LTI 1.3: an access token for a signed statement of who we are (client credentials, RFC 7523)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import jwt
import msgspec

from autograder.errors import PushError
from autograder.lms.push.http import Ask, Http, Reply
from autograder.lms.push.secrets import Secret

__all__ = ["SCOPES", "Client", "Tokens"]

_LINE_ITEMS_RO = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
_LINE_ITEMS_RW = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
SCOPES = (
    _LINE_ITEMS_RO,
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
)
"""What a push needs: find the line item, write scores, read them back, know who the students are."""

LIFE_SECONDS = 55
"""How long our statement is good for; platforms allow between 60 seconds and 5 minutes."""

SKEW_SECONDS = 5
MARGIN_SECONDS = 60
_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Client(msgspec.Struct, frozen=True):
    """Who we are on a platform; `audience` is what it wants the statement to be addressed to."""

    client_id: str
    key_id: str
    token_url: str
    audience: str


class Tokens:
    """Fetches an access token when one is needed, and anew before it runs out."""

    def __init__(self, client: Client, key: Secret) -> None:
        self._client, self._key = client, key
        self._held: Secret | None = None
        self._until = 0.0
        self.granted: tuple[str, ...] = ()

    def get(self, http: Http) -> Secret:
        """Give a token that is good for a while; raises PushError, also where the platform grants too little."""
        if self._held is None or http.patience.clock() > self._until:
            reply = self._ask(http, SCOPES)
            if reply.status_code == 400 and "scope" in reply.text:  # a platform that knows only the stronger one
                reply = self._ask(http, (_LINE_ITEMS_RW, *SCOPES[1:]))
            self._take(http, reply)
        assert self._held is not None  # noqa: S101
        return self._held

    def statement(self, http: Http) -> str:
        """Sign who we are, for the next minute, once."""
        now = int(http.patience.now().timestamp())
        claims = {
            "iss": self._client.client_id,
            "sub": self._client.client_id,
            "aud": self._client.audience,
            "iat": now - SKEW_SECONDS,
            "exp": now + LIFE_SECONDS - SKEW_SECONDS,
            "jti": secrets.token_urlsafe(24),
        }
        try:
            return jwt.encode(claims, self._key.reveal(), algorithm="RS256", headers={"kid": self._client.key_id})
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            raise PushError(
                "the private key cannot sign: it must be an RSA key in PEM form, without a password."
            ) from None

    def _ask(self, http: Http, scopes: Sequence[str]) -> Reply:
        statement = Secret(self.statement(http))
        http.hide(statement)
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _BEARER,
            "client_assertion": statement.reveal(),
            "scope": " ".join(scopes),
        }
        return http.request(Ask("POST", self._client.token_url, data=form, authorised=False))

    def _take(self, http: Http, reply: Reply) -> None:
        """Take the token out of an answer, whatever content type it is said to have."""
        if reply.status_code != 200:
            remedy = "Compare client id, key id, audience and the platform's copy of our public key"
            raise PushError(f"no token: {http.said(reply)}. {remedy}.")
        answer: Any = reply.json()
        value = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise PushError("the token URL answered without a token. Is it the right address?")
        held = Secret(value)
        http.hide(held)
        said = answer.get("scope")
        self.granted = tuple(said.split()) if isinstance(said, str) else SCOPES
        has = {_LINE_ITEMS_RO if scope == _LINE_ITEMS_RW else scope for scope in self.granted}
        missing = [scope.rpartition("/")[2] for scope in SCOPES if scope not in has]
        if missing:
            where = "in the tool's settings on the platform"
            raise PushError(f"the platform does not grant {', '.join(missing)}. An administrator allows it {where}.")
        seconds = answer.get("expires_in")
        self._until = http.patience.clock() + (seconds if isinstance(seconds, int | float) else 300) - MARGIN_SECONDS
        self._held = held
