"""Every assignment against its own hidden grader: the reference gets full marks, the starter none.

What its other right answers and known mistakes get is proven in tests/proof/test_shipped.py. The grading core is the
real one; only the sandbox is left out, because all of this code is ours.
"""

from __future__ import annotations

import ast
import builtins
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import course
from autograder.grading.proxy import LocalCode
from autograder.grading.session import grade_jobs_in_session
from autograder.grading.variants import Variant, equivalents, misconceptions
from autograder.proof.variants import automatic_results
from autograder.release import source
from autograder.release.notebook import serialise, student_notebook, variant_notebook
from autograder.report import Report
from autograder.submission import Job

ROOT = Path(__file__).parents[2]
SHIPPED = course.load_course(ROOT / "course.yml")
NAMES = tuple(assignment.name for assignment in SHIPPED.assignments)
STARTER = "starter"
REFERENCE = "reference"


class InProcess:
    """Runs the cells of submissions of ours in this process."""

    level = "in process"

    @contextmanager
    def run(self, cells: Sequence[str]) -> Iterator[LocalCode]:
        """Run the cells in order in one namespace; a cell that raises does not stop the next."""
        namespace: dict[str, Any] = {}
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for cell in cells:
                with suppress(Exception):
                    exec(cell, namespace)  # noqa: S102 - our own solutions and misconceptions
        yield LocalCode(namespace)


@cache
def variants(name: str) -> tuple[Variant, ...]:
    folder = SHIPPED.assignment(name).folder
    return (*misconceptions(folder), *equivalents(folder))


@cache
def reports(name: str) -> Mapping[str, Report]:
    """Grade the starter and the reference in one session."""
    origin = source.read_source(source.source_path(SHIPPED.assignment(name).folder))
    notebooks = {STARTER: student_notebook(origin, "en"), REFERENCE: variant_notebook(origin, "en", {})}
    jobs = (Job(who, name, f"{name}.ipynb", serialise(notebook).encode()) for who, notebook in notebooks.items())
    graded: dict[str, Report] = {}
    grade_jobs_in_session(
        SHIPPED, [SHIPPED.assignment(name)], InProcess(), jobs, lambda report: graded.update({report.student: report})
    )
    return graded


def each(kind: str) -> list[Any]:
    return [
        pytest.param(name, variant, id=f"{name}-{variant.name}")
        for name in NAMES
        for variant in variants(name)
        if variant.kind == kind
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_passes_in_a_plain_run_of_pytest(name: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", str(ROOT / "solutions" / name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-2000:]
    assert f"{len(automatic_results(reports(name)[REFERENCE]))} passed" in done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_gets_all_points_but_those_of_the_written_question(name: str) -> None:
    report = reports(name)[REFERENCE]
    by_hand = [question.max_score for question in report.questions if question.manual]
    assert report.max_score == 20
    assert by_hand == [2]
    assert report.score == 18


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_starter_earns_nothing(name: str) -> None:
    report = reports(name)[STARTER]
    assert report.score == 0
    assert not any(test.passed or test.misconception for test in automatic_results(report))


@pytest.mark.parametrize("name", NAMES)
def test_every_function_has_known_mistakes_and_other_right_answers(name: str) -> None:
    questions = set(source.read_source(source.source_path(SHIPPED.assignment(name).folder)).questions())
    for kind in ("misconception", "equivalent"):
        found = [variant for variant in variants(name) if variant.kind == kind]
        assert {variant.target for variant in found} == questions
        assert len(found) >= 8


@pytest.mark.parametrize(("name", "variant"), [*each("misconception"), *each("equivalent")])
def test_a_variant_needs_only_numpy_and_itself(name: str, variant: Variant) -> None:
    (function,) = ast.parse(variant.source()).body
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    bound |= {alias.name for node in ast.walk(function) if isinstance(node, ast.Import) for alias in node.names}
    bound |= {node.name for node in ast.walk(function) if isinstance(node, ast.FunctionDef)}
    free = {node.id for node in names} - bound - set(dir(builtins)) - {"np"}
    assert not free


@pytest.mark.parametrize("name", NAMES)
def test_every_criterion_speaks_both_languages(name: str) -> None:
    english = reports(name)[REFERENCE]
    origin = source.read_source(source.source_path(SHIPPED.assignment(name).folder))
    data = serialise(student_notebook(origin, "es")).encode()
    spanish: list[Report] = []
    grade_jobs_in_session(
        SHIPPED, [SHIPPED.assignment(name)], InProcess(), [Job("es", name, "n.ipynb", data, lang="es")], spanish.append
    )
    for one, other in zip(english.questions, spanish[0].questions, strict=True):
        for test, prueba in zip(one.tests, other.tests, strict=True):
            assert test.id == prueba.id
            assert test.criterion
            assert test.criterion != prueba.criterion
