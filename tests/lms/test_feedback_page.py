"""A page of feedback in a real browser: accessible, styled, and deaf to whatever a student wrote."""

from __future__ import annotations

import shutil
from pathlib import Path

import lms_class as c
import msgspec
import pytest
from lms_class import CLASS, MOST

from autograder.lms.feedback import grade_page
from autograder.lms.grades import Grade, Standing
from autograder.pages.feedback import FeedbackContext
from autograder.report import QuestionResult, TestResult

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]
pytest.importorskip("playwright", reason="playwright is not installed: pip install -e '.[dev]'")

HOSTILE = (
    "</pre><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"><style>*{color:red}"
)


def test_a_page_is_accessible_and_runs_nothing(tmp_path: Path):
    from playwright.sync_api import sync_playwright

    tests = tuple(
        TestResult(id=str(n), criterion=HOSTILE, passed=n == 0, points=0.0, max_points=1.0, message=HOSTILE, hint="x")
        for n in range(2)
    )
    question = QuestionResult("q", 17.5, MOST, tests=tests)
    report = msgspec.structs.replace(c.report("ada", CLASS[0]), questions=(question,))
    grade = Grade(student="ada", standing=Standing.GRADED, score=17.5, max_score=MOST, comment="17.5 de 20 puntos")
    (tmp_path / "page.html").write_bytes(grade_page(report, grade, HOSTILE, FeedbackContext({"en": "Networks"})))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            for scheme in ("light", "dark"):
                check(browser.new_page(color_scheme=scheme, viewport={"width": 320, "height": 640}), tmp_path)
        finally:
            browser.close()


def check(tab, folder: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto((folder / "page.html").as_uri())
    assert tab.title() != "taken"
    assert asked == [(folder / "page.html").as_uri()]
    assert tab.locator("main").is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(tab)
    assert found.violations_count == 0, found.generate_report()
