"""What an assignment can be released to: the registry of targets, and the first of them, students' notebooks."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from autograder.course import Course
from autograder.errors import OutputError, ReleaseError
from autograder.release.notebook import serialise, student_notebook
from autograder.release.source import read_source, source_path

__all__ = ["TARGETS", "ReleaseTarget", "notebook_names", "render_notebooks", "write_notebooks"]


class ReleaseTarget(msgspec.Struct, frozen=True, kw_only=True):
    """One form in which assignments are released.

    name      what users call it, as in `autograder release --to NAME`
    function  what writes one assignment, as `module:function`: it is imported when it is used. It is called with the
              course, the assignment's name, where to write, and those options that it takes, as keywords; it returns
              the paths of what it wrote
    takes     the options that it takes: of `lang`, `level` and `wheels`
    several   whether several assignments can be written to one place
    """

    name: str
    function: str
    takes: frozenset[str]
    several: bool = True

    def unused(self, options: Mapping[str, Any]) -> list[str]:
        """Return the names of the options that were given and that this target does not take, sorted."""
        return sorted(name for name, value in options.items() if value and name not in self.takes)

    def write(self, course: Course, name: str, out: Path, options: Mapping[str, Any]) -> tuple[Path, ...]:
        """Write one assignment with the options that the target takes; raises what its function raises."""
        module, _, function = self.function.partition(":")
        taken = {option: options[option] for option in sorted(self.takes) if options.get(option)}
        paths: tuple[Path, ...] = getattr(importlib.import_module(module), function)(course, name, out, **taken)
        return paths


TARGETS = {
    target.name: target
    for target in (
        ReleaseTarget(
            name="notebook", function="autograder.release.targets:write_notebooks", takes=frozenset({"lang"})
        ),
        ReleaseTarget(
            name="nbgrader", function="autograder.hosts.nbgrader.release:write_source", takes=frozenset({"lang"})
        ),
        ReleaseTarget(
            name="otter", function="autograder.hosts.otter.release:write_master", takes=frozenset({"lang", "level"})
        ),
        ReleaseTarget(
            name="gradescope",
            function="autograder.hosts.gradescope.release:write_archive",
            takes=frozenset({"level", "wheels"}),
            several=False,
        ),
    )
}
"""Every target by its name."""


def notebook_names(name: str, languages: tuple[str, ...]) -> dict[str, str]:
    """Return each language's file name: the course's first has no suffix (softmax.ipynb, softmax.es.ipynb)."""
    first, *others = languages
    return {first: f"{name}.ipynb"} | {lang: f"{name}.{lang}.ipynb" for lang in others}


def render_notebooks(course: Course, name: str) -> dict[str, str]:
    """Return each student notebook's text by its file name; raises CourseError or ReleaseError."""
    languages = tuple(course.languages)
    source = read_source(source_path(course.assignment(name).folder), languages)
    names = notebook_names(name, languages)
    return {filename: serialise(student_notebook(source, lang)) for lang, filename in names.items()}


def write_notebooks(course: Course, name: str, outdir: Path, *, lang: str = "") -> tuple[Path, ...]:
    """Write an assignment's student notebooks, one per language, to outdir/<name>/; return their paths.

    lang: write this language's only; ReleaseError where the course has no such language.

    Raises CourseError on an unknown assignment, ReleaseError on a source that cannot be released, OutputError where
    the folder cannot be written. A source that cannot be released leaves the files as they were.
    """
    notebooks = render_notebooks(course, name)
    if lang:
        names = notebook_names(name, tuple(course.languages))
        if lang not in names:
            raise ReleaseError(f"the course has no language {lang!r}. Choose from {', '.join(names)}.")
        notebooks = {names[lang]: notebooks[names[lang]]}
    folder = outdir / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for filename, text in notebooks.items():
            (folder / filename).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}). Choose another folder with -o.") from error
    return tuple(folder / filename for filename in notebooks)
