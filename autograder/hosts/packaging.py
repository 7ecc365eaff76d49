"""What a machine needs to grade one assignment: the course cut down to it, this package, its versions."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import autograder
from autograder.batch.hashing import folder_files
from autograder.course import Assignment, Course
from autograder.errors import ReleaseError
from autograder.grading.criterion import Criterion

__all__ = ["build_wheel", "check_visibility", "course_files", "pinned_requirements", "zip_files"]


def check_visibility(course: Course, assignment: Assignment, criteria: Sequence[Criterion]) -> None:
    """Raise ReleaseError where the assignment's own `visibility` names a question that it does not have.

    The course's may name questions of any assignment.
    """
    known = {criterion.question for criterion in criteria}
    odd = sorted(set(assignment.visibility.questions) - known) if assignment.visibility else []
    if odd:
        raise ReleaseError(
            f"{course.path}: visibility names {odd[0]!r}, and {assignment.name} has no such question. "
            f"It has: {', '.join(sorted(known))}."
        )


PROJECT = "nn-autograder"
_HIDDEN = ".autograder-secret"
_STAMP = (2020, 1, 1, 0, 0, 0)  # the same content gives the same bytes


def course_files(course: Course, assignment: Assignment) -> dict[str, bytes]:
    """Return the files of a course reduced to this assignment, by their paths in its folder.

    The secret travels as a file whatever its source is: hidden inputs have to be the same there. Raises CourseError
    where the secret cannot be read, OSError where a file cannot.
    """
    document = yaml.safe_load(course.path.read_text(encoding="utf-8-sig"))
    document["assignments"] = [each for each in document["assignments"] if each["name"] == assignment.name]
    document["secret"] = f"file:{_HIDDEN}"
    text = yaml.safe_dump(_plain(document), allow_unicode=True, sort_keys=False)
    files = {"course.yml": text.encode(), _HIDDEN: course.secret}
    files |= {f"solutions/{assignment.name}/{name}": data for name, data in folder_files(assignment.folder)}
    return files


def build_wheel() -> tuple[str, bytes]:
    """Pack this package as it is installed here; give the wheel's file name and bytes. Raises ReleaseError."""
    ours = _ours()
    info = f"{PROJECT.replace('-', '_')}-{ours.version}.dist-info"
    root = Path(autograder.__file__).parent
    files = {f"autograder/{name}": data for name, data in folder_files(root)}
    for name in ("METADATA", "entry_points.txt"):
        files[f"{info}/{name}"] = (ours.read_text(name) or "").encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: nn-autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/RECORD"] = "".join([*_recorded(files), f"{info}/RECORD,,\n"]).encode()
    return f"{info.removesuffix('.dist-info')}-py3-none-any.whl", zip_files(files)


def pinned_requirements() -> str:
    """List what this package needs at the versions installed here, one `name==version` a line, for `pip -c`."""
    found: dict[str, str] = {}
    _collect(_ours(), found)
    return "".join(f"{name}=={version}\n" for name, version in sorted(found.items()))


def zip_files(files: Mapping[str, bytes], executable: tuple[str, ...] = ()) -> bytes:
    """Zip files under their names; the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(entry, data)
    return packed.getvalue()


def _ours() -> Distribution:
    try:
        return distribution(PROJECT)
    except PackageNotFoundError:
        raise ReleaseError(f"{PROJECT} is not installed here, so it cannot travel. Install it: pip install .") from None


def _recorded(files: Mapping[str, bytes]) -> Iterator[str]:
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        yield f"{name},sha256={digest},{len(data)}\n"


def _collect(package: Distribution, found: dict[str, str]) -> None:
    for line in package.requires or ():
        need = Requirement(line)
        name = canonicalize_name(need.name)
        if name in found or (need.marker and not need.marker.evaluate({"extra": ""})):
            continue
        try:
            needed = distribution(need.name)
        except PackageNotFoundError:
            continue  # pip on the other machine finds one
        found[name] = needed.version
        _collect(needed, found)


def _plain(value: Any) -> Any:
    """Write dates as text: YAML's own form of them loses the colon that ISO 8601 wants."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value
