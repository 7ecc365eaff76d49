"""The sources of a tiny course, submissions to it, and a stand-in for the sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from autograder.grading.proxy import LocalCode
from autograder.report import Report
from autograder.submission import Job

Grade = Callable[..., list[Report]]

REFERENCE = """\
# %%
import numpy as np

# %% question="double"
def double(x):
    return 2.0 * np.asarray(x, dtype=float)

# %% question="total"
def total(x):
    return float(double(x).sum() / 2)
"""

GRADER = '''\
"""Hidden grader."""
import numpy as np
import pytest
from autograder.grading import expect

double = pytest.mark.question("double")

@double
@pytest.mark.points(2)
def test_values(student, reference, rng):
    """Doubles every number.

    es: Duplica cada número.
    """
    x = rng.normal(size=5)
    expect.close(student.double(x), reference.double(x))

@double
@pytest.mark.points(1)
def test_whole(student):
    """Doubles whole numbers and gives floats.

    es: Duplica enteros y da flotantes.
    """
    expect.floating(student.double([1, 2]))

@pytest.mark.question("total")
@pytest.mark.points(3)
def test_total(student, reference, rng):
    """Adds up.

    es: Suma.
    """
    x = rng.normal(size=(2, 3))
    expect.close(expect.scalar(student.total(x)), reference.total(x))

@pytest.mark.question("explain")
@pytest.mark.manual
@pytest.mark.points(4)
def test_explain():
    """Explains doubling.

    The rubric.

    es: Explica la duplicación.
    """
    raise RuntimeError("a manual criterion never runs")
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

@misconception("double")
def whole(x):
    """The results are cut to whole numbers.

    Which dtype has the result?

    es: Los resultados se recortan a enteros.

    ¿Qué dtype tiene el resultado?
    """
    return (2 * np.asarray(x)).astype(int)

@misconception("total")
def mean(x):
    """The mean is taken.

    Do not divide.

    es: Se toma la media.

    No dividas.
    """
    return float(np.mean(x))
'''

COURSE = """\
format_version: 1
course:
  id: tiny
  title: {en: Tiny, es: Mini}
languages: [en, es]
secret: file:.secret
assignments:
  - name: tiny
    weight: 1
"""

RIGHT = "import numpy as np\ndef double(x):\n    return np.asarray(x, dtype=float) + np.asarray(x, dtype=float)\n"
RIGHT += "def total(x):\n    return float(np.sum(x))\n"
STARTER = "def double(x):\n    raise NotImplementedError\ndef total(x):\n    raise NotImplementedError\n"


class InProcess:
    """Run a submission in this process: for tests of what comes after the sandbox."""

    level = "none"

    @contextmanager
    def run(self, cells: Sequence[str]) -> Iterator[LocalCode]:
        """Run the cells and give their functions."""
        namespace: dict[str, Any] = {}
        for cell in cells:
            exec(cell, namespace)  # noqa: S102 - the cells are this file's
        yield LocalCode(namespace)


def notebook(*cells: str, lang: str | None = None) -> bytes:
    """Write a notebook of code cells."""
    metadata: dict[str, Any] = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    if lang:
        metadata["autograder"] = {"assignment": "tiny", "lang": lang}
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    listed = [{**code, "id": f"c{number}", "source": source} for number, source in enumerate(cells)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": listed}).encode()


def job(student: str, what: str | bytes | Job, lang: str | None = None) -> Job:
    """Make a job of the cells of a submission or of a file's bytes."""
    if isinstance(what, Job):
        return what
    return Job(student, "tiny", "tiny.ipynb", what if isinstance(what, bytes) else notebook(what), "hash", lang)
