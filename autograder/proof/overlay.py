"""Where answers of ours run: in this process, laid over the reference solution."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import ModuleType

import numpy as np

from autograder.grading.bench import twin
from autograder.grading.loading import load, reference_path
from autograder.grading.student import LocalStudent

__all__ = ["Overlay"]


class Overlay:
    """A runner for answers to one assignment: their code replaces functions of the reference."""

    level = "in process"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _reference(self) -> ModuleType:
        return load(reference_path(self._folder))

    @contextmanager
    def run(self, cells: Sequence[str]) -> Iterator[LocalStudent]:
        """Run the code in a copy of the reference's namespace; its other functions call what the code defines."""
        namespace = twin(self._reference)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for cell in cells:
                exec(cell, namespace)  # noqa: S102 - the course's own code
        yield LocalStudent(namespace)
