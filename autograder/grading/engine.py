"""The engine: grades jobs with the tests of one pytest session."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from autograder.course import Assignment, Course
from autograder.course.files import solution_path
from autograder.errors import AutograderError, GraderError, SubmissionError
from autograder.grading.criterion import Criterion, check_questions, criterion
from autograder.grading.diagnosis import Diagnosis
from autograder.grading.figures import draw_figures
from autograder.grading.fixtures import AssignmentResources, FixtureSource
from autograder.grading.outcome import Cells, Message, TestOutcome, cell_message, failure_message
from autograder.grading.plugin import FIXTURE_SOURCE
from autograder.grading.proxy import ProcessRunner
from autograder.grading.runner import ItemRunner
from autograder.grading.scoring import CriterionResult, ReportBuilder
from autograder.report import CellError, Report
from autograder.submission import Job, read_submission

__all__ = ["Engine", "ProbeEngine"]


_log = logging.getLogger(__name__)


@dataclass
class _Grader:
    """The collected tests of one assignment; `problem` says what is wrong with them, if anything."""

    resources: AssignmentResources
    diagnosis: Diagnosis
    items: dict[pytest.Item, Criterion] = field(default_factory=dict)
    manual: list[Criterion] = field(default_factory=list)
    problem: str = ""


class Engine:
    """Grade jobs with the items of one pytest session. `failure` is what jobs, emit or pytest raised, if anything."""

    def __init__(
        self,
        course: Course,
        assignments: Sequence[Assignment],
        sandbox: ProcessRunner,
        jobs: Iterable[Job],
        emit: Callable[[Report], None],
    ) -> None:
        self._course, self._sandbox, self._jobs, self._emit = course, sandbox, jobs, emit
        computed = {a.folder.resolve(): a.baseline for a in assignments if a.baseline}
        self._fixtures = FixtureSource(course.secret, baselines=computed)
        self._runner = ItemRunner(self._fixtures)
        self._graders = {a.name: self._grader(a.folder.resolve()) for a in assignments}
        self.failure: BaseException | None = None
        self.finished = False

    def _grader(self, folder: Path) -> _Grader:
        solution = solution_path(folder)
        problem = "" if solution.is_file() else f"{solution} does not exist; an assignment needs it"
        resources = self._fixtures.resources(folder)
        return _Grader(resources, Diagnosis(resources, self._runner.run), problem=problem)

    def criteria(self, assignment: str) -> tuple[Criterion, ...]:
        """Return the criteria collected for an assignment; raises GraderError if its grader is broken."""
        grader = self._graders[assignment]
        if grader.problem:
            raise GraderError(grader.problem)
        return (*grader.items.values(), *grader.manual)

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the fixtures of the plugin ask this engine's source."""
        config.stash[FIXTURE_SOURCE] = self._fixtures

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note which assignment's graders cannot be imported."""
        grader = self._graders.get(Path(report.nodeid.partition("::")[0]).parent.name)
        if report.failed and grader is not None:
            grader.problem = grader.problem or f"{report.nodeid} cannot be collected: {_last_line(report.longreprtext)}"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort the collected tests by assignment and question, and check what they declare."""
        for item in items:
            grader = self._graders[item.path.parent.name]
            try:
                self._add(grader, item)
            except GraderError as error:
                grader.problem = grader.problem or str(error)
        for name, grader in self._graders.items():
            grader.items = _by_question(grader.items)
            grader.problem = grader.problem or _problem(name, grader)

    def _add(self, grader: _Grader, item: pytest.Item) -> None:
        declared = criterion(item, item.path.parent.name)
        if declared.manual:
            grader.manual.append(declared)
            return
        grader.items[item] = declared
        self._runner.add(item)

    def pytest_runtestloop(self) -> bool:
        """Grade the jobs, in place of pytest's own loop over items."""
        try:
            for job in self._jobs:
                self._emit(self._report(job))
            self._runner.tear_down(None)
            self.finished = True
        except BaseException as error:
            self.failure = error
        return True

    def without_graders(self) -> None:
        """Grade where no assignment has any hidden test: every report is an error."""
        self.pytest_collection_modifyitems([])
        self.pytest_runtestloop()
        if self.failure is not None:
            raise self.failure

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Record a phase of an item. The report for pytest is bare: nothing reads it, and tracebacks are slow."""
        return self._runner.phase_report(item, call)

    def _report(self, job: Job) -> Report:
        builder = ReportBuilder(job, self._sandbox.level, job.lang or self._course.languages[0])
        grader = self._graders.get(job.assignment)
        if grader is None:
            return builder.error(f"assignment {job.assignment!r} is not among those of this run")
        if grader.problem:
            return builder.error(grader.problem)
        try:
            return self._graded(builder, grader)
        except SubmissionError as error:
            return builder.unreadable([*grader.items.values(), *grader.manual], Message(error.template, error.params))
        except AutograderError as error:
            return builder.error(str(error))
        except Exception as error:
            # Its text could hold hidden inputs, and a report is read by more people than a log.
            _log.exception("grading %s of %s", job.filename, job.student)
            return builder.error(f"an internal error ({type(error).__name__}); the log has the traceback")

    def _graded(self, builder: ReportBuilder, grader: _Grader) -> Report:
        submission = read_submission(builder.job.data, builder.job.filename)
        builder.lang = builder.job.lang or submission.lang or builder.lang
        builder.notes = submission.notes_in(builder.lang)
        with self._sandbox.run(submission.cells) as process:
            builder.figures = draw_figures(grader.resources, process)  # first: the process has seen no hidden input yet
            outcomes = {item: self._runner.run(item, process) for item in grader.items}
            failures = process.cell_errors
        builder.cell_errors = tuple(CellError(f.cell, cell_message(f, builder.lang)) for f in failures)
        return builder.graded(_results(grader, outcomes, Cells(submission.cells, failures)), grader.manual)


def _by_question(items: dict[pytest.Item, Criterion]) -> dict[pytest.Item, Criterion]:
    """Group the criteria by question; a parametrized test serves several questions."""
    questions = list(dict.fromkeys(declared.question for declared in items.values()))
    return dict(sorted(items.items(), key=lambda pair: questions.index(pair[1].question)))


def _results(grader: _Grader, outcomes: dict[pytest.Item, TestOutcome], cells: Cells) -> list[CriterionResult]:
    diagnosis = grader.diagnosis
    messages = {
        item: failure_message(item, outcome, partial(diagnosis.reference, item), cells)
        for item, outcome in outcomes.items()
        if outcome.error is not None
    }
    named = diagnosis.name(outcomes) if messages else {}
    return [
        CriterionResult(declared, messages.get(item), named.get(item), outcomes[item].seconds)
        for item, declared in grader.items.items()
    ]


def _problem(name: str, grader: _Grader) -> str:
    if not grader.items and not grader.manual:
        return f"assignment {name!r} has no hidden tests; write them in solutions/{name}/test_{name}.py"
    try:
        check_questions([*grader.items.values(), *grader.manual])
    except GraderError as error:
        return f"assignment {name!r}: {error}"
    return ""


def _last_line(text: str) -> str:
    lines = [line.removeprefix("E").strip() for line in text.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if "Error" in line), lines[-1] if lines else "no reason given")


class ProbeEngine(Engine):
    """An engine for many nearly right answers: a report holds the first failed criterion, or all if none failed.

    It names no mistake. The criterion that failed last is tried first: neighbouring answers tend to fail the same one.
    """

    _last_failed: pytest.Item | None = None

    def _graded(self, builder: ReportBuilder, grader: _Grader) -> Report:
        submission = read_submission(builder.job.data, builder.job.filename)
        items = sorted(grader.items, key=lambda item: item is not self._last_failed)
        with self._sandbox.run(submission.cells) as process:
            for item in items:
                outcome = self._runner.run(item, process)
                if outcome.error is None:
                    continue
                self._last_failed = item
                cells = Cells(submission.cells, process.cell_errors)
                message = failure_message(item, outcome, partial(grader.diagnosis.reference, item), cells)
                return builder.graded([CriterionResult(grader.items[item], message, seconds=outcome.seconds)], [])
        return builder.graded([CriterionResult(declared) for declared in grader.items.values()], [])
