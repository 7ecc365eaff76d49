"""The overview of a class, the table of its students, and a page for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

from markupsafe import Markup

from autograder.pages.assignment import charts
from autograder.pages.labels import Labels
from autograder.pages.model import AssignmentSection, PageContext, SubmissionRow, page_frame
from autograder.pages.site import format_percent, page_name, render_page
from autograder.report import Status

__all__ = ["index_page", "student_pages", "students_page"]


def index_page(
    context: PageContext, sections: Sequence[AssignmentSection], labels: Labels
) -> Iterator[tuple[str, bytes]]:
    """Render the overview."""
    late = [section.late for section in sections if section.late is not None]
    totals = {
        "submissions": sum(section.handed_in for section in sections),
        "late": sum(late) if late else None,
        **{status.value: sum(section.count(status) for section in sections) for status in Status},
    }
    values = {
        "sections": [_card(section, labels) for section in sections],
        "problems": [each for section in sections for each in section.problems],
        "unreadable": [path for section in sections for path in section.unreadable],
        "totals": totals,
        "students": len({each.student for section in sections for each in section.entries}),
        "mistakes": sorted((each for section in sections for each in section.mistakes), key=lambda m: -m.students),
        "questions": [each for section in sections for each in section.questions],
    }
    yield "report/index.html", render_page("index.html", page_frame(context, labels, "index", "") | values)


def students_page(
    context: PageContext, sections: Sequence[AssignmentSection], labels: Labels
) -> Iterator[tuple[str, bytes]]:
    """Render the table of students by assignments."""
    most = {section.name: max((each.max_score or 0.0 for each in section.entries), default=0.0) for section in sections}
    rows = [_row(student, entries, context, labels) for student, entries in _students(sections)]
    values = page_frame(context, labels, "students", "") | {"rows": rows, "most": most}
    yield "report/students.html", render_page("students.html", values)


def student_pages(
    context: PageContext, sections: Sequence[AssignmentSection], labels: Labels
) -> Iterator[tuple[str, bytes]]:
    """Render a page for each student."""
    titles = {(section.name, each.name): each.title for section in sections for each in section.mistakes}
    frame = page_frame(context, labels, "student", "../")
    for student, entries in _students(sections):
        listed = [_listed(each, titles) for each in entries.values()]
        values = frame | {"student": student, "entries": listed}
        yield f"report/students/{page_name(student)}", render_page("student.html", values)


def _students(sections: Sequence[AssignmentSection]) -> Iterator[tuple[str, dict[str, SubmissionRow]]]:
    """Return each student with the rows by assignment, sorted by name."""
    found: dict[str, dict[str, SubmissionRow]] = {}
    for section in sections:
        for each in section.entries:
            found.setdefault(each.student, {})[section.name] = each
    yield from sorted(found.items(), key=lambda pair: pair[0].casefold())


def _card(section: AssignmentSection, labels: Labels) -> dict[str, Any]:
    names = ("name", "median", "handed_in", "missing", "late", "entries", "median_seconds", "longest")
    return {name: getattr(section, name) for name in names} | charts(section, labels)


def _listed(each: SubmissionRow, titles: dict[tuple[str, str], str]) -> dict[str, Any]:
    names = ("student", "assignment", "status", "points", "share", "seconds", "reason", "late", "lang")
    said = [titles.get((each.assignment, name), name) for name in each.mistakes]
    return {name: getattr(each, name) for name in names} | {"mistakes": said, "feedback": True}


def _row(student: str, entries: dict[str, SubmissionRow], context: PageContext, labels: Labels) -> dict[str, Any]:
    shares = [each.share for each in entries.values() if each.share is not None]
    mean = fmean(shares) if shares else None
    return {
        "student": student,
        "flags": " ".join(dict.fromkeys(flag for each in entries.values() for flag in each.flags.split())),
        "mean_value": "" if mean is None else f"{mean:.4g}",
        "mean_text": format_percent(mean),
        "cells": [_cell(entries.get(name), labels) for name in context.assignments],
    }


def _cell(each: SubmissionRow | None, labels: Labels) -> dict[str, Any]:
    """Return a cell of the table; it is empty where there is no report at all."""
    if each is None:
        return {"kind": "", "value": Markup(' data-value=""'), "text": "–"}
    if each.score is None:
        return {"kind": f" {each.status.value}", "value": Markup(' data-value=""'), "text": labels.status(each.status)}
    return {"kind": "", "value": "", "text": f"{each.score:g}"}
