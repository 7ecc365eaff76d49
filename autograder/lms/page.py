"""A student's result as a page of its own: it loads nothing, runs nothing, and every word in it is escaped."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from autograder import explain
from autograder.batch.names import printable
from autograder.lms.records import Grade
from autograder.report import QuestionResult, Report, TestResult
from autograder.words import N_, render

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["page"]

_MET = N_("met")
_NOT_MET = N_("not met")
_BY_HAND = N_("graded by hand")

_STYLE = """\
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b;
  background: #fff; overflow-wrap: anywhere }
pre { white-space: pre-wrap; background: #f4f4f4; padding: .5rem; margin: .25rem 0 }
ul { padding-left: 1.25rem } li { margin: .75rem 0 } .met { color: #17662b } .not { color: #a3210f }
@media (prefers-color-scheme: dark) {
  body { color: #eee; background: #161616 } pre { background: #262626 } .met { color: #7fd694 } .not { color: #ffa799 }
}
"""

_PAGE = """\
<!doctype html>
<html lang="{{ report.lang }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{{ digest }}'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ report.assignment }}: {{ name }}</title>
<style>{{ style | safe }}</style>
</head>
<body>
<main>
<h1>{{ report.assignment }}: {{ name }}</h1>
<p><strong>{{ head[0] }}</strong></p>
{% for line in head[1:] %}<p>{{ line }}</p>
{% endfor %}{% for question in questions %}<section>
<h2>{{ question.name }}: {{ question.score }}</h2>
<ul>
{% for test in question.tests %}<li><strong class="{{ test.kind }}">{{ test.word }}</strong>
{{ test.criterion }}{% for text in test.texts %}
<pre>{{ text }}</pre>{% endfor %}</li>
{% endfor %}</ul>
</section>
{% endfor %}</main>
</body>
</html>
"""


def page(report: Report, grade: Grade, name: str) -> str:
    """Write a graded report as HTML in its own language; `name` is what the page calls the student.

    The score is the one after the late penalty. The page's own policy forbids scripts, images and requests.
    """
    questions = [
        {
            "name": question.name,
            "score": explain.score_text(question.score, question.max_score, report.lang),
            "tests": [_test(test, question, report.lang) for test in question.tests],
        }
        for question in report.questions
    ]
    return _template().render(
        report=report,
        name=printable(name),
        head=[printable(line) for line in _head(report, grade)],
        questions=questions,
        style=_STYLE,
        digest="sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode(),
    )


def _test(test: TestResult, question: QuestionResult, lang: str) -> dict[str, object]:
    points = "" if question.manual else f" ({explain.score_text(test.points, test.max_points, lang)})"
    kind, word = ("", _BY_HAND) if question.manual else ("met", _MET) if test.passed else ("not", _NOT_MET)
    return {
        "kind": kind,
        "word": render(word, {}, lang) + points,
        "criterion": _clean(test.criterion),
        "texts": [_clean(text) for text in (test.message, test.hint) if text.strip()],
    }


def _head(report: Report, grade: Grade) -> list[str]:
    """Take the score, the late penalty and what is said of the whole submission from the comment's first lines."""
    lines = grade.comment.splitlines() or [explain.score_text(grade.score, grade.max_score, report.lang)]
    named = tuple(f"  {question.name}: " for question in report.questions)
    stop = next((number for number, line in enumerate(lines) if named and line.startswith(named)), len(lines))
    return [line.strip() for line in lines[:stop]]


def _clean(text: str) -> str:
    """Write out what a browser would obey or hide: control characters and direction marks."""
    return "\n".join(map(printable, text.splitlines()))


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    return Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE)
