"""One submission at a time, for hosts that start us anew for each: its file in a folder, its report out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from autograder.batch.discovery import SUFFIXES, read_bounded
from autograder.batch.run import GradeOptions, grade
from autograder.course import Course
from autograder.report import Report, Status

__all__ = ["STUDENT", "NoProgress", "grade_folder"]


class NoProgress:
    """Says nothing."""

    def start(self, total: int) -> None:
        """Say nothing."""

    def step(self, report: Report) -> None:
        """Say nothing."""

    def stop(self) -> None:
        """Say nothing."""


STUDENT = "submission"
"""What the student is called: the host knows the name, and a report needs one."""

MOST_FILES = 200


def grade_folder(course: Course, assignment: str, folder: Path, level: str = "best") -> Report:
    """Grade what lies in `folder`, one submission of `assignment`; which of several files counts is `find`'s rule.

    Only notebooks and scripts directly in the folder are looked at, never links. Raises AutograderError where no
    report can be made; a submission that could not be graded is a report with the status `error` or `missing`.
    """
    with tempfile.TemporaryDirectory(prefix="autograder-") as scratch:
        submitted = Path(scratch) / "submitted"
        _copy(folder, submitted / STUDENT / assignment)
        order = GradeOptions(
            submitted=submitted, out=Path(scratch) / "results", assignments=(assignment,), workers=1, level=level
        )
        outcome = grade(course, order, NoProgress())
        if outcome.interrupted:
            raise KeyboardInterrupt
        found = [report for report in outcome.reports if report.student == STUDENT]  # read before their folder goes
    missing = Report(student=STUDENT, assignment=assignment, status=Status.MISSING, reason="no notebook in the folder")
    return found[0] if found else missing


def _copy(folder: Path, target: Path) -> None:
    target.mkdir(parents=True)
    files = [path for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES and not path.name.startswith(".")]
    for path in files[:MOST_FILES]:
        try:
            data = read_bounded(path)
        except OSError:
            continue  # a link, a folder, a device: no submission
        (target / path.name).write_bytes(data)
