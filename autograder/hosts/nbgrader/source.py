"""The source notebook of an assignment as nbgrader wants it: ids, points, locked checks, answers for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import fsum
from typing import Any

from autograder.errors import ReleaseError
from autograder.grading.criterion import Criterion
from autograder.jupyter import nbformat
from autograder.release.cells import Cell, Kind, Source
from autograder.release.notebook import notebook_of
from autograder.words import N_, render

__all__ = ["POINTS", "source_notebook"]

POINTS = "points-"
"""What the grade id of a cell begins with that holds the result of a question."""

_PLACE = N_("The grader writes here what {question} earned, and why: nothing to do.")


def source_notebook(source: Source, criteria: Sequence[Criterion], lang: str) -> nbformat.NotebookNode:
    """Build the notebook for COURSE/source/<assignment>/, reference solutions between nbgrader's markers.

    A question gets one cell for its points, after its last check; a written question's answer is a cell that a person
    grades. Raises ReleaseError where criteria and cells do not fit together.
    """
    automatic, manual = _points(criteria, by_hand=False), _points(criteria, by_hand=True)
    cells = source.in_language(lang)
    _same_questions(source, cells, automatic, manual)
    ends = {cell.name: place for place, cell in enumerate(cells) if cell.kind in (Kind.QUESTION, Kind.CHECK)}
    notebook = notebook_of(source, lang, lambda cell: cell.text)
    checks: Counter[str] = Counter()
    built = []
    for place, (cell, raw) in enumerate(zip(cells, notebook.cells, strict=True)):
        if cell.name:
            raw.metadata["nbgrader"] = _about(cell, checks, manual)
        built.append(raw)
        if ends.get(cell.name) == place:
            built.append(_result(cell.name, automatic[cell.name], lang))
    notebook.cells = built
    return notebook


def _points(criteria: Sequence[Criterion], *, by_hand: bool) -> dict[str, float]:
    """Sum the points by question."""
    chosen = [criterion for criterion in criteria if criterion.manual is by_hand]
    names = dict.fromkeys(criterion.question for criterion in chosen)
    return {name: fsum(each.points for each in chosen if each.question == name) for name in names}


def _same_questions(
    source: Source, cells: Sequence[Cell], automatic: dict[str, float], manual: dict[str, float]
) -> None:
    for kind, graded, wanted in ((Kind.QUESTION, automatic, "tests"), (Kind.ANSWER, manual, "a test marked manual")):
        shown = {cell.name for cell in cells if cell.kind is kind}
        if shown != graded.keys():
            odd = sorted(shown ^ graded.keys())[0]
            raise ReleaseError(
                f"{source.path}: {kind.value} {odd!r} is in the notebook or in the hidden grader, not in both. "
                f"Give each {kind.value} cell {wanted}, and each test a question of the notebook."
            )


def _about(cell: Cell, checks: Counter[str], manual: dict[str, float]) -> dict[str, Any]:
    if cell.kind is Kind.QUESTION:
        return _metadata(cell.name, solution=True)
    if cell.kind is Kind.ANSWER:
        return _metadata(cell.name, solution=True, points=manual[cell.name])
    checks[cell.name] += 1
    return _metadata(f"{cell.kind.value}-{cell.name}-{checks[cell.name]}")


def _metadata(grade_id: str, *, solution: bool = False, points: float | None = None) -> dict[str, Any]:
    graded = {} if points is None else {"points": points}
    flags = {"grade": points is not None, "solution": solution, "locked": not solution, "task": False}
    return {"grade_id": grade_id, "schema_version": 3, **flags, **graded}


def _result(question: str, points: float, lang: str) -> nbformat.NotebookNode:
    cell: dict[str, Any] = {
        "id": f"{POINTS}{question}"[-64:],
        "cell_type": "code",
        "execution_count": None,
        "outputs": [],
        "metadata": {"nbgrader": _metadata(f"{POINTS}{question}", points=points), "deletable": False},
        "source": f"# {render(_PLACE, {'question': question}, lang)}",
    }
    built: nbformat.NotebookNode = nbformat.from_dict(cell)  # type: ignore[no-untyped-call]  # nbformat annotates only a part
    return built
