"""A tiny course in a folder of its own: one assignment with two functions and a written question."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_course import COURSE, GRADER, MISCONCEPTIONS, REFERENCE, Grade, InProcess, job

from autograder.course import load_course
from autograder.grading.session import grade_jobs_in_session
from autograder.report import Report
from autograder.submission import Job


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """Write the course and return its folder."""
    folder = tmp_path / "solutions" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.py").write_text(REFERENCE)
    (folder / "test_tiny.py").write_text(GRADER)
    (folder / "misconceptions.py").write_text(MISCONCEPTIONS)
    (tmp_path / "course.yml").write_text(COURSE)
    return tmp_path


@pytest.fixture
def assignment(course_folder: Path) -> Path:
    """Return the folder of the assignment."""
    return course_folder / "solutions" / "tiny"


@pytest.fixture
def grade(course_folder: Path) -> Grade:
    """Return a function that grades the cells of submissions, each a list of one report."""

    def grade(*submissions: str | bytes | Job, sandbox=None, lang=None) -> list[Report]:
        course = load_course(course_folder / "course.yml")
        jobs = [job(f"s{i}", each, lang) for i, each in enumerate(submissions)]
        reports: list[Report] = []
        grade_jobs_in_session(course, course.assignments, sandbox or InProcess(), jobs, reports.append)
        return reports

    return grade
