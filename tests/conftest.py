"""Options of the whole suite; the small course on disk, and the command line as its users start it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_class import COURSE, GRADER, MISCONCEPTIONS, SOURCE

from autograder import course as courses

# nbgrader, otter and JupyterLab would spend most of their start on a grammar for internationalised addresses, which
# jsonschema loads if it can (see autograder/jupyter.py) and nothing here needs. What tests start cannot load it.
LEAN = str(Path(__file__).parent / "lean")
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [LEAN, os.environ.get("PYTHONPATH", "")]))

# Thousands of Python processes are started; each would compile anew what it imports, where nobody may keep it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A file is run by one process, and what is begun last should not take longest. From a run of the whole suite.
LONGEST = (
    "test_nbgrader", "test_otter", "test_shipped", "test_cluster", "test_docs", "test_hostile", "test_browser",
    "test_formgrader", "test_otter_hostile", "test_nbgrader_hostile", "test_jupyterlab", "test_kill", "test_sandbox",
    "test_demo_class", "test_plugin", "test_release_jupyter", "test_solutions", "test_nbgrader_postgresql",
    "test_faults", "test_gradescope", "test_run", "test_enrolment", "test_session", "test_check", "test_submission",
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="the whole demo class and every hostile submission through nbgrader, otter and Gradescope, and whatever "
        "else only repeats with other data what is tested anyway",
    )
    parser.addoption(
        "--renew-reports",
        action="store_true",
        help="write the reports of tests/scenarios/reports anew, then see git diff",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "thorough: left out unless --thorough is given")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Start one process more than there are cores: many tests wait for others."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--thorough"):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


@pytest.fixture
def course_file(tmp_path: Path) -> Path:
    """Write the course; the second assignment has no grader yet."""
    folder = tmp_path / "course" / "solutions" / "twice"
    folder.mkdir(parents=True)
    (tmp_path / "course/solutions/later").mkdir()
    (folder / "twice.py").write_text(SOURCE)
    (folder / "test_twice.py").write_text(GRADER)
    (folder / "misconceptions.py").write_text(MISCONCEPTIONS)
    path = tmp_path / "course" / "course.yml"
    path.write_text(COURSE)
    return path


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    """Give the folder of submissions, empty."""
    folder = tmp_path / "submitted"
    folder.mkdir()
    return folder


@pytest.fixture
def course(course_file: Path) -> courses.Course:
    """Load the course."""
    return courses.load_course(course_file)


@pytest.fixture
def autograder(course_file: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command line as its users do; whatever still runs at the end is ended."""
    started = []

    def start(*words: str | Path, **environment: str) -> subprocess.Popen[str]:
        command = [Path(sys.executable).with_name("autograder"), *map(str, words)]
        pipe = subprocess.PIPE
        environment = os.environ | environment
        started.append(
            subprocess.Popen(command, cwd=course_file.parent, env=environment, stdout=pipe, stderr=pipe, text=True)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
