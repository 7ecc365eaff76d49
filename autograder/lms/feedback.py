"""The zip of feedback that an LMS takes back: a page per student, under the name that the LMS will recognise."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from autograder.atomic import replace_file
from autograder.course import Course
from autograder.errors import LmsError
from autograder.lms.archive import MAX_MEMBERS, open_archive
from autograder.lms.grades import Grade, GradeSource, Standing, gather_grades, late_text
from autograder.lms.ledger import HandIn
from autograder.lms.registry import feedback_paths
from autograder.pages.feedback import FeedbackContext, feedback_page
from autograder.pages.learning import recorded_training
from autograder.report import Report
from autograder.text import printable

__all__ = ["FeedbackResult", "grade_page", "write_feedback"]


def grade_page(report: Report, grade: Grade, name: str, setting: FeedbackContext) -> bytes:
    """Write a graded report as HTML in its own language; `name` is what the page calls the student.

    The score is the one after the late penalty, and the page says what that took.
    """
    late = (late_text(grade, report.lang),) if grade.penalty else ()
    shown = msgspec.structs.replace(report, student=name, score=grade.score, notes=(*late, *report.notes))
    return feedback_page(shown, setting)


class FeedbackResult(msgspec.Struct, frozen=True, kw_only=True):
    """A student's page: its path in the zip, empty with a reason if there is none; `lost` marks a failure."""

    student: str
    standing: Standing
    path: str = ""
    reason: str = ""
    lost: bool = False


def write_feedback(
    course: Course, basis: GradeSource, target: str, archive: Path, out: Path
) -> tuple[FeedbackResult, ...]:
    """Write the zip of pages for everybody who has a grade; `archive` is the one that was imported.

    Raises LmsError if nothing of it was imported, ArchiveRefused if it is unsafe.
    """
    known = gather_grades(course, basis)
    with open_archive(archive, 10 * MAX_MEMBERS) as members:
        paths = {item.path for item in members.items}
    if not any(each.path in paths and each.lms == target for each in known.hand_ins.values()):
        raise LmsError(
            f"nothing of {printable(archive.name)} was imported for {basis.assignment} as an archive of {target}. "
            "Import it first (`autograder lms import`), and name the folder with --submitted."
        )
    place = course.assignment(basis.assignment)
    setting = FeedbackContext(course.title, recorded_training(place.folder))
    sent, pages = [], dict[str, bytes]()
    for grade in known.grades:
        said = _sent(grade, known.hand_ins, paths, feedback_paths()[target])
        if said.path and said.path not in pages:  # a group gets one page in Canvas
            hand_in = known.hand_ins[grade.student]
            name = hand_in.team or hand_in.member.name or grade.student
            pages[said.path] = grade_page(known.reports[grade.student], grade, name, setting)
        sent.append(said)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        replace_file(out, _zip(pages))
    except OSError as error:
        raise LmsError(f"cannot write {printable(str(error.filename or out))}: {error.strerror}.") from None
    return tuple(sent)


def _sent(
    grade: Grade, hand_ins: Mapping[str, HandIn], paths: set[str], place: Callable[[HandIn], str]
) -> FeedbackResult:
    said = FeedbackResult(student=grade.student, standing=grade.standing)
    if grade.standing is not Standing.GRADED:
        return msgspec.structs.replace(said, reason=grade.reason or grade.standing.value)
    hand_in = hand_ins.get(grade.student)
    if hand_in is None or hand_in.path not in paths:
        return msgspec.structs.replace(said, reason="the graded work is not from this archive", lost=True)
    try:
        return msgspec.structs.replace(said, path=place(hand_in))
    except LmsError as error:
        return msgspec.structs.replace(said, reason=str(error), lost=True)


def _zip(pages: Mapping[str, bytes]) -> bytes:
    """Pack pages; the same pages give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for path in sorted(pages):
            info = zipfile.ZipInfo(path)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            file.writestr(info, pages[path])
    return packed.getvalue()
