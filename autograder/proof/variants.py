"""Known answers against the hidden grader: right ones get full marks, known mistakes lose some and are named."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from autograder.course import Assignment, Course
from autograder.errors import GraderError
from autograder.grading.variants import Variant, VariantKind, equivalents, misconceptions
from autograder.proof.answers import Answer, Depth, grade_answers
from autograder.proof.model import Listener, Problem, ProofLine, Verdict, proof_line
from autograder.release.cells import CellKind, Source, solution_text
from autograder.report import Report, TestResult

__all__ = [
    "Reach",
    "automatic_results",
    "grade_variants",
    "prove_variants",
    "question_reach",
    "variant_key",
    "wrong_equivalent",
    "wrong_misconception",
]


@dataclass(frozen=True)
class Reach:
    """Where a mistake in a function may cost points: in its own question, and in those whose functions call it."""

    own: Mapping[str, str]
    calling: Mapping[str, frozenset[str]]


def prove_variants(course: Course, assignment: Assignment, source: Source, listener: Listener) -> Iterator[ProofLine]:
    """Prove equivalents and misconceptions; raises GraderError if the hidden tests cannot be run."""
    known = (*equivalents(assignment.folder), *misconceptions(assignment.folder))
    listener.start(assignment.name, "known answers", len(known))
    reports = grade_variants(course, assignment, known, listener.step)
    wrong = partial(wrong_misconception, reaches=question_reach(source))
    right_ones = [variant for variant in known if variant.kind is VariantKind.EQUIVALENT]
    mistakes = [variant for variant in known if variant.kind is VariantKind.MISCONCEPTION]
    for what, variants, judge in (
        ("equivalents", right_ones, wrong_equivalent),
        ("misconceptions", mistakes, wrong),
    ):
        yield _line(what, assignment, variants, [judge(each, reports[variant_key(each)]) for each in variants])


def grade_variants(
    course: Course, assignment: Assignment, variants: Sequence[Variant], step: Callable[[], None]
) -> dict[str, Report | None]:
    """Grade variants in place of the reference's functions; `step` is called after each.

    Returns the reports by the keys of the variants.
    """
    answers = [Answer(variant_key(variant), variant.source()) for variant in variants]
    return grade_answers(course, assignment, answers, Depth.WHOLE, step)


def question_reach(source: Source) -> Reach:
    """Read from the starter cells which question each function answers, and which questions build on it."""
    functions = {
        node.name: (cell.name, {name.id for name in ast.walk(node) if isinstance(name, ast.Name)})
        for cell in source.cells
        if cell.kind is CellKind.QUESTION
        for node in ast.parse(solution_text(cell.text)).body
        if isinstance(node, ast.FunctionDef)
    }
    own = {name: question for name, (question, _) in functions.items()}
    calling = {name: {other for other, (_, used) in functions.items() if name in used} for name in functions}
    for _ in functions:  # as long as the longest chain of calls
        calling = {name: callers.union(*(calling[each] for each in callers)) for name, callers in calling.items()}
    return Reach(own, {name: frozenset(own[each] for each in callers) for name, callers in calling.items()})


def automatic_results(report: Report) -> list[TestResult]:
    """Return the criteria that were graded automatically; raises GraderError if the report has no score."""
    if report.score is None:
        raise GraderError(report.reason)
    return [test for question in report.questions if not question.manual for test in question.tests]


def wrong_equivalent(variant: Variant, report: Report | None) -> Iterator[str]:
    """Yield the criteria that a right answer fails."""
    if report is None:
        yield f"{variant.name} does not end in time, or ends its process"
        return
    for test in automatic_results(report):
        if not test.passed:
            named = f", taken for the misconception {test.misconception}" if test.misconception else ""
            yield f"{variant.name} is right, but fails {test.id}: {test.message}{named}"


def wrong_misconception(variant: Variant, report: Report | None, reaches: Reach) -> Iterator[str]:
    """Yield where a known mistake goes unnoticed, unnamed, or costs points in a question that does not build on it.

    In a question whose function calls the wrong one, what goes wrong may have no name of its own.
    """
    if report is None:
        yield f"{variant.name} does not end in time, or ends its process"
        return
    if all(test.passed for test in automatic_results(report)):
        yield f"{variant.name} loses nothing: no criterion notices it"
    own, calling = reaches.own.get(variant.target), reaches.calling.get(variant.target, frozenset())
    for question in report.questions:
        failed = [test for test in question.tests if not question.manual and not test.passed]
        if failed and question.name not in {own, *calling}:
            yield f"{variant.name} is a mistake in {variant.target}, but costs points in question {question.name}"
        for test in failed:
            if test.misconception != variant.name and question.name not in calling:
                yield f"{variant.name} fails {test.id}, which {_named(test)}: {test.message}"


def _named(test: TestResult) -> str:
    return f"is taken for {test.misconception}" if test.misconception else "does not name it"


def _line(what: str, assignment: Assignment, variants: Sequence[Variant], found: Sequence[Iterable[str]]) -> ProofLine:
    path = f"solutions/{assignment.name}/{what}.py"
    if not variants:
        missing = Problem(
            f"{path} has none", f"write some there, then run `autograder check {assignment.name} --quick`"
        )
        return proof_line(what, "none", [missing], otherwise=Verdict.WARNING)
    said = "get full marks" if what == "equivalents" else "lose points, and are named wherever they do"
    remedy = (
        f"correct {path} or the hidden tests beside it, then run `autograder check {assignment.name} --quick`; "
        f"`pytest solutions/{assignment.name}` runs the tests on the solution"
    )
    problems = (Problem(f"{path}: {fault}", remedy) for faults in found for fault in faults)
    return proof_line(what, f"all {len(variants)} {said}", problems)


def variant_key(variant: Variant) -> str:
    """Return the key of a variant's report."""
    return f"{variant.path.stem}.{variant.name}"
