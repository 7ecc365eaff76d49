"""LTI 1.3 Assignment and Grade Services: the columns that a tool owns, and the tokens that it writes with."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import jwt
import msgspec

from autograder.errors import PushError, PushUnsettled
from autograder.lms.ags import AgsSettings
from autograder.lms.grades import round_score
from autograder.lms.push.credentials import Secret, find_private_key
from autograder.lms.push.http import HttpClient, HttpReply, HttpRequest, Patience, checked_reply
from autograder.lms.push.model import CurrentGrade, GradeChange, JoinBy, PlatformMember, WriteReply
from autograder.text import printable

__all__ = ["SCOPES", "AgsTarget", "LtiClient", "LtiTokens", "address_beneath", "connect_ags"]


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


class LtiClient(msgspec.Struct, frozen=True):
    """Who we are on a platform; `audience` is what it wants the statement to be addressed to."""

    client_id: str
    key_id: str
    token_url: str
    audience: str


class LtiTokens:
    """Fetches an access token when one is needed, and anew before it runs out."""

    def __init__(self, client: LtiClient, key: Secret) -> None:
        self._client, self._key = client, key
        self._held: Secret | None = None
        self._until = 0.0
        self.granted: tuple[str, ...] = ()

    def get(self, http: HttpClient) -> Secret:
        """Return a valid token; raises PushError, also if the platform grants too few scopes."""
        if self._held is None or http.patience.clock() > self._until:
            reply = self._ask(http, SCOPES)
            if reply.status_code == 400 and "scope" in reply.text:  # a platform that knows only the stronger one
                reply = self._ask(http, (_LINE_ITEMS_RW, *SCOPES[1:]))
            self._take(http, reply)
        assert self._held is not None
        return self._held

    def statement(self, http: HttpClient) -> str:
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

    def _ask(self, http: HttpClient, scopes: Sequence[str]) -> HttpReply:
        statement = Secret(self.statement(http))
        http.hide(statement)
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _BEARER,
            "client_assertion": statement.reveal(),
            "scope": " ".join(scopes),
        }
        return http.request(HttpRequest("POST", self._client.token_url, data=form, authorised=False))

    def _take(self, http: HttpClient, reply: HttpReply) -> None:
        """Read the token from an answer, whatever its declared content type."""
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


LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
MEMBERSHIPS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"

MAX_ITEMS = 50_000
CLASHES = 4
"""How often a score is sent again that the platform finds no later than what it has."""

LOST_IN_A_ROW = 2
"""After so many requests without an answer the others wait for the next round."""


class AgsTarget:
    """A line item. Its maximum may be another than ours: the platform rescales, and so does the comparison."""

    batch = 20
    maximum: float | None = None

    @checked_reply
    def __init__(self, http: HttpClient, line_items: str, memberships: str, wanted: str) -> None:
        """Find the line item, by label, resource id or own id; raises PushError."""
        self._http, self._memberships = http, memberships
        self._in_canvas = "/api/lti/courses/" in urlsplit(line_items).path
        item = self._found(line_items, wanted)
        self._item = str(item["id"])
        self._most = _number(item.get("scoreMaximum"))
        self._last: dict[str, datetime] = {}
        self.name = f"line item {printable(str(item.get('label', '')))!r} of {printable(urlsplit(line_items).netloc)}"
        self.key = f"ags {self._item}"

    def notes(self) -> Sequence[str]:
        """Return a note if the platform rescales scores without saying to what."""
        return [] if self._most else ["the line item names no maximum"]

    @property
    def most(self) -> float | None:
        """The maximum of the line item."""
        return self._most

    @checked_reply
    def lacking(self) -> Sequence[str]:
        """Return nothing: without every scope there is no token."""
        return []

    @checked_reply
    def members(self) -> Sequence[PlatformMember]:
        """List the active learners of the course."""
        listed = self._pages(self._memberships, MEMBERSHIPS, "members")
        return [_member(each) for each in listed if _learns(each)]

    @checked_reply
    def read(self) -> Mapping[str, CurrentGrade]:
        """Read every result of the line item."""
        listed = self._pages(address_beneath(self._item, "results"), RESULTS)
        return {str(each["userId"]): _there(each, self._most) for each in listed if each.get("userId")}

    def write(self, changes: Sequence[GradeChange]) -> Mapping[str, WriteReply]:
        """Post one score after the other. What has no answer is left to the next round."""
        answers: dict[str, WriteReply] = {}
        lost = 0
        for change in changes:
            try:
                answers[change.member.key] = self._post(change)
                lost = 0
            except PushUnsettled as error:
                answers[change.member.key] = WriteReply(taken=False, reason=str(error), settled=False)
                lost += 1
                if lost >= LOST_IN_A_ROW:
                    break
            except PushError as error:
                if not answers:
                    raise
                answers[change.member.key] = WriteReply(taken=False, reason=str(error), settled=False)
                break
        return answers

    def _post(self, change: GradeChange) -> WriteReply:
        url = address_beneath(self._item, "scores")
        for number in range(CLASHES + 1):
            body = self._score(change)
            headers = {"Content-Type": SCORE}
            reply = self._http.request(HttpRequest("POST", url, headers, data=json.dumps(body).encode()))
            if reply.status_code < 300:
                return WriteReply(taken=True)
            if reply.status_code in (401, 403):
                raise PushError(f"{self._http.said(reply)}. The tool may not write scores there; ask an administrator.")
            if not self._too_early(reply):
                return WriteReply(taken=False, reason=self._http.said(reply))
            if number < CLASHES:
                self._http.patience.sleep(1.0 + number)
        late = "the grade there is newer than this machine's clock; is the clock right?"
        return WriteReply(taken=False, reason=f"{self._http.said(reply)} ({late})")

    def _too_early(self, reply: HttpReply) -> bool:
        """Return whether only the score's timestamp was refused: 409, or 400 on Canvas."""
        return reply.status_code == 409 or (reply.status_code == 400 and "timestamp" in reply.text.lower())

    def _score(self, change: GradeChange) -> dict[str, Any]:
        """Write a score; its time is later than that of the one before by a second, which is all that counts."""
        now, key = self._http.patience.now(), change.member.key
        if key in self._last:
            now = max(now, self._last[key] + timedelta(seconds=1))
        self._last[key] = now
        body: dict[str, Any] = {
            "userId": key,
            "timestamp": now.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "scoreGiven": round_score(change.score),
            "scoreMaximum": change.max_score,
        }
        if change.comment:
            body["comment"] = change.comment
        if self._in_canvas:
            body[CANVAS_SUBMISSION] = {"new_submission": False}  # or every score is one more attempt
        return body

    def _found(self, line_items: str, wanted: str) -> Mapping[str, Any]:
        listed = [each for each in self._pages(line_items, LINE_ITEMS) if each.get("id")]
        for name in ("id", "resourceId", "label"):
            named = [each for each in listed if each.get(name) == wanted]
            if len(named) == 1:
                return named[0]
            if named:
                raise PushError(f"{len(named)} line items have the {name} {printable(wanted)!r}. Give the id of one.")
        labels = ", ".join(repr(printable(str(each.get("label", "")))) for each in listed[:10]) or "none"
        raise PushError(
            f"no line item of this tool is called {printable(wanted)!r}; there are: {labels}. "
            "A column that the platform made for its own assignments cannot be reached; add the tool to the course."
        )

    def _pages(self, url: str, kind: str, name: str = "") -> list[Mapping[str, Any]]:
        """Read a list to its last page."""
        return list(self._each(url, kind, name))

    def _each(self, url: str, kind: str, name: str) -> Iterator[Mapping[str, Any]]:
        following: str | None = url
        total = 0
        while following:
            reply = self._http.get(following, headers={"Accept": kind})
            if reply.status_code != 200:
                raise PushError(f"{self._http.said(reply)}. Is the address right, and the tool allowed to read it?")
            answer = reply.json()
            listed = answer.get(name) if name and isinstance(answer, dict) else answer
            if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
                raise PushError(
                    f"{printable(following)[:100]} answered with something unexpected. Is it the right one?"
                )
            total += len(listed)
            if total > MAX_ITEMS:
                raise PushError(
                    f"a list has more than {MAX_ITEMS:,} entries: not read to the end, nothing was written."
                )
            yield from listed
            following = reply.links.get("next", {}).get("url")


