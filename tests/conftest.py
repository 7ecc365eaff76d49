"""Options of the whole suite."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# nbgrader, otter and JupyterLab would spend most of their start on a grammar for internationalised addresses, which
# jsonschema loads if it can (see autograder/jupyter.py) and nothing here needs. What tests start cannot load it.
LEAN = str(Path(__file__).parent / "lean")
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [LEAN, os.environ.get("PYTHONPATH", "")]))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="the whole demo class and every hostile submission through nbgrader, otter and Gradescope, and whatever "
        "else only repeats with other data what is tested anyway",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "thorough: left out unless --thorough is given")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--thorough"):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
