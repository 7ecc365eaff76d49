"""The questions of an assignment over a class: how hard, how telling, and all the ways in which they failed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

import msgspec

from autograder.course import Assignment, Course
from autograder.course.files import grader_paths
from autograder.errors import AutograderError
from autograder.grading.variants import misconception_titles
from autograder.i18n import by_language, in_language
from autograder.pages.model import MistakeCount, QuestionSummary
from autograder.pages.statistics import difficulty, discrimination
from autograder.report import QuestionResult, Report, Status

__all__ = [
    "AssignmentText",
    "CriterionFigures",
    "FailureGroup",
    "QuestionFigures",
    "assignment_text",
    "mistake_counts",
    "question_figures",
    "question_summaries",
]


class AssignmentText(msgspec.Struct, frozen=True):
    """The criteria of an assignment by test name, and its misconceptions by name, in one language."""

    criteria: Mapping[str, str] = {}
    titles: Mapping[str, str] = {}


class FailureGroup(msgspec.Struct, frozen=True):
    """One way in which a question failed: a known misconception, or a reason; and who went it."""

    text: str
    misconception: str
    lang: str
    entries: tuple[Report, ...]


class CriterionFigures(msgspec.Struct, frozen=True):
    """A criterion over the class."""

    text: str
    points: float
    difficulty: float | None
    discrimination: float | None


class QuestionFigures(msgspec.Struct, frozen=True):
    """A question over the class; `ways` begin with the most frequent."""

    name: str
    max_score: float
    manual: bool
    difficulty: float | None
    discrimination: float | None
    lost: int
    criteria: tuple[CriterionFigures, ...]
    ways: tuple[FailureGroup, ...]


def assignment_text(course: Course, assignment: str, lang: str) -> AssignmentText:
    """Read what an assignment's folder says in a language; nothing if the course does not have that folder."""
    found = next((each for each in course.assignments if each.name == assignment), None)
    if found is None or not found.folder.is_dir():
        return AssignmentText()
    try:
        return AssignmentText(_criteria(course, found, lang), misconception_titles(found.folder, lang))
    except (OSError, SyntaxError, ValueError, AutograderError):
        return AssignmentText()  # the texts in the reports will do


def question_figures(reports: Sequence[Report], said: AssignmentText) -> tuple[QuestionFigures, ...]:
    """Work out every question that occurs in the reports, in their order."""
    scored = [each for each in reports if each.score is not None and each.status in (Status.GRADED, Status.PENDING)]
    names = dict.fromkeys(question.name for report in scored for question in report.questions)
    return tuple(_question(name, scored, said) for name in names)


def question_summaries(assignment: str, found: Iterable[QuestionFigures]) -> tuple[QuestionSummary, ...]:
    """Keep what the overview shows of questions that are graded automatically."""
    return tuple(
        QuestionSummary(assignment, each.name, each.max_score, each.difficulty, each.discrimination, each.lost)
        for each in found
        if not each.manual
    )


def mistake_counts(assignment: str, found: Iterable[QuestionFigures]) -> tuple[MistakeCount, ...]:
    """Count students by misconception and question."""
    return tuple(
        MistakeCount(assignment, each.name, way.misconception, way.text, len(way.entries))
        for each in found
        for way in each.ways
        if way.misconception
    )


def _question(name: str, scored: Sequence[Report], said: AssignmentText) -> QuestionFigures:
    with_it = [(report, each) for report in scored for each in report.questions if each.name == name]
    manual = any(each.manual for _, each in with_it)
    judged = [(report, each) for report, each in with_it if each.score is not None]
    scores = [each.score or 0.0 for _, each in judged]
    totals = [report.score or 0.0 for report, _ in judged]
    most = max((each.max_score for _, each in with_it), default=0.0)
    return QuestionFigures(
        name=name,
        max_score=most,
        manual=manual,
        difficulty=difficulty(scores, most),
        discrimination=discrimination(scores, totals),
        lost=sum(score < each.max_score for score, (_, each) in zip(scores, judged, strict=True)),
        criteria=() if manual else _criteria_figures(judged, said),
        ways=() if manual else _ways(judged, said),
    )


def _criteria_figures(
    judged: Sequence[tuple[Report, QuestionResult]], said: AssignmentText
) -> tuple[CriterionFigures, ...]:
    by_id: dict[str, list[tuple[float, float, float, str]]] = {}
    for report, question in judged:
        for test in question.tests:
            row = (test.points, report.score or 0.0, test.max_points, test.criterion)
            by_id.setdefault(test.id, []).append(row)
    found = []
    for name, rows in by_id.items():
        points, totals = [row[0] for row in rows], [row[1] for row in rows]
        passed = fmean(row[0] >= row[2] for row in rows)
        text = said.criteria.get(name.partition("::")[2], rows[0][3])
        found.append(CriterionFigures(text, rows[0][2], passed, discrimination(points, totals)))
    return tuple(found)


def _ways(judged: Sequence[tuple[Report, QuestionResult]], said: AssignmentText) -> tuple[FailureGroup, ...]:
    """Group by misconception, else by reason; a report is in each group once."""
    groups: dict[tuple[str, str], tuple[str, dict[str, Report]]] = {}
    for report, question in judged:
        for test in question.tests:
            if test.passed:
                continue
            key = (test.misconception, "" if test.misconception else test.message)
            text = said.titles.get(test.misconception) or test.hint.partition("\n\n")[0] or test.misconception
            label = text if test.misconception else test.message
            groups.setdefault(key, (label, {}))[1][report.student] = report
    found = []
    for (name, _), (text, people) in groups.items():
        lang = "" if name in said.titles else next(iter(people.values())).lang
        found.append(FailureGroup(text, name, lang, tuple(people.values())))
    return tuple(sorted(found, key=lambda way: -len(way.entries)))


def _criteria(course: Course, assignment: Assignment, lang: str) -> dict[str, str]:
    """Read the criteria of hidden tests, by name. The files are not run, unless they make criteria of parameters."""
    sources = [path.read_bytes() for path in grader_paths(assignment.folder)]
    if any(b"parametrize" in source for source in sources):
        from autograder.grading.session import collect_criteria

        collected = collect_criteria(course, assignment)
        return {each.id.partition("::")[2]: in_language(each.texts, lang).title for each in collected}
    found = {}
    for node in (node for source in sources for node in ast.parse(source).body):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            found[node.name] = in_language(by_language(ast.get_docstring(node) or ""), lang).title
    return {name: title for name, title in found.items() if title}
