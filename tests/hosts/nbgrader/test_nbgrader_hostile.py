"""The hostile submissions through `nbgrader autograde`: none gains, leaks, stops others or reaches the gradebook."""

from __future__ import annotations

import hostile_support as support
import nbformat
import pytest
from hostile_support import Listeners, Place, Scenario
from nbgrader_course import NbCourse

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[nbgrader]'")

SCENARIOS = support.scenarios()
INNOCENT = ("0 before", "~ after")  # nbgrader goes by the alphabet
POINTS = ("points-softmax", "points-log_softmax")


@pytest.fixture(scope="module")
def chosen(request: pytest.FixtureRequest) -> list[Scenario]:
    """Take every fifth scenario, all with `--thorough`: nbgrader needs a second for each."""
    return SCENARIOS if request.config.getoption("--thorough") else SCENARIOS[::5]


@pytest.fixture(scope="module")
def attacked(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[Scenario]
) -> tuple[NbCourse, Place, str, list[str]]:
    root = tmp_path_factory.mktemp("attacked")
    place, course = Place(root / "place"), NbCourse(root / "nbgrader")
    place.make("CANARY-SECRET-" + "1" * 50)
    course.release("softmax")
    config = course.directory / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8")
    assert "'../ours/course.yml'" in text
    config.write_text(text.replace("'../ours/course.yml'", repr(str(place.course / "course.yml"))), encoding="utf-8")
    course.nbgrader("generate_assignment", "softmax")
    listeners = Listeners(root)
    right = support.notebook([(cell, {}) for cell in support.reference_cells()])
    neighbour = course.hand_in(INNOCENT[0], right)
    words = support.words(place, listeners, neighbour, course.directory / "submitted", course.directory)
    for scenario in chosen:
        course.hand_in(scenario.name, support.hostile_notebook(scenario, words))
    course.hand_in(INNOCENT[1], right)
    place.remember()
    printed = course.nbgrader("autograde", "softmax")
    listeners.close()
    return course, place, printed, listeners.calls


@pytest.fixture(scope="module")
def earned(attacked: tuple[NbCourse, Place, str, list[str]]) -> dict[str, float]:
    found = attacked[0].scores()
    return {student: sum(cells[name] for name in POINTS) for student, cells in found.items()}


def test_each_gets_what_its_honest_part_deserves(earned: dict[str, float], chosen: list[Scenario]) -> None:
    odd = {s.name: earned[s.name] for s in chosen if not s.scores[0] <= earned[s.name] <= s.scores[1]}
    assert odd == {}


def test_neighbours_are_graded_as_ever(earned: dict[str, float], chosen: list[Scenario]) -> None:
    assert [earned[name] for name in INNOCENT] == [18.0, 18.0]
    assert earned.keys() == {*INNOCENT, *(scenario.name for scenario in chosen)}


def test_nothing_was_touched_and_nobody_called_home(attacked: tuple[NbCourse, Place, str, list[str]]) -> None:
    course, place, _, calls = attacked
    assert place.changed() == set()
    assert calls == []
    assert not list(course.folder.rglob(f"*{support.MARK}*"))


def test_nothing_hidden_is_in_log_or_graded_notebooks(
    attacked: tuple[NbCourse, Place, str, list[str]], chosen: list[Scenario]
) -> None:
    course, _, printed, _ = attacked
    assert "CANARY" not in printed
    for scenario in chosen:
        graded = nbformat.read(course.directory / f"autograded/{scenario.name}/softmax/softmax.ipynb", as_version=4)
        shown = str([cell.outputs for cell in graded.cells if cell.cell_type == "code"])
        assert "ESCAPED" not in shown, scenario.name
        assert "CANARY-HIDDEN" not in shown, scenario.name
        assert "CANARY-SECRET" not in shown, scenario.name
