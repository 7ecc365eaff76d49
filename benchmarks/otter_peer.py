"""A real otter assignment from the same criteria, graded by `otter run`, one command per submission."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.release.cells import BEGIN, END, CellKind, Source
from benchmarks.classroom import Pupil
from benchmarks.kit import Check, Kit
from benchmarks.measure import Run, run

__all__ = ["build_assignment", "grade", "hand_in", "scores"]

OTTER = (sys.executable, "-m", "otter")
KIT_FILE = "hidden_criteria.py"
CONFIG = f"""# ASSIGNMENT CONFIG
init_cell: true
export_cell: false
requirements: null
autograder_files:
  - {KIT_FILE}
tests:
  ok_format: false
generate:
  show_hidden: true
"""


def build_assignment(folder: Path, source: Source, kit: Kit) -> None:
    """Write the master notebook and let `otter assign` make the students' notebook and the autograder's zip file.

    `otter assign` also runs the criteria on the reference solution, and fails where that fails.
    """
    folder.mkdir(parents=True)
    (folder / KIT_FILE).write_text(kit.text, encoding="utf-8")
    nbformat.write(_master(source, kit), folder / "master.ipynb")
    made = run([*OTTER, "assign", "master.ipynb", "dist", "--no-pdfs"], folder)
    if made.exit_code:
        raise RuntimeError(f"otter assign failed:\n{made.text()}")


def hand_in(folder: Path, class_: Sequence[Pupil]) -> None:
    """Fill in the students' notebook once per pupil."""
    for pupil in class_:
        book = nbformat.read(folder / "dist/student/master.ipynb", as_version=4)
        for cell in book.cells:
            name = next((name for name in pupil.cells if f"def {name}(" in cell.source), "")
            if cell.cell_type == "code" and name:
                cell.source = pupil.cells[name]
        target = folder / "submitted" / f"{pupil.name}.ipynb"
        target.parent.mkdir(exist_ok=True)
        nbformat.write(book, target)


def grade(folder: Path, class_: Sequence[Pupil], at_once: int) -> tuple[float, list[Run]]:
    """Run `otter run` for each pupil, `at_once` commands side by side; give the seconds of all, and each command."""
    archive = next((folder / "dist/autograder").glob("*.zip"))

    def one(pupil: Pupil) -> Run:
        out = folder / f"results-{at_once}" / pupil.name
        out.mkdir(parents=True)
        return run([*OTTER, "run", "--no-logo", "-a", archive, "-o", out, f"submitted/{pupil.name}.ipynb"], folder)

    started = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        done = list(pool.map(one, class_))
    return time.perf_counter() - started, done


def scores(folder: Path, pupil: Pupil, at_once: int) -> float | None:
    """Read the points that otter gave, None where it wrote no result."""
    path = folder / f"results-{at_once}" / pupil.name / "results.json"
    if not path.is_file():
        return None
    tests = json.loads(path.read_text(encoding="utf-8"))["tests"]
    return sum(float(test.get("score", 0.0)) for test in tests)


def _master(source: Source, kit: Kit) -> Any:
    cells: list[Any] = [_raw(CONFIG)]
    for cell in source.in_language("en"):
        if cell.kind is CellKind.QUESTION:
            cells += _question(cell.name, cell.text, [c for c in kit.automatic() if c.question == cell.name])
        elif cell.kind.is_code:
            cells.append(new_code_cell(cell.text))
        else:
            cells.append(new_markdown_cell(cell.text or "Your answer"))
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return new_notebook(cells=cells, metadata=metadata)


def _question(name: str, text: str, checks: Sequence[Check]) -> list[Any]:
    text = text.replace(BEGIN, "# BEGIN SOLUTION").replace(END, "# END SOLUTION")
    tests = [new_code_cell(_test(check)) for check in checks]
    return [
        _raw(f"# BEGIN QUESTION\nname: {name}\npoints:\n" + "".join(f"  - {check.points}\n" for check in checks)),
        _raw("# BEGIN SOLUTION"),
        new_code_cell(text),
        _raw("# END SOLUTION"),
        _raw("# BEGIN TESTS"),
        *tests,
        _raw("# END TESTS"),
        _raw("# END QUESTION"),
    ]


def _test(check: Check) -> str:
    return (
        f'""" # BEGIN TEST CONFIG\npoints: {check.points}\nhidden: true\n""" # END TEST CONFIG\n'
        f"def {check.name}(env):\n    import {KIT_FILE.removesuffix('.py')} as kit\n    kit.judge('{check.name}', env)"
    )


def _raw(text: str) -> Any:
    return new_raw_cell(text)
