"""What an nbgrader course directory needs to know: the lines of its nbgrader_config.py, and what they set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["MARK", "config_lines", "configure"]

MARK = "autograder.hosts.nbgrader.config"

_TEXT = {"en": "Write your answer here.", "es": "Escribe tu respuesta aquí."}
_OURS = "autograder.hosts.nbgrader"


def config_lines(course_file: str, course_id: str, lang: str) -> str:
    """Return the lines for nbgrader_config.py; `course_file` may be relative to the course directory."""
    return (
        "# Grade in autograder's sandbox; what you set below this block counts more.\n"
        "from pathlib import Path\n\n"
        f"from {MARK} import configure\n\n"
        "c = get_config()\n"
        f"c.CourseDirectory.course_id = {course_id!r}\n"
        f"configure(c, Path(__file__).parent, {course_file!r}, {lang!r})\n"
    )


def configure(c: Any, root: Path, course_file: str, lang: str) -> None:
    """Set nbgrader's steps; `root` is the course directory, `lang` the language that its notebooks are in."""
    course = str((root / course_file).resolve())
    c.CourseDirectory.root = str(root.resolve())
    for step in ("RestoreCells", "GradeInSandbox", "CourseLatePolicy"):
        c[step].course_file = course
    c.Autograde.exporter_class = f"{_OURS}.restore.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        f"{_OURS}.restore.RestoreCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        f"{_OURS}.steps.GradeInSandbox",
        "nbgrader.preprocessors.SaveAutoGrades",
        f"{_OURS}.steps.Explain",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.AssignLatePenalties.plugin_class = f"{_OURS}.steps.CourseLatePolicy"
    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "nbgrader.preprocessors.ClearHiddenTests",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    c.ClearSolutions.text_stub = _TEXT.get(lang, _TEXT["en"])
    c.ExportApp.plugin_class = f"{_OURS}.export.GuardedCsv"
