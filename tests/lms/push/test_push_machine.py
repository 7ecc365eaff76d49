"""Any history of pushes, regrades, breakdowns and people's changes ends in agreement or in a clear list."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from lms_platform import FAULTS, Clock, graded, held

from autograder.errors import PushError, PushUnsettled
from autograder.lms.grades import Standing
from autograder.lms.push.changes import PushTerms
from autograder.lms.push.model import CurrentGrade, JoinBy, PlatformMember, PushAction, PushStatus, WriteReply
from autograder.lms.push.run import PushOptions, preview, push
from autograder.lms.registry import push_services

NAMES = ("ana", "bo", "cyd")
SCORES = st.sampled_from([0.0, 5.25, 12.5, 20.0])
COMMENTS = st.sampled_from(["", "why", "because"])
STANDINGS = st.sampled_from([each for each in Standing if each is not Standing.GRADED])
ALL_FAULTS = ("", "", "lost before", "lost after", "half", "no", "silent", "refused", "ctrl-c before", "ctrl-c after")
ALL_FAULTS += ("killed before", "killed after")


class Killed(BaseException):
    """The process ends here; nothing after this line runs."""


class Column:
    """A column in memory that appends comments, and does to a request what the next fault says."""

    name, key, maximum, batch = "a column", "column", 20.0, 2

    def __init__(self) -> None:
        self.scores: dict[str, float] = {}
        self.comments: dict[str, list[str]] = {name: [] for name in NAMES}
        self.overridden: set[str] = set()
        self.excused: set[str] = set()
        self.faults: list[str] = []
        self.writes = 0

    def notes(self):
        return []

    def lacking(self):
        return []

    def members(self):
        return [PlatformMember(name, name, {JoinBy.LOGIN: name}) for name in NAMES]

    def read(self):
        return {
            name: CurrentGrade(
                score=self.scores.get(name),
                maximum=20.0,
                comments=tuple(self.comments[name]),
                overridden=name in self.overridden,
                excused=name in self.excused,
            )
            for name in NAMES
        }

    def write(self, changes):
        self.writes += 1
        fault = self.faults.pop(0) if self.faults else ""
        before = {"lost before": PushUnsettled, "no": PushError, "ctrl-c before": KeyboardInterrupt}
        if fault in before or fault == "killed before":
            raise before.get(fault, Killed)(fault)
        if fault == "silent":
            return {change.member.key: WriteReply(taken=True) for change in changes}
        if fault == "refused":
            return {change.member.key: WriteReply(taken=False, reason="no") for change in changes}
        for change in changes[:1] if fault == "half" else changes:
            self._take(change)
        if fault == "half":
            return {changes[0].member.key: WriteReply(taken=True)}
        after = {"lost after": PushUnsettled, "ctrl-c after": KeyboardInterrupt, "killed after": Killed}
        if fault in after:
            raise after[fault](fault)
        return {change.member.key: WriteReply(taken=True) for change in changes}

    def _take(self, change):
        key = change.member.key
        if change.with_score and key not in self.overridden:
            self.scores[key] = change.score
        if change.with_comment and change.comment:
            self.comments[key].append(change.comment)


class Course(RuleBasedStateMachine):
    """An instructor who pushes again and again while work, people and the network change."""

    @initialize()
    def start(self):
        self.folder = tempfile.TemporaryDirectory()
        self.state = Path(self.folder.name) / "pushed.json"
        self.column = Column()
        self.grades = {name: graded(name, 5.25, "why") for name in NAMES}
        self.confirmed: dict[str, float] = {}
        self.by_hand: set[str] = set()

    def teardown(self):
        self.folder.cleanup()

    @rule(scores=st.tuples(*[SCORES] * 3), comment=COMMENTS)
    def regrade(self, scores, comment):
        self.grades = {name: graded(name, score, comment) for name, score in zip(NAMES, scores, strict=True)}

    @rule(name=st.sampled_from(NAMES), standing=STANDINGS)
    def no_score(self, name, standing):
        self.grades[name] = held(name, standing)

    @rule(name=st.sampled_from(NAMES), score=SCORES)
    def a_person_grades(self, name, score):
        self.column.scores[name] = score
        if name in self.confirmed:
            (self.by_hand.discard if score == self.confirmed[name] else self.by_hand.add)(name)

    @rule(name=st.sampled_from(NAMES))
    def a_person_takes_it_away(self, name):
        self.column.scores.pop(name, None)
        self.by_hand.discard(name)

    @rule(name=st.sampled_from(NAMES[:1]), score=SCORES)
    def a_person_overrides(self, name, score):
        self.column.overridden.add(name)
        self.column.scores[name] = score

    @rule(name=st.sampled_from(NAMES[1:2]))
    def a_person_excuses(self, name):
        self.column.excused.add(name)

    @rule()
    def somebody_looks(self):
        before = (self.column.writes, self.state.read_bytes() if self.state.exists() else None)
        preview(self.column, self.order(0.0))
        assert before == (self.column.writes, self.state.read_bytes() if self.state.exists() else None)

    @rule(faults=st.lists(st.sampled_from(ALL_FAULTS), max_size=6), again=st.booleans())
    def pushed_in_bad_weather(self, faults, again):
        self.column.faults = list(faults)
        self.go(again=again)
        self.column.faults = []

    @rule()
    def pushed_twice_in_good_weather(self):
        self.go(again=False)
        writes = self.column.writes
        second = self.go(again=False)
        assert self.column.writes == writes, "a second push sent something"
        assert not second.plan.to_send

    @rule(max_drop=st.sampled_from([0.0, 2.0]))
    def pushed_with_care(self, max_drop):
        scores, writes = dict(self.column.scores), self.column.writes
        pushed = push(self.column, self.order(max_drop), sleep=lambda _: None)
        drops = [
            row for row in pushed.plan.rows if row.move is PushAction.DROP and row.theirs - row.grade.score > max_drop
        ]
        assert bool(drops) == bool(pushed.plan.stop)
        if drops:
            assert (self.column.scores, self.column.writes) == (scores, writes), "something was written"
        else:
            self.learn(pushed)

    @invariant()
    def no_comment_stands_twice_in_a_row(self):
        for said in self.column.comments.values():
            assert len(said) == len(set(said)), "a comment was sent although it was there"

    def order(self, max_drop, again=False):
        terms = PushTerms(max_drop=max_drop, join=JoinBy.LOGIN, again=again)
        return PushOptions(assignment="softmax", grades=tuple(self.grades.values()), state=self.state, terms=terms)

    def go(self, again):
        """Push, and hold the outcome against what is really there.

        Where a person gave what we give, nobody is overruled: from the moment that a push sees that, the grade is ours.
        """
        for name, grade in self.grades.items():
            if grade.standing is Standing.GRADED and self.column.scores.get(name) == grade.score:
                self.by_hand.discard(name)
        before = dict(self.column.scores)
        try:
            pushed = push(self.column, self.order(100.0, again), sleep=lambda _: None)
        except Killed:
            self.untouched(before)
            return None
        self.untouched(before)
        told = {row.grade.student: row for row in pushed.plan.rows}
        ends = {outcome.student: outcome for outcome in pushed.outcomes}
        for name, grade in self.grades.items():
            if grade.standing is not Standing.GRADED:
                assert told[name].move.value == grade.standing.value
            elif told[name].move is PushAction.SAME or (name in ends and ends[name].result is PushStatus.AGREED):
                assert self.column.scores[name] == grade.score, "agreement that is none"
                if name in ends:
                    assert not grade.comment or grade.comment in self.column.comments[name] or ends[name].reason
            else:
                assert told[name].reason or (name in ends and ends[name].reason), f"{name}: silence"
        self.learn(pushed)
        return pushed

    def untouched(self, before):
        """Check that nobody's grade changed who is not graded, was graded by hand, overridden or excused."""
        for name, grade in self.grades.items():
            kept = grade.standing is not Standing.GRADED or name in self.by_hand | self.column.overridden
            if kept or name in self.column.excused:
                assert self.column.scores.get(name) == before.get(name), f"{name} was changed"

    def learn(self, pushed):
        same = {row.grade.student for row in pushed.plan.rows if row.move is PushAction.SAME}
        agreed = {outcome.student for outcome in pushed.outcomes if outcome.result is PushStatus.AGREED}
        for name in same | agreed:
            self.confirmed[name] = self.grades[name].score
            self.by_hand.discard(name)


