"""The pages of one assignment: its own, and each student's feedback. Large classes take a process for each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from autograder import report as reports
from autograder.batch.names import safe_name
from autograder.course import Course
from autograder.pages.baselines import recorded
from autograder.pages.drawing import bars
from autograder.pages.feedback import Setting, feedback_page
from autograder.pages.labels import Labels
from autograder.pages.late import lateness
from autograder.pages.learning import learning
from autograder.pages.questions import mistakes, overview, questions, words
from autograder.pages.records import Section, entry
from autograder.pages.site import page_name, render_page, seconds, write
from autograder.pages.statistics import histogram, logarithmic
from autograder.report import Report

__all__ = ["Plan", "charts", "frame", "make"]


class Plan(msgspec.Struct, frozen=True):
    """What all pages of a run share. `assignments` are those that have reports, `target` is where pages go."""

    course: Course
    target: Path
    lang: str
    assignments: tuple[str, ...]
    submitted: Path | None
    when: str


def make(plan: Plan, name: str, paths: Sequence[Path]) -> Section:
    """Write the page of an assignment and all feedback pages; give what the overview needs.

    Raises OutputError where a page cannot be written.
    """
    found, unreadable = _read(paths)
    folder = next((each.folder for each in plan.course.assignments if each.name == name), None)
    baseline = recorded(folder)
    setting = Setting(plan.course.title, baseline)
    for each in found:
        write(plan.target / "feedback" / safe_name(name) / page_name(each.student), feedback_page(each, setting))
    late = lateness(plan.course, name, plan.submitted)
    entries = tuple(entry(each, late(each.student)) for each in found)
    judged = questions(found, words(folder, plan.lang))
    section = Section(
        name=name,
        entries=entries,
        questions=overview(name, judged),
        mistakes=mistakes(name, judged),
        unreadable=unreadable,
        pages=len(found) + 1,
    )
    t = Labels(plan.lang)
    learnt = learning(found, entries, baseline, t)
    context = frame(plan, t, f"assignment {name}", "../") | {"section": _view(section, t)}
    page = render_page("assignment.html", context | {"questions": judged, "learning": learnt})
    write(plan.target / "report/assignments" / page_name(name), page)
    return section


def frame(plan: Plan, t: Labels, here: str, root: str) -> dict[str, Any]:
    """Give what the head of every instructor's page shows; `root` leads to the folder of the overview."""
    return {
        "t": t,
        "course": plan.course.title_in(plan.lang),
        "assignments": plan.assignments,
        "here": here,
        "root": root,
        "when": plan.when,
    }


def charts(section: Section, t: Labels, *, large: bool = False) -> dict[str, Markup]:
    """Draw the histograms of scores and times."""
    shares, durations = histogram(section.shares, 0, 1, 10), logarithmic(section.durations)
    tenths = [f"{low * 100:.0f}–{high * 100:.0f} %" for low, high in zip(shares.edges, shares.edges[1:], strict=False)]
    said = "; ".join(f"{words}: {count}" for words, count in zip(tenths, shares.counts, strict=True) if count)
    last = len(durations.counts)
    ticks = [(i / last, seconds(durations.edges[i])) for i in range(0, last + 1, max(1, last // 3))]
    bins = zip(durations.edges, durations.edges[1:], durations.counts, strict=False)
    spans = "; ".join(t("bin", low=seconds(low), high=seconds(high), count=count) for low, high, count in bins if count)
    percents = ((0.0, "0"), (0.5, "50 %"), (1.0, "100 %"))
    return {
        "scores": bars(shares, t("histogram", bins=said), ticks=percents, mark=section.median, large=large),
        "times": bars(durations, t("histogram", bins=spans), ticks=ticks, large=large),
    }


def _view(section: Section, t: Labels) -> dict[str, Any]:
    names = ("problems", "handed_in", "median", "missing", "late", "median_seconds", "longest", "name", "entries")
    return {name: getattr(section, name) for name in names} | charts(section, t, large=True)


def _read(paths: Sequence[Path]) -> tuple[list[Report], tuple[str, ...]]:
    """Read reports; a file that is none, or not in the place of what it says, is named."""
    found, strange = [], []
    for path in paths:
        try:
            each = reports.read(path)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            strange.append(f"{path.parent.name}/{path.name}")
            continue
        in_place = path.name == f"{safe_name(each.student)}.json" and path.parent.name == each.assignment
        if in_place:
            found.append(each)
        else:
            strange.append(f"{path.parent.name}/{path.name}")
    return sorted(found, key=lambda each: each.student.casefold()), tuple(strange)
