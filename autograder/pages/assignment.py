"""The pages of one assignment: its own, and each student's feedback. Large classes take a process for each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from autograder import report as reports
from autograder.course import Course
from autograder.pages.feedback import FeedbackContext, feedback_page
from autograder.pages.labels import Labels
from autograder.pages.learning import learning_section, recorded_training
from autograder.pages.model import AssignmentSection, lateness, submission_row
from autograder.pages.plots import bar_plot
from autograder.pages.questions import assignment_text, mistake_counts, question_figures, question_summaries
from autograder.pages.site import format_seconds, page_name, render_page, write_page
from autograder.pages.statistics import histogram, logarithmic
from autograder.report import Report
from autograder.text import safe_name

__all__ = ["PageContext", "assignment_pages", "charts", "page_frame"]


class PageContext(msgspec.Struct, frozen=True):
    """What all pages of a run share. `assignments` are those that have reports, `target` is where pages go."""

    course: Course
    target: Path
    lang: str
    assignments: tuple[str, ...]
    submitted: Path | None
    when: str


def assignment_pages(plan: PageContext, name: str, paths: Sequence[Path]) -> AssignmentSection:
    """Write the page of an assignment and all feedback pages; give what the overview needs.

    Raises OutputError where a page cannot be written.
    """
    found, unreadable = _read(paths)
    folder = next((each.folder for each in plan.course.assignments if each.name == name), None)
    baseline = recorded_training(folder)
    setting = FeedbackContext(plan.course.title, baseline)
    for each in found:
        write_page(plan.target / "feedback" / safe_name(name) / page_name(each.student), feedback_page(each, setting))
    late = lateness(plan.course, name, plan.submitted)
    entries = tuple(submission_row(each, late(each.student)) for each in found)
    judged = question_figures(found, assignment_text(folder, plan.lang))
    section = AssignmentSection(
        name=name,
        entries=entries,
        questions=question_summaries(name, judged),
        mistakes=mistake_counts(name, judged),
        unreadable=unreadable,
        pages=len(found) + 1,
    )
    t = Labels(plan.lang)
    learnt = learning_section(found, entries, baseline, t)
    context = page_frame(plan, t, f"assignment {name}", "../") | {"section": _view(section, t)}
    page = render_page("assignment.html", context | {"questions": judged, "learning": learnt})
    write_page(plan.target / "report/assignments" / page_name(name), page)
    return section


def page_frame(plan: PageContext, t: Labels, here: str, root: str) -> dict[str, Any]:
    """Return what the head of every instructor's page shows; `root` is the way to the overview's folder."""
    return {
        "t": t,
        "course": plan.course.title_in(plan.lang),
        "assignments": plan.assignments,
        "here": here,
        "root": root,
        "when": plan.when,
    }


def charts(section: AssignmentSection, t: Labels, *, large: bool = False) -> dict[str, Markup]:
    """Draw the histograms of scores and times."""
    shares, durations = histogram(section.shares, 0, 1, 10), logarithmic(section.durations)
    tenths = [f"{low * 100:.0f}–{high * 100:.0f} %" for low, high in zip(shares.edges, shares.edges[1:], strict=False)]
    said = "; ".join(f"{words}: {count}" for words, count in zip(tenths, shares.counts, strict=True) if count)
    last = len(durations.counts)
    ticks = [(i / last, format_seconds(durations.edges[i])) for i in range(0, last + 1, max(1, last // 3))]
    bins = zip(durations.edges, durations.edges[1:], durations.counts, strict=False)
    spans = "; ".join(
        t("bin", low=format_seconds(low), high=format_seconds(high), count=count) for low, high, count in bins if count
    )
    percents = ((0.0, "0"), (0.5, "50 %"), (1.0, "100 %"))
    return {
        "scores": bar_plot(shares, t("histogram", bins=said), ticks=percents, mark=section.median, large=large),
        "times": bar_plot(durations, t("histogram", bins=spans), ticks=ticks, large=large),
    }


def _view(section: AssignmentSection, t: Labels) -> dict[str, Any]:
    names = ("problems", "handed_in", "median", "missing", "late", "median_seconds", "longest", "name", "entries")
    return {name: getattr(section, name) for name in names} | charts(section, t, large=True)


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
