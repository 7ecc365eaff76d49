"""The pages of one assignment: its own, and each student's feedback. Large classes take a process for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from autograder import report as reports
from autograder.pages.feedback import FeedbackContext, feedback_page
from autograder.pages.labels import Labels
from autograder.pages.learning import BaselineTraining, learning_section, recorded_training
from autograder.pages.model import AssignmentSection, PageContext, lateness, page_frame, submission_row
from autograder.pages.plots import bar_plot
from autograder.pages.questions import (
    QuestionFigures,
    assignment_text,
    mistake_counts,
    question_figures,
    question_summaries,
)
from autograder.pages.site import format_seconds, page_name, render_page, write_page
from autograder.pages.statistics import histogram, logarithmic
from autograder.report import Report
from autograder.text import safe_name

__all__ = ["ASSIGNMENT_PAGES", "AssignmentReports", "assignment_pages", "charts"]


class AssignmentReports(msgspec.Struct, frozen=True):
    """The reports of an assignment, sorted by student, and what was worked out from them."""

    reports: tuple[Report, ...]
    section: AssignmentSection
    questions: tuple[QuestionFigures, ...]
    baseline: BaselineTraining | None


def assignment_pages(context: PageContext, name: str, paths: Sequence[Path]) -> AssignmentSection:
    """Write the page of an assignment and all its feedback pages; return what the other pages need.

    Raises OutputError where a page cannot be written.
    """
    assignment = _summarize(context, name, paths)
    labels = Labels(context.lang)
    written = 0
    for pages in ASSIGNMENT_PAGES.values():
        for place, content in pages(context, assignment, labels):
            write_page(context.target / place, content)
            written += 1
    return msgspec.structs.replace(assignment.section, pages=written)


def _summarize(context: PageContext, name: str, paths: Sequence[Path]) -> AssignmentReports:
    found, unreadable = _read(paths)
    folder = next((each.folder for each in context.course.assignments if each.name == name), None)
    late = lateness(context.course, name, context.submitted)
    questions = question_figures(found, assignment_text(context.course, name, context.lang))
    section = AssignmentSection(
        name=name,
        entries=tuple(submission_row(each, late(each.student)) for each in found),
        questions=question_summaries(name, questions),
        mistakes=mistake_counts(name, questions),
        unreadable=unreadable,
    )
    return AssignmentReports(tuple(found), section, questions, recorded_training(folder))


def _feedback_pages(context: PageContext, assignment: AssignmentReports, _: Labels) -> Iterator[tuple[str, bytes]]:
    shared = FeedbackContext(context.course.title, assignment.baseline)
    folder = f"feedback/{safe_name(assignment.section.name)}"
    for report in assignment.reports:
        yield f"{folder}/{page_name(report.student)}", feedback_page(report, shared)


def _assignment_page(
    context: PageContext, assignment: AssignmentReports, labels: Labels
) -> Iterator[tuple[str, bytes]]:
    section = assignment.section
    learning = learning_section(assignment.reports, section.entries, assignment.baseline, labels)
    values = page_frame(context, labels, f"assignment {section.name}", "../") | {
        "section": _view(section, labels),
        "questions": assignment.questions,
        "learning": learning,
    }
    yield f"report/assignments/{page_name(section.name)}", render_page("assignment.html", values)


ASSIGNMENT_PAGES: dict[str, Callable[[PageContext, AssignmentReports, Labels], Iterable[tuple[str, bytes]]]] = {
    "feedback": _feedback_pages,
    "assignment": _assignment_page,
}
"""The pages that are written for each assignment: each yields places below the target, and contents."""


def charts(section: AssignmentSection, labels: Labels, *, large: bool = False) -> dict[str, Markup]:
    """Draw the histograms of scores and times."""
    shares, durations = histogram(section.shares, 0, 1, 10), logarithmic(section.durations)
    tenths = [f"{low * 100:.0f}–{high * 100:.0f} %" for low, high in zip(shares.edges, shares.edges[1:], strict=False)]
    said = "; ".join(f"{words}: {count}" for words, count in zip(tenths, shares.counts, strict=True) if count)
    last = len(durations.counts)
    ticks = [(i / last, format_seconds(durations.edges[i])) for i in range(0, last + 1, max(1, last // 3))]
    bins = zip(durations.edges, durations.edges[1:], durations.counts, strict=False)
    spans = "; ".join(
        labels("bin", low=format_seconds(low), high=format_seconds(high), count=count)
        for low, high, count in bins
        if count
    )
    percents = ((0.0, "0"), (0.5, "50 %"), (1.0, "100 %"))
    return {
        "scores": bar_plot(shares, labels("histogram", bins=said), ticks=percents, mark=section.median, large=large),
        "times": bar_plot(durations, labels("histogram", bins=spans), ticks=ticks, large=large),
    }


def _view(section: AssignmentSection, labels: Labels) -> dict[str, Any]:
    names = ("problems", "handed_in", "median", "missing", "late", "median_seconds", "longest", "name", "entries")
    return {name: getattr(section, name) for name in names} | charts(section, labels, large=True)


def _read(paths: Sequence[Path]) -> tuple[list[Report], tuple[str, ...]]:
    """Read reports; a file that is none, or not in the place of what it says, is named."""
    found, strange = [], []
    for path in paths:
        try:
            each = reports.read_report(path)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            strange.append(f"{path.parent.name}/{path.name}")
            continue
        in_place = path.name == f"{safe_name(each.student)}.json" and path.parent.name == each.assignment
        if in_place:
            found.append(each)
        else:
            strange.append(f"{path.parent.name}/{path.name}")
    return sorted(found, key=lambda each: each.student.casefold()), tuple(strange)
