"""Canvas, by its REST API and canvasapi, with a teacher's own token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from canvasapi import exceptions
from canvasapi.assignment import Assignment
from canvasapi.course import Course
from canvasapi.requester import Requester

from autograder.errors import PushError, PushUnsettled
from autograder.lms.grades import round_score
from autograder.lms.push.credentials import find_token
from autograder.lms.push.http import STRANGE, HttpClient, Patience, UnreadableReply
from autograder.lms.push.model import CurrentGrade, GradeChange, JoinBy, PlatformMember, WriteReply
from autograder.lms.registry import RestSettings
from autograder.text import printable

__all__ = ["CanvasTarget", "connect_canvas"]

MAX_ITEMS = 50_000
"""Longest list that is read; a list that does not end is no list."""

JOB_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, *(15.0,) * 20)
"""Seconds between two looks at a job that writes grades: about five minutes in all."""


def connect_canvas(settings: RestSettings, assignment: str, patience: Patience | None) -> CanvasTarget:
    """Find an assignment on the site of some settings; raises PushError."""
    url, course = settings.site, settings.course_number()
    token = find_token("AUTOGRADER_CANVAS_TOKEN", urlsplit(url).netloc)
    http = HttpClient([url], token=lambda: token, secrets=[token], patience=patience)
    return CanvasTarget(http, url, course, assignment)


class CanvasTarget:
    """An assignment of a Canvas course. Comments are appended there, so only those that are missing are sent."""

    batch = 50

    def __init__(self, http: HttpClient, url: str, course: str, assignment: str) -> None:
        """Find the assignment, by its number or its exact name; raises PushError."""
        self._http = http
        requester = self._requester = Requester(
            url.rstrip("/"), ""
        )  # the token is added by Http: canvasapi logs parts of it
        requester._session = http
        self._course = Course(requester, {"id": course})
        with self._understood():
            self._assignment: Assignment = self._found(assignment)
            self._title = str(self._assignment.name)
            self.maximum: float | None = _number(self._assignment.points_possible)
            self._refuse_unfit()
        self.name = f"Canvas course {printable(course)}, assignment {printable(self._title)!r} ({self._assignment.id})"
        self.key = f"canvas {url.rstrip('/')} {course} {self._assignment.id}"

    def notes(self) -> Sequence[str]:
        """Return what a person should know about this assignment."""
        found = []
        if not getattr(self._assignment, "published", True):
            found.append("the assignment is not published: students see nothing yet")
        if getattr(self._assignment, "post_manually", False):
            found.append("grades are posted by hand in Canvas: students see them after you post them")
        return found

    def lacking(self) -> Sequence[str]:
        """Ask whether the token's owner may edit grades."""
        with self._understood():
            where = f"courses/{self._course.id}/permissions"
            asked = self._requester.request("GET", where, _kwargs=[("permissions[]", "manage_grades")])
            may = asked.json().get("manage_grades")
        return [] if may else ["the permission 'Grades - edit' in this course"]

    def members(self) -> Sequence[PlatformMember]:
        """List the students of the course."""
        with self._understood():
            users = _bounded(self._course.get_users(enrollment_type=["student"]))
            return [_member(user) for user in users]

    def read(self) -> Mapping[str, CurrentGrade]:
        """Read every student's submission: grade, comments, excused."""
        closed = bool(getattr(self._assignment, "in_closed_grading_period", False))
        with self._understood():
            listed = _bounded(self._assignment.get_submissions(include=["submission_comments"]))
            return {str(each.user_id): _there(each, self.maximum, closed=closed) for each in listed}

    def write(self, changes: Sequence[GradeChange]) -> Mapping[str, WriteReply]:
        """Hand grades and comments to a job on the platform, and wait for it."""
        data = {change.member.key: _fields(change) for change in changes}
        with self._understood(unsettled=True):
            progress = self._assignment.submissions_bulk_update(grade_data=data)
            state, message = self._wait(progress)
        if state == "completed":
            return {change.member.key: WriteReply(taken=True) for change in changes}
        lost = WriteReply(taken=False, reason=f"Canvas could not do it: {self._http.scrub(message)}", settled=False)
        return {change.member.key: lost for change in changes}

    def _wait(self, progress: Any) -> tuple[str, str]:
        """Wait for a job's end; raises PushUnsettled if that takes too long, or nobody can tell."""
        for seconds in JOB_WAITS:
            state = str(progress.workflow_state)
            if state in ("completed", "failed"):
                return state, str(getattr(progress, "message", "") or "")
            self._http.patience.sleep(seconds)
            try:
                progress = progress.query()
            except PushError as error:
                raise PushUnsettled(str(error)) from None
        raise PushUnsettled("Canvas is still writing. Run again in some minutes.")

    def _found(self, wanted: str) -> Assignment:
        if wanted.isdigit():
            return self._course.get_assignment(wanted)
        listed = list(_bounded(self._course.get_assignments()))
        named = [each for each in listed if str(each.name) == wanted]
        if len(named) == 1:
            return named[0]
        titles = ", ".join(f"{printable(str(each.name))!r} ({each.id})" for each in (named or listed)[:10])
        many = "several assignments are" if named else "no assignment is"
        raise PushError(f"{many} called {printable(wanted)!r} there. Give the number with --lms-assignment: {titles}")

    def _refuse_unfit(self) -> None:
        """Refuse what one student's score cannot be written to."""
        found, title = self._assignment, printable(self._title)
        kind = str(getattr(found, "grading_type", "points"))
        if kind in ("pass_fail", "not_graded") or not self.maximum:
            raise PushError(f"{title!r} is not graded in points in Canvas. Set points and 'Display Grade as: Points'.")
        in_groups = getattr(found, "group_category_id", None)
        if in_groups and not getattr(found, "grade_group_students_individually", False):
            raise PushError(f"{title!r} gives a group one grade. Tick 'Assign Grades to Each Student Individually'.")
        if getattr(found, "anonymize_students", False):
            raise PushError(f"{title!r} hides who the students are. Post or unmask its grades in Canvas first.")
        if getattr(found, "moderated_grading", False) and not getattr(found, "grades_published", False):
            raise PushError(f"{title!r} is moderated and its grades are not published. Publish them in Canvas first.")

    @contextmanager
    def _understood(self, *, unsettled: bool = False) -> Iterator[None]:
        """Raise what Canvas answered as a PushError of ours; `unsettled` if the change may have been made."""
        try:
            yield
        except (exceptions.InvalidAccessToken, exceptions.Unauthorized) as error:
            remedy = "Make a new token in Canvas: Account, Settings, New Access Token."
            raise PushError(f"Canvas does not accept the token: {self._said(error)}. {remedy}") from None
        except exceptions.Forbidden as error:
            remedy = "The token's owner must be allowed to edit grades in this course."
            raise PushError(f"Canvas does not allow that: {self._said(error)}. {remedy}") from None
        except exceptions.ResourceDoesNotExist:
            raise PushError("Canvas has no such course or assignment, or does not show it to this token.") from None
        except exceptions.CanvasException as error:
            raise PushError(f"Canvas refused: {self._said(error)}") from None
        except UnreadableReply as error:
            raise (PushUnsettled if unsettled else PushError)(str(error)) from None
        except STRANGE as error:
            kind = PushUnsettled if unsettled else PushError
            raise kind(f"Canvas answered with something unexpected ({type(error).__name__}). Is this Canvas?") from None

    def _said(self, error: Exception) -> str:
        return self._http.scrub(str(error))


