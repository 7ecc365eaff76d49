"""Every hostile submission, graded between two innocent ones by the real command: nobody gains, nobody is harmed.

One batch per isolation level holds them all; each scenario of scenarios/hostile is then one test of what it left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import hostile_support as support
import msgspec
import pytest
from hostile_support import Graded, Listeners, Place, Scenario

from autograder.errors import SandboxError
from autograder.report import Report, Status
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox.levels import LEVELS

SCENARIOS = support.scenarios()
MISCONCEPTION = "over_columns"
REFERENCE_SCORE, MISCONCEPTION_SCORE = 18, 11
BOUND_SECONDS = 120
MOST_MEMORY = 700 << 20  # bytes; a worker with nothing but honest work takes about 150 MB
SECRET, OTHER_SECRET = "CANARY-SECRET-" + "1" * 50, "CANARY-SECRET-" + "2" * 50


@dataclass(frozen=True)
class Battle:
    """One level's batch and what surrounded it."""

    level: str
    graded: Graded
    calls: list[str]
    changed: set[str]

    def report(self, scenario: Scenario) -> Report:
        return self.graded.reports[_student(scenario)]


def _student(scenario: Scenario, part: str = "b") -> str:
    return f"{SCENARIOS.index(scenario):03d}{part}-{scenario.name}"


def _fill(place: Place, listeners: Listeners, chosen: list[Scenario]) -> None:
    """Hand in each scenario between a full solution and a known misconception."""
    right = support.notebook([(f"# CANARY-NEIGHBOUR\n{cell}", {}) for cell in support.reference_cells()])
    wrong = support.notebook([(cell, {}) for cell in support.misconceived_cells(MISCONCEPTION)])
    for scenario in chosen:
        neighbour = place.submit(_student(scenario, "a"), right)
        data = support.hostile_notebook(scenario, support.words(place, listeners, neighbour))
        place.submit(_student(scenario), data, scenario.header.get("files", "").split())
        place.submit(_student(scenario, "c"), wrong)


def _fight(root: Path, level: str, chosen: list[Scenario], secret: str) -> Battle:
    place = Place(root)
    place.make(secret)
    listeners = Listeners(root)
    _fill(place, listeners, chosen)
    place.remember()
    shadowed = next(place.submitted.glob("*-shadow_numpy/softmax"), None)  # an instructor may stand anywhere
    graded = support.grade(place, level, BOUND_SECONDS, cwd=shadowed or root, ordinary=level == "landlock")
    listeners.close()
    return Battle(level, graded, listeners.calls, place.changed())


def _skip_if_impossible(level: str) -> None:
    reason = LEVELS[level].obstacle()
    if not reason:
        try:
            Sandbox(Limits(), level).close()
        except SandboxError as error:
            reason = str(error)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="module", params=("namespaces", "landlock"))
def battle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Battle:
    _skip_if_impossible(request.param)
    return _fight(tmp_path_factory.mktemp("battle"), request.param, SCENARIOS, SECRET)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_hostile_submission_gets_what_its_honest_part_deserves(battle: Battle, scenario: Scenario) -> None:
    report = battle.report(scenario)
    assert report.status is Status.PENDING, report.reason
    low, high = scenario.scores
    assert report.score is not None
    assert low <= report.score <= high, _reasons(report)
    assert report.max_score == 20
    assert report.isolation == battle.level
    text = battle.graded.texts[_student(scenario)]
    assert scenario.header.get("says", "") in text
    assert [word for word in support.SECRETS if _shown(word, scenario, report)] == [], _reasons(report)


def _shown(word: str, scenario: Scenario, report: Report) -> bool:
    """Whether a report holds a forbidden word; the student's own lines, quoted from the submission, may hold any."""
    texts = [report.reason, *report.notes, *(error.message for error in report.cell_errors)]
    texts += [test.message + test.hint + test.misconception for question in report.questions for test in question.tests]
    lines = sorted((line.strip() for line in scenario.body.splitlines() if line.strip()), key=len, reverse=True)
    own = re.compile("|".join(re.escape(line[:120]) for line in lines))
    return any(word in own.sub("", text) for text in texts)


