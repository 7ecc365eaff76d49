"""Check the files of an assignment: released notebooks, languages, recorded baselines, and no stray files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from autograder.baseline.archive import FILE as BASELINE
from autograder.baseline.archive import read_baseline
from autograder.baseline.cases import SOURCE as CASES
from autograder.baseline.recording import is_stale
from autograder.course import Assignment, Course
from autograder.course.files import solution_path
from autograder.errors import BaselineError
from autograder.proof.model import Problem, ProofLine, Verdict, proof_line
from autograder.proof.mutants import FILE as SURVIVORS
from autograder.release.targets import render_notebooks

__all__ = ["prove_files", "prove_listing"]

_MADE_BY_PYTHON = frozenset({"__pycache__"})


def prove_files(course: Course, assignment: Assignment) -> Iterator[ProofLine]:
    """Prove what is on disk of one assignment; raises ReleaseError if its source cannot be released."""
    notebooks = render_notebooks(course, assignment.name)
    released = course.root / "assignments" / assignment.name
    languages = " and ".join(course.languages)
    yield proof_line("languages", f"{languages} hold the same code cells", _languages(assignment, notebooks))
    yield proof_line("released", f"{', '.join(notebooks)} are current", _released(assignment, released, notebooks))
    if (assignment.folder / CASES).is_file():
        yield proof_line("baseline", f"{BASELINE} holds what {CASES} asks TensorFlow", _baseline(assignment))
    strays = [*_strays(assignment.folder, _belonging(assignment)), *_strays(released, set(notebooks))]
    yield proof_line("files", "no stray files", (_stray(course, assignment, path) for path in strays))


def prove_listing(course: Course) -> ProofLine:
    """Warn of folders that hold an assignment and are not listed in the course."""
    listed = {assignment.folder.resolve() for assignment in course.assignments}
    homes = sorted({assignment.folder.parent for assignment in course.assignments})
    folders = [folder for home in homes for folder in sorted(home.iterdir()) if folder.is_dir()]
    missing = [f for f in folders if f.resolve() not in listed and solution_path(f).is_file()]
    problems = [
        Problem(
            f"{folder.relative_to(course.root)} is not listed in {course.path.name}",
            f"add `- name: {folder.name}` to its assignments, then run `autograder check {folder.name}`",
        )
        for folder in missing
    ]
    detail = (
        f"{course.path.name} lists {len(listed)} of {len(folders)} folders in {homes[0].name}/" if homes else "empty"
    )
    return proof_line("listing", detail, problems, otherwise=Verdict.WARNING)


def _languages(assignment: Assignment, notebooks: dict[str, str]) -> Iterator[Problem]:
    cells = {name: _code(text) for name, text in notebooks.items()}
    first, *others = cells
    for other in others:
        if cells[other] != cells[first]:
            yield Problem(
                f"the code cells of {other} are not those of {first}",
                "take lang out of the headers of code cells in "
                f"solutions/{assignment.name}/{solution_path(assignment.folder).name}, then run {_release(assignment)}",
            )


def _code(text: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]


def _released(assignment: Assignment, folder: Path, notebooks: dict[str, str]) -> Iterator[Problem]:
    for name, text in notebooks.items():
        path = folder / name
        shown = f"assignments/{assignment.name}/{name}"
        if not path.is_file():
            yield Problem(f"{shown} does not exist", f"run {_release(assignment)}")
        elif path.read_text(encoding="utf-8") != text:
            yield Problem(f"{shown} is not what the source now gives", f"run {_release(assignment)}")


def _release(assignment: Assignment) -> str:
    return f"`autograder release {assignment.name} --to notebook`"


def _baseline(assignment: Assignment) -> Iterator[Problem]:
    remedy = f"run `autograder baseline record {assignment.name}`"
    try:
        recorded = read_baseline(assignment.folder / BASELINE)
    except BaselineError as error:
        yield Problem(str(error), remedy)
        return
    if is_stale(assignment.folder, recorded):
        yield Problem(f"solutions/{assignment.name}/{CASES} has changed since {BASELINE} was recorded", remedy)


def _belonging(assignment: Assignment) -> set[str]:
    solution = solution_path(assignment.folder).name
    python = {solution, f"test_{solution}", "misconceptions.py", "equivalents.py", "figures.py"}
    recorded = {CASES, BASELINE} if (assignment.folder / CASES).is_file() else set()
    return python | recorded | {SURVIVORS}


def _strays(folder: Path, belonging: set[str]) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.name not in belonging | _MADE_BY_PYTHON)


def _stray(course: Course, assignment: Assignment, path: Path) -> Problem:
    return Problem(
        f"{path.relative_to(course.root)} does not belong there",
        f"move it out or delete it, then run `autograder check {assignment.name} --quick`",
    )
