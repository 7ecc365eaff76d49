"""A push: write what differs, read it back, report on each grade. An interrupted push is completed by the next."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from autograder.errors import PushError, PushUnsettled
from autograder.lms.grades import Grade
from autograder.lms.push import state as states
from autograder.lms.push.changes import (
    PushTerms,
    has_comment,
    make_plan,
    payload_digest,
    scores_agree,
    sendable_comment,
)
from autograder.lms.push.model import (
    CurrentGrade,
    GradeChange,
    PlanRow,
    PushAction,
    PushOutcome,
    PushPlan,
    PushStatus,
    Target,
    WriteReply,
)
from autograder.lms.push.state import PushedGrade, PushPhase, State, digest_of, scale_score

__all__ = ["PushOptions", "PushResult", "preview", "push"]

ROUNDS = 3
"""How often grades are sent whose fate is not known, each time after reading what is there."""

PAUSE_SECONDS = 3.0
"""Wait before looking at what became of a request without an answer; twice as long the second time."""


class PushOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Which grades to push, and on what terms.

    state  the file that knows what was sent before
    notes  what a person should know about the grades
    """

    assignment: str
    grades: tuple[Grade, ...]
    state: Path
    terms: PushTerms = PushTerms()
    notes: tuple[str, ...] = ()


class PushResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a push ended: an outcome for each grade that was to be sent, and whether Ctrl-C cut it short."""

    plan: PushPlan
    outcomes: tuple[PushOutcome, ...]
    interrupted: bool = False

    @property
    def agreed(self) -> bool:
        """Return whether the platform has every grade that may be sent."""
        settled = all(outcome.result is PushStatus.AGREED for outcome in self.outcomes)
        return self.plan.clean and settled and not self.interrupted


def preview(target: Target, order: PushOptions) -> PushPlan:
    """Return what a push would do, without writing anything. Raises PushError, or OutputError for the state file."""
    entries = states.pushed_grades(states.read_state(order.state), _key(target, order))
    return _plan(target, order, entries)


def push(target: Target, order: PushOptions, *, sleep: Callable[[float], None] = time.sleep) -> PushResult:
    """Write our grades to the platform and read them back. A plan with `stop` writes nothing.

    What is about to be sent is on disk before it is sent, and what was read back after it. KeyboardInterrupt ends it
    with `interrupted`. Raises PushError (nothing was sent), OutputError (the state file, or another push is running).
    """
    with State(order.state, _key(target, order)) as state:
        plan = _plan(target, order, state.entries)
        if plan.stop:
            return PushResult(plan=plan, outcomes=())
        state.record(
            {row.grade.student: _entry(row, PushPhase.AGREED) for row in plan.rows if row.move is PushAction.SAME}
        )
        run = _Run(target, plan, state, sleep)
        try:
            run.all()
            interrupted = False
        except KeyboardInterrupt:
            interrupted = True
        return PushResult(plan=plan, outcomes=tuple(run.outcomes()), interrupted=interrupted)


def _plan(target: Target, order: PushOptions, entries: Mapping[str, PushedGrade]) -> PushPlan:
    plan = make_plan(target, order.assignment, order.grades, entries, order.terms)
    return msgspec.structs.replace(plan, notes=(*order.notes, *plan.notes))


def _key(target: Target, order: PushOptions) -> str:
    return f"{target.key} {order.assignment}"


class _Run:
    """The state of a push: what is left to send, what was answered, and the outcomes."""

    def __init__(self, target: Target, plan: PushPlan, state: State, sleep: Callable[[float], None]) -> None:
        self._target, self._plan, self._state, self._sleep = target, plan, state, sleep
        self._left = {row.member.key: row for row in plan.to_send if row.member}
        self._changes = {key: _change(row) for key, row in self._left.items()}
        self._answers: dict[str, WriteReply] = {}
        self._done: dict[str, PushOutcome] = {}
        self._fatal = ""

    def all(self) -> None:
        """Send and read back until everything is settled, or no further try makes sense."""
        for number in range(ROUNDS if self._left else 0):
            self._send()
            if any(not self._answers[key].settled for key in self._left if key in self._answers):
                self._sleep(PAUSE_SECONDS * 2**number)
            try:
                there = self._target.read()
            except PushError as error:
                self._fatal = self._fatal or f"nothing could be read back: {error}"
                return
            self._settle(there)
            if not self._left or self._fatal:
                return

    def outcomes(self) -> Iterator[PushOutcome]:
        """Return each grade's outcome in the plan's order; one that is not settled is reported as unknown."""
        for row in self._plan.to_send:
            key = row.member.key if row.member else ""
            if key in self._done:
                yield self._done[key]
            elif key in self._answers:
                reason = self._answers[key].reason or self._fatal or "it was not read back yet"
                yield _outcome(row, PushStatus.NOT_KNOWN, None, reason)
            else:
                yield _outcome(row, PushStatus.NOT_WRITTEN, row.theirs, self._fatal or "it was not sent yet")

    def _send(self) -> None:
        """Send what is left, batch by batch; the first failure that is not one student's ends the round."""
        for keys in _batches(list(self._left), self._target.batch):
            self._state.record(
                {self._left[key].grade.student: _entry(self._left[key], PushPhase.SENDING) for key in keys}
            )
            for key in keys:
                self._done.pop(key, None)
            lost = WriteReply(taken=False, reason="no answer came", settled=False)
            self._answers |= dict.fromkeys(keys, lost)  # true from now on, whatever ends the next line
            try:
                answers = self._target.write([self._changes[key] for key in keys])
            except PushUnsettled as error:
                self._answers |= dict.fromkeys(keys, WriteReply(taken=False, reason=str(error), settled=False))
                return
            except PushError as error:
                self._fatal = str(error)
                for key in keys:
                    del self._answers[key]
                return
            self._answers |= {key: answers.get(key, lost) for key in keys}

    def _settle(self, there: Mapping[str, CurrentGrade]) -> None:
        """Compare what was read back with what was sent."""
        entries: dict[str, PushedGrade] = {}
        for key, row in list(self._left.items()):
            now, change = there.get(key, CurrentGrade()), self._changes[key]
            found = scale_score(now.score, now.maximum, row.grade.max_score)
            outcome = self._judged(key, row, now, found)
            if outcome:
                self._done[key] = outcome
                del self._left[key]
                phase = PushPhase.AGREED if outcome.result is PushStatus.AGREED else PushPhase.KEPT
                entries[row.grade.student] = _entry(row, phase, found, outcome.reason)
                continue
            said = change.with_comment and has_comment(change.comment, now)
            self._changes[key] = msgspec.structs.replace(
                change, with_score=not scores_agree(change.score, found), with_comment=change.with_comment and not said
            )
            if key in self._answers:
                self._done[key] = _outcome(row, PushStatus.NOT_WRITTEN, found, self._answers[key].reason)
        self._state.record(entries)

    def _judged(self, key: str, row: PlanRow, now: CurrentGrade, found: float | None) -> PushOutcome | None:
        """Return how a grade ended; None while that is open."""
        answer, change = self._answers.get(key), self._changes[key]
        if answer is None:
            return None
        shown = not change.with_comment or now.comments is None or has_comment(change.comment, now)
        if scores_agree(row.grade.score, found):
            if shown:
                return _outcome(row, PushStatus.AGREED, found, now.remark)
            if answer.taken:
                return _outcome(row, PushStatus.AGREED, found, "the comment is not shown there")
        if not answer.settled:
            moved = (
                found is not None and not scores_agree(found, row.theirs) and not scores_agree(found, row.grade.score)
            )
            return _outcome(row, PushStatus.KEPT, found, "a person changed it there meanwhile") if moved else None
        if not answer.taken:
            return _outcome(row, PushStatus.REFUSED, found, answer.reason)
        return _outcome(row, PushStatus.KEPT, found, _why_kept(now))