def test_any_history_ends_in_agreement_or_in_a_clear_list(monkeypatch):
    monkeypatch.setattr("autograder.lms.push.state.os.fsync", lambda _: None)  # thousands of times on a slow disk
    tries = settings(max_examples=80, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Course, settings=tries)


WORK = st.dictionaries(
    st.sampled_from(["ana", "bo", "cyd", "dee", "eve", "o'neil", "núria"]),
    st.one_of(SCORES, STANDINGS),
    min_size=1,
)
ON_THE_WIRE = st.lists(st.sampled_from(("", *FAULTS[:5])), max_size=8)


@pytest.mark.parametrize("via", list(push_services()))
def test_any_class_over_any_network_ends_in_agreement_or_in_a_clear_list(via, tmp_path, secrets_set):
    from push_site import Site, make

    clock = Clock()
    with make(via, clock).serving() as fake:
        site = Site(via, fake, clock, tmp_path)
        address = fake.url

        @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
        @given(work=WORK, there=st.dictionaries(st.sampled_from(["ana", "bo", "cyd"]), SCORES), faults=ON_THE_WIRE)
        def history(work, there, faults):
            fresh = make(via, clock)
            held_on = ("lock", "url", "log")
            fake.__dict__.update({name: value for name, value in fresh.__dict__.items() if name not in held_on})
            fake.url = address
            clock.seconds += 10
            site.state.unlink(missing_ok=True)
            for name, score in there.items():
                site.set(name, score)
            rough(site, work, there, faults)

        history()


def rough(site, work, there, faults):
    """Push in bad weather, then in good weather until it agrees, then once more."""
    grades = [held(n, s) if isinstance(s, Standing) else graded(n, s, f"{n}: {s}") for n, s in sorted(work.items())]
    wanted = {grade.student: grade.score for grade in grades if grade.standing is Standing.GRADED}
    site.fake.faults.extend(faults)
    first = site.push(grades, max_drop=20.0)
    for outcome in first.outcomes:
        if outcome.result is PushStatus.AGREED:
            assert site.score(outcome.student) == pytest.approx(wanted[outcome.student])
        else:
            assert outcome.reason
    site.fake.faults.clear()
    site.push(grades, max_drop=20.0)
    for name in ("ana", "bo", "cyd", "dee", "eve"):
        assert site.score(name) == pytest.approx(wanted.get(name, there.get(name)))
    writes = site.fake.writes
    last = site.push(grades, max_drop=20.0)
    assert site.fake.writes == writes
    assert last.agreed is all(grade.standing is not Standing.FAILED for grade in grades)
    for name in wanted:
        assert len(site.comments(name)) == 1
