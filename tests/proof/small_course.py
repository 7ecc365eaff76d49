"""A small course in a folder of its own, sound in every respect, and ways to spoil it."""

from __future__ import annotations

from pathlib import Path

from autograder.course import Course, load_course
from autograder.proof import ProofLine
from autograder.release.targets import write_notebooks

COURSE = """\
format_version: 1
course:
  id: small
  title: {en: Small, es: Mini}
languages: [en, es]
secret: file:.secret
assignments:
  - name: small-one
    weight: 1
"""

SOURCE = '''\
# %% [markdown] lang="en"
# Double numbers, and halve their sum.

# %% [markdown] lang="es"
# Duplica números, y parte su suma a la mitad.

# %%
import numpy as np

# %% question="double"
def double(x):
    """Double every number of x."""
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=float)
    return x + x
    ### END SOLUTION

# %% check="double"
assert double([1, 2])[1] == 4.0

# %% question="half"
def half(x):
    """Give half the sum of x."""
    ### BEGIN SOLUTION
    return np.sum(double(x)) / 4
    ### END SOLUTION

# %% check="half"
assert half([1, 2]) == 1.5
'''

GRADER = '''\
"""Hidden grader."""
import numpy as np
import pytest
from autograder.grading import expect


@pytest.mark.question("double")
@pytest.mark.points(2)
def test_values(student, reference, rng):
    """Doubles every number.

    es: Duplica cada número.
    """
    for x in (rng.normal(size=5), np.array([200, 100], dtype=np.uint8), [1, 2]):
        expect.close(student.double(x), reference.double(x))


@pytest.mark.question("half")
@pytest.mark.points(3)
def test_half(student, reference, rng):
    """Halves the sum.

    es: Parte la suma a la mitad.
    """
    x = rng.normal(size=(2, 3))
    expect.close(student.half(x), reference.half(x))
'''

MISCONCEPTIONS = '''\
import numpy as np
from autograder.grading import misconception


@misconception("double")
def squared(x):
    """The numbers are squared.

    Doubling adds a number to itself.

    es: Los números se elevan al cuadrado.

    Duplicar es sumar un número consigo mismo.
    """
    return np.asarray(x, dtype=float) ** 2


@misconception("half")
def not_halved(x):
    """The sum is not halved.

    Divide it by 2.

    es: La suma no se parte a la mitad.

    Divídela entre 2.
    """
    return np.sum(x)
'''

EQUIVALENTS = '''\
import numpy as np
from autograder.grading import equivalent


@equivalent("double")
def by_a_factor(x):
    """A product."""
    return 2.0 * np.asarray(x, dtype=float)
'''

NAME = "small-one"


def written(root: Path) -> Course:
    """Write the course and release its notebooks."""
    folder = root / "solutions" / NAME
    folder.mkdir(parents=True)
    (root / "course.yml").write_text(COURSE)
    (folder / "small_one.py").write_text(SOURCE)
    (folder / "test_small_one.py").write_text(GRADER)
    (folder / "misconceptions.py").write_text(MISCONCEPTIONS)
    (folder / "equivalents.py").write_text(EQUIVALENTS)
    course = load_course(root / "course.yml")
    write_notebooks(course, NAME, root / "assignments")
    return course


def replace(path: Path, old: str, new: str) -> None:
    """Replace the one place where a file holds `old`."""
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


class Quiet:
    """A listener that only counts."""

    def __init__(self) -> None:
        self.steps = self.total = 0

    def start(self, assignment: str, what: str, total: int) -> None:
        self.total += total

    def step(self) -> None:
        self.steps += 1

    def line(self, assignment: str, found: ProofLine) -> None:
        pass
