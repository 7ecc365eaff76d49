"""Canvas as its source and its users know it: paged lists, jobs for bulk updates, comments that pile up."""

from __future__ import annotations

import re
from typing import Any

from lms_platform import Platform, Request, Response

TOKEN = "9000~canvasSECRETcanvasSECRET-QZ7x"  # noqa: S105 - opens nothing
PER_PAGE = 3


class FakeCanvas(Platform):
    """One course (7) with one assignment (815)."""

    def __init__(self, students: dict[str, str], maximum: float = 20.0) -> None:
        super().__init__()
        self.users = [
            {"id": int(key), "name": name, "sortable_name": name, "login_id": name, "sis_user_id": f"S{key}"}
            for key, name in students.items()
        ]
        self.assignment: dict[str, Any] = {
            "id": 815,
            "name": "HW 1",
            "course_id": 7,
            "points_possible": maximum,
            "grading_type": "points",
            "published": True,
            "group_category_id": None,
        }
        self.submissions: dict[str, dict[str, Any]] = {
            key: {
                "user_id": int(key),
                "score": None,
                "entered_score": None,
                "excused": False,
                "submission_comments": [],
            }
            for key in students
        }
        self.jobs: dict[int, dict[str, Any]] = {}
        self.queries_until_done = 1
        self.late: dict[str, float] = {}
        self.circular = False
        self.job_fails = False
        self.may_grade = True

    def is_write(self, request: Request) -> bool:
        return request.method == "POST"

    def answer(self, request: Request) -> Response:  # noqa: PLR0911 - one line for each address
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(401, {"errors": [{"message": "Invalid access token."}]}, {"WWW-Authenticate": "Bearer"})
        path = request.path.removeprefix("/api/v1")
        if path == "/courses/7/search_users":
            return self._paged(request, self.users)
        if path == "/courses/7/permissions":
            assert request.query == {"permissions[]": "manage_grades"}
            return Response(body={"manage_grades": self.may_grade})
        if path == "/courses/7/assignments":
            return self._paged(request, [self.assignment])
        if path == "/courses/7/assignments/815":
            return Response(body=self.assignment)
        if path == "/courses/7/assignments/815/submissions":
            return self._paged(request, list(self.submissions.values()))
        if path == "/courses/7/assignments/815/submissions/update_grades":
            return self._start(request.form)
        if found := re.fullmatch(r"/progress/(\d+)", path):
            return self._job(int(found[1]))
        return Response(404, {"errors": [{"message": "The specified resource does not exist."}]})

    def grade(self, key: str, score: float | None, excused: bool = False) -> None:
        deducted = self.late.get(key, 0.0)
        final = None if score is None else score - deducted
        self.submissions[key] |= {"score": final, "entered_score": score, "excused": excused}

    def score(self, key: str) -> float | None:
        return self.submissions[key]["entered_score"]

    def comments(self, key: str) -> list[str]:
        return [each["comment"] for each in self.submissions[key]["submission_comments"]]

    def _paged(self, request: Request, items: list[Any]) -> Response:
        page = int(request.query.get("page", "1"))
        start = (page - 1) * PER_PAGE
        following = 1 if self.circular else page + 1
        more = start + PER_PAGE < len(items) or self.circular
        link = f'<{self.url}{request.path}?page={following}&per_page={PER_PAGE}>; rel="next"'
        first = f'<{self.url}{request.path}?page=1&per_page={PER_PAGE}>; rel="first"'
        headers = {"Link": f"{first},{link}"} if more else {"Link": first}
        return Response(body=items[start : start + PER_PAGE], headers=headers)

    def _start(self, form: dict[str, str]) -> Response:
        number = len(self.jobs) + 1
        self.jobs[number] = {"form": form, "left": self.queries_until_done}
        return Response(body=self._shown(number, "queued"))

    def _job(self, number: int) -> Response:
        job = self.jobs[number]
        if self.job_fails:
            return Response(body=self._shown(number, "failed", "Something went wrong"))
        job["left"] -= 1
        if job["left"] > 0:
            return Response(body=self._shown(number, "running"))
        if job["left"] == 0:
            self._apply(job["form"])
        return Response(body=self._shown(number, "completed"))

    def finish_jobs(self) -> None:
        """Jobs go on whether somebody asks or not."""
        for job in self.jobs.values():
            if job["left"] > 0:
                job["left"] = 0
                self._apply(job["form"])

    def _apply(self, form: dict[str, str]) -> None:
        for name, value in form.items():
            key, field = re.fullmatch(r"grade_data\[(\w+)\]\[(\w+)\]", name).groups()
            if key not in self.submissions:
                continue
            if field == "posted_grade":
                self.grade(key, float(value))
            if field == "text_comment":
                self.submissions[key]["submission_comments"].append({"comment": value})

    def _shown(self, number: int, state: str, message: str | None = None) -> dict[str, Any]:
        return {
            "id": number,
            "workflow_state": state,
            "message": message,
            "url": f"{self.url}/api/v1/progress/{number}",
        }
