"""Starter and solution as students hand them in: in the real sandbox, in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autograder.course import Assignment, Course
from autograder.course.files import solution_path
from autograder.errors import GraderError
from autograder.grading.outcome import NOT_ATTEMPTED
from autograder.grading.session import grade_jobs_in_session
from autograder.i18n import render
from autograder.proof.float32 import float32_notebook
from autograder.proof.model import Listener, Problem, ProofLine, proof_line
from autograder.release.cells import Source
from autograder.release.notebook import serialise, solution_notebook, student_notebook
from autograder.release.targets import notebook_names
from autograder.report import Report
from autograder.sandbox import Sandbox
from autograder.submission import Job

__all__ = ["prove_notebooks"]


def prove_notebooks(course: Course, assignment: Assignment, source: Source, listener: Listener) -> Iterator[ProofLine]:
    """Grade starter, solution and the solution at float32 in the sandbox; raises SandboxError, GraderError."""
    languages = tuple(course.languages)
    jobs = list(_jobs(assignment, source, languages))
    listener.start(assignment.name, "starter and solution", len(jobs))
    reports: dict[str, Report] = {}

    def emit(report: Report) -> None:
        reports[report.student] = report
        listener.step()

    with Sandbox(course.sandbox) as sandbox:
        grade_jobs_in_session(course, [assignment], sandbox, jobs, emit)
        level = sandbox.level
    for report in reports.values():
        if report.score is None:
            raise GraderError(report.reason)
    listed = " and ".join(languages)
    yield proof_line(
        "starter",
        f"scores 0 and reads {NOT_ATTEMPTED!r} in {listed} ({level})",
        _starters(assignment, languages, reports),
    )
    yield proof_line(
        "solution", f"scores full marks in {listed}, and at float32", _solutions(assignment, source, languages, reports)
    )


def _jobs(assignment: Assignment, source: Source, languages: Sequence[str]) -> Iterator[Job]:
    for lang, filename in notebook_names(assignment.name, tuple(languages)).items():
        for what, notebook in (("starter", student_notebook), ("solution", solution_notebook)):
            data = serialise(notebook(source, lang)).encode()
            yield Job(f"{what} {lang}", assignment.name, filename, data, lang=lang)
    yield Job("float32", assignment.name, f"{assignment.name}.ipynb", float32_notebook(source, languages[0]))


def _starters(assignment: Assignment, languages: Sequence[str], reports: Mapping[str, Report]) -> Iterator[Problem]:
    path = f"solutions/{assignment.name}/{solution_path(assignment.folder).name}"
    for lang in languages:
        report = reports[f"starter {lang}"]
        for test in (test for question in report.questions for test in question.tests if test.passed):
            yield Problem(
                f"the starter in {lang} already passes {test.id}: {test.criterion}",
                f"put what it needs between solution markers in {path}, or let the criterion ask for a result, "
                f"then run `autograder check {assignment.name} --quick`",
            )
        wanted = render(NOT_ATTEMPTED, {}, lang)
        if not report.score and report.reason != wanted:
            yield Problem(
                f"the starter in {lang} reads {report.reason!r}, not {wanted!r}",
                f"let each function of {path} raise NotImplementedError and nothing else outside its solution markers, "
                f"then run `autograder check {assignment.name} --quick`",
            )


def _solutions(
    assignment: Assignment, source: Source, languages: Sequence[str], reports: Mapping[str, Report]
) -> Iterator[Problem]:
    names = {f"solution {lang}": f"the solution in {lang}" for lang in languages}
    for key, name in (names | {"float32": "the solution at float32"}).items():
        report = reports[key]
        # In float32 a visible check may stop by its own narrower tolerance; the hidden tests decide.
        for error in report.cell_errors if key != "float32" else ():
            yield Problem(
                f"{name}: cell {error.cell} does not run to its end: {error.message}",
                f"run {source.path.name} to see it, correct it, then run `autograder check {assignment.name} --quick`",
            )
        failed = (t for q in report.questions if not q.manual for t in q.tests if not t.passed)
        for test in failed:
            yield Problem(
                f"{name} fails {test.id}: {test.message}",
                f"run `pytest solutions/{assignment.name}`, correct the solution or the test, "
                f"then run `autograder check {assignment.name} --quick`",
            )
