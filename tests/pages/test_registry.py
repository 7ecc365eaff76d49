"""The registry of report pages: the example of docs/contributing.md, executed."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.course import load_course
from autograder.pages.assignment import ASSIGNMENT_PAGES
from autograder.pages.build import CLASS_PAGES, BuildOptions, build_pages

ROOT = Path(__file__).parent.parent.parent


def test_the_documented_page_is_built_with_the_others(results, tmp_path):
    text = (ROOT / "docs/contributing.md").read_text(encoding="utf-8").split("## A new report page\n")[1]
    example = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    course = load_course(ROOT / "course.yml")
    before = build_pages(course, BuildOptions(results, tmp_path / "before"))
    try:
        exec(example[1], {})  # noqa: S102 - the example of this repository's own documentation
        after = build_pages(course, BuildOptions(results, tmp_path / "after"))
    finally:
        CLASS_PAGES.pop("scores", None)
    assert after.pages == before.pages + 1
    lines = (tmp_path / "after/report/scores.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == after.submissions


def test_the_overview_is_written_last():
    assert list(CLASS_PAGES)[-1] == "overview"
    assert set(ASSIGNMENT_PAGES) == {"assignment", "feedback"}
