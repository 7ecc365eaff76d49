"""What the hidden grader of one assignment works with: reference, misconceptions, recorded results, seeds."""

from __future__ import annotations

import hmac
from functools import cached_property
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from autograder.baseline.archive import FILE, Baseline, read
from autograder.errors import GraderError
from autograder.grading.loading import load, reference_path
from autograder.grading.student import LocalStudent
from autograder.grading.variants import Variant, misconceptions

__all__ = ["Bench", "twin"]


class Bench:
    """The folder of one assignment; everything in it is loaded at first use and then kept.

    `baseline` is the file of TensorFlow's results, if not the one in the folder.
    """

    def __init__(self, folder: Path, secret: bytes, baseline: Path | None = None) -> None:
        self.folder = folder
        self.name = folder.name
        self._secret = secret
        self._baseline = baseline or folder / FILE

    @cached_property
    def reference(self) -> ModuleType:
        """The solution as a module; raises GraderError if it cannot be imported."""
        return load(reference_path(self.folder))

    @cached_property
    def misconceptions(self) -> tuple[Variant, ...]:
        """The known wrong answers in file order; raises GraderError if one of them is not fit to be shown."""
        found = misconceptions(self.folder)
        for variant in found:
            if not callable(getattr(self.reference, variant.target, None)):
                raise GraderError(
                    f"{variant.path}: {variant.name} is a misconception of {variant.target!r}, "
                    f"which {reference_path(self.folder).name} does not define"
                )
        return found

    @cached_property
    def figures(self) -> ModuleType | None:
        """What says which figures are drawn of a submission, if anything; raises GraderError if it is broken."""
        path = self.folder / "figures.py"
        return load(path) if path.is_file() else None

    @cached_property
    def baseline(self) -> Baseline:
        """The results of TensorFlow; raises BaselineError if none are recorded."""
        return read(self._baseline)

    def reference_process(self) -> LocalStudent:
        """Return the reference as a submission that runs in this process."""
        return LocalStudent(vars(self.reference))

    def variant_process(self, variant: Variant) -> LocalStudent:
        """Return the reference with one function replaced, also where its other functions call that one."""
        namespace = twin(self.reference)
        namespace[variant.target] = variant.function
        return LocalStudent(namespace)

    def seed(self, test_id: str) -> int:
        """Return the seed of a test: the same for every student, and not to be guessed without the course's secret."""
        return int.from_bytes(hmac.digest(self._secret, test_id.encode(), "sha256")[:16], "big")


def twin(module: ModuleType) -> dict[str, Any]:
    """Copy the namespace of a module; its functions look each other up in the copy, so that one can be replaced."""
    namespace = dict(vars(module))
    for name, value in vars(module).items():
        if isinstance(value, FunctionType) and value.__globals__ is vars(module):
            namespace[name] = _with_globals(value, namespace)
    return namespace


def _with_globals(function: FunctionType, namespace: dict[str, Any]) -> FunctionType:
    copy = FunctionType(function.__code__, namespace, function.__name__, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy
