"""All pages of a folder for results: assignments first, each on its own, then the overview and the students."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec

from autograder.batch.local.pool import cores
from autograder.course import Course
from autograder.errors import OutputError
from autograder.pages.assignment import PageContext, assignment_pages, page_frame
from autograder.pages.labels import Labels
from autograder.pages.model import AssignmentSection
from autograder.pages.overview import index_page, student_pages, students_page
from autograder.pages.site import GENERATOR, page_name, write_page
from autograder.text import printable, safe_name

__all__ = ["BuildOptions", "BuiltPages", "build_pages"]

MANY = 1500
"""From so many reports on, further processes are worth their start."""


class BuildOptions(msgspec.Struct, frozen=True):
    """What to build: `out` holds reports, pages go to `target`; `lang` "" is the course's first language.

    `submitted` is the folder of submissions in nbgrader's layout, whose times of submission are then read.
    """

    out: Path
    target: Path
    lang: str = ""
    submitted: Path | None = None


class BuiltPages(msgspec.Struct, frozen=True):
    """What was built."""

    index: Path
    pages: int
    students: int
    submissions: int
    errors: int
    unreadable: tuple[str, ...]
    seconds: float


def build_pages(course: Course, wanted: BuildOptions) -> BuiltPages:
    """Write report/ and feedback/ below the target; pages of an earlier run that nothing leads to any more are removed.

    Raises OutputError where there are no reports, or a page cannot be written.
    """
    started = time.monotonic()
    files = _files(wanted.out)
    if wanted.submitted is not None and not wanted.submitted.exists():
        raise OutputError(f"no folder {printable(str(wanted.submitted))}. Give the folder that was graded.")
    plan = PageContext(
        course=course,
        target=wanted.target,
        lang=wanted.lang or course.languages[0],
        assignments=tuple(_in_order(course, files)),
        submitted=wanted.submitted,
        when=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )
    sections = list(_sections(plan, files))
    t = Labels(plan.lang)
    made = student_pages(plan, sections, t)
    write_page(plan.target / "report/students.html", students_page(plan, sections, t))
    index = plan.target / "report/index.html"
    write_page(
        index, index_page(page_frame(plan, t, "index", ""), sections, t)
    )  # last: it is there when all others are
    _forget(plan.target, sections)
    unreadable = tuple(path for section in sections for path in section.unreadable)
    return BuiltPages(
        index=index,
        pages=made + 2 + sum(section.pages for section in sections),
        students=made,
        submissions=sum(len(section.entries) for section in sections),
        errors=sum(len(section.problems) for section in sections),
        unreadable=unreadable,
        seconds=round(time.monotonic() - started, 3),
    )


def _files(out: Path) -> dict[str, list[Path]]:
    """Find the reports by assignment."""
    found: dict[str, list[Path]] = {}
    for path in sorted(out.glob("reports/*/*.json")):
        if not path.name.startswith("."):
            found.setdefault(path.parent.name, []).append(path)
    if not found:
        raise OutputError(f"{printable(str(out))} holds no reports: give a folder that `autograder grade` wrote.")
    return found


def _in_order(course: Course, files: dict[str, Any]) -> Iterator[str]:
    """Name the assignments in the course's order, then those that it does not know."""
    known = [assignment.name for assignment in course.assignments if assignment.name in files]
    yield from known
    yield from sorted(files.keys() - set(known))


def _sections(plan: PageContext, files: dict[str, list[Path]]) -> Sequence[AssignmentSection]:
    count = min(cores(), len(plan.assignments))
    if count == 1 or sum(map(len, files.values())) < MANY:
        return [assignment_pages(plan, name, files[name]) for name in plan.assignments]
    with ProcessPoolExecutor(count, get_context("spawn")) as pool:
        waiting = [pool.submit(assignment_pages, plan, name, files[name]) for name in plan.assignments]
        return [each.result() for each in waiting]


def _forget(target: Path, sections: Sequence[AssignmentSection]) -> None:
    """Remove pages of ours that this run has not written: of students, assignments and results that are gone."""
    report, feedback = target / "report", target / "feedback"
    current = {report / "assignments" / page_name(section.name) for section in sections}
    for section in sections:
        for each in section.entries:
            current.add(report / "students" / page_name(each.student))
            current.add(feedback / safe_name(section.name) / page_name(each.student))
    for path in (*report.glob("*/*.html"), *feedback.glob("*/*.html")):
        if path not in current and path.is_file() and GENERATOR in path.read_bytes()[:2048]:
            path.unlink()
