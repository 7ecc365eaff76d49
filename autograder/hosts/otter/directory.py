"""Write what `otter assign` turns into a student notebook and autograder.zip."""

from __future__ import annotations

from pathlib import Path

from autograder.course import Course
from autograder.errors import OutputError
from autograder.grading.criteria import criteria
from autograder.hosts import travel
from autograder.hosts.otter.bundle import BUNDLE
from autograder.hosts.otter.master import PLUGIN, master_notebook
from autograder.hosts.visibility import check_visibility
from autograder.release.notebook import serialise
from autograder.release.source import read, source_path

__all__ = ["write"]

_FILES = "/autograder/source/files"  # where otter puts an assignment's own files in its container


def write(course: Course, name: str, outdir: Path, *, lang: str = "", level: str = "best") -> tuple[Path, ...]:
    """Write outdir/<name>/<name>.ipynb, the master, and beside it what grading needs; give the paths.

    That is the course cut down to this assignment, secret included, and this package as a wheel. `level` is the
    isolation level asked for. Raises CourseError, ReleaseError, GraderError, or OutputError where the folder cannot
    be written.
    """
    assignment, lang = course.assignment(name), lang or course.languages[0]
    wheel, packed = travel.wheel()
    settings = {
        "requirements": [f"nn-autograder @ file://{_FILES}/{wheel}"],
        "autograder_files": [BUNDLE, wheel],
        "plugins": [{PLUGIN: {"assignment": name, "level": level}}],
    }
    source = read(source_path(assignment.folder), tuple(course.languages))
    wanted = criteria(course, assignment)
    check_visibility(course, assignment, wanted)
    notebook = master_notebook(source, wanted, lang, settings, course.seen(assignment))
    content = {
        f"{name}.ipynb": serialise(notebook).encode(),
        BUNDLE: travel.zipped(travel.course_files(course, assignment)),
        wheel: packed,
    }
    folder = outdir / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for filename, data in content.items():
            (folder / filename).write_bytes(data)
        (folder / BUNDLE).chmod(0o600)  # it holds the solutions and the secret
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}). Choose another folder with -o.") from error
    return tuple(folder / filename for filename in content)
