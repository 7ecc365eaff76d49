"""A push: write what differs, read it back, say what came of each grade. Stopped at any moment, a rerun ends it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from autograder.errors import PushError, PushUnsettled
from autograder.lms.push import state as states
from autograder.lms.push.plan import Terms, agree, comment_there, make_plan, payload, sendable
from autograder.lms.push.records import Answer, Change, Move, Outcome, Plan, Result, Row, Target, There
from autograder.lms.push.state import Entry, Phase, State, digest, scaled
from autograder.lms.records import Grade

__all__ = ["Order", "Pushed", "preview", "push"]

ROUNDS = 3
"""How often grades are sent whose fate is not known, each time after reading what is there."""

PAUSE_SECONDS = 3.0
"""Wait before looking at what became of a request without an answer; twice as long the second time."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Which grades to bring, and on what terms.

    state  the file that knows what was sent before
    notes  what a person should know about the grades
    """

    assignment: str
    grades: tuple[Grade, ...]
    state: Path
    terms: Terms = Terms()
    notes: tuple[str, ...] = ()


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """How a push ended: an outcome for each grade that was to be sent, and whether Ctrl-C cut it short."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    interrupted: bool = False

    @property
    def agreed(self) -> bool:
        """Tell whether the platform has every grade that this machine may send."""
        settled = all(outcome.result is Result.AGREED for outcome in self.outcomes)
        return self.plan.clean and settled and not self.interrupted


def preview(target: Target, order: Order) -> Plan:
    """Say what a push would do; writes nothing anywhere. Raises PushError, OutputError (the state file)."""
    entries = states.entries(states.read(order.state), _key(target, order))
    return _plan(target, order, entries)


def push(target: Target, order: Order, *, sleep: Callable[[float], None] = time.sleep) -> Pushed:
    """Bring the platform to our grades. A plan with `stop` writes nothing.

    What is about to be sent is on disk before it is sent, and what was read back after it. KeyboardInterrupt ends it
    with `interrupted`. Raises PushError (nothing was sent), OutputError (the state file, or another push is running).
    """
    with State(order.state, _key(target, order)) as state:
        plan = _plan(target, order, state.entries)
        if plan.stop:
            return Pushed(plan=plan, outcomes=())
        state.record({row.grade.student: _entry(row, Phase.AGREED) for row in plan.rows if row.move is Move.SAME})
        run = _Run(target, plan, state, sleep)
        try:
            run.all()
            interrupted = False
        except KeyboardInterrupt:
            interrupted = True
        return Pushed(plan=plan, outcomes=tuple(run.outcomes()), interrupted=interrupted)


def _plan(target: Target, order: Order, entries: Mapping[str, Entry]) -> Plan:
    plan = make_plan(target, order.assignment, order.grades, entries, order.terms)
    return msgspec.structs.replace(plan, notes=(*order.notes, *plan.notes))


def _key(target: Target, order: Order) -> str:
    return f"{target.key} {order.assignment}"


