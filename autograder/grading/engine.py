"""Ask only whether an answer passes: stop at its first failed criterion, and name no mistake."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Assignment, Course
from autograder.course.files import solution_path
from autograder.errors import AutograderError, GraderError, SubmissionError
from autograder.grading.criterion import Criterion, check_questions, criterion
from autograder.grading.diagnosis import Diagnosis
from autograder.grading.fast_path import FastTest, fast_test
from autograder.grading.figures import draw_figures
from autograder.grading.fixtures import AssignmentResources, FixtureSource
from autograder.grading.outcome import Cells, Message, TestOutcome, cell_message, failure_message
from autograder.grading.plugin import FIXTURE_SOURCE
from autograder.grading.proxy import ProcessRunner, Student, StudentCode, take_calls
from autograder.grading.scoring import CriterionResult, ReportBuilder
from autograder.report import CellError, Report
from autograder.submission import Job, read_submission

__all__ = ["Engine", "ProbeEngine"]


_log = logging.getLogger(__name__)


@dataclass
class _Grader:
    """The collected tests of one assignment; `broken` says what is wrong with them, if anything."""

    bench: AssignmentResources
    diagnosis: Diagnosis
    items: dict[pytest.Item, Criterion] = field(default_factory=dict)
    manual: list[Criterion] = field(default_factory=list)
    broken: str = ""


class _Rest(pytest.Item):
    """A test that never runs. As the next item of every other one it keeps modules set up between submissions."""

    def runtest(self) -> None:
        raise AssertionError("never run")


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
        self._stage = FixtureSource(course.secret, baselines=computed)
        self._graders = {a.name: self._grader(a.folder.resolve()) for a in assignments}
        self._rests: dict[pytest.Item, _Rest] = {}
        self._plain: dict[pytest.Item, FastTest] = {}
        self._last: pytest.Item | None = None
        self._phases: list[str] = []
        self._error: BaseException | None = None
        self._seconds = 0.0
        self.failure: BaseException | None = None
        self.finished = False

    def _grader(self, folder: Path) -> _Grader:
        solution = solution_path(folder)
        broken = "" if solution.is_file() else f"{solution} does not exist; an assignment needs it"
        bench = self._stage.bench(folder)
        return _Grader(bench, Diagnosis(bench, self._run_item), broken=broken)

    def criteria(self, assignment: str) -> tuple[Criterion, ...]:
        """Give what was collected for an assignment; raises GraderError where its grader is broken."""
        grader = self._graders[assignment]
        if grader.broken:
            raise GraderError(grader.broken)
        return (*grader.items.values(), *grader.manual)

    def pytest_configure(self, config: pytest.Config) -> None:
        """Put our stage under the fixtures."""
        config.stash[FIXTURE_SOURCE] = self._stage

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember which assignment's graders cannot be imported."""
        grader = self._graders.get(Path(report.nodeid.partition("::")[0]).parent.name)
        if report.failed and grader is not None:
            grader.broken = grader.broken or f"{report.nodeid} cannot be collected: {_last_line(report.longreprtext)}"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort the collected tests by assignment and check what they declare."""
        for item in items:
            grader = self._graders[item.path.parent.name]
            try:
                declared = criterion(item, item.path.parent.name)
            except GraderError as error:
                grader.broken = grader.broken or str(error)
                continue
            if declared.manual:
                grader.manual.append(declared)
            else:
                grader.items[item] = declared
                plain = fast_test(item)
                if plain is not None:
                    self._plain[item] = plain
                self._rests[item] = _Rest.from_parent(_module(item), name="rest")
        for name, grader in self._graders.items():
            grader.items = _by_question(grader.items)
            grader.broken = grader.broken or _fault(name, grader)

    def pytest_runtestloop(self) -> bool:
        """Grade the jobs, in place of pytest's own loop over items."""
        try:
            for job in self._jobs:
                self._emit(self._report(job))
            self._rest(None)
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
        """Take down a phase of an item. The report for pytest is bare: nobody reads it, and tracebacks are slow."""
        phase = call.when
        if phase == "collect":
            raise AssertionError("collection makes reports of its own")
        self._phases.append(phase)
        if call.when == "call":
            self._seconds = call.duration
        if call.excinfo is not None and self._error is None:
            self._error = call.excinfo.value
        return pytest.TestReport(item.nodeid, item.location, {}, "failed" if call.excinfo else "passed", None, phase)

    def _report(self, job: Job) -> Report:
        paper = ReportBuilder(job, self._sandbox.level, job.lang or self._course.languages[0])
        grader = self._graders.get(job.assignment)
        if grader is None:
            return paper.error(f"assignment {job.assignment!r} is not among those of this run")
        if grader.broken:
            return paper.error(grader.broken)
        try:
            return self._graded(paper, grader)
        except SubmissionError as error:
            return paper.unreadable([*grader.items.values(), *grader.manual], Message(error.template, error.params))
        except AutograderError as error:
            return paper.error(str(error))
        except Exception as error:
            # Its text could hold hidden inputs, and a report travels further than a log.
            _log.exception("grading %s of %s", job.filename, job.student)
            return paper.error(f"an internal error ({type(error).__name__}); the log has the traceback")

    def _graded(self, paper: ReportBuilder, grader: _Grader) -> Report:
        submission = read_submission(paper.job.data, paper.job.filename)
        paper.lang = paper.job.lang or submission.lang or paper.lang
        paper.notes = submission.notes_in(paper.lang)
        with self._sandbox.run(submission.cells) as process:
            paper.figures = draw_figures(grader.bench, process)  # first: the process has met no hidden input yet
            outcomes = {item: self._run_item(item, process) for item in grader.items}
            failures = process.cell_errors
        paper.cell_errors = tuple(CellError(f.cell, cell_message(f, paper.lang)) for f in failures)
        return paper.graded(_verdicts(grader, outcomes, Cells(submission.cells, failures)), grader.manual)

    def _run_item(self, item: pytest.Item, process: StudentCode) -> TestOutcome:
        """Run one item with `process` playing the student."""
        plain = self._plain.get(item)
        if plain is not None:
            return plain.run(self._stage, process)
        if self._last is not None and self._last.path != item.path:
            self._rest(item)
        student = self._stage.playing = Student(process)
        self._phases, self._error, self._seconds = [], None, 0.0
        self._last = item
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=self._rests[item])
        self._stage.playing = None
        if "teardown" not in self._phases or (self._error is None and "call" not in self._phases):
            raise GraderError(f"{item.nodeid} did not run to its end")
        error, self._error = self._error, None
        return TestOutcome(error, self._seconds, take_calls(student))

    def _rest(self, following: pytest.Item | None) -> None:
        """Tear down what the last item left set up and the following one does not share."""
        if self._last is not None:
            self._last.ihook.pytest_runtest_teardown(item=self._last, nextitem=following)
            self._last = None


