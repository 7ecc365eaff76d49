"""What pages cost: a large class made of real reports, built as users build it, opened and scrolled in Chromium."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import msgspec

from autograder.report import Report, report_json
from autograder.results.store import reports_in
from autograder.text import safe_name
from benchmarks.measure import Memory, run

__all__ = ["Page", "Pages", "main", "measure", "section"]

ROOT = Path(__file__).parent.parent
AUTOGRADER = Path(sys.executable).with_name("autograder")
STUDENTS = 2000
SHOWN = ("report/index.html", "report/students.html", "report/assignments/mnist-classifier.html")
ROUNDS = 3

PAINT = """async () => {
  const found = () => performance.getEntriesByName("first-contentful-paint");
  while (!found().length) await new Promise((resolve) => setTimeout(resolve, 5));
  return found()[0].startTime;
}"""
# Scroll through the whole page in steps, one per frame, and note how long each frame took.
SCROLL = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const times = [], height = document.documentElement.scrollHeight - innerHeight;
  let before = await frame();
  for (let y = 0; y < height; y += Math.max(120, height / 300)) {
    scrollTo({top: y, behavior: "instant"});
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  return times;
}"""
SORT = """async () => {
  const button = document.querySelector("#t-students thead th:nth-child(2) button");
  const started = performance.now();
  button.click();
  document.body.getBoundingClientRect();
  return performance.now() - started;
}"""
FIND = """async () => {
  const field = document.querySelector("[data-for=t-students] input");
  field.value = "17";
  const started = performance.now();
  field.dispatchEvent(new Event("input"));
  document.body.getBoundingClientRect();
  return performance.now() - started;
}"""


class Page(msgspec.Struct, frozen=True):
    """One page in Chromium: its size in bytes; milliseconds, the median of some rounds, to paint, sort and search.

    `frames` are the milliseconds of all frames while it was scrolled from top to bottom.
    """

    name: str
    size: int
    first_paint: float
    loaded: float
    frames: tuple[float, ...]
    sort: float | None = None
    search: float | None = None


class Pages(msgspec.Struct, frozen=True):
    """One build, and what Chromium makes of it. `memory` is the peak of all processes together, in bytes."""

    students: int
    submissions: int
    seconds: float
    cpu_seconds: float
    memory: int
    files: int
    bytes: int
    shown: tuple[Page, ...] = ()


def measure(reports: Path, students: int) -> Pages:
    """Build the pages of a class of `students`, whose reports are those in `reports` again and again."""
    with tempfile.TemporaryDirectory(prefix="autograder-bench-") as folder:
        out = Path(folder, "out")
        submissions = multiply(reports, out, students)
        with Memory() as memory:
            done = run([AUTOGRADER, "report", out, "--course", ROOT / "course.yml"], ROOT)
        if done.exit_code:
            raise RuntimeError(f"autograder report ended with {done.exit_code}:\n{done.text()}")
        pages = [path for part in ("report", "feedback") for path in (out / part).rglob("*.html")]
        size = sum(path.stat().st_size for path in pages)
        shown = tuple(_shown(out, [name for name in SHOWN if (out / name).is_file()]))
        return Pages(students, submissions, done.seconds, done.cpu_seconds, memory.peak, len(pages), size, shown)


def multiply(reports: Path, out: Path, students: int) -> int:
    """Write a large folder for results: real reports under other names; give their number."""
    by_assignment: dict[str, list[Report]] = {}
    for _, report in reports_in(reports):
        if report is not None:
            by_assignment.setdefault(report.assignment, []).append(report)
    for name, found in by_assignment.items():
        folder = out / "reports" / name
        folder.mkdir(parents=True)
        for number, report in enumerate(islice(cycle(found), students), 1):
            student = f"{report.student} {number:04}"
            path = folder / f"{safe_name(student)}.json"
            path.write_bytes(report_json(msgspec.structs.replace(report, student=student)))
    return students * len(by_assignment)


def section(found: Pages) -> Iterator[str]:
    """Write the measurement as Markdown."""
    yield f"`autograder report` on {found.students} students, {found.submissions} reports, made of real ones:"
    yield f"{found.seconds:.1f} s ({found.cpu_seconds:.1f} s of processor time), {found.memory / 1e6:.0f} MB at most,"
    yield f"{found.files} pages, {found.bytes / 1e6:.0f} MB."
    yield ""
    yield "| page | size | first paint | loaded | frame: median | 95 % | longest | sort | search |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for page in found.shown:
        frames = sorted(page.frames) or [0.0]
        picked = " | ".join(f"{frames[int(share * (len(frames) - 1))]:.0f} ms" for share in (0.5, 0.95, 1.0))
        extra = " | ".join("" if value is None else f"{value:.0f} ms" for value in (page.sort, page.search))
        paint = f"{page.first_paint:.0f} ms | {page.loaded:.0f} ms"
        yield f"| `{page.name}` | {page.size / 1e3:.0f} KB | {paint} | {picked} | {extra} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what pages cost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=main.__doc__)
    parser.add_argument("--reports", type=Path, help="a folder for results; default: that of a demo")
    parser.add_argument("--students", type=int, default=STUDENTS)
    options = parser.parse_args(arguments)
    if options.reports:
        print("\n".join(section(measure(options.reports, options.students))))
        return 0
    with tempfile.TemporaryDirectory(prefix="autograder-bench-") as folder:
        run([AUTOGRADER, "demo", folder, "--course", ROOT / "course.yml"], ROOT)
        print("\n".join(section(measure(Path(folder), options.students))))
    return 0


def _shown(out: Path, names: Sequence[str]) -> Iterator[Page]:
    """Open pages in a fresh Chromium; nothing where there is none."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this part needs a browser

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=program, args=options)
        for name in names:
            yield _page(browser, out / name, name)
        browser.close()


def _page(browser: Any, path: Path, name: str) -> Page:
    rounds = [_round(browser, path) for _ in range(ROUNDS)]
    paint, loaded, sort, search = (_median([each[key] for each in rounds]) for key in ("paint", "load", "sort", "find"))
    frames = tuple(time for each in rounds for time in each["frames"])
    return Page(name, path.stat().st_size, paint or 0.0, loaded or 0.0, frames, sort, search)


def _round(browser: Any, path: Path) -> dict[str, Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri())
    found = {
        "paint": page.evaluate(PAINT),
        "load": page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"),
        "frames": page.evaluate(SCROLL),
    }
    sortable = page.evaluate("document.getElementById('t-students') !== null")
    found |= {key: page.evaluate(script) if sortable else None for key, script in (("sort", SORT), ("find", FIND))}
    page.close()
    return found


def _median(values: Sequence[float | None]) -> float | None:
    known = sorted(value for value in values if value is not None)
    return known[len(known) // 2] if known else None


if __name__ == "__main__":
    sys.exit(main())
