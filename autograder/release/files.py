"""Write the notebooks that students get."""

from __future__ import annotations

from pathlib import Path

from autograder.course import Course
from autograder.errors import OutputError, ReleaseError
from autograder.release.notebook import serialise, student_notebook
from autograder.release.source import read_source, source_path

__all__ = ["notebook_names", "render_notebooks", "write_notebooks"]


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
    """Write an assignment's student notebooks, one per language, to outdir/<name>/; give their paths.

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
