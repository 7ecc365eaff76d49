"""Hostile submissions through otter: none gains, leaks, forges results or leaves none.

A few by default, since otter takes seconds for each; all with `--thorough`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("otter", reason="otter-grader is not installed: pip install -e '.[otter]'")

import hostile_support as support
from hostile_support import Listeners, Place, Scenario
from otter_assignment import OtterAssignment, score

SCENARIOS = {scenario.name: scenario for scenario in support.scenarios()}


class Attack:
    """What all submissions together left behind."""

    def __init__(self, root: Path, chosen: list[Scenario]) -> None:
        self.chosen = chosen
        place = Place(root / "place")
        place.make("CANARY-SECRET-" + "1" * 50)
        source = support.SOLUTION / "softmax.py"  # the canary has to stand where a release can read the file
        marked = source.read_text(encoding="utf-8").replace("BEGIN SOLUTION\n", "BEGIN SOLUTION\n    # CANARY-HIDDEN\n")
        (place.course / "solutions/softmax/softmax.py").write_text(marked, encoding="utf-8")
        assignment = OtterAssignment(root, place.course / "course.yml")
        listeners = Listeners(root)
        right = support.notebook([(cell, {}) for cell in support.reference_cells()])
        words = support.words(place, listeners, place.submit("neighbour", right), root / "submitted", root / "results")
        work = {f"{scenario.name}.ipynb": support.hostile_notebook(scenario, words) for scenario in chosen}
        place.remember()
        self.results = assignment.grade_all(work | {"innocent.ipynb": right})
        listeners.close()
        self.calls, self.changed, self.printed = listeners.calls, place.changed(), assignment.printed
        self.planted = list(root.rglob(f"*{support.MARK}*"))


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Attack:
    thorough = request.config.getoption("--thorough")
    chosen = [SCENARIOS[name] for name in (SCENARIOS if thorough else support.SAMPLE[::2])]
    return Attack(tmp_path_factory.mktemp("attack"), chosen)


def test_each_gets_what_its_honest_part_deserves(attack: Attack) -> None:
    odd = {}
    for scenario in attack.chosen:
        low, high = scenario.scores
        found = attack.results.get(f"{scenario.name}.ipynb")
        if found is None or not low <= score(found) <= high:
            odd[scenario.name] = None if found is None else score(found)
    assert odd == {}


def test_others_are_graded_as_ever(attack: Attack) -> None:
    assert score(attack.results["innocent.ipynb"]) == 18.0


def test_nothing_hidden_is_in_results_or_log(attack: Attack) -> None:
    lines = {line.strip() for scenario in attack.chosen for line in scenario.body.splitlines() if line.strip()}
    own = re.compile("|".join(re.escape(line[:120]) for line in sorted(lines, key=len, reverse=True)))
    shown = [test["output"] for found in attack.results.values() for test in found["tests"]]
    texts = [*shown, *(found["output"] for found in attack.results.values())]
    assert not [text for text in texts for word in support.SECRETS if word in own.sub("", text)]


def test_nothing_was_touched_and_nobody_called_home(attack: Attack) -> None:
    assert attack.changed == set()
    assert attack.calls == []
    assert attack.planted == []
