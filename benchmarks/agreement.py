"""Where two engines give different points, and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from autograder.report import Report
from benchmarks.classroom import Pupil
from benchmarks.nbgrader_peer import stderr_penalties

__all__ = ["Agreement", "automatic_points", "with_bound", "with_nbgrader", "with_otter"]

Points = Mapping[str, float]


class Agreement(msgspec.Struct, frozen=True):
    """How many of the submissions that both graded have the same points; a line for each that has not."""

    engine: str
    same: int
    of: int
    differences: tuple[str, ...]


def automatic_points(report: Report) -> dict[str, float]:
    """Return the points by criterion, without the questions that a person grades."""
    questions = [question for question in report.questions if not question.manual]
    return {test.id.rpartition("::")[2]: test.points for question in questions for test in question.tests}


def with_bound(class_: tuple[Pupil, ...], ours: Mapping[str, Points], theirs: Mapping[str, Points]) -> Agreement:
    """Compare with the same criteria called directly."""
    lines = [_line(pupil, ours[pupil.name], theirs[pupil.name], "") for pupil in class_]
    return _agreement("direct calls", lines)


def with_nbgrader(
    class_: tuple[Pupil, ...], ours: Mapping[str, Points], theirs: Mapping[str, Points], course: Path, assignment: str
) -> Agreement:
    """Compare with nbgrader's gradebook; a warning on stderr is looked for where it took points."""
    lines = []
    for pupil in class_:
        mine, given = ours[pupil.name], theirs.get(pupil.name, {})
        lost = [name for name in mine if given.get(name, 0.0) < mine[name]]
        quiet = set(lost) - set(stderr_penalties(course, assignment, pupil.name)) if lost else set()
        why = "" if not lost or quiet else "nbgrader gives 0 to a cell that passed and printed a warning on stderr"
        lines.append(_line(pupil, mine, given, why))
    return _agreement("nbgrader", lines)


def with_otter(class_: tuple[Pupil, ...], ours: Mapping[str, Points], theirs: Mapping[str, float | None]) -> Agreement:
    """Compare the sums: otter's result gives points by question only."""
    lines = []
    for pupil in class_:
        mine, given = sum(ours[pupil.name].values()), theirs[pupil.name]
        if given is None:
            lines.append(f"{pupil.name} ({pupil.what}): otter wrote no result")
        else:
            differ = abs(mine - given) > 1e-6
            lines.append(f"{pupil.name} ({pupil.what}): {mine:g} here, {given:g} there" if differ else "")
    return _agreement("otter", lines)


def _line(pupil: Pupil, mine: Points, given: Points, why: str) -> str:
    differ = [name for name in mine if mine[name] != given.get(name, 0.0)]
    if not differ:
        return ""
    sums = f"{sum(mine.values()):g} here, {sum(given.get(name, 0.0) for name in mine):g} there"
    return f"{pupil.name} ({pupil.what}): {sums}; {', '.join(differ)}" + (f": {why}" if why else "")


def _agreement(engine: str, lines: list[str]) -> Agreement:
    differences = tuple(line for line in lines if line)
    return Agreement(engine, len(lines) - len(differences), len(lines), differences)
