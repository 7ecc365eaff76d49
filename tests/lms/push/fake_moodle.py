"""Moodle's web services as they are: null for success and silence alike, rows for people who do not exist."""

from __future__ import annotations

import re
from typing import Any

from lms_platform import Platform, Request, Response

from autograder.lms.moodle.push import FUNCTIONS

TOKEN = "moodleSECRETmoodleSECRETmoodle00"  # noqa: S105 - opens nothing


class FakeMoodle(Platform):
    """One course (12) with one assignment (id 3, cmid 41); a teacher with id 2."""

    def __init__(self, students: dict[str, str], maximum: float = 20.0) -> None:
        super().__init__()
        self.students = students
        self.users: list[dict[str, Any]] = [
            {"id": int(key), "fullname": name, "username": name, "email": f"{name}@example.org", "idnumber": f"0{key}"}
            | {"roles": [{"roleid": 5, "shortname": "student"}]}
            for key, name in students.items()
        ]
        self.users.append(
            {"id": 2, "fullname": "Tea Cher", "username": "teacher", "roles": [{"shortname": "editingteacher"}]}
        )
        self.assignment: dict[str, Any] = {"id": 3, "cmid": 41, "course": 12, "name": "HW 1", "grade": maximum}
        self.grades: dict[str, float] = {}
        self.feedback: dict[str, str] = {}
        self.overridden: dict[str, float] = {}
        self.locked: set[str] = set()
        self.allowed = {*FUNCTIONS, "core_webservice_get_site_info"}
        self.poison: set[str] = set()

    def is_write(self, request: Request) -> bool:
        return request.form.get("wsfunction") == "mod_assign_save_grades"

    def score(self, key: str) -> float | None:
        return self.overridden.get(key, self.grades.get(key))

    def answer(self, request: Request) -> Response:
        form = request.form
        if request.path != "/webservice/rest/server.php":
            return Response(404, b"not found", kind="text/html")
        if form.get("wstoken") != TOKEN:
            return _exception("invalidtoken", f"Invalid token - token not found {form.get('wstoken')}")
        function = form["wsfunction"]
        if function not in self.allowed:
            return _exception("accessexception", "Access control exception")
        return Response(body=getattr(self, function)(form))

    def core_webservice_get_site_info(self, form: dict[str, str]) -> Any:
        return {"userid": 2, "release": "4.5.6", "functions": [{"name": name} for name in sorted(self.allowed)]}

    def core_enrol_get_enrolled_users(self, form: dict[str, str]) -> Any:
        return self.users

    def mod_assign_get_assignments(self, form: dict[str, str]) -> Any:
        if form["courseids[0]"] != "12":
            return {"courses": [], "warnings": [{"item": "course", "warningcode": "2"}]}
        return {"courses": [{"id": 12, "assignments": [self.assignment]}], "warnings": []}

    def mod_assign_get_grades(self, form: dict[str, str]) -> Any:
        listed = [
            {"userid": int(key), "attemptnumber": attempt, "grade": f"{score:.5f}"}
            for key, final in self.grades.items()
            for attempt, score in ((1, final), (0, -1.0))  # an earlier attempt that nobody graded
        ]
        if not listed:
            return {"assignments": [], "warnings": [{"item": "assignment", "itemid": 3, "warningcode": "3"}]}
        return {"assignments": [{"assignmentid": 3, "grades": listed}], "warnings": []}

    def gradereport_user_get_grade_items(self, form: dict[str, str]) -> Any:
        return {"usergrades": [self._report(key) for key in self.students], "warnings": []}

    def _report(self, key: str) -> dict[str, Any]:
        item = {
            "itemmodule": "assign",
            "iteminstance": 3,
            "itemnumber": 0,
            "graderaw": self.score(key),
            "gradeisoverridden": key in self.overridden or None,
            "gradeislocked": key in self.locked or None,
        }
        if key in self.feedback:
            item["feedback"] = f'<div class="no-overflow">{self.feedback[key]}</div>'
        total = {"itemtype": "course", "itemmodule": None, "iteminstance": 3, "graderaw": 55.0}
        return {"courseid": 12, "userid": int(key), "gradeitems": [total, item]}

    def mod_assign_save_grades(self, form: dict[str, str]) -> Any:
        """Save what can be saved and say null; the first poisoned row ends it after those before it are saved."""
        rows: dict[int, dict[str, str]] = {}
        for name, value in form.items():
            if found := re.fullmatch(r"grades\[(\d+)\]\[(\w+)\](.*)", name):
                rows.setdefault(int(found[1]), {})[found[2] + found[3]] = value
        assert {form["assignmentid"], form["applytoall"]} == {"3", "0"}
        for _, row in sorted(rows.items()):
            assert (row["attemptnumber"], row["addattempt"], row["workflowstate"]) == ("-1", "0", "")
            key, score = row["userid"], float(row["grade"])
            if key in self.poison:
                return _exception("invalidparameter", "Invalid parameter value detected").body
            if score > float(self.assignment["grade"]) or key in self.locked:
                continue
            self.grades[key] = score  # also where nobody has this id
            text = row.get("plugindata[assignfeedbackcomments_editor][text]")
            assert row["plugindata[assignfeedbackcomments_editor][format]"] == "1"
            if text:
                self.feedback[key] = text
        return None


def _exception(code: str, message: str) -> Response:
    return Response(body={"exception": "moodle_exception", "errorcode": code, "message": message})