def _bounded(listed: Iterable[Any]) -> Iterator[Any]:
    for number, each in enumerate(listed):
        if number >= MAX_ITEMS:
            raise PushError(f"Canvas lists more than {MAX_ITEMS:,} entries: not read to the end, nothing was written.")
        yield each


def _member(user: Any) -> PlatformMember:
    fields = {JoinBy.ID: "id", JoinBy.SIS: "sis_user_id", JoinBy.LOGIN: "login_id", JoinBy.EMAIL: "email"}
    names = {kind: str(value) for kind, name in fields.items() if (value := getattr(user, name, None))}
    shown = getattr(user, "sortable_name", None) or getattr(user, "name", "")
    return PlatformMember(str(user.id), str(shown), names)


def _there(submission: Any, maximum: float | None, *, closed: bool) -> CurrentGrade:
    seen = _number(getattr(submission, "score", None))
    entered = _number(getattr(submission, "entered_score", None))
    remark = ""
    if seen is not None and entered is not None and seen != entered:
        remark = f"Canvas's own late policy makes {seen:g} of it"
    comments = tuple(str(each.get("comment", "")) for each in getattr(submission, "submission_comments", None) or ())
    return CurrentGrade(
        score=seen if entered is None else entered,
        maximum=maximum,
        comments=comments,
        excused=bool(getattr(submission, "excused", False)),
        locked=closed,
        remark=remark,
    )


def _fields(change: GradeChange) -> dict[str, str]:
    fields: dict[str, str] = {}
    if change.with_score:
        fields["posted_grade"] = f"{round_score(change.score):.2f}"
    if change.with_comment and change.comment:
        fields["text_comment"] = change.comment
    return fields


def _number(value: object) -> float | None:
    """Read a number; null and text are None, never 0."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
