"""Write an assignment into an nbgrader course directory: ids, points, locked checks, manual answers."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from math import fsum
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.errors import OutputError, ReleaseError
from autograder.grading.criterion import Criterion
from autograder.grading.session import collect_criteria
from autograder.hosts.nbgrader.config import MARK, config_lines
from autograder.i18n import N_, render
from autograder.jupyter import nbformat
from autograder.release.cells import Cell, CellKind, Source
from autograder.release.notebook import notebook_of, serialise
from autograder.release.source import read_source, source_path

__all__ = ["POINTS", "source_notebook", "write_source"]


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
    ends = {cell.name: place for place, cell in enumerate(cells) if cell.kind in (CellKind.QUESTION, CellKind.CHECK)}
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
    for kind, graded, wanted in (
        (CellKind.QUESTION, automatic, "tests"),
        (CellKind.ANSWER, manual, "a test marked manual"),
    ):
        shown = {cell.name for cell in cells if cell.kind is kind}
        if shown != graded.keys():
            odd = sorted(shown ^ graded.keys())[0]
            raise ReleaseError(
                f"{source.path}: {kind.value} {odd!r} is in the notebook or in the hidden grader, not in both. "
                f"Give each {kind.value} cell {wanted}, and each test a question of the notebook."
            )


def _about(cell: Cell, checks: Counter[str], manual: dict[str, float]) -> dict[str, Any]:
    if cell.kind is CellKind.QUESTION:
        return _metadata(cell.name, solution=True)
    if cell.kind is CellKind.ANSWER:
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
    built: nbformat.NotebookNode = nbformat.from_dict(cell)
    return built


_CONFIG = "nbgrader_config.py"


def write_source(course: Course, name: str, outdir: Path, *, lang: str = "") -> tuple[Path, ...]:
    """Write source/<name>/<name>.ipynb and, where the directory is not ours yet, nbgrader_config.py; give the paths.

    A configuration that is there keeps its lines and gets ours in front. A second language goes to a directory of its
    own, since nbgrader's students have one notebook.

    Raises CourseError, ReleaseError, GraderError, or OutputError where the directory cannot be written.
    """
    directory, lang = outdir, lang or course.languages[0]
    assignment = course.assignment(name)
    source = read_source(source_path(assignment.folder), tuple(course.languages))
    text = serialise(source_notebook(source, collect_criteria(course, assignment), lang))
    path = directory / "source" / name / f"{name}.ipynb"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        config = _config(course, directory, lang)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        where = error.filename or directory
        raise OutputError(f"{where}: cannot be written ({error.strerror}). Choose another folder with -o.") from error
    return (path, config)


def _config(course: Course, directory: Path, lang: str) -> Path:
    path = directory / _CONFIG
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if MARK not in before:
        course_file = os.path.relpath(course.path.resolve(), directory.resolve())
        ours = config_lines(course_file, course.id, lang)
        path.write_text(f"{ours}\n{before}" if before else ours, encoding="utf-8", newline="\n")
    elif f", {lang!r})" not in before:
        raise ReleaseError(f"{path}: this course directory is in another language. Choose another folder with -o.")
    return path
