"""From judged tests to the Report: points, status, and one sentence that says why."""

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
    """One criterion, judged: no message means passed."""

    criterion: Criterion
    message: Message | None = None
    variant: Variant | None = None
    seconds: float = 0.0


class ReportBuilder:
    """The report of one job while it is written: who, when, and under which conditions it was graded."""

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
        """Report that nothing was established, through a fault of ours."""
        return self._report(Status.ERROR, reason=reason)

    def unreadable(self, criteria: Sequence[Criterion], why: Message) -> Report:
        """Report zero points for a file that is no notebook: there is nothing that a person could grade either."""
        questions = tuple(
            msgspec.structs.replace(question, score=0.0, manual=False)
            for question in self._questions([CriterionResult(item, why) for item in criteria])
        )
        return self._report(Status.GRADED, questions, self._say(why))

    def graded(self, verdicts: Sequence[CriterionResult], manual: Sequence[Criterion]) -> Report:
        """Report the points of judged tests; questions for a person, if any, leave the report pending."""
        by_hand = [CriterionResult(item, Message(BY_A_PERSON, {})) for item in manual]
        status = Status.PENDING if manual else Status.GRADED
        return self._report(status, self._questions([*verdicts, *by_hand]), self._reason(verdicts, bool(manual)))

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
            figures=self._worth_drawing(questions),
        )

    def _worth_drawing(self, questions: tuple[QuestionResult, ...]) -> Figures | None:
        """Keep the curves of questions that lost points: where all is right they would show nothing."""
        if self.figures is None:
            return None
        lost = {question.name for question in questions if not all(test.passed for test in question.tests)}
        curves = tuple(curve for curve in self.figures.curves if curve.question in lost)
        return Figures(curves, self.figures.training) if curves or self.figures.training else None

    def _questions(self, verdicts: Sequence[CriterionResult]) -> tuple[QuestionResult, ...]:
        names = dict.fromkeys(verdict.criterion.question for verdict in verdicts)
        return tuple(self._question(name, [v for v in verdicts if v.criterion.question == name]) for name in names)

    def _question(self, name: str, verdicts: Sequence[CriterionResult]) -> QuestionResult:
        tests = tuple(self._test(verdict) for verdict in verdicts)
        manual = verdicts[0].criterion.manual
        return QuestionResult(
            name=name,
            score=None if manual else fsum(test.points for test in tests),
            max_score=fsum(test.max_points for test in tests),
            manual=manual,
            tests=tests,
        )

    def _test(self, verdict: CriterionResult) -> TestResult:
        passed, worth = verdict.message is None, verdict.criterion.points
        return TestResult(
            id=verdict.criterion.id,
            criterion=in_language(verdict.criterion.texts, self.lang).title,
            passed=passed,
            points=worth if passed else 0.0,
            max_points=worth,
            message="" if verdict.message is None else self._say(verdict.message),
            misconception=verdict.variant.name if verdict.variant else "",
            hint=verdict.variant.hint(self.lang) if verdict.variant else "",
            seconds=round(verdict.seconds, 6),
        )

    def _reason(self, verdicts: Sequence[CriterionResult], manual: bool) -> str:
        failed = [verdict for verdict in verdicts if verdict.message is not None]
        if not failed:
            return render(FULL_MARKS_SO_FAR if manual else FULL_MARKS, {}, self.lang)
        if len(failed) == len(verdicts) and all(v.message and v.message.template == NOT_ATTEMPTED for v in failed):
            return render(NOT_ATTEMPTED, {}, self.lang)
        first = self._short(failed[0])
        others = len({self._short(verdict) for verdict in failed}) - 1
        return render(AND_MORE, {"first": first, "count": others}, self.lang) if others else first

    def _short(self, verdict: CriterionResult) -> str:
        texts = verdict.variant.texts if verdict.variant else verdict.criterion.texts
        return in_language(texts, self.lang).title.rstrip(".")

    def _say(self, message: Message) -> str:
        return message.in_language(self.lang)
