"""Build all pages of a folder of results: those of each assignment first, then those of the whole class."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec

from autograder.batch.local.pool import cores
from autograder.course import Course
from autograder.errors import OutputError
from autograder.pages.assignment import assignment_pages
from autograder.pages.labels import Labels
from autograder.pages.model import AssignmentSection, PageContext
from autograder.pages.overview import index_page, student_pages, students_page
from autograder.pages.site import GENERATOR, page_name, write_page
from autograder.text import printable, safe_name

__all__ = ["CLASS_PAGES", "BuildOptions", "BuiltPages", "build_pages"]

MANY = 1500
"""From this many reports on, further processes are worth their start."""

CLASS_PAGES: dict[str, Callable[[PageContext, Sequence[AssignmentSection], Labels], Iterable[tuple[str, bytes]]]] = {
    "student": student_pages,
    "students": students_page,
    "overview": index_page,  # last: when it exists, all pages that it links to do
}
"""The pages that are written for the whole class: each yields places below the target, and contents."""


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
    context = PageContext(
        course=course,
        target=wanted.target,
        lang=wanted.lang or course.languages[0],
        assignments=tuple(_in_order(course, files)),
        submitted=wanted.submitted,
        when=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )
    sections = list(_sections(context, files))
    written = _write_class_pages(context, sections)
    _remove_stale(context.target, sections, written)
    unreadable = tuple(path for section in sections for path in section.unreadable)
    return BuiltPages(
        index=context.target / "report/index.html",
        pages=len(written) + sum(section.pages for section in sections),
        students=len({each.student for section in sections for each in section.entries}),
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


def _sections(context: PageContext, files: dict[str, list[Path]]) -> Sequence[AssignmentSection]:
    count = min(cores(), len(context.assignments))
    if count == 1 or sum(map(len, files.values())) < MANY:
        return [assignment_pages(context, name, files[name]) for name in context.assignments]
    with ProcessPoolExecutor(count, get_context("spawn")) as pool:
        waiting = [pool.submit(assignment_pages, context, name, files[name]) for name in context.assignments]
        return [each.result() for each in waiting]


def _write_class_pages(context: PageContext, sections: Sequence[AssignmentSection]) -> set[Path]:
    labels = Labels(context.lang)
    written = set()
    for pages in CLASS_PAGES.values():
        for place, content in pages(context, sections, labels):
            write_page(context.target / place, content)
            written.add(context.target / place)
    return written


def _remove_stale(target: Path, sections: Sequence[AssignmentSection], written: set[Path]) -> None:
    """Remove generated pages that this run has not written: of students, assignments and results that are gone."""
    report, feedback = target / "report", target / "feedback"
    current = written | {report / "assignments" / page_name(section.name) for section in sections}
    for section in sections:
        for each in section.entries:
            current.add(feedback / safe_name(section.name) / page_name(each.student))
    for path in (*report.glob("*/*.html"), *feedback.glob("*/*.html")):
        if path not in current and path.is_file() and GENERATOR in path.read_bytes()[:2048]:
            path.unlink()
