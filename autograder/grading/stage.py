"""Who stands behind the fixtures in one run of pytest: a submission, the reference, or a misconception."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from autograder.grading.bench import Bench
from autograder.grading.student import Process, Student
from autograder.sandbox import Limits, Sandbox

__all__ = ["Stage", "plain_stage"]

_NO_COURSE = b"outside a course, hidden inputs are no secret"


class Stage:
    """What the fixtures ask; `process_of` says who plays the student in a plain run of pytest.

    `baselines` names the file of TensorFlow's results for folders whose own record is not to be used.
    """

    def __init__(
        self,
        secret: bytes,
        process_of: Callable[[Bench], Process] = Bench.reference_process,
        baselines: Mapping[Path, Path] | None = None,
    ) -> None:
        self._secret = secret
        self._baselines = baselines or {}
        self._process_of = process_of
        self._benches: dict[Path, Bench] = {}
        self._seeds: dict[str, int] = {}
        self.playing: Student | None = None

    def bench(self, folder: Path) -> Bench:
        """Return the bench of an assignment folder, the same one each time."""
        bench = self._benches.get(folder)
        if bench is None:
            bench = self._benches[folder] = Bench(folder, self._secret, self._baselines.get(folder))
        return bench

    def student(self, folder: Path) -> Student:
        """Return who plays the student now, else what a plain run grades."""
        return self.playing or Student(self._process_of(self.bench(folder)))

    def seed(self, folder: Path, test: str) -> int:
        """Return the seed of one test of an assignment."""
        key = f"{folder.name}/{test}"
        seed = self._seeds.get(key)
        if seed is None:
            seed = self._seeds[key] = self.bench(folder).seed(key)
        return seed


def plain_stage(
    where: Path, submission: Path | None, level: str, closing: ExitStack, baselines: Mapping[Path, Path]
) -> Stage:
    """Set the stage for `pytest solutions/NAME`: the reference plays the student, or a submission in the sandbox.

    The course is the course.yml in `where` or above; what is opened here is closed by `closing`. `baselines` as Stage
    takes them.
    """
    course_file = next((path for folder in (where, *where.parents) if (path := folder / "course.yml").is_file()), None)
    if course_file is None:
        secret, limits = _NO_COURSE, None
    else:
        from autograder.course import load  # noqa: PLC0415 - a grader outside a course needs no YAML

        course = load(course_file)
        secret, limits = course.secret, course.sandbox
    if submission is None:
        return Stage(secret, baselines=baselines)
    process = _submitted(submission, limits, level, closing)
    return Stage(secret, lambda _: process, baselines)


def _submitted(path: Path, limits: Limits | None, level: str, closing: ExitStack) -> Process:
    from autograder.submission import read  # noqa: PLC0415 - the reference is graded without reading notebooks

    submission = read(path.read_bytes(), path.name)
    sandbox = closing.enter_context(Sandbox(limits or Limits(), level))
    return closing.enter_context(sandbox.run(submission.cells))
