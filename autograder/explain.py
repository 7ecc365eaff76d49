"""Results as text and HTML in the language of the report, for terminal, gradebook, feedback and LMS."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from autograder.i18n import N_, render
from autograder.report import CellError, QuestionResult, Report, Status

__all__ = [
    "cell_text",
    "comment",
    "next_steps",
    "question_html",
    "question_text",
    "report_text",
    "score_text",
    "status_text",
]

_EARNED = N_("{score} of {points} points")
_OPEN = N_("not graded yet, of {points} points")
_WRITTEN = N_("written answers are not graded yet")
_CELL = N_("cell {number}: {message}")
_MISSING = N_("Nothing was handed in. Ask whether you still may, and hand in your notebook.")
_GRADER_ERROR = N_(
    "Grading failed, which is not your mistake and costs no points. Your instructor will have it graded again."
)
_CELLS = N_("Restart the kernel, run all cells, and fix the first one that stops: cell {number}.")
_ATTEMPT = N_("Write {question}: it is worth {points} points.")
_FIX = N_("Fix {question}: you can gain {points} points.")
_MORE = N_("Then look at the others: {questions}.")
_CHECKS = N_("Run the visible checks again, then restart the kernel and run all cells before you hand in.")
_FULL = N_("Nothing to fix. Compare your solution with another way of writing it, or help someone who is stuck.")
_FULL_SO_FAR = N_("Nothing to fix in the code. A person reads your written answers.")
_NOT_ATTEMPTED = N_("not attempted")
_STATUS = {
    Status.GRADED: N_("graded"),
    Status.PENDING: N_("pending"),
    Status.ERROR: N_("not graded: grader error"),
    Status.MISSING: N_("missing"),
}


def status_text(status: Status, lang: str) -> str:
    """Return the name of a status."""
    return render(_STATUS[status], {}, lang)


def score_text(score: float | None, points: float | None, lang: str) -> str:
    """Return "3 of 5 points", or "not graded yet" where `score` is None."""
    of = f"{points or 0.0:g}"
    return render(_OPEN, {"points": of}, lang) if score is None else render(_EARNED, _pair(score, of), lang)


def report_text(report: Report) -> str:
    """Write a report as plain text: the score, then each question with its criteria, reasons and hints.

    It does not name the student. Text of the student's is in it as it is: escape it for a terminal or a page.
    """
    lang = report.lang
    lines = [_head(report), *_indented(report.reason), *_indented(*report.notes)]
    for error in report.cell_errors:
        lines += _indented(cell_text(error, lang))
    for question in report.questions:
        first, *rest = question_text(question, lang).splitlines()
        lines += [f"  {question.name}: {first}", *(f"    {line}" for line in rest)]
    return "\n".join(lines)


def cell_text(error: CellError, lang: str) -> str:
    """Return which cell did not run to its end, and why; text of the student's is in it as it is."""
    return render(_CELL, {"number": error.cell, "message": error.message}, lang)


def next_steps(report: Report) -> tuple[str, ...]:
    """Return what to do next, the most points first: at most five short sentences in the language of the report."""
    lang = report.lang
    if report.status in (Status.MISSING, Status.ERROR):
        return (render(_MISSING if report.status is Status.MISSING else _GRADER_ERROR, {}, lang),)
    lost = sorted(filter(_lost, report.questions), key=_lost, reverse=True)  # sorted keeps the order of equal ones
    if not lost:
        return (render(_FULL_SO_FAR if report.status is Status.PENDING else _FULL, {}, lang),)
    steps = [render(_CELLS, {"number": report.cell_errors[0].cell}, lang)] if report.cell_errors else []
    for question in lost[:2]:
        template = _ATTEMPT if _untouched(question, lang) else _FIX
        steps.append(render(template, {"question": question.name, "points": f"{_lost(question):g}"}, lang))
    if len(lost) > 2:
        steps.append(render(_MORE, {"questions": ", ".join(question.name for question in lost[2:])}, lang))
    return (*steps, render(_CHECKS, {}, lang))


def question_text(question: QuestionResult, lang: str) -> str:
    """Write a question's result as plain text: its points, then each criterion, and why it failed."""
    lines = [score_text(question.score, question.max_score, lang)]
    for test in question.tests:
        mark = "·" if question.manual else "✓" if test.passed else "✗"
        points = "–" if question.manual else f"{test.points:g}"  # no person has given any yet: that is not 0
        lines.append(f"{mark} {points}/{test.max_points:g}  {test.criterion}")
        lines += _indented(test.message, test.hint, by="    ")
    return "\n".join(lines)


def question_html(question: QuestionResult, lang: str) -> str:
    """Write a question's result as HTML that needs no style sheet; all text in it is escaped."""
    return "".join(_html(question, lang))


def comment(question: QuestionResult) -> str:
    """Write what went wrong in a question, or nothing; escaped for Markdown and HTML."""
    failed = [test for test in question.tests if not test.passed]
    lines = [text for test in failed for text in (f"✗ {test.criterion}", test.message, test.hint) if text]
    return "\n\n".join(escape(line, quote=False) for line in dict.fromkeys(lines))  # the same hint once


def _head(report: Report) -> str:
    if report.score is None:
        return status_text(report.status, report.lang)
    head = score_text(report.score, report.max_score, report.lang)
    return f"{head} ({render(_WRITTEN, {}, report.lang)})" if report.status is Status.PENDING else head


def _lost(question: QuestionResult) -> float:
    return 0.0 if question.score is None else question.max_score - question.score


def _untouched(question: QuestionResult, lang: str) -> bool:
    return all(test.message == render(_NOT_ATTEMPTED, {}, lang) for test in question.tests if not test.passed)


def _pair(score: float, of: str) -> dict[str, object]:
    return {"score": f"{score:g}", "points": of}


def _indented(*texts: str, by: str = "  ") -> list[str]:
    return [f"{by}{line}" for text in texts for line in text.splitlines() if line.strip()]


def _html(question: QuestionResult, lang: str) -> Iterator[str]:
    earned = score_text(question.score, question.max_score, lang)
    yield f"<p><strong>{escape(earned)}</strong></p><ul style='list-style: none; padding-left: 0'>"
    for test in question.tests:
        mark, colour = ("✓", "#1a7f37") if test.passed else ("✗", "#b42318")
        points = f"{test.points:g}/{test.max_points:g}"
        yield f"<li><span style='color: {colour}'>{mark}</span> {escape(points)} {escape(test.criterion)}"
        for text in (test.message, test.hint):
            for paragraph in filter(str.strip, text.split("\n\n")):
                yield f"<br><span style='margin-left: 1.5em'>{escape(paragraph)}</span>"
        yield "</li>"
    yield "</ul>"
