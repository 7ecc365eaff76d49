"""Read untrusted submitted files into cells and answers: bounded, and repaired where that is harmless.

Names are loaded at first use: processes that only pass jobs on do not load what reads them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.submission.model import Job, Remark, Submission
    from autograder.submission.reading import read_submission

__all__ = ["Job", "Remark", "Submission", "read_submission"]

_HOME = {"Job": "model", "Remark": "model", "Submission": "model", "read_submission": "reading"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
