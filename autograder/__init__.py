"""Grade neural-network notebooks: fast, in a sandbox, and with the reason beside every score.

The public API; names are loaded at first use, so that commands do not wait for what they do not need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.batch.run import GradeOptions, RunResult, grade
    from autograder.batch.single import grade_one
    from autograder.course.loading import load_course
    from autograder.report import Report

__all__ = ["GradeOptions", "Report", "RunResult", "__version__", "grade", "grade_one", "load_course"]

__version__ = "0.1.0"

_MODULES = {
    "GradeOptions": "batch.run",
    "Report": "report",
    "RunResult": "batch.run",
    "grade": "batch.run",
    "grade_one": "batch.single",
    "load_course": "course.loading",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
