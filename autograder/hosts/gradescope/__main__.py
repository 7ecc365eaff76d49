"""What runs in Gradescope's container for each submission: `python -m autograder.hosts.gradescope /autograder`."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

import msgspec

from autograder.atomic import replace_file
from autograder.batch.single import grade_one
from autograder.course import load_course
from autograder.hosts.gradescope.results import (
    MARK,
    SubmissionHistory,
    encode_results,
    read_history,
    results_json,
    ungraded_results,
)

__all__ = ["ArchiveSettings", "main"]


class ArchiveSettings(msgspec.Struct, frozen=True):
    """What the archive says of itself, in settings.json."""

    assignment: str
    level: str = "best"


def main(root: Path) -> int:
    """Grade what is in root/submission and write root/results/results.json, whatever happens; give the exit code."""
    target = root / "results" / "results.json"
    history = SubmissionHistory()
    try:
        _write(target, ungraded_results("the grader was ended before it could write a result"))
        history = read_history(root / "submission_metadata.json", MARK)
        found = _graded(root, history)
    except Exception:  # whatever it is, the student must get a file that says so
        traceback.print_exc()
        found = ungraded_results(traceback.format_exc())
    _write(target, found)
    return 0


def _graded(root: Path, history: SubmissionHistory) -> dict[str, Any]:
    source = root / "source"
    settings = msgspec.json.decode((source / "settings.json").read_bytes(), type=ArchiveSettings)
    course = load_course(source / "course" / "course.yml")
    report = grade_one(root / "submission", settings.assignment, course=course, level=settings.level)
    print(f"{report.status}, {report.score} points, {report.seconds:.3f} s, isolation {report.isolation}")  # noqa: T201 - for instructors
    return results_json(course, course.assignment(settings.assignment), report, history)


def _write(target: Path, found: dict[str, Any]) -> None:
    """Replace the file as a whole: whoever reads it meets valid JSON at every moment."""
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_file(target, encode_results(found))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
