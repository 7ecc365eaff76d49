"""The hidden tests against mutants of the reference: each must lose points, or be listed with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from autograder.course import Assignment, Course
from autograder.proof import survivors
from autograder.proof.answers import Answer, Depth, grade
from autograder.proof.mutation import MissingTool, Mutant, mutants
from autograder.proof.records import Line, Listener, Problem, Verdict, line
from autograder.proof.survivors import Survivor
from autograder.proof.variants import automatic
from autograder.release.cells import Source
from autograder.report import Report

__all__ = ["again", "prove_mutants", "surviving"]

WHAT = "mutants"


def prove_mutants(course: Course, assignment: Assignment, source: Source, listener: Listener) -> Line:
    """Prove that the hidden tests notice every small change to the reference.

    Raises GraderError if they cannot be run, CourseError if survivors.yml cannot be read.
    """
    known = survivors.read(assignment.folder)
    try:
        made = mutants(source)
    except MissingTool as error:
        remedy = "run `pip install cosmic-ray`, or leave the mutants out: " + again(assignment, "--quick")
        return Line(WHAT, Verdict.FAIL, "not run", (Problem(str(error), remedy),))
    listener.start(assignment.name, WHAT, len(made))
    alive = surviving(course, assignment, made, listener)
    explained = [mutant for mutant in alive if survivors.entry(mutant, known)]
    counts = f"{len(made) - len(alive)} of {len(made)} killed, {len(explained)} listed with the reason why not"
    found = line(WHAT, counts, _problems(assignment, alive, known))
    return msgspec.structs.replace(found, detail=counts)


def surviving(course: Course, assignment: Assignment, made: Sequence[Mutant], listener: Listener) -> tuple[Mutant, ...]:
    """Give the mutants that lose no points."""
    answers = [Answer(str(number), mutant.code) for number, mutant in enumerate(made)]
    reports = grade(course, assignment, answers, Depth.PROBE, listener.step)
    return tuple(mutant for number, mutant in enumerate(made) if not _killed(reports[str(number)]))


def again(assignment: Assignment, *options: str) -> str:
    """Name the command that proves the assignment once more."""
    return f"`{' '.join(('autograder check', assignment.name, *options))}`"


def _killed(report: Report | None) -> bool:
    return report is None or not all(test.passed for test in automatic(report))


def _problems(assignment: Assignment, alive: Sequence[Mutant], known: Sequence[Survivor]) -> Iterator[Problem]:
    listing = f"solutions/{assignment.name}/{survivors.FILE}"
    for mutant in alive:
        if survivors.entry(mutant, known) is None:
            yield Problem(
                f"{mutant.path.parent.parent.name}/{assignment.name}/{mutant.path.name}:{mutant.line}: no test of "
                f"{mutant.function} notices\n  - {mutant.was}\n  + {mutant.now}",
                f"add a criterion that does, or list it in {listing} with the reason why nothing can, "
                f"then run {again(assignment)}:\n{survivors.as_yaml(mutant)}",
            )
    for each in survivors.stale(known, alive):
        yield Problem(
            f"{listing}: {each.function} with `{each.now}` for `{each.was}` does not survive, or is no mutant now",
            f"take the entry out, then run {again(assignment)}",
        )