def _reasons(report: Report) -> list[str]:
    tests = [test.message for question in report.questions for test in question.tests if test.message]
    return [error.message for error in report.cell_errors] + tests


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_its_neighbours_are_graded_as_ever(battle: Battle, scenario: Scenario) -> None:
    before, after = (battle.graded.reports[_student(scenario, part)] for part in "ac")
    assert (before.status, before.score) == (Status.PENDING, REFERENCE_SCORE), before.reason
    assert (after.status, after.score) == (Status.PENDING, MISCONCEPTION_SCORE), after.reason
    assert MISCONCEPTION in {test.misconception for question in after.questions for test in question.tests}
    for report, part in ((before, "a"), (after, "c")):
        assert _anonymous(report) == _anonymous(battle.graded.reports[_student(SCENARIOS[0], part)])


def test_nothing_secret_leaves_by_table_log_or_console(battle: Battle) -> None:
    for text in (battle.graded.table, battle.graded.console, battle.graded.log):
        assert not re.search("|".join(support.SECRETS), text)
    assert not [char for char in battle.graded.console if not char.isprintable() and char != "\n"]


def test_nothing_survives_and_nothing_is_left_behind(battle: Battle) -> None:
    assert battle.graded.survivors == []
    assert battle.graded.planted == []
    assert battle.changed == set()


def test_nobody_called_home(battle: Battle) -> None:
    assert battle.calls == []


def test_the_batch_stays_within_time_and_memory(battle: Battle) -> None:
    assert battle.graded.seconds < BOUND_SECONDS, battle.graded.console[-2000:]
    assert battle.graded.most_memory < MOST_MEMORY
    assert battle.graded.exit_code == 0, battle.graded.console[-2000:]
    assert battle.graded.log == ""


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Battle, Battle]:
    """The leaking submissions, graded on two sets of hidden inputs."""
    level = next((level for level in ("namespaces", "landlock") if not LEVELS[level].obstacle()), "")
    _skip_if_impossible(level or "namespaces")
    leaking = [scenario for scenario in SCENARIOS if scenario.leaks]
    one, other = (_fight(tmp_path_factory.mktemp("twin"), level, leaking, s) for s in (SECRET, OTHER_SECRET))
    return one, other


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s.leaks], ids=lambda scenario: scenario.name)
def test_a_report_does_not_depend_on_hidden_inputs(twins: tuple[Battle, Battle], scenario: Scenario) -> None:
    one, other = (_without(scenario.header["leak"], battle.report(scenario)) for battle in twins)
    assert one == other


def _without(channel: str, report: Report) -> str:
    """Give a report as text, less the words that may follow from an input because a student must read them."""
    text = support.reports.report_json(_timeless(report)).decode()
    if channel != "nothing":  # which known mistake a failure resembles follows from what is shown
        text = re.sub(r'"(reason|hint|misconception)": "[^"]*"', "", text)
    return re.sub(_CHANNELS[channel], "...", text)


_CHANNELS = {
    "nothing": "(?!)",
    "kind": r"raised \w+|an exception of its own",  # one of Python's own exceptions
    "dtype": r"(?<=dtype )\w+|the (result|shape|array) [^\"]*",  # one of NumPy's own dtypes, or that they are none
    "limit": r"log_softmax [^\"]*|softmax [^\"]*",  # one of a handful of limits
    "line": r"(?<=in its line: )[^\"]*",  # one line of the student's own
}


def _anonymous(report: Report) -> Report:
    return msgspec.structs.replace(_timeless(report), student="")


def _timeless(report: Report) -> Report:
    questions = tuple(
        msgspec.structs.replace(q, tests=tuple(msgspec.structs.replace(test, seconds=0.0) for test in q.tests))
        for q in report.questions
    )
    return msgspec.structs.replace(report, questions=questions, seconds=0.0, started="", content_hash="")


def test_every_scenario_says_what_it_attacks_and_what_must_become_of_it() -> None:
    assert len(SCENARIOS) >= 100
    known = {"attack", "score", "says", "files", "notebook", "leak"}
    for scenario in SCENARIOS:
        assert {"attack", "score"} <= scenario.header.keys() <= known, scenario.name
        assert scenario.scores[0] <= scenario.scores[1]
