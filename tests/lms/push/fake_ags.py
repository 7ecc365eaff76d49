"""Moodle's LTI Advantage services as they were seen: queries in ids, 409 within a second, curly quotes, text/html."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lms_platform import Clock, Platform, Request, Response

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
).decode()
ACCESS = "agsSECRETagsSECRETagsSECRET"
PREFIX = "https://purl.imsglobal.org/spec/"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
TEACHER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
PER_PAGE = 3


class FakeAgs(Platform):
    """A course with two line items, of which the second is ours and holds `most` points."""

    def __init__(self, students: dict[str, str], clock: Clock, most: float = 100.0) -> None:
        super().__init__()
        self.students, self.clock, self.most = students, clock, most
        self.scores: dict[str, float | None] = {}
        self.comments: dict[str, str] = {}
        self.times: dict[str, datetime] = {}
        self.overridden: dict[str, float] = {}
        self.granted = [
            f"lti-ags/scope/{name}" for name in ("lineitem", "lineitem.readonly", "score", "result.readonly")
        ]
        self.granted.append("lti-nrps/scope/contextmembership.readonly")
        self.ids_used: set[str] = set()
        self.posted: list[dict[str, Any]] = []
        self.circular = False
        self.tokens = 0
        self.behind = 0.0

    def is_write(self, request: Request) -> bool:
        return request.path.endswith("/scores")

    def answer(self, request: Request) -> Response:  # noqa: PLR0911 - one line for each address
        if request.path == "/token":
            return self._token(request.form)
        if request.headers.get("authorization") != f"Bearer {ACCESS}":
            return Response(401, {"message": "no token"})
        accept = request.headers.get("accept", "")
        if request.path == "/lineitems":
            assert accept == "application/vnd.ims.lis.v2.lineitemcontainer+json", accept
            return self._paged(request, self.items())
        if request.path == "/lineitems/3/lineitem/results":
            assert request.query["type_id"] == "1"
            return self._paged(request, self._results())
        if request.path == "/lineitems/3/lineitem/scores" and request.query.get("type_id") == "1":
            return self._score(request)
        if request.path == "/members":
            return self._paged(request, self._members(), "members")
        return Response(400, {"message": "No handler found"})

    def items(self) -> list[dict[str, Any]]:
        other = {"id": f"{self.url}/lineitems/2/lineitem?type_id=1", "label": "HW 0", "scoreMaximum": 10}
        ours = {"id": f"{self.url}/lineitems/3/lineitem?type_id=1", "label": "HW 1", "scoreMaximum": self.most}
        return [other, ours | {"resourceId": "hw1", "tag": ""}]

    def score(self, key: str) -> float | None:
        return self.overridden.get(key, self.scores.get(key))

    def _token(self, form: dict[str, str]) -> Response:
        claims = jwt.decode(
            form["client_assertion"], KEY.public_key(), ["RS256"], audience="the-platform", leeway=10**9
        )
        header = jwt.get_unverified_header(form["client_assertion"])
        assert claims["iss"] == claims["sub"] == "client-1"
        assert 0 < claims["exp"] - claims["iat"] <= 60
        assert header["kid"] == "key-1"
        assert claims["jti"] not in self.ids_used
        assert form["grant_type"] == "client_credentials"
        self.ids_used.add(claims["jti"])
        self.tokens += 1
        asked = form["scope"].split()
        granted = " ".join(scope for scope in asked if scope.removeprefix(PREFIX) in self.granted)
        body = {"access_token": ACCESS, "token_type": "Bearer", "expires_in": 3600, "scope": granted}
        return Response(body=json.dumps(body).encode(), kind="text/html; charset=utf-8")

    def _score(self, request: Request) -> Response:
        if request.headers.get("content-type") != "application/vnd.ims.lis.v1.score+json":
            return Response(400, {"message": "No handler found"})
        body = json.loads(request.body)
        key = body["userId"]
        self.posted.append(body)
        if key not in self.students:
            return Response(400, {"message": "Cannot be graded"})
        when = datetime.fromisoformat(body["timestamp"])
        if key in self.times and int(when.timestamp()) <= int(self.times[key].timestamp()):
            return Response(409, {"message": "Refusing score with an earlier timestamp"})
        self.times[key] = when
        if "scoreGiven" not in body or body["gradingProgress"] != "FullyGraded":
            self.scores[key] = None
            return Response(200, b"")
        self.scores[key] = min(body["scoreGiven"] / body["scoreMaximum"] * self.most, self.most)
        if "comment" in body:
            self.comments[key] = body["comment"]
        return Response(200, b"")

    def _results(self) -> list[dict[str, Any]]:
        listed = []
        for key in self.students:
            if key not in self.scores and key not in self.overridden:
                continue
            result = {"id": f"r{key}", "userId": key, "resultMaximum": self.most}
            if self.score(key) is not None:
                result["resultScore"] = self.score(key)
            if key in self.comments:
                result["comment"] = self.comments[key]
            listed.append(result)
        return listed

    def _members(self) -> list[dict[str, Any]]:
        learners = [
            {"user_id": key, "roles": [LEARNER], "status": "Active", "name": name, "email": f"{name}@example.org"}
            | {"lis_person_sourcedid": f"0{key}", "ext_user_username": name}
            for key, name in self.students.items()
        ]
        return [{"user_id": "2", "roles": [TEACHER], "name": "Tea Cher", "ext_user_username": "teacher"}, *learners]

    def _paged(self, request: Request, items: list[Any], name: str = "") -> Response:
        page = int(request.query.get("from", "0"))
        more = page + PER_PAGE < len(items) or self.circular
        following = 0 if self.circular else page + PER_PAGE
        link = f"<{self.url}{request.path}?type_id=1&amp;from={following}&amp;Limit=3>; rel=“next”"
        part = items[page : page + PER_PAGE]
        return Response(body={name: part, "id": "x"} if name else part, headers={"Link": link} if more else {})