def _why_kept(now: CurrentGrade) -> str:
    if now.overridden:
        return "a person set this grade in the gradebook, and it stands"
    if now.locked:
        return "the grade is locked on the platform"
    return now.remark or "the platform took the grade and shows another: look for an override, a lock or a limit there"


def _change(row: PlanRow) -> GradeChange:
    grade = row.grade
    if row.member is None or grade.score is None or grade.max_score is None:  # no plan sends such a row
        raise PushError(f"{grade.student}: a grade without a score was about to be sent; nothing was.")
    return GradeChange(
        member=row.member,
        score=grade.score,
        max_score=grade.max_score,
        comment=sendable_comment(grade.comment),
        with_score=row.move is not PushAction.COMMENT,
        with_comment=row.with_comment,
    )


def _entry(row: PlanRow, phase: PushPhase, found: float | None = None, reason: str = "") -> PushedGrade:
    grade = row.grade
    return PushedGrade(
        digest=payload_digest(grade),
        comment=digest_of(grade.comment),
        phase=phase,
        score=grade.score or 0.0,
        max_score=grade.max_score or 0.0,
        before=row.theirs,
        found=found,
        reason=reason[:300],
    )


def _outcome(row: PlanRow, result: PushStatus, found: float | None, reason: str = "") -> PushOutcome:
    return PushOutcome(
        student=row.grade.student, result=result, score=row.grade.score or 0.0, found=found, reason=reason
    )


def _batches(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
