"""Write an assignment into an nbgrader course directory; what is there already stays."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.course import Course
from autograder.errors import OutputError, ReleaseError
from autograder.grading.criteria import criteria
from autograder.hosts.nbgrader.config import MARK, lines
from autograder.hosts.nbgrader.source import source_notebook
from autograder.release.notebook import serialise
from autograder.release.source import read, source_path

__all__ = ["write"]

_CONFIG = "nbgrader_config.py"


def write(course: Course, name: str, outdir: Path, *, lang: str = "") -> tuple[Path, ...]:
    """Write source/<name>/<name>.ipynb and, where the directory is not ours yet, nbgrader_config.py; give the paths.

    A configuration that is there keeps its lines and gets ours in front. A second language goes to a directory of its
    own, since nbgrader's students have one notebook.

    Raises CourseError, ReleaseError, GraderError, or OutputError where the directory cannot be written.
    """
    directory, lang = outdir, lang or course.languages[0]
    assignment = course.assignment(name)
    source = read(source_path(assignment.folder), tuple(course.languages))
    text = serialise(source_notebook(source, criteria(course, assignment), lang))
    path = directory / "source" / name / f"{name}.ipynb"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        config = _config(course, directory, lang)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        where = error.filename or directory
        raise OutputError(f"{where}: cannot be written ({error.strerror}). Choose another folder with -o.") from error
    return (path, config)


def _config(course: Course, directory: Path, lang: str) -> Path:
    path = directory / _CONFIG
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if MARK not in before:
        course_file = os.path.relpath(course.path.resolve(), directory.resolve())
        ours = lines(course_file, course.id, lang)
        path.write_text(f"{ours}\n{before}" if before else ours, encoding="utf-8", newline="\n")
    elif f", {lang!r})" not in before:
        raise ReleaseError(f"{path}: this course directory is in another language. Choose another folder with -o.")
    return path
