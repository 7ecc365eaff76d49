"""Moodle, by its web services. It answers `null` whether it did something or not, so everything is checked."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from autograder.errors import PushError, PushUnsettled
from autograder.lms.grades import round_score
from autograder.lms.push.credentials import Secret, find_token, host_of
from autograder.lms.push.http import HttpClient, HttpRequest, Patience, UnreadableReply, checked_reply
from autograder.lms.push.model import CurrentGrade, GradeChange, JoinBy, PlatformMember, WriteReply
from autograder.lms.registry import RestSettings
from autograder.text import printable

__all__ = ["FUNCTIONS", "GRADEBOOK", "MoodleTarget", "connect_moodle"]

GRADEBOOK = "gradereport_user_get_grade_items"
FUNCTIONS = (
    "core_enrol_get_enrolled_users",
    "mod_assign_get_assignments",
    "mod_assign_get_grades",
    "mod_assign_save_grades",
    GRADEBOOK,
)
"""What the token's service must contain; without the last one nobody sees what was overridden."""

_STAFF = frozenset({"manager", "coursecreator", "editingteacher", "teacher"})
_FATAL = ("token", "access", "permission", "capab", "login", "service")
_HTML = 1


def connect_moodle(settings: RestSettings, assignment: str, patience: Patience | None) -> MoodleTarget:
    """Find an assignment on the site of some settings; raises PushError."""
    url, course = settings.site, settings.course_number()
    token = find_token("AUTOGRADER_MOODLE_TOKEN", urlsplit(url).netloc)
    return MoodleTarget(HttpClient([url], secrets=[token], patience=patience), token, url, course, assignment)


class MoodleTarget:
    """An assignment of a Moodle course."""

    batch = 25

    @checked_reply
    def __init__(self, http: HttpClient, token: Secret, url: str, course: str, assignment: str) -> None:
        """Find the assignment, by the number in its address (`view.php?id=`) or its exact name; raises PushError."""
        self._http, self._token, self._url, self._course = http, token, url.rstrip("/"), course
        if not course.isdigit():
            raise PushError(f"{printable(course)!r} is not a course number. It is in the address of the course's page.")
        found = self._found(assignment)
        self._id = int(found["id"])
        self.maximum: float | None = _points(found)
        self._settings = found
        self._blind = False
        self.name = f"Moodle course {course}, assignment {printable(str(found['name']))!r} ({found['cmid']})"
        self.key = f"moodle {self._url} {course} {self._id}"

    def notes(self) -> Sequence[str]:
        """Return what a person should know about this assignment."""
        notes = []
        if self._settings.get("markingworkflow"):
            notes.append("marking workflow is on: students see grades after you release them in Moodle")
        if self._settings.get("blindmarking") and not self._settings.get("revealidentities"):
            notes.append("anonymous submissions are on: students see grades after you reveal who they are")
        if self._settings.get("teamsubmission"):
            notes.append("students submit in groups: each is graded alone")
        if self._blind:
            notes.append(f"the service lacks {GRADEBOOK}: what was overridden in the gradebook is not seen")
        return notes

    @checked_reply
    def lacking(self) -> Sequence[str]:
        """Name the functions that are not in the token's service."""
        site = _mapping(self._call("core_webservice_get_site_info", {}))
        has = {each.get("name") for each in _listed(site, "functions")}
        return [f"the function {name} in the token's service" for name in FUNCTIONS if name not in has]

    @checked_reply
    def members(self) -> Sequence[PlatformMember]:
        """List who is enrolled and no teacher."""
        fields = {"courseid": self._course, "options[0][name]": "onlyactive", "options[0][value]": "1"}
        listed = _listed(self._call("core_enrol_get_enrolled_users", fields))
        return [_member(user) for user in listed if _learns(user)]

    @checked_reply
    def read(self) -> Mapping[str, CurrentGrade]:
        """Read the assignment's grades, and the gradebook's where it may be seen."""
        reply = self._call("mod_assign_get_grades", {"assignmentids[0]": str(self._id)})
        if any(str(each.get("warningcode")) == "1" for each in _listed(reply, "warnings")):
            raise PushError("Moodle does not let this token's owner grade the assignment (mod/assign:grade).")
        graded = {
            str(grade["userid"]): _graded(grade.get("grade"))
            for each in _listed(reply, "assignments")
            if each.get("assignmentid") == self._id
            for grade in sorted(_listed(each, "grades"), key=lambda grade: int(grade.get("attemptnumber") or 0))
        }
        book = self._gradebook()
        none = CurrentGrade(maximum=self.maximum)
        if book is None:
            return {key: CurrentGrade(score=score, maximum=self.maximum) for key, score in graded.items()}
        return {key: _merged(graded.get(key), book.get(key, none)) for key in graded.keys() | book.keys()}

    def write(self, changes: Sequence[GradeChange]) -> Mapping[str, WriteReply]:
        """Save grades and comments. Where a whole request is refused, each student is tried alone."""
        fields = {"assignmentid": str(self._id), "applytoall": "0"}
        for number, change in enumerate(changes):
            fields |= {f"grades[{number}]{name}": value for name, value in _fields(change).items()}
        try:
            self._call("mod_assign_save_grades", fields, writes=True)
        except _Refused as error:
            if error.fatal:
                raise
            if len(changes) == 1:
                return {changes[0].member.key: WriteReply(taken=False, reason=str(error))}
            answers: dict[str, WriteReply] = {}
            for change in changes:
                answers |= self.write([change])
            return answers
        return {change.member.key: WriteReply(taken=True) for change in changes}

    def _gradebook(self) -> Mapping[str, CurrentGrade] | None:
        """Read this assignment's column of the gradebook; None where the token may not."""
        try:
            reply = self._call(GRADEBOOK, {"courseid": self._course})
        except _Refused:
            self._blind = True
            return None
        return {
            str(user["userid"]): _cell(item, self.maximum)
            for user in _listed(reply, "usergrades")
            for item in _listed(user, "gradeitems")
            if item.get("itemmodule") == "assign" and item.get("iteminstance") == self._id
            if not item.get("itemnumber")
        }

    def _found(self, wanted: str) -> Mapping[str, Any]:
        reply = self._call("mod_assign_get_assignments", {"courseids[0]": self._course})
        courses = [each for each in _listed(reply, "courses") if str(each.get("id")) == self._course]
        if not courses:
            raise PushError(f"Moodle shows no course {self._course} to this token's owner, who must be enrolled in it.")
        listed = _listed(courses[0], "assignments")
        named = [each for each in listed if wanted in (str(each.get("cmid")), each.get("name"))]
        if len(named) == 1:
            return named[0]
        titles = ", ".join(f"{printable(str(each['name']))!r} ({each['cmid']})" for each in (named or listed)[:10])
        many = "several assignments are" if named else "no assignment is"
        raise PushError(f"{many} called {printable(wanted)!r} there. Give the number with --lms-assignment: {titles}")

    def _call(self, function: str, fields: Mapping[str, str], *, writes: bool = False) -> Any:
        """Call a function of the web service. Raises _Refused with Moodle's own reason, PushError, PushUnsettled."""
        where = f"{self._url}/webservice/rest/server.php"
        secret = {"wstoken": self._token.reveal(), "wsfunction": function, "moodlewsrestformat": "json"}
        reply = self._http.request(HttpRequest("POST", where, data={**secret, **fields}, repeatable=not writes))
        if reply.status_code != 200:
            raise PushError(f"{self._http.said(reply)}. Are web services and their REST protocol switched on there?")
        try:
            answer = reply.json()
        except UnreadableReply as error:
            raise (PushUnsettled if writes else PushError)(str(error)) from None
        if isinstance(answer, dict) and "exception" in answer:
            raise _Refused(function, host_of(where), answer, self._http)
        return answer


