"""What runs in Gradescope's container for each submission: `python -m autograder.hosts.gradescope /autograder`."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

import msgspec

from autograder.course import load
from autograder.hosts.gradescope.history import History, read_history
from autograder.hosts.gradescope.results import MARK, encoded, not_graded, results
from autograder.hosts.single import grade_folder
from autograder.replacing import replace_file

__all__ = ["Settings", "main"]


class Settings(msgspec.Struct, frozen=True):
    """What the archive says of itself, in settings.json."""

    assignment: str
    level: str = "best"


def main(root: Path) -> int:
    """Grade what is in root/submission and write root/results/results.json, whatever happens; give the exit code."""
    target = root / "results" / "results.json"
    history = History()
    try:
        _write(target, not_graded("the grader was ended before it could write a result"))
        history = read_history(root / "submission_metadata.json", MARK)
        found = _graded(root, history)
    except Exception:  # whatever it is, the student must get a file that says so
        traceback.print_exc()
        found = not_graded(traceback.format_exc())
    _write(target, found)
    return 0


def _graded(root: Path, history: History) -> dict[str, Any]:
    source = root / "source"
    settings = msgspec.json.decode((source / "settings.json").read_bytes(), type=Settings)
    course = load(source / "course" / "course.yml")
    report = grade_folder(course, settings.assignment, root / "submission", settings.level)
    print(f"{report.status}, {report.score} points, {report.seconds:.3f} s, isolation {report.isolation}")  # noqa: T201 - for instructors
    return results(course, course.assignment(settings.assignment), report, history)


def _write(target: Path, found: dict[str, Any]) -> None:
    """Replace the file as a whole: whoever reads it meets valid JSON at every moment."""
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_file(target, encoded(found))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
