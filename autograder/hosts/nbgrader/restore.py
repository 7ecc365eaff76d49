"""Bring a submitted notebook back to what nbgrader's gradebook says of it, whatever its author did to the metadata."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from autograder.course import load_course
from autograder.errors import AutograderError, SubmissionError
from autograder.submission import Submission, read_submission
from autograder.submission.model import MAX_FILE_BYTES

__all__ = ["RestoreCells", "SubmissionExporter"]

Resources = dict[str, Any]
_NAMED_BY_ID = re.compile(r"^(?:question|answer)-(.+)-1$")  # as our notebooks number their cells


class SubmissionExporter(NotebookExporter):
    """Read notebooks that nobody trusts: one that nbformat cannot read becomes one with the cells that we can read."""

    def from_filename(self, filename: str, resources: Resources | None = None, **kwargs: Any) -> Any:
        """Convert a file, see nbconvert's Exporter."""
        first_pass = getattr(self.parent, "_sanitizing", True)  # the second one reads what the first has written
        notebook = _readable(Path(filename)) if first_pass else None
        if notebook is None:
            return super().from_filename(filename, resources=resources, **kwargs)
        self.log.warning("%s was read with what is damaged left out", filename)
        resources = {**(resources or {}), "metadata": {"name": Path(filename).stem, "path": str(Path(filename).parent)}}
        return self.from_notebook_node(notebook, resources=resources, **kwargs)  # type: ignore[no-untyped-call]  # nbconvert has no types here


def _readable(path: Path) -> NotebookNode | None:
    """Return a notebook to use instead of the file; None if the file can be used unchanged."""
    try:
        if path.is_symlink() or path.stat().st_size > MAX_FILE_BYTES:
            return new_notebook()  # type: ignore[no-any-return]  # nbformat has no types here
        data = path.read_bytes()
        submission = read_submission(data, path.name)
    except (SubmissionError, OSError):
        return new_notebook()  # type: ignore[no-any-return]  # nbformat has no types here
    try:
        notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
        nbformat.validate(notebook)
    except Exception:  # nbformat raises many kinds
        return _rebuilt(submission)
    return notebook if data.startswith(b"\xef\xbb\xbf") or _odd(notebook) else None


def _odd(notebook: NotebookNode) -> bool:
    """Return whether nbgrader would fail on metadata that nbformat accepts."""
    return any(not isinstance(cell.metadata.get("nbgrader", {}), dict) for cell in notebook.cells)


def _rebuilt(submission: Submission) -> NotebookNode:
    cells = [new_code_cell(text) for text in submission.cells]
    for name, text in submission.answers.items():
        cells.append(new_markdown_cell(text, metadata={"nbgrader": {"grade_id": name}}))
    return new_notebook(cells=cells)  # type: ignore[no-any-return]  # nbformat has no types here


class RestoreCells(NbGraderPreprocessor):
    """Give every cell the metadata of the gradebook, take them from all others, and bring back what was deleted.

    Takes the place of nbgrader's DeduplicateIds, OverwriteKernelspec and OverwriteCells, with one opening of the
    gradebook. Of two cells with one id the last counts, as Python takes the last definition. A due date in course.yml
    is entered for an assignment that has none.
    """

    course_file = Unicode("", help="The course file, course.yml.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Restore one notebook."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as book:
            master = book.find_notebook(about["notebook"], about["assignment"])
            if master.kernelspec:
                nb.metadata["kernelspec"] = json.loads(master.kernelspec)
            canonical = _canonical(master)
            if master.assignment.duedate is None:
                self._enter_due_date(book, about["assignment"])
        nb = nbformat.v4.upgrade(nb, 4, nb.nbformat_minor)  # cells have ids since 4.5, and ours bring theirs
        _restore(nb, canonical)
        return nb, resources

    def _enter_due_date(self, book: Gradebook, assignment: str) -> None:
        try:
            due = load_course(Path(self.course_file)).assignment(assignment).due if self.course_file else None
        except AutograderError:
            return  # not in our course
        if due is not None:
            book.update_or_create_assignment(assignment, duedate=due.isoformat())


def _canonical(master: Any) -> dict[str, NotebookNode]:
    """Build the cells that the gradebook knows, in their order there."""
    points = {cell.name: cell.max_score for cell in master.grade_cells}
    solutions = {cell.name for cell in master.solution_cells}
    tasks = {cell.name: cell.max_score for cell in master.task_cells}
    cells = {}
    for known in master.source_cells:
        about = {
            "grade_id": known.name,
            "schema_version": 3,
            "cell_type": known.cell_type,
            "checksum": known.checksum,
            "locked": known.locked,
            "grade": known.name in points,
            "solution": known.name in solutions,
            "task": known.name in tasks,
        }
        if known.name in points or known.name in tasks:
            about["points"] = {**tasks, **points}[known.name]
        new = new_code_cell if known.cell_type == "code" else new_markdown_cell
        cells[known.name] = new(known.source, metadata={"nbgrader": about, "deletable": False})  # type: ignore[no-untyped-call]  # one of two of nbformat's
    return cells


def _restore(nb: NotebookNode, canonical: dict[str, NotebookNode]) -> None:
    last = {_grade_id(cell): place for place, cell in enumerate(nb.cells)}
    restored, met = [], set()
    for place, cell in enumerate(nb.cells):
        name = _grade_id(cell)
        cell.metadata.pop("nbgrader", None)
        if name in canonical and last[name] == place:
            restored.append(_as_known(cell, canonical[name]))
            met.add(name)
        else:
            restored.append(cell)
    names = list(canonical)
    for index, name in enumerate(names):
        if name not in met:
            before = {_grade_id(cell): place for place, cell in enumerate(restored)}
            place = before.get(names[index - 1], -1) if index else -1
            restored.insert(place + 1, canonical[name])
    nb.cells = restored


def _grade_id(cell: NotebookNode) -> str:
    """Return the grade id of a cell: from nbgrader's metadata, from ours in a plain release, or from the cell's id."""
    name = _text(cell.metadata.get("nbgrader"), "grade_id")
    if name:
        return name
    ours = cell.metadata.get("autograder")
    number = str(cell.get("id", ""))
    return _text(ours, "question") or _text(ours, "answer") or _NAMED_BY_ID.sub(r"\1", number)


def _text(mapping: object, key: str) -> str:
    value = mapping.get(key) if isinstance(mapping, dict) else None
    return value if isinstance(value, str) else ""


def _as_known(cell: NotebookNode, known: NotebookNode) -> NotebookNode:
    """Return the cell as the gradebook has it; cells that students write in keep the student's text."""
    if not known.metadata["nbgrader"]["locked"]:
        known.source = cell.source
    if cell.get("id"):
        known["id"] = cell["id"]
    return known
