"""Every assignment of the course holds to everything that `autograder check` asks for, mutants included."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_course import Quiet

from autograder import course
from autograder.proof import Extent, prove

SHIPPED = course.load_course(Path(__file__).parents[2] / "course.yml")


@pytest.mark.parametrize("name", [assignment.name for assignment in SHIPPED.assignments])
def test_an_assignment_is_proven(name: str) -> None:
    listener = Quiet()
    proof = prove(SHIPPED, name, Extent.FULL, listener)
    assert proof.holds, "\n".join(problem.what for line in proof.lines for problem in line.problems)
    assert listener.steps == listener.total