def _module(item: pytest.Item) -> pytest.Module:
    module = item.getparent(pytest.Module)
    if module is None:
        raise GraderError(f"{item.nodeid} is no Python test")
    return module


def _by_question(items: dict[pytest.Item, Criterion]) -> dict[pytest.Item, Criterion]:
    """Bring the criteria of each question together; a parametrized test serves several questions."""
    questions = list(dict.fromkeys(declared.question for declared in items.values()))
    return dict(sorted(items.items(), key=lambda pair: questions.index(pair[1].question)))


def _verdicts(grader: _Grader, outcomes: dict[pytest.Item, TestOutcome], cells: Cells) -> list[CriterionResult]:
    diagnosis = grader.diagnosis
    messages = {
        item: failure_message(item, outcome, lambda item=item: diagnosis.reference(item), cells)  # type: ignore[misc]
        for item, outcome in outcomes.items()
        if outcome.error is not None
    }
    named = diagnosis.name(outcomes) if messages else {}
    return [
        CriterionResult(declared, messages.get(item), named.get(item), outcomes[item].seconds)
        for item, declared in grader.items.items()
    ]


def _fault(name: str, grader: _Grader) -> str:
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

    The criterion that failed last is tried first: neighbouring answers tend to fail the same one.
    """

    _last_failed: pytest.Item | None = None

    def _graded(self, paper: ReportBuilder, grader: Any) -> Report:
        submission = read_submission(paper.job.data, paper.job.filename)
        items = sorted(grader.items, key=lambda item: item is not self._last_failed)
        with self._sandbox.run(submission.cells) as process:
            for item in items:
                outcome = self._run_item(item, process)
                if outcome.error is None:
                    continue
                self._last_failed = item
                cells = Cells(submission.cells, process.cell_errors)
                said = failure_message(item, outcome, lambda item=item: grader.diagnosis.reference(item), cells)  # type: ignore[misc]
                return paper.graded([CriterionResult(grader.items[item], said, seconds=outcome.seconds)], [])
        return paper.graded([CriterionResult(declared) for declared in grader.items.values()], [])
