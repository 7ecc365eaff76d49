"""A real nbgrader course with the same assignment, graded by `nbgrader autograde` at its defaults."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.release.cells import Cell, CellKind, Source
from benchmarks.classroom import Pupil
from benchmarks.kit import Check, Kit
from benchmarks.measure import Run, run

__all__ = ["autograde", "build_course", "hand_in", "scores", "stderr_penalties", "submission_seconds"]

NBGRADER = (sys.executable, "-m", "nbgrader")
HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"


def build_course(course: Path, source: Source, kit: Kit) -> None:
    """Write the course's source notebook and let `nbgrader generate_assignment` make the release and the gradebook."""
    folder = course / "source" / source.assignment
    folder.mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "bench"\n', encoding="utf-8"
    )
    nbformat.write(_master(source, kit), folder / f"{source.assignment}.ipynb")
    made = run([*NBGRADER, "generate_assignment", source.assignment], course)
    if made.exit_code:
        raise RuntimeError(f"nbgrader generate_assignment failed:\n{made.text()}")


def hand_in(course: Path, source: Source, class_: Sequence[Pupil]) -> None:
    """Fill in the released notebook once per pupil."""
    released = course / "release" / source.assignment / f"{source.assignment}.ipynb"
    for pupil in class_:
        book = nbformat.read(released, as_version=4)
        for cell in book.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            cell.source = pupil.cells.get(grade_id, cell.source)
            if cell.cell_type == "markdown" and grade_id:
                cell.source = pupil.explanation
        target = course / "submitted" / pupil.name / source.assignment / released.name
        target.parent.mkdir(parents=True)
        nbformat.write(book, target)


def autograde(course: Path, assignment: str) -> Run:
    """Grade everybody."""
    return run([*NBGRADER, "autograde", assignment], course, timeout=1800)


def submission_seconds(graded: Run) -> list[float]:
    """Read from the log when each submission began; the differences are the seconds that each took."""
    starts = [moment for moment, line in graded.lines if "Creating/updating student" in line]
    return [end - start for start, end in zip(starts, [*starts[1:], graded.seconds], strict=True)]


def scores(course: Path, assignment: str) -> dict[str, dict[str, float]]:
    """Read the automatic points of each pupil and criterion from the gradebook."""
    from nbgrader.api import Gradebook  # noqa: PLC0415 - two seconds that only this needs

    found: dict[str, dict[str, float]] = {}
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        for submission in book.assignment_submissions(assignment):
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            automatic = {grade.name: grade.auto_score for grade in grades if grade.auto_score is not None}
            found[submission.student.id] = automatic
    return found


def stderr_penalties(course: Path, assignment: str, pupil: str) -> list[str]:
    """Name the criteria of a pupil whose cell ended without an error but wrote to stderr: nbgrader gives them 0."""
    path = course / "autograded" / pupil / assignment / f"{assignment}.ipynb"
    book: Any = nbformat.read(path, as_version=4)
    named = ((cell, cell.metadata.get("nbgrader", {}).get("grade_id", "")) for cell in book.cells)
    return [name for cell, name in named if cell.cell_type == "code" and name and _only_stderr(cell)]


def _only_stderr(cell: Any) -> bool:
    kinds = [output.get("name", output.output_type) for output in cell.outputs]
    return "stderr" in kinds and "error" not in kinds


def _master(source: Source, kit: Kit) -> Any:
    cells = [_cell(cell, kit) for cell in source.in_language("en")]
    cells.append(_graded("kit", HIDDEN.format(kit.text), 0))
    cells += [_graded(check.name, HIDDEN.format(_call(check)), check.points) for check in kit.automatic()]
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return new_notebook(cells=cells, metadata=metadata)


def _call(check: Check) -> str:
    return f'judge("{check.name}", globals())'


def _cell(cell: Cell, kit: Kit) -> Any:
    if cell.kind is CellKind.QUESTION:
        return new_code_cell(cell.text, metadata={"nbgrader": _about(cell.name, solution=True)})
    if cell.kind is CellKind.ANSWER:
        points = sum(check.points for check in kit.manual() if check.question == cell.name)
        about = _about(cell.name, solution=True, points=points)
        return new_markdown_cell("Your answer", metadata={"nbgrader": about})
    new = new_code_cell if cell.kind.is_code else new_markdown_cell
    return new(cell.text)  # type: ignore[no-untyped-call]


def _graded(name: str, text: str, points: float) -> Any:
    return new_code_cell(text, metadata={"nbgrader": _about(name, points=points)})


def _about(name: str, *, solution: bool = False, points: float | None = None) -> msgspec.Struct | dict[str, Any]:
    graded = {} if points is None else {"points": points}
    flags = {"grade": points is not None, "solution": solution, "locked": not solution, "task": False}
    return {"grade_id": name, "schema_version": 3, **flags, **graded}
