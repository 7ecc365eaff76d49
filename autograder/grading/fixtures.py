"""What fixtures of hidden tests return: reference, misconceptions, baseline, seeds, and the student."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from autograder.baseline.archive import FILE, Baseline, read_baseline
from autograder.course.files import solution_path
from autograder.errors import GraderError
from autograder.grading.loading import load_module
from autograder.grading.proxy import LocalCode, Student, StudentCode
from autograder.grading.variants import Variant, misconceptions
from autograder.sandbox import Limits, Sandbox

__all__ = ["AssignmentResources", "FixtureSource", "copy_namespace", "plain_fixtures"]


class AssignmentResources:
    """The folder of one assignment; everything in it is loaded at first use and kept.

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
        return load_module(solution_path(self.folder))

    @cached_property
    def misconceptions(self) -> tuple[Variant, ...]:
        """The known wrong answers in file order; raises GraderError if one of them is broken."""
        found = misconceptions(self.folder)
        for variant in found:
            if not callable(getattr(self.reference, variant.target, None)):
                raise GraderError(
                    f"{variant.path}: {variant.name} is a misconception of {variant.target!r}, "
                    f"which {solution_path(self.folder).name} does not define"
                )
        return found

    @cached_property
    def figures(self) -> ModuleType | None:
        """The module that draws figures of a submission, if there is one; raises GraderError if it is broken."""
        path = self.folder / "figures.py"
        return load_module(path) if path.is_file() else None

    @cached_property
    def baseline(self) -> Baseline:
        """The results of TensorFlow; raises BaselineError if none are recorded."""
        return read_baseline(self._baseline)

    def reference_process(self) -> LocalCode:
        """Return the reference as a submission that runs in this process."""
        return LocalCode(vars(self.reference))

    def variant_process(self, variant: Variant) -> LocalCode:
        """Return the reference with one function replaced, also where its other functions call that one."""
        namespace = copy_namespace(self.reference)
        namespace[variant.target] = variant.function
        return LocalCode(namespace)

    def seed(self, test_id: str) -> int:
        """Return the seed of a test: the same for every student, and unknown without the course's secret."""
        return int.from_bytes(hmac.digest(self._secret, test_id.encode(), "sha256")[:16], "big")


def copy_namespace(module: ModuleType) -> dict[str, Any]:
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


_NO_COURSE = b"outside a course, hidden inputs are no secret"


class FixtureSource:
    """Where fixtures get their values; in a plain run of pytest, `process_of` returns the code that is graded.

    `baselines` maps a folder to the file of TensorFlow's results to use in place of its own record.
    """

    def __init__(
        self,
        secret: bytes,
        process_of: Callable[[AssignmentResources], StudentCode] = AssignmentResources.reference_process,
        baselines: Mapping[Path, Path] | None = None,
    ) -> None:
        self._secret = secret
        self._baselines = baselines or {}
        self._process_of = process_of
        self._resources: dict[Path, AssignmentResources] = {}
        self._seeds: dict[str, int] = {}
        self.current: Student | None = None

    def resources(self, folder: Path) -> AssignmentResources:
        """Return the resources of an assignment folder, the same each time."""
        found = self._resources.get(folder)
        if found is None:
            found = self._resources[folder] = AssignmentResources(folder, self._secret, self._baselines.get(folder))
        return found

    def student(self, folder: Path) -> Student:
        """Return the student of the test that runs now; in a plain run of pytest, what it grades."""
        return self.current or Student(self._process_of(self.resources(folder)))

    def seed(self, folder: Path, test: str) -> int:
        """Return the seed of one test of an assignment."""
        key = f"{folder.name}/{test}"
        seed = self._seeds.get(key)
        if seed is None:
            seed = self._seeds[key] = self.resources(folder).seed(key)
        return seed


def plain_fixtures(
    where: Path, submission: Path | None, level: str, closing: ExitStack, baselines: Mapping[Path, Path]
) -> FixtureSource:
    """Build the fixtures of `pytest solutions/NAME`, which grades the reference, or a submission in the sandbox.

    The course is the course.yml in `where` or above; `closing` closes what is opened here. `baselines` as in
    `FixtureSource`.
    """
    course_file = next((path for folder in (where, *where.parents) if (path := folder / "course.yml").is_file()), None)
    if course_file is None:
        secret, limits = _NO_COURSE, None
    else:
        from autograder.course import load_course

        course = load_course(course_file)
        secret, limits = course.secret, course.sandbox
    if submission is None:
        return FixtureSource(secret, baselines=baselines)
    process = _submitted(submission, limits, level, closing)
    return FixtureSource(secret, lambda _: process, baselines)


def _submitted(path: Path, limits: Limits | None, level: str, closing: ExitStack) -> StudentCode:
    from autograder.submission import read_submission

    submission = read_submission(path.read_bytes(), path.name)
    sandbox = closing.enter_context(Sandbox(limits or Limits(), level))
    return closing.enter_context(sandbox.run(submission.cells))