class _Run:
    """The grades on their way: what is left to send, what was answered, what came of it."""

    def __init__(self, target: Target, plan: Plan, state: State, sleep: Callable[[float], None]) -> None:
        self._target, self._plan, self._state, self._sleep = target, plan, state, sleep
        self._left = {row.member.key: row for row in plan.to_send if row.member}
        self._changes = {key: _change(row) for key, row in self._left.items()}
        self._answers: dict[str, Answer] = {}
        self._done: dict[str, Outcome] = {}
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

    def outcomes(self) -> Iterator[Outcome]:
        """Give each grade's outcome, in the plan's order; what is not settled is not claimed."""
        for row in self._plan.to_send:
            key = row.member.key if row.member else ""
            if key in self._done:
                yield self._done[key]
            elif key in self._answers:
                reason = self._answers[key].reason or self._fatal or "it was not read back yet"
                yield _outcome(row, Result.NOT_KNOWN, None, reason)
            else:
                yield _outcome(row, Result.NOT_WRITTEN, row.theirs, self._fatal or "it was not sent yet")

    def _send(self) -> None:
        """Send what is left, batch by batch; the first failure that is not one student's ends the round."""
        for keys in _batches(list(self._left), self._target.batch):
            self._state.record({self._left[key].grade.student: _entry(self._left[key], Phase.SENDING) for key in keys})
            for key in keys:
                self._done.pop(key, None)
            lost = Answer(taken=False, reason="no answer came", settled=False)
            self._answers |= dict.fromkeys(keys, lost)  # true from now on, whatever ends the next line
            try:
                answers = self._target.write([self._changes[key] for key in keys])
            except PushUnsettled as error:
                self._answers |= dict.fromkeys(keys, Answer(taken=False, reason=str(error), settled=False))
                return
            except PushError as error:
                self._fatal = str(error)
                for key in keys:
                    del self._answers[key]
                return
            self._answers |= {key: answers.get(key, lost) for key in keys}

    def _settle(self, there: Mapping[str, There]) -> None:
        """Compare what was read back with what was sent."""
        entries: dict[str, Entry] = {}
        for key, row in list(self._left.items()):
            now, change = there.get(key, There()), self._changes[key]
            found = scaled(now.score, now.maximum, row.grade.max_score)
            outcome = self._judged(key, row, now, found)
            if outcome:
                self._done[key] = outcome
                del self._left[key]
                phase = Phase.AGREED if outcome.result is Result.AGREED else Phase.KEPT
                entries[row.grade.student] = _entry(row, phase, found, outcome.reason)
                continue
            said = change.with_comment and comment_there(change.comment, now)
            self._changes[key] = msgspec.structs.replace(
                change, with_score=not agree(change.score, found), with_comment=change.with_comment and not said
            )
            if key in self._answers:
                self._done[key] = _outcome(row, Result.NOT_WRITTEN, found, self._answers[key].reason)
        self._state.record(entries)

    def _judged(self, key: str, row: Row, now: There, found: float | None) -> Outcome | None:
        """Say how a grade ended; None while that is open."""
        answer, change = self._answers.get(key), self._changes[key]
        if answer is None:
            return None
        shown = not change.with_comment or now.comments is None or comment_there(change.comment, now)
        if agree(row.grade.score, found):
            if shown:
                return _outcome(row, Result.AGREED, found, now.remark)
            if answer.taken:
                return _outcome(row, Result.AGREED, found, "the comment is not shown there")
        if not answer.settled:
            moved = found is not None and not agree(found, row.theirs) and not agree(found, row.grade.score)
            return _outcome(row, Result.KEPT, found, "a person changed it there meanwhile") if moved else None
        if not answer.taken:
            return _outcome(row, Result.REFUSED, found, answer.reason)
        return _outcome(row, Result.KEPT, found, _why_kept(now))


def _why_kept(now: There) -> str:
    if now.overridden:
        return "a person set this grade in the gradebook, and it stands"
    if now.locked:
        return "the grade is locked on the platform"
    return now.remark or "the platform took the grade and shows another: look for an override, a lock or a limit there"


def _change(row: Row) -> Change:
    grade = row.grade
    if row.member is None or grade.score is None or grade.max_score is None:  # no plan sends such a row
        raise PushError(f"{grade.student}: a grade without a score was about to be sent; nothing was.")
    return Change(
        member=row.member,
        score=grade.score,
        max_score=grade.max_score,
        comment=sendable(grade.comment),
        with_score=row.move is not Move.COMMENT,
        with_comment=row.with_comment,
    )


def _entry(row: Row, phase: Phase, found: float | None = None, reason: str = "") -> Entry:
    grade = row.grade
    return Entry(
        digest=payload(grade),
        comment=digest(grade.comment),
        phase=phase,
        score=grade.score or 0.0,
        max_score=grade.max_score or 0.0,
        before=row.theirs,
        found=found,
        reason=reason[:300],
    )


def _outcome(row: Row, result: Result, found: float | None, reason: str = "") -> Outcome:
    return Outcome(student=row.grade.student, result=result, score=row.grade.score or 0.0, found=found, reason=reason)


def _batches(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
