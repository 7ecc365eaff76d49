"""What reads and writes notebooks does not pay for what no notebook needs."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[1] / "course.yml"
GRAMMAR = "rfc3987_syntax"

needs_grammar = pytest.mark.skipif(find_spec(GRAMMAR) is None, reason=f"{GRAMMAR} is not installed, so nobody loads it")


def python(code: str, *words: str | Path) -> str:
    command = [sys.executable, "-c", code, *map(str, words)]
    whole = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # see conftest.py
    done = subprocess.run(command, env=whole, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_grammar
@pytest.mark.parametrize("where", ["notebook", "nbgrader", "otter"])
def test_a_release_loads_no_grammar_of_addresses(tmp_path: Path, where: str) -> None:
    imports = "import sys; from autograder.cli import main"
    code = f"{imports}; main(standalone_mode=False); print({GRAMMAR!r} in sys.modules)"
    words = ("release", "softmax", "--to", where, "-o", tmp_path / "out", "--course", COURSE)
    assert python(code, *words).splitlines()[-1] == "False"


@needs_grammar
def test_others_find_it_as_ever() -> None:
    code = f"from autograder.jupyter import nbformat\nimport {GRAMMAR}\nprint({GRAMMAR}.is_valid_syntax('iri', 'a:b'))"
    assert python(code) == "True\n"
