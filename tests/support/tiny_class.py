"""A course of one small assignment, classes of students for it, and ways to watch processes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

COURSE = """\
format_version: 1
course:
  id: tiny
  title: {en: Tiny, es: Mini}
languages: [en, es]
secret: file:.autograder-secret
assignments:
  - name: twice
    weight: 1
  - name: later
    weight: 1
sandbox:
  cell_seconds: 30
  call_seconds: 5
  submission_seconds: 40
"""

SOURCE = """\
# %% [markdown] lang="en"
# # Twice

# %% [markdown] lang="es"
# # El doble

# %% question="double"
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% check="double"
print(double(1))
"""

GRADER = '''\
import pytest

pytestmark = pytest.mark.question("double")


@pytest.mark.points(1)
def test_one(student):
    """Doubles one.

    es: Duplica el uno.
    """
    assert student.double(1) == 2, "it is not doubled"


@pytest.mark.points(2)
def test_more(student):
    """Doubles three.

    es: Duplica el tres.
    """
    assert student.double(3) == 6, "it is not doubled"
'''

MISCONCEPTIONS = '''\
from autograder.grading import misconception


@misconception("double")
def squared(x):
    """The number is squared.

    Add it to itself.

    es: El número se eleva al cuadrado.

    Súmalo consigo mismo.
    """
    return x * x
'''

RIGHT = "def double(x):\n    return x + x\n"
SQUARED = "def double(x):\n    return x ** 2\n"
ONE_ONLY = "def double(x):\n    return 2\n"
SLOW = "import time\ntime.sleep({seconds})\n"


def notebook(*cells: str) -> bytes:
    """Write a notebook of code cells."""
    made = [
        {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
        for i, text in enumerate(cells)
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def hand_in(submitted: Path, work: Mapping[str, str], assignment: str = "twice") -> None:
    """Write one notebook per student in nbgrader's layout."""
    for student, code in work.items():
        folder = submitted / student / assignment
        folder.mkdir(parents=True)
        (folder / f"{assignment}.ipynb").write_bytes(notebook(code))


def eventually(happened: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until a condition is true."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Return whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> list[int]:
    """List the processes below one."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        todo += (new := children.get(todo.pop(), []))
        found += new
    return found


def workers(pid: int) -> list[int]:
    """List the worker processes below a coordinator; the fork server between them is its only child of that name."""

    def is_worker(child: int) -> bool:
        try:
            return b"autograder.batch.local.worker" in Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            return False

    return [
        child for server in filter(is_worker, descendants(pid)) for child in descendants(server) if is_worker(child)
    ]
