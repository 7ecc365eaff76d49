"""The hidden tests against mutants of the reference: each must lose points, or be listed with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import yaml

from autograder.course import Assignment, Course
from autograder.errors import CourseError
from autograder.proof.answers import Answer, Depth, grade_answers
from autograder.proof.model import Listener, Problem, ProofLine, Verdict, proof_line
from autograder.proof.mutation import MissingTool, Mutant, mutants
from autograder.proof.variants import automatic_results
from autograder.release.cells import Source
from autograder.report import Report

__all__ = [
    "FILE",
    "Survivor",
    "prove_mutants",
    "read_survivors",
    "recheck_command",
    "stale_survivors",
    "surviving_mutants",
    "survivor_of",
    "survivor_yaml",
]


FILE = "survivors.yml"
_Text = Annotated[str, msgspec.Meta(min_length=1)]


class Survivor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An equivalent mutant: the function, its line as it was and as the mutant has it, and why nothing can tell."""

    function: _Text
    was: _Text
    now: _Text
    reason: _Text


def read_survivors(folder: Path) -> tuple[Survivor, ...]:
    """Read an assignment's survivors.yml; none if there is no such file. Raises CourseError naming the entry."""
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=tuple[Survivor, ...])
    except (msgspec.DecodeError, msgspec.ValidationError, yaml.YAMLError) as error:
        raise CourseError(f"{path}: {error}. Write a list of function, was, now, reason.") from error


def survivor_of(mutant: Mutant, known: Sequence[Survivor]) -> Survivor | None:
    """Return the entry for a mutant, if there is one."""
    key = (mutant.function, mutant.was, mutant.now)
    return next((each for each in known if (each.function, each.was, each.now) == key), None)


def stale_survivors(known: Sequence[Survivor], surviving: Sequence[Mutant]) -> Iterator[Survivor]:
    """Return the entries that match no surviving mutant."""
    alive = {(mutant.function, mutant.was, mutant.now) for mutant in surviving}
    return (each for each in known if (each.function, each.was, each.now) not in alive)


def survivor_yaml(mutant: Mutant) -> str:
    """Write the entry for a mutant, its reason left to a person."""
    fields = {"function": mutant.function, "was": mutant.was, "now": mutant.now, "reason": "..."}
    return str(yaml.safe_dump([fields], sort_keys=False, allow_unicode=True, width=1000))


WHAT = "mutants"


def prove_mutants(course: Course, assignment: Assignment, source: Source, listener: Listener) -> ProofLine:
    """Prove that the hidden tests notice every small change to the reference.

    Raises GraderError if they cannot be run, CourseError if survivors.yml cannot be read.
    """
    known = read_survivors(assignment.folder)
    try:
        made = mutants(source)
    except MissingTool as error:
        remedy = "run `pip install cosmic-ray`, or leave the mutants out: " + recheck_command(assignment, "--quick")
        return ProofLine(WHAT, Verdict.FAIL, "not run", (Problem(str(error), remedy),))
    listener.start(assignment.name, WHAT, len(made))
    alive = surviving_mutants(course, assignment, made, listener)
    explained = [mutant for mutant in alive if survivor_of(mutant, known)]
    counts = f"{len(made) - len(alive)} of {len(made)} killed, {len(explained)} listed with the reason why not"
    found = proof_line(WHAT, counts, _problems(assignment, alive, known))
    return msgspec.structs.replace(found, detail=counts)


def surviving_mutants(
    course: Course, assignment: Assignment, made: Sequence[Mutant], listener: Listener
) -> tuple[Mutant, ...]:
    """Return the mutants that lose no points."""
    answers = [Answer(str(number), mutant.code) for number, mutant in enumerate(made)]
    reports = grade_answers(course, assignment, answers, Depth.PROBE, listener.step)
    return tuple(mutant for number, mutant in enumerate(made) if not _killed(reports[str(number)]))


def recheck_command(assignment: Assignment, *options: str) -> str:
    """Name the command that proves the assignment once more."""
    return f"`{' '.join(('autograder check', assignment.name, *options))}`"


def _killed(report: Report | None) -> bool:
    return report is None or not all(test.passed for test in automatic_results(report))


def _problems(assignment: Assignment, alive: Sequence[Mutant], known: Sequence[Survivor]) -> Iterator[Problem]:
    listing = f"solutions/{assignment.name}/{FILE}"
    for mutant in alive:
        if survivor_of(mutant, known) is None:
            yield Problem(
                f"{mutant.path.parent.parent.name}/{assignment.name}/{mutant.path.name}:{mutant.line}: no test of "
                f"{mutant.function} notices\n  - {mutant.was}\n  + {mutant.now}",
                f"add a criterion that does, or list it in {listing} with the reason why nothing can, "
                f"then run {recheck_command(assignment)}:\n{survivor_yaml(mutant)}",
            )
    for each in stale_survivors(known, alive):
        yield Problem(
            f"{listing}: {each.function} with `{each.now}` for `{each.was}` does not survive, or is no mutant now",
            f"take the entry out, then run {recheck_command(assignment)}",
        )
