"""A student's feedback page for an LMS: the one of `autograder report`, with the score that counts there."""

from __future__ import annotations

import msgspec

from autograder.lms.grades import late_text
from autograder.lms.records import Grade
from autograder.pages.feedback import Setting, feedback_page
from autograder.report import Report

__all__ = ["page"]


def page(report: Report, grade: Grade, name: str, setting: Setting) -> bytes:
    """Write a graded report as HTML in its own language; `name` is what the page calls the student.

    The score is the one after the late penalty, and the page says what that took.
    """
    late = (late_text(grade, report.lang),) if grade.penalty else ()
    shown = msgspec.structs.replace(report, student=name, score=grade.score, notes=(*late, *report.notes))
    return feedback_page(shown, setting)
