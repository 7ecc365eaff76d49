"""Prove one assignment, line by line; a line that cannot be established says why and does not stop the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from autograder.course import Assignment, Course
from autograder.errors import AutograderError, IsolationUnavailable
from autograder.proof.files import prove_files
from autograder.proof.model import Listener, Problem, Proof, ProofLine, Verdict
from autograder.proof.mutants import prove_mutants, recheck_command
from autograder.proof.notebooks import prove_notebooks
from autograder.proof.variants import prove_variants
from autograder.release.cells import Source
from autograder.release.source import read_source, source_path

__all__ = ["Extent", "prove"]


class Extent(StrEnum):
    """How much is proven: everything, or all but the mutants."""

    FULL = "full"
    QUICK = "quick"


def prove(course: Course, name: str, extent: Extent, listener: Listener) -> Proof:
    """Prove an assignment; raises CourseError if the course has none of that name."""
    started = time.monotonic()
    assignment = course.assignment(name)
    lines = []
    for found in _lines(course, assignment, extent, listener):
        lines.append(found)
        listener.line(name, found)
    return Proof(name, tuple(lines), round(time.monotonic() - started, 3))


def _lines(course: Course, assignment: Assignment, extent: Extent, listener: Listener) -> Iterator[ProofLine]:
    try:
        source = read_source(source_path(assignment.folder), tuple(course.languages))
    except AutograderError as error:
        yield _stopped("source", assignment, error)
        return
    yield from _tried("files", assignment, lambda: prove_files(course, assignment))
    yield from _tried("solution", assignment, lambda: prove_notebooks(course, assignment, source, listener))
    yield from _tried("known answers", assignment, lambda: prove_variants(course, assignment, source, listener))
    if extent is Extent.FULL:
        yield from _tried("mutants", assignment, lambda: _mutants(course, assignment, source, listener))


def _mutants(course: Course, assignment: Assignment, source: Source, listener: Listener) -> Iterator[ProofLine]:
    yield prove_mutants(course, assignment, source, listener)


def _tried(what: str, assignment: Assignment, lines: Callable[[], Iterable[ProofLine]]) -> Iterator[ProofLine]:
    try:
        yield from lines()
    except AutograderError as error:
        yield _stopped(what, assignment, error)


def _stopped(what: str, assignment: Assignment, error: AutograderError) -> ProofLine:
    remedy = (
        "run `autograder doctor`"
        if isinstance(error, IsolationUnavailable)
        else f"correct it, then run {recheck_command(assignment, '--quick')}"
    )
    return ProofLine(what, Verdict.FAIL, "could not be established", (Problem(str(error), remedy),))
