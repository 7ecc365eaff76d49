"""From the results of criteria to the report: points, status, and the reason in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import fsum
from time import perf_counter

import msgspec

from autograder import __version__
from autograder.grading.criterion import Criterion
from autograder.grading.outcome import NOT_ATTEMPTED, Message
from autograder.grading.variants import Variant
from autograder.i18n import N_, in_language, render
from autograder.report import CellError, Figures, QuestionResult, Report, Status, TestResult
from autograder.submission.model import Job

__all__ = ["CriterionResult", "ReportBuilder"]

FULL_MARKS = N_("full marks")
FULL_MARKS_SO_FAR = N_("full marks so far; a person grades the rest")
AND_MORE = N_("{first}, and {count} more")
BY_A_PERSON = N_("graded by a person")


@dataclass(frozen=True)
class CriterionResult:
    """The result of one criterion: no message means passed."""

    criterion: Criterion
    message: Message | None = None
    variant: Variant | None = None
    seconds: float = 0.0


class ReportBuilder:
    """Builds the report of one job, in one of three ways: an error, an unreadable file, or a grade."""

    def __init__(self, job: Job, isolation: str, lang: str) -> None:
        self.job = job
        self.lang = lang
        self.notes: tuple[str, ...] = ()
        self.cell_errors: tuple[CellError, ...] = ()
        self.figures: Figures | None = None
        self._isolation = isolation
        self._started = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._clock = perf_counter()

    def error(self, reason: str) -> Report:
        """Report that grading failed through no mistake of the student: there is no score."""
        return self._report(Status.ERROR, reason=reason)

    def unreadable(self, criteria: Sequence[Criterion], why: Message) -> Report:
        """Report zero points for a file that is no notebook; there is nothing for a person to grade either."""
        questions = tuple(
            msgspec.structs.replace(question, score=0.0, manual=False)
            for question in self._questions([CriterionResult(item, why) for item in criteria])
        )
        return self._report(Status.GRADED, questions, self._rendered(why))

    def graded(self, results: Sequence[CriterionResult], manual: Sequence[Criterion]) -> Report:
        """Report the points of criteria; if a person grades others, the report is pending."""
        by_hand = [CriterionResult(item, Message(BY_A_PERSON, {})) for item in manual]
        status = Status.PENDING if manual else Status.GRADED
        return self._report(status, self._questions([*results, *by_hand]), self._reason(results, bool(manual)))

    def _report(self, status: Status, questions: tuple[QuestionResult, ...] = (), reason: str = "") -> Report:
        return Report(
            student=self.job.student,
            assignment=self.job.assignment,
            status=status,
            score=fsum(question.score or 0.0 for question in questions) if questions else None,
            max_score=fsum(question.max_score for question in questions) if questions else None,
            reason=reason,
            questions=questions,
            cell_errors=self.cell_errors,
            notes=self.notes,
            lang=self.lang,
            isolation=self._isolation,
            engine=__version__,
            content_hash=self.job.content_hash,
            started=self._started,
            seconds=round(perf_counter() - self._clock, 6),
            figures=self._useful_figures(questions),
        )

    def _useful_figures(self, questions: tuple[QuestionResult, ...]) -> Figures | None:
        """Keep the curves of questions that lost points; the others have nothing to show."""
        if self.figures is None:
            return None
        lost = {question.name for question in questions if not all(test.passed for test in question.tests)}
        curves = tuple(curve for curve in self.figures.curves if curve.question in lost)
        return Figures(curves, self.figures.training) if curves or self.figures.training else None

    def _questions(self, results: Sequence[CriterionResult]) -> tuple[QuestionResult, ...]:
        names = dict.fromkeys(result.criterion.question for result in results)
        return tuple(self._question(name, [v for v in results if v.criterion.question == name]) for name in names)

    def _question(self, name: str, results: Sequence[CriterionResult]) -> QuestionResult:
        tests = tuple(self._test(result) for result in results)
        manual = results[0].criterion.manual
        return QuestionResult(
            name=name,
            score=None if manual else fsum(test.points for test in tests),
            max_score=fsum(test.max_points for test in tests),
            manual=manual,
            tests=tests,
        )

    def _test(self, result: CriterionResult) -> TestResult:
        passed, worth = result.message is None, result.criterion.points
        return TestResult(
            id=result.criterion.id,
            criterion=in_language(result.criterion.texts, self.lang).title,
            passed=passed,
            points=worth if passed else 0.0,
            max_points=worth,
            message="" if result.message is None else self._rendered(result.message),
            misconception=result.variant.name if result.variant else "",
            hint=result.variant.hint(self.lang) if result.variant else "",
            seconds=round(result.seconds, 6),
        )

    def _reason(self, results: Sequence[CriterionResult], manual: bool) -> str:
        failed = [result for result in results if result.message is not None]
        if not failed:
            return render(FULL_MARKS_SO_FAR if manual else FULL_MARKS, {}, self.lang)
        if len(failed) == len(results) and all(v.message and v.message.template == NOT_ATTEMPTED for v in failed):
            return render(NOT_ATTEMPTED, {}, self.lang)
        first = self._short(failed[0])
        others = len({self._short(result) for result in failed}) - 1
        return render(AND_MORE, {"first": first, "count": others}, self.lang) if others else first

    def _short(self, result: CriterionResult) -> str:
        texts = result.variant.texts if result.variant else result.criterion.texts
        return in_language(texts, self.lang).title.rstrip(".")

    def _rendered(self, message: Message) -> str:
        return message.in_language(self.lang)