def connect_ags(settings: AgsSettings, assignment: str, patience: Patience | None) -> AgsTarget:
    """Find the line item of an assignment with the tool's key; raises PushError."""
    client = LtiClient(settings.client_id, settings.key_id, settings.token_url, settings.audience or settings.token_url)
    key = find_private_key("AUTOGRADER_LTI_KEY", urlsplit(settings.token_url).netloc)
    tokens = LtiTokens(client, key)
    addresses = [settings.line_items, settings.memberships]
    http = HttpClient(addresses, token=lambda: tokens.get(http), secrets=[key], patience=patience)
    return AgsTarget(http, settings.line_items, settings.memberships, assignment)


def address_beneath(item: str, name: str) -> str:
    """Return the address of a line item's scores or results: the name is appended to the path, before any query."""
    parts = urlsplit(item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))


def _member(each: Mapping[str, Any]) -> PlatformMember:
    fields = {
        JoinBy.ID: "user_id",
        JoinBy.SIS: "lis_person_sourcedid",
        JoinBy.LOGIN: "ext_user_username",
        JoinBy.EMAIL: "email",
    }
    names = {kind: str(value) for kind, name in fields.items() if (value := each.get(name))}
    return PlatformMember(str(each.get("user_id", "")), str(each.get("name", "")), names)


def _learns(each: Mapping[str, Any]) -> bool:
    roles = [str(role).rpartition("#")[2] for role in each.get("roles") or ()]
    active = str(each.get("status", "Active")).lower() == "active"
    return bool(each.get("user_id")) and active and "Learner" in roles and "Instructor" not in roles


def _there(each: Mapping[str, Any], most: float | None) -> CurrentGrade:
    score, maximum = _number(each.get("resultScore")), _number(each.get("resultMaximum")) or most
    comment = each.get("comment")
    return CurrentGrade(score=score, maximum=maximum, comments=(str(comment),) if comment else ())


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
