"""From results of criteria to a report: points, status and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading.criterion import Criterion
from autograder.grading.outcome import NOT_ATTEMPTED, Message
from autograder.grading.scoring import CriterionResult, ReportBuilder
from autograder.grading.variants import Variant, VariantKind
from autograder.i18n import by_language
from autograder.report import Curve, Figures, Report, Status, Training
from autograder.submission import Job

WRONG = Message("the shape is right, but the values are not", {})
TEXTS = by_language("Squares.\n\nDo not square.\n\nes: Eleva.\n\nNo eleves.")
SQUARED = Variant("squared", "double", VariantKind.MISCONCEPTION, TEXTS, lambda x: x, Path("m.py"), "")


def criterion(name: str, question: str = "double", points: float = 1.0, *, manual: bool = False) -> Criterion:
    return Criterion(f"a::{name}", question, points, manual, by_language(f"Does {name}.\n\nes: Hace {name}."))


def builder(lang: str = "en") -> ReportBuilder:
    return ReportBuilder(Job("ana", "a", "a.ipynb", b"", "hash"), "none", lang)


def graded(*results: CriterionResult, manual: tuple[Criterion, ...] = (), lang: str = "en") -> Report:
    return builder(lang).graded(results, manual)


def test_points_are_those_of_passed_criteria_by_question() -> None:
    report = graded(
        CriterionResult(criterion("one", points=0.1)),
        CriterionResult(criterion("two", points=0.2)),
        CriterionResult(criterion("three", "total", points=3), WRONG),
    )
    assert [(q.name, q.score, q.max_score) for q in report.questions] == [
        ("double", pytest.approx(0.3), pytest.approx(0.3)),
        ("total", 0.0, 3.0),
    ]
    assert (report.status, report.max_score) == (Status.GRADED, pytest.approx(3.3))
    assert [(test.points, test.max_points) for q in report.questions for test in q.tests] == [
        (0.1, 0.1),
        (0.2, 0.2),
        (0, 3),
    ]


def test_points_are_added_without_rounding_errors() -> None:
    report = graded(*(CriterionResult(criterion(str(i), points=0.1)) for i in range(10)))
    assert (report.score, report.max_score) == (1.0, 1.0)


def test_a_question_for_a_person_leaves_the_report_pending_and_has_no_score() -> None:
    report = graded(CriterionResult(criterion("one")), manual=(criterion("essay", "explain", 2, manual=True),))
    assert (report.status, report.score, report.max_score) == (Status.PENDING, 1.0, 3.0)
    assert report.reason == "full marks so far; a person grades the rest"
    essay = report.questions[1]
    assert (essay.score, essay.manual, essay.tests[0].message) == (None, True, "graded by a person")


def test_a_named_mistake_brings_its_hint_and_comes_first_in_the_reason() -> None:
    report = graded(CriterionResult(criterion("one"), WRONG, SQUARED), lang="es")
    test = report.questions[0].tests[0]
    assert (test.criterion, test.misconception, test.hint) == ("Hace one.", "squared", "Eleva.\n\nNo eleves.")
    assert (test.message, report.reason) == ("la forma es correcta, pero los valores no", "Eleva")


def test_the_reason_counts_other_mistakes_once() -> None:
    failed = [CriterionResult(criterion(name), WRONG) for name in ("one", "two", "two", "three")]
    assert graded(*failed).reason == "Does one, and 2 more"
    assert graded(*failed[1:3]).reason == "Does two"
    assert graded(CriterionResult(criterion("zero"))).reason == "full marks"


def test_not_attempted_is_the_reason_only_where_nothing_was() -> None:
    empty = CriterionResult(criterion("one"), Message(NOT_ATTEMPTED, {}))
    assert graded(empty, empty).reason == "not attempted"
    assert graded(empty, CriterionResult(criterion("two"))).reason == "Does one"


def test_an_error_has_no_score_and_an_unreadable_file_has_zero() -> None:
    error = builder().error("the disk is full")
    assert (error.status, error.score, error.max_score, error.reason) == (Status.ERROR, None, None, "the disk is full")
    criteria = [criterion("one"), criterion("essay", "explain", 2, manual=True)]
    unreadable = builder().unreadable(criteria, Message("this is not a notebook", {}))
    assert (unreadable.status, unreadable.score, unreadable.max_score) == (Status.GRADED, 0.0, 3.0)
    assert [(q.score, q.manual) for q in unreadable.questions] == [(0.0, False), (0.0, False)]
    assert {test.message for q in unreadable.questions for test in q.tests} == {unreadable.reason}


def test_curves_are_kept_where_points_were_lost() -> None:
    curves = tuple(Curve(question, (0.0,), (1.0,), (2.0,)) for question in ("double", "total"))
    results = [CriterionResult(criterion("one"), WRONG), CriterionResult(criterion("two", "total"))]
    made = builder()
    made.figures = Figures(curves)
    assert made.graded(results, []).figures == Figures(curves[:1])
    assert made.graded(results[1:], []).figures is None
    made.figures = Figures(curves, training := Training("total", (1.0,), 0.5, 0.1, ((1,),)))
    assert made.graded(results[1:], []).figures == Figures(curves[:0], training)
