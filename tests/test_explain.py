"""A question's result in words: every criterion with its reason, and nothing of a student's that a page would run."""

from __future__ import annotations

import msgspec

from autograder.explain import comment, question_html, question_text, report_text
from autograder.report import CellError, QuestionResult, Report, Status, TestResult

LINE = "softmax raised ValueError in its line: print('<script>alert(1)</script>')"
FAILED = TestResult(
    id="a::b", criterion="Each row adds up to 1.", passed=False, points=0.0, max_points=2.0, message=LINE
)
PASSED = TestResult(id="a::c", criterion="The shape is kept.", passed=True, points=1.0, max_points=1.0, message="")
QUESTION = QuestionResult(name="softmax", score=1.0, max_score=3.0, manual=False, tests=(FAILED, PASSED))


def test_every_criterion_is_there_with_its_reason():
    assert question_text(QUESTION, "en").splitlines() == [
        "1 of 3 points",
        "✗ 0/2  Each row adds up to 1.",
        f"    {LINE}",
        "✓ 1/1  The shape is kept.",
    ]
    assert "1 de 3 puntos" in question_text(QUESTION, "es")


def test_nothing_in_it_is_markup():
    for text in (question_html(QUESTION, "en"), comment(QUESTION)):
        assert "<script" not in text
        assert "&lt;script&gt;" in text


def test_a_comment_is_about_what_failed_only():
    assert comment(QUESTION).startswith("✗ Each row adds up to 1.\n\n")
    assert "The shape is kept." not in comment(QUESTION)


def test_a_report_says_what_it_knows_and_no_more():
    written = QuestionResult(name="why", score=None, max_score=2.0, manual=True, tests=())
    report = Report(student="ana", assignment="softmax", status=Status.PENDING, score=1.0, max_score=5.0,
                    questions=(QUESTION, written), cell_errors=(CellError(3, "NameError: x"),))  # fmt: skip
    lines = report_text(report).splitlines()
    assert lines[:3] == [
        "1 of 5 points (written answers are not graded yet)",
        "  cell 3: NameError: x",
        "  softmax: 1 of 3 points",
    ]
    assert lines[-1] == "  why: not graded yet, of 2 points"
    spanish = report_text(msgspec.structs.replace(report, lang="es", status=Status.MISSING, score=None))
    assert spanish.startswith("sin entregar\n  celda 3: NameError: x\n")
