"""Read course.yml into typed records; every error names the place and the remedy.

Names are loaded at first use: a process that receives a course does not load what reads YAML.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.course.loading import builtin_course, load_course
    from autograder.course.model import Assignment, Course, LatePolicy, PenaltyBase

__all__ = ["Assignment", "Course", "LatePolicy", "PenaltyBase", "builtin_course", "load_course"]

_HOMES = {"loading": ("builtin_course", "load_course"), "model": ("Assignment", "Course", "LatePolicy", "PenaltyBase")}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
