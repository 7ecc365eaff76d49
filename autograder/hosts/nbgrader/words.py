"""A question's result in words, for a cell of nbgrader: as text and as HTML, in the language of the report."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from autograder.report import QuestionResult
from autograder.words import N_, render

__all__ = ["as_html", "as_text", "comment"]

_EARNED = N_("{score} of {points} points")


def as_text(question: QuestionResult, lang: str) -> str:
    """Write a question's result as plain text: each criterion, and why it failed."""
    lines = [_earned(question, lang)]
    for test in question.tests:
        lines.append(f"{'✓' if test.passed else '✗'} {test.points:g}/{test.max_points:g}  {test.criterion}")
        lines += [f"    {line}" for text in (test.message, test.hint) for line in text.splitlines() if line.strip()]
    return "\n".join(lines)


def as_html(question: QuestionResult, lang: str) -> str:
    """Write the same as HTML that needs no style sheet; every word in it is escaped."""
    return "".join(_html(question, lang))


def comment(question: QuestionResult) -> str:
    """Write what stands beside the student's own cell: what went wrong, nothing where all is right.

    nbgrader shows it as Markdown, in which HTML counts: a reason may quote a line of the student's.
    """
    failed = [test for test in question.tests if not test.passed]
    lines = [text for test in failed for text in (f"✗ {test.criterion}", test.message, test.hint) if text]
    return "\n\n".join(escape(line, quote=False) for line in dict.fromkeys(lines))  # the same hint once


def _earned(question: QuestionResult, lang: str) -> str:
    score = 0.0 if question.score is None else question.score
    return render(_EARNED, {"score": f"{score:g}", "points": f"{question.max_score:g}"}, lang)


def _html(question: QuestionResult, lang: str) -> Iterator[str]:
    yield f"<p><strong>{escape(_earned(question, lang))}</strong></p><ul style='list-style: none; padding-left: 0'>"
    for test in question.tests:
        mark, colour = ("✓", "#1a7f37") if test.passed else ("✗", "#b42318")
        points = f"{test.points:g}/{test.max_points:g}"
        yield f"<li><span style='color: {colour}'>{mark}</span> {escape(points)} {escape(test.criterion)}"
        for text in (test.message, test.hint):
            for paragraph in filter(str.strip, text.split("\n\n")):
                yield f"<br><span style='margin-left: 1.5em'>{escape(paragraph)}</span>"
        yield "</li>"
    yield "</ul>"
