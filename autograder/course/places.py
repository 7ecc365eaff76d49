"""Where courses lie: the folder in work, a checkout of this repository, an installed package's share folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from autograder.errors import CourseError

__all__ = ["FILE", "SHARE", "builtin", "course_file", "user_state"]

FILE = "course.yml"
SHARE = Path(sys.prefix) / "share" / "nn-autograder"
"""Where an installed package has its course."""

_CHECKOUT = Path(__file__).resolve().parents[2]


def course_file(path: Path | None) -> Path:
    """Find a course file: `path` (or course.yml in it, if that is a folder), else course.yml here or above.

    Raises CourseError if there is none.
    """
    if path is not None:
        chosen = Path(os.path.abspath(path / FILE if path.is_dir() else path))  # noqa: PTH100 - keeps links
        if not chosen.is_file():
            raise CourseError(f"{chosen}: no such file. Give the path of the course's {FILE} with --course.")
        return chosen
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder / FILE
    raise CourseError(
        f"no {FILE} in {here} or in a folder above it. "
        "Change to the folder of your course, or name its file with --course PATH."
    )


def builtin() -> Path:
    """Find the course file that came with this package; raises CourseError if the installation lacks it."""
    for folder in (_CHECKOUT, SHARE):
        if (folder / FILE).is_file() and (folder / "solutions").is_dir():
            return folder / FILE
    raise CourseError(
        f"{SHARE / FILE}: the course that comes with nn-autograder is not installed. "
        "Install nn-autograder again, or name a course of your own with --course PATH."
    )


def user_state() -> Path:
    """Give this user's folder for what must outlast a run: the installed course's own folder may be read-only."""
    base = os.environ.get("XDG_STATE_HOME", "")
    state = Path(base) if base.startswith(os.sep) else Path.home() / ".local" / "state"
    return state / "nn-autograder"
