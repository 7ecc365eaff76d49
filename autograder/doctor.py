"""Checks of this machine and of the course: what is fine, what is not, and what to do about it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autograder.batch.cluster.connection import ClusterSpec, require_dask
from autograder.batch.local.pool import cores
from autograder.course import Course, load_course
from autograder.errors import AutograderError
from autograder.sandbox import Limits, available_levels
from autograder.sandbox.levels import LEVELS
from autograder.text import printable

if TYPE_CHECKING:
    from autograder.batch.cluster.workers import InspectedWorker

__all__ = ["Check", "CheckStatus", "examine", "examine_cluster"]

_CLUSTER_SECONDS = 60.0
PYTHON = ((3, 11), (3, 14))
OPTIONAL = {"tensorflow": "tensorflow", "nbgrader": "nbgrader", "otter-grader": "otter"}
"""Packages that only some commands need -> the extra that installs them."""


class CheckStatus(StrEnum):
    """How a check came out; only `error` keeps grading from working."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Check(msgspec.Struct, frozen=True):
    """One thing looked at; `remedy` is what to do unless the verdict is ok."""

    name: str
    verdict: CheckStatus
    detail: str
    remedy: str = ""


def examine(course_file: Path | None = None) -> tuple[Check, ...]:
    """Look at everything that grading needs; raises nothing."""
    checks = [_python(), _platform(), _cores(), _temporary()]
    limits = Limits()
    try:
        course = load_course(course_file)
    except AutograderError as error:
        remedy = "correct the course file, or name another with --course"
        checks.append(Check("course", CheckStatus.ERROR, str(error), remedy))
    else:
        checks += _course(course)
        limits = course.sandbox
    return (*checks, *_isolation(limits), *_packages())


def examine_cluster(spec: str) -> tuple[Check, ...]:
    """Look at every worker of the cluster that `spec` names as for `grade --cluster`; raises nothing of ours."""
    try:
        require_dask()
        from autograder.batch.cluster.workers import inspect_workers

        seen = inspect_workers(ClusterSpec(spec, timeout=_CLUSTER_SECONDS))
    except AutograderError as error:
        return (Check("cluster", CheckStatus.ERROR, str(error), "correct what it says, then look again"),)
    checks = [_worker(each) for each in seen]
    best = {_best(each.levels) for each in seen if not each.problem}
    if len(best) > 1:
        words = f"workers differ in what `best` takes: {', '.join(sorted(level or 'none' for level in best))}"
        checks.append(Check("cluster", CheckStatus.WARNING, words, "ask for one level that all have: --sandbox LEVEL"))
    return tuple(checks)


def _worker(seen: InspectedWorker) -> Check:
    name = f"worker {printable(seen.address)}"
    if seen.problem or seen.offer is None:
        return Check(
            name, CheckStatus.ERROR, printable(seen.problem), "see the reason; this worker gets nothing to grade"
        )
    offer, best = seen.offer, _best(seen.levels)
    words = f"nn-autograder {offer.version}, Python {offer.python}, NumPy {offer.numpy}"
    words += f", {offer.threads} at a time on {offer.cores} cores, isolation {best or 'none'}"
    if best:
        return Check(name, CheckStatus.OK, words)
    reasons = "; ".join(reason for reason in seen.levels.values() if reason)
    return Check(name, CheckStatus.ERROR, f"{words} ({printable(reasons)})", next(iter(LEVELS.values())).remedy)


def _best(levels: dict[str, str]) -> str:
    """Return the level that `best` takes where these work (empty reason); empty if none does."""
    return next((name for name, reason in levels.items() if not reason and LEVELS[name].isolates), "")


def _python() -> Check:
    version = platform.python_version()
    if PYTHON[0] <= sys.version_info[:2] < PYTHON[1]:
        return Check("python", CheckStatus.OK, f"{version} ({sys.executable})")
    return Check("python", CheckStatus.ERROR, f"{version} is not supported", "use Python 3.11, 3.12 or 3.13")


def _platform() -> Check:
    words = f"{platform.system()} {platform.release()} {platform.machine()}"
    if sys.platform == "linux":
        return Check("platform", CheckStatus.OK, words)
    remedy = "grade on Linux, or in a Linux container: students' code is isolated only there"
    return Check("platform", CheckStatus.WARNING, words, remedy)


def _cores() -> Check:
    count = cores()
    return Check("cores", CheckStatus.OK, f"{count} available; --workers defaults to this number")


def _temporary() -> Check:
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x" * 4096)
    except OSError as error:
        return Check("temporary files", CheckStatus.ERROR, str(error), "set TMPDIR to a folder that can be written to")
    return Check("temporary files", CheckStatus.OK, tempfile.gettempdir())


def _isolation(limits: Limits) -> Iterator[Check]:
    found = available_levels(limits)
    best = _best(found)
    for level in LEVELS.values():
        name, reason = f"isolation {level.name}", found[level.name]
        if reason:
            yield Check(name, CheckStatus.WARNING if best else CheckStatus.ERROR, reason, level.remedy)
        elif level.name == best:
            yield Check(name, CheckStatus.OK, "works, and is what `best` takes")
        else:
            yield Check(name, CheckStatus.OK, f"works, but {level.caution}" if level.caution else "works")


def _course(course: Course) -> Iterator[Check]:
    names = ", ".join(assignment.name for assignment in course.assignments)
    yield Check("course", CheckStatus.OK, f"{course.path}: {len(course.assignments)} assignments ({names})")
    yield _secret(course)


def _secret(course: Course) -> Check:
    try:
        length = len(course.secret)
    except AutograderError as error:
        return Check(
            "secret", CheckStatus.ERROR, str(error), "make it readable, or correct `secret:` in the course file"
        )
    kind, _, where = course.secret_source.partition(":")
    path = course.root / where
    if kind == "file" and os.name == "posix" and path.is_file() and path.stat().st_mode & 0o077:
        return Check("secret", CheckStatus.WARNING, f"{path} can be read by other users", f"chmod 600 {path}")
    return Check("secret", CheckStatus.OK, f"{course.secret_source}, {length} bytes")


def _packages() -> Iterator[Check]:
    for name in _required():
        try:
            yield Check(name, CheckStatus.OK, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Check(name, CheckStatus.ERROR, "not installed", f"pip install {name}")
    for name, extra in OPTIONAL.items():
        try:
            yield Check(name, CheckStatus.OK, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            remedy = f"pip install 'nn-autograder[{extra}]'"
            yield Check(name, CheckStatus.OK, f"not installed; only needed for its own commands: {remedy}")


def _required() -> list[str]:
    """Name the packages that every installation has, as the package's own metadata lists them."""
    try:
        lines = importlib.metadata.requires("nn-autograder") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines if "extra ==" not in line]