class _Refused(PushError):
    """Moodle answered with an exception of its own; `fatal` if it would do so for every student."""

    def __init__(self, function: str, where: str, answer: Mapping[str, Any], http: HttpClient) -> None:
        code = str(answer.get("errorcode", ""))
        self.fatal = any(part in code.lower() for part in _FATAL)
        text = http.scrub(f"{answer.get('message', '')} ({code})")
        super().__init__(f"{where} refused {function}: {text}")


def _fields(change: GradeChange) -> Mapping[str, str]:
    editor = "[plugindata][assignfeedbackcomments_editor]"
    text = html.escape(change.comment, quote=False).replace("\n", "<br>\n")
    return {
        "[userid]": change.member.key,
        "[grade]": f"{round_score(change.score):.2f}",
        "[attemptnumber]": "-1",
        "[addattempt]": "0",
        "[workflowstate]": "",
        f"{editor}[text]": text,
        f"{editor}[format]": str(_HTML),
    }


def _points(found: Mapping[str, Any]) -> float:
    most = found.get("grade")
    if not isinstance(most, int | float) or most <= 0:
        name = printable(str(found.get("name")))
        raise PushError(f"{name!r} is not graded in points in Moodle. Set its grade type to Point, with a maximum.")
    return float(most)


def _member(user: Mapping[str, Any]) -> PlatformMember:
    fields = {JoinBy.ID: "id", JoinBy.SIS: "idnumber", JoinBy.LOGIN: "username", JoinBy.EMAIL: "email"}
    names = {kind: str(value) for kind, name in fields.items() if (value := user.get(name))}
    return PlatformMember(str(user["id"]), str(user.get("fullname", "")), names)


def _learns(user: Mapping[str, Any]) -> bool:
    """Moodle takes a grade for anybody, even for a teacher, and says nothing."""
    roles = {str(role.get("shortname")) for role in user.get("roles") or () if isinstance(role, dict)}
    return not roles & _STAFF and (bool(roles) or "roles" not in user)


def _merged(score: float | None, cell: CurrentGrade) -> CurrentGrade:
    """Prefer the gradebook's grade if a person set it there, or if the assignment shows none."""
    if cell.overridden or score is None:
        return cell
    return CurrentGrade(score=score, maximum=cell.maximum, comments=cell.comments, locked=cell.locked)


def _cell(item: Mapping[str, Any], maximum: float | None) -> CurrentGrade:
    text = item.get("feedback")
    return CurrentGrade(
        score=_graded(item.get("graderaw")),
        maximum=maximum,
        comments=(str(text),) if text else (),
        overridden=bool(item.get("gradeisoverridden")),
        locked=bool(item.get("gradeislocked")) or bool(item.get("locked")),
    )


def _graded(value: object) -> float | None:
    """Read a grade; Moodle writes -1 where there is none."""
    try:
        number = float(value) if isinstance(value, str | int | float) else -1.0
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _listed(value: Any, name: str = "") -> Sequence[Mapping[str, Any]]:
    """Return the list of records that an answer must hold; raises PushError."""
    found = _mapping(value).get(name, []) if name else value
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise PushError("Moodle answered with something unexpected. Is this Moodle?")
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PushError("Moodle answered with something unexpected. Is this Moodle?")
    return value
