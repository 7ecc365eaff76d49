"""A student's page: points, reasons, hints, plots, what to do next; nothing of hidden tests, and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from markupsafe import Markup

from autograder.explain import cell_text, next_steps, score_text
from autograder.i18n import LANGUAGES
from autograder.pages.labels import Labels
from autograder.pages.learning import BaselineTraining as Baseline
from autograder.pages.model import share_of
from autograder.pages.plots import Plot, Polyline, data_uri, format_number, line_plot, weight_strip
from autograder.pages.site import SHEET, prose_markup, render_page, visible_text
from autograder.report import Curve, QuestionResult, Report, Training

__all__ = ["FeedbackContext", "feedback_page"]


class FeedbackContext(msgspec.Struct, frozen=True):
    """What the pages of one assignment share: titles of the course by language, and TensorFlow's training."""

    course: dict[str, str]
    baseline: Baseline | None = None


def feedback_page(report: Report, setting: FeedbackContext) -> bytes:
    """Make the page of a report, in the report's language."""
    t = _labels(report.lang)
    scored = share_of(report)
    context = {
        "t": t,
        "course": setting.course.get(t.lang) or next(iter(setting.course.values())),
        "student": report.student,
        "assignment": report.assignment,
        "status": report.status,
        "score": report.score,
        "max_score": report.max_score,
        "share": scored,
        "reason": report.reason,
        "steps": next_steps(report),
        "cells": [cell_text(error, t.lang) for error in report.cell_errors],
        "notes": report.notes,
        "questions": [_question(each, report, t) for each in report.questions],
        "training": _training(report.figures.training if report.figures else None, setting.baseline, t),
        "started": visible_text(report.started[:16].replace("T", " ")),
        "when": "",
    }
    return render_page("feedback.html", context, SHEET)


def _labels(lang: str) -> Labels:
    known = lang if lang in LANGUAGES else LANGUAGES[0]
    if known not in _LABELS:
        _LABELS[known] = Labels(known)
    return _LABELS[known]


_MARKS = {"open": "·", "passed": "✓", "failed": "✗"}
_LABELS: dict[str, Labels] = {}


def _question(question: QuestionResult, report: Report, t: Labels) -> dict[str, Any]:
    curves = report.figures.curves if report.figures else ()
    most = question.max_score
    return {
        "name": question.name,
        "points": score_text(question.score, most, t.lang),
        "share": None if question.score is None or not most else question.score / most,
        "criteria": _criteria(question, t),
        "figures": [_curve(each, t) for each in curves if each.question == question.name and _visible(each)],
    }


def _criteria(question: QuestionResult, t: Labels) -> list[Markup]:
    """Shape the criteria; a hint that several of them share is given once."""
    given: set[str] = set()
    found = []
    for test in question.tests:
        kind = "open" if question.manual else "passed" if test.passed else "failed"
        points = f"{'–' if question.manual else f'{test.points:g}'} / {test.max_points:g}"
        message, hint = ("", "") if test.passed else (test.message, "" if test.hint in given else test.hint)
        said = t({"failed": "not_passed"}.get(kind, kind))
        found.append(_criterion((kind, said), points, test.criterion, message, hint))
        given.add(test.hint)
    return found


@lru_cache(maxsize=1 << 13)
def _criterion(kind: tuple[str, str], points: str, text: str, message: str, hint: str) -> Markup:
    """Write a criterion; most students share most of them, so each is written once."""
    why = Markup('<p class="why">{}</p>').format(prose_markup(message)) if message else ""
    title, *rest = hint.split("\n\n")
    advice = ""
    if hint:
        paragraphs = Markup("").join(Markup("<p>{}</p>").format(prose_markup(each)) for each in rest)
        advice = Markup('<div class="hint"><p><b>{}</b></p>{}</div>').format(prose_markup(title), paragraphs)
    return Markup(
        '<li class="{}"><span class="mark" role="img" aria-label="{}">{}</span>'
        '<div><p class="criterion">{}</p>{}{}</div><span class="num">{}</span></li>'
    ).format(kind[0], kind[1], _MARKS[kind[0]], prose_markup(text), why, advice, points)


def _curve(curve: Curve, t: Labels) -> Markup:
    low, high = (format_number(x or 0.0) for x in (curve.x[0], curve.x[-1]))
    plot = Plot(t("curve_of", name=visible_text(curve.question), low=low, high=high), "z", *_frame(curve))
    return line_plot(plot, [Polyline("right", [(curve.x, curve.right)]), Polyline("yours", [(curve.x, curve.seen)])])


def _visible(curve: Curve) -> bool:
    """Return whether the two curves differ visibly: a mistake may be one that no curve shows."""
    right = [value for value in curve.right if value is not None] or [0.0]
    near = max(max(right) - min(right), 0.1) * 0.01
    pairs = zip(curve.seen, curve.right, strict=False)
    return any(a is not b if a is None or b is None else abs(a - b) > near for a, b in pairs)


def _frame(curve: Curve) -> tuple[float, float, float, float]:
    """Return width, height and bounds: the right curve fills the frame; an extreme one does not flatten it."""
    right = [value for value in curve.right if value is not None] or [0.0]
    low, high = min(right), max(right)
    room = max(high - low, 0.5)
    seen: Sequence[float] = [value for value in curve.seen if value is not None]
    return 420.0, 190.0, max(low - room, min([low, *seen])), min(high + room, max([high, *seen]))


def _training(training: Training | None, baseline: Baseline | None, t: Labels) -> dict[str, Any] | None:
    if training is None:
        return None
    drawn = [Polyline("yours", [(range(1, len(training.losses) + 1), training.losses)])]
    top = max((loss for loss in training.losses if loss is not None), default=1.0)
    if baseline:
        drawn.append(Polyline("right", [(range(1, len(baseline.losses) + 1), baseline.losses)]))
        top = min(top, 3 * max(baseline.losses))
    png = weight_strip(training.weights, training.side)
    plot = Plot(t("loss_curve"), t("epoch"), 420.0, 190.0, 0.0, max(top, 1e-6))
    return {
        "curve": line_plot(plot, drawn),
        "seconds": training.seconds,
        "accuracy": training.accuracy,
        "baseline": baseline.origin(t) if baseline else "",
        "image": data_uri(png) if png else "",
    }
