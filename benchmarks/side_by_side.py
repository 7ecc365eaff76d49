"""The demo class of one assignment, graded by nbgrader at its defaults and here: where the scores differ.

nbgrader runs students' code unprotected, so its command runs in a bubblewrap of its own, without a network, with
nothing writable but its course directory.
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import nbformat

from autograder.course import Course, load_course
from autograder.demo.enrolment import Enrolment, enrol, mismatches, write_class
from autograder.release.source import read_source, source_path
from autograder.report import Report
from benchmarks import nbgrader_peer, ours
from benchmarks.agreement import automatic_points
from benchmarks.kit import make_kit
from benchmarks.measure import run
from benchmarks.results import machine

__all__ = ["main"]

ROOT = Path(__file__).parent.parent
ASSIGNMENT = "softmax"
LIMIT_SECONDS = 3600
MOST_STOPS = 9


class Row(msgspec.Struct, frozen=True):
    """One submission; None where there is no grade."""

    student: str
    what: str
    default: float | None
    here: float | None
    stopped: int = 0  # others that nbgrader did not come to because of this one


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade the demo class twice and write benchmarks/SIDE_BY_SIDE.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.side_by_side", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/SIDE_BY_SIDE.md", help="file to write")
    options = parser.parse_args(arguments)
    course = load_course(ROOT / "course.yml")
    seats = [seat for seat in enrol(course) if seat.assignment == ASSIGNMENT and seat.specimen.filename]
    with tempfile.TemporaryDirectory(prefix="autograder-bench-") as scratch:
        rows, points = _compare(course, seats, Path(scratch))
    text = "\n".join(_lines(rows, points)) + "\n"
    print(text)
    options.out.write_text(text, encoding="utf-8")
    return 0


def _compare(course: Course, seats: Sequence[Enrolment], scratch: Path) -> tuple[list[Row], float]:
    folder = course.assignment(ASSIGNMENT).folder
    source = read_source(source_path(folder), course.languages)
    kit = make_kit(folder / f"test_{ASSIGNMENT}.py", source)
    nbgrader_peer.build_course(scratch / "default", source, kit)
    released = nbformat.read(scratch / f"default/release/{ASSIGNMENT}/{ASSIGNMENT}.ipynb", as_version=4)
    for seat in seats:
        target = scratch / "default/submitted" / seat.student / ASSIGNMENT
        target.mkdir(parents=True)
        name = seat.specimen.filename.replace(".es.", ".")  # of its course, which has one language
        (target / name).write_bytes(_transplanted(seat.specimen.data, released))
    stopped = _autograde(scratch / "default")
    ours.grade(course, write_class(seats, scratch), scratch / "results", 2)
    reports = ours.reports(scratch / "results", ASSIGNMENT)
    odd = mismatches(seats, list(reports.values()))
    if odd:
        raise RuntimeError(f"not as expected here: {odd}")
    return list(_rows(seats, scratch / "default", reports, stopped)), sum(check.points for check in kit.automatic())


def _autograde(course: Path) -> dict[str, int]:
    """Grade everybody; who stops the batch is noted with the number of those left over, who come next."""
    stopped: dict[str, int] = {}
    submitted, done = course / "submitted", course / "done"
    for folder in (course / "home", done):
        folder.mkdir()
    for _ in range(MOST_STOPS):
        text = run(_confined(course), course, timeout=LIMIT_SECONDS).text()
        met = re.findall(r"Creating/updating student with ID '(.*)'", text)
        for student in met:
            (submitted / student).rename(done / student)
        left = {path.parents[1].name for path in submitted.glob(f"*/{ASSIGNMENT}/*.ipynb")}
        if not left:  # who has no notebook is never come to
            return stopped
        if not met:
            raise RuntimeError(f"nbgrader came to nobody:\n{text[-3000:]}")
        stopped[met[-1]] = len(left)
    raise RuntimeError(f"nbgrader was stopped more than {MOST_STOPS} times:\n{text[-3000:]}")


def _confined(directory: Path) -> list[str]:
    """Return the command that grades without any of our steps, and cannot hurt the machine."""
    home = directory / "home"
    return [
        "bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
        "--tmpfs", "/run", "--bind", str(directory), str(directory), "--setenv", "HOME", str(home),
        "--setenv", "TMPDIR", str(home), "--chdir", str(directory),
        *nbgrader_peer.NBGRADER, "autograde", ASSIGNMENT,
    ]  # fmt: skip


def _transplanted(data: bytes, released: Any) -> bytes:
    """Do to nbgrader's own notebook what the student did to ours; what cannot be read stays as it is.

    The cells of questions get nbgrader's ids, unless the student wrote metadata of that name. The graded cells
    follow at the end, so that added cells come before them.
    """
    try:
        book = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return data
    about = {name: cell for cell in released.cells if (name := cell.metadata.get("nbgrader", {}).get("grade_id"))}
    met = set()
    for cell in book["cells"]:
        ours_ = cell["metadata"].get("autograder") or {}
        name = (ours_.get("question") or ours_.get("answer")) if isinstance(ours_, dict) else None
        if name in about:
            met.add(name)
            cell["metadata"]["nbgrader"] = dict(about[name].metadata["nbgrader"])
    graded = [cell for name, cell in about.items() if name not in met and cell.metadata["nbgrader"]["grade"]]
    book["cells"] += [_plain(copy.deepcopy(cell), book["nbformat_minor"]) for cell in graded]
    return msgspec.json.encode(book)


def _plain(cell: Any, minor: int) -> dict[str, Any]:
    made = dict(cell)
    if minor < 5:
        made.pop("id", None)
    return made


def _rows(
    seats: Sequence[Enrolment], course: Path, reports: dict[str, Report], stopped: dict[str, int]
) -> Iterator[Row]:
    found = nbgrader_peer.scores(course, ASSIGNMENT)
    graded = {path.parent.name for path in course.glob(f"autograded/*/{ASSIGNMENT}")}
    automatic = set(automatic_points(next(report for report in reports.values() if report.questions)))
    for seat in seats:
        report = reports[seat.student]
        here = None if report.score is None else sum(automatic_points(report).values())
        cells = found.get(seat.student, {})
        default = sum(cells.get(name, 0.0) for name in automatic) if seat.student in graded else None
        yield Row(seat.student, seat.specimen.what, default, here, stopped.get(seat.student, 0))


def _lines(rows: Sequence[Row], points: float) -> Iterator[str]:
    differ = [row for row in rows if row.default != row.here]
    yield "# nbgrader at its defaults and here, side by side"
    yield ""
    yield "This file is written by `python -m benchmarks.side_by_side`; do not edit it."
    yield ""
    yield from (f"- {line}" for line in machine())
    yield ""
    yield f"The demo class of `{ASSIGNMENT}`: {len(rows)} submissions, the same criteria ({points:g} points, without"
    yield "the written answer). What each student did to our notebook was done to nbgrader's: the same text in the"
    yield "cells of the questions, the same cells added, deleted or doubled, added ones in front of the graded cells."
    yield f"Here every one of them is graded as its maker expected. {len(rows) - len(differ)} have the same points;"
    yield "these do not:"
    yield ""
    yield "| submission | nbgrader | here |"
    yield "|---|--:|--:|"
    for row in sorted(differ, key=lambda row: row.what):
        yield f"| {row.what} | {_default(row)} | {_points(row.here)} |"


def _default(row: Row) -> str:
    if row.stopped:
        return f"stops the batch: {row.stopped} others were graded only after it was taken out"
    return _points(row.default)


def _points(points: float | None) -> str:
    return "no grade" if points is None else f"{points:g}"


if __name__ == "__main__":
    sys.exit(main())
