"""The class that every engine grades: right answers in several styles, misconceptions, and a few who did nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import msgspec

from autograder.grading.variants import Variant, equivalents, misconceptions
from autograder.release.cells import CellKind, Source, starter_text
from autograder.release.notebook import serialise, student_notebook, variant_notebook

__all__ = ["Pupil", "notebook", "pupils", "write_class"]

RIGHT, WRONG = 13, 6  # of 20; the last has the untouched starter


class Pupil(msgspec.Struct, frozen=True):
    """One submission: the text of each question's cell, and what it is."""

    name: str
    what: str
    cells: dict[str, str]
    explanation: str


def pupils(folder: Path, source: Source, size: int) -> tuple[Pupil, ...]:
    """Make a class of `size`, the same one every time; every submission differs at least in its written answer."""
    right = _right(folder)
    wrong = [
        (f"misconception: {variant.name}", {variant.target: variant.source()}) for variant in misconceptions(folder)
    ]
    kinds = [*islice(cycle(right), RIGHT * size // 20), *islice(cycle(wrong), WRONG * size // 20)]
    kinds += [("untouched", {})] * (size - len(kinds))
    random.Random(size).shuffle(kinds)  # noqa: S311 - a seating plan
    return tuple(_pupil(f"s{i:04}", what, source, answers) for i, (what, answers) in enumerate(kinds, 1))


def notebook(pupil: Pupil, source: Source) -> str:
    """Return the pupil's submission as a student of this project hands it in."""
    made = student_notebook(source, "en")
    for cell in made.cells:
        about = cell.metadata.get("autograder", {})
        cell.source = pupil.cells.get(about.get("question", ""), cell.source)
        if "answer" in about:
            cell.source = pupil.explanation
    return serialise(made)


def write_class(class_: Sequence[Pupil], source: Source, submitted: Path) -> None:
    """Write the class as nbgrader collects it: <student>/<assignment>/<assignment>.ipynb."""
    for pupil in class_:
        folder = submitted / pupil.name / source.assignment
        folder.mkdir(parents=True)
        (folder / f"{source.assignment}.ipynb").write_text(notebook(pupil, source), encoding="utf-8")


def _right(folder: Path) -> list[tuple[str, dict[str, str]]]:
    by_target: dict[str, list[Variant]] = {}
    for variant in equivalents(folder):
        by_target.setdefault(variant.target, []).append(variant)
    longest = max(map(len, by_target.values()), default=0)
    together = [[variants[i % len(variants)] for variants in by_target.values()] for i in range(longest)]
    return [("the solution", {})] + [
        ("right: " + " + ".join(variant.name for variant in group), {v.target: v.source() for v in group})
        for group in together
    ]


def _pupil(name: str, what: str, source: Source, answers: dict[str, str]) -> Pupil:
    if what == "untouched":
        cells = {
            cell.name: starter_text(cell.text, cell.name) for cell in source.cells if cell.kind is CellKind.QUESTION
        }
    else:
        made = variant_notebook(source, "en", answers).cells
        tagged = ((cell, cell.metadata.get("autograder", {})) for cell in made)
        cells = {about["question"]: cell.source for cell, about in tagged if "question" in about}
    return Pupil(name, what, cells, f"The common factor cancels. ({name})")
