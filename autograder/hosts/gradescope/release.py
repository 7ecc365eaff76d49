"""The zip file that is uploaded to Gradescope as the autograder of one assignment."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import msgspec

from autograder.course import Course
from autograder.errors import OutputError, ReleaseError
from autograder.grading.session import collect_criteria
from autograder.hosts import packaging
from autograder.hosts.gradescope.results import encode_results, ungraded_results
from autograder.hosts.packaging import check_visibility

__all__ = ["write_archive"]

_SCRIPTS = ("setup.sh", "run_autograder")


def write_archive(
    course: Course, name: str, out: Path, *, level: str = "best", wheels: Path | None = None
) -> tuple[Path, ...]:
    """Write the archive to `out`, a zip file, and return its path. The same course gives the same bytes.

    `level` is the isolation level asked for in the container, `wheels` a folder of wheels that travel with it, so that
    the image is built without an index.

    It grades notebooks in every language of the course: each says which one it is in. Raises CourseError,
    ReleaseError, GraderError (a broken grader), or OutputError where `out` cannot be written.
    """
    if out.suffix != ".zip":
        raise ReleaseError(f"{out}: Gradescope wants a zip file. Name one, as in `-o {name}.zip`.")
    assignment = course.assignment(name)
    check_visibility(course, assignment, collect_criteria(course, assignment))
    wheel, packed = packaging.build_wheel()
    content = {script: files(__package__).joinpath("container", script).read_bytes() for script in _SCRIPTS}
    content |= {
        "settings.json": msgspec.json.encode({"assignment": name, "level": level}),
        "fallback.json": encode_results(ungraded_results("the grader did not start: see the log of setup.sh")),
        "constraints.txt": packaging.pinned_requirements().encode(),
        wheel: packed,
    }
    content |= {f"course/{path}": data for path, data in packaging.course_files(course, assignment).items()}
    content |= {f"wheels/{path.name}": path.read_bytes() for path in _wheels(wheels)}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(packaging.zip_files(content, _SCRIPTS))
        out.chmod(0o600)  # it holds the solutions and the secret
    except OSError as error:
        raise OutputError(f"{out}: cannot be written ({error.strerror}). Choose another file with -o.") from error
    return (out,)


def _wheels(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    found = sorted(folder.glob("*.whl"))
    if not found:
        raise ReleaseError(
            f"{folder}: no wheels in this folder. Fill it with `pip download -d {folder}`, see the guide."
        )
    return found
