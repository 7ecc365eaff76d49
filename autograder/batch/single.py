"""Grade one submission in this process: no folders for results, no worker processes, one pytest session."""

from __future__ import annotations

from pathlib import Path

import msgspec

from autograder.batch import hashing
from autograder.batch.discovery import Absent, Found, find_in_folder, read_bounded
from autograder.batch.run import unreadable
from autograder.course import Course, load_course
from autograder.errors import OutputError, SandboxError
from autograder.report import Report
from autograder.sandbox.sandbox import Sandbox, preload_zygote
from autograder.submission import Job
from autograder.text import printable

__all__ = ["STUDENT", "grade_one"]

STUDENT = "submission"
"""The student's name in the report: the caller knows the real one."""


def grade_one(  # noqa: PLR0913 - the last four are keyword-only options
    notebook: Path | str | bytes,
    assignment: str,
    *,
    course: Course | Path | str | None = None,
    filename: str = "",
    lang: str = "",
    level: str = "best",
) -> Report:
    """Grade one submission in a sandbox and return its report.

    notebook    the path of a notebook, of a script, or of a folder that contains one; or the bytes of a file
    assignment  its name in the course
    course      the course, or the path of its file; None looks for course.yml in this folder and those above
    filename    the file's name, which may end in .py or .es.ipynb; for bytes, <assignment>.ipynb by default
    lang        the language of reasons and hints; empty: the notebook's own
    level       how to isolate the student's code, as for `autograder grade --sandbox`

    In a folder the same file counts as in a class, and links are not followed. A submission that cannot be graded has
    a report with status `error` or `missing`, and no score. Raises an AutograderError where no report can be made.
    """
    loaded = course if isinstance(course, Course) else load_course(Path(course) if course is not None else None)
    name = loaded.assignment(assignment).name
    if isinstance(notebook, bytes):
        return _graded(loaded, Job(STUDENT, name, filename or f"{name}.ipynb", notebook, lang=lang or None), level)
    path = Path(notebook)
    found = _located(path, name)
    if isinstance(found, Absent):
        return found.report()
    try:
        data = read_bounded(found.path)
    except OSError as error:
        return unreadable(found, error).report()
    filename = filename or (found.path if path.is_dir() else path).name
    report = _graded(loaded, Job(STUDENT, name, filename, data, lang=lang or None), level)
    return msgspec.structs.replace(report, notes=(*report.notes, *found.notes))


def _located(path: Path, assignment: str) -> Found | Absent:
    if path.is_dir():
        return find_in_folder(path, STUDENT, assignment)
    if not path.exists():
        raise OutputError(f"{printable(str(path))}: no such file. Name a notebook, a script, or a folder with one.")
    return Found(STUDENT, assignment, path.resolve())  # the caller's own links are followed


def _graded(course: Course, job: Job, level: str) -> Report:
    assignment = course.assignment(job.assignment)
    zygote = preload_zygote(level)  # imports on another core while this process imports what it needs itself
    from autograder.grading.session import grade_jobs_in_session

    parts = hashing.KeyParts(assignment.folder, course.sandbox, level, job.lang or "", course.secret)
    digest = hashing.content_hash(hashing.assignment_key(parts), job.data, Path(job.filename).suffix)
    reports: list[Report] = []
    with Sandbox(course.sandbox, level, loading=zygote) as sandbox:
        job = msgspec.structs.replace(job, content_hash=digest)
        grade_jobs_in_session(course, (assignment,), sandbox, (job,), reports.append)
    if not reports:
        raise SandboxError(f"{printable(job.filename)} was not graded. Run again.")
    return reports[0]
