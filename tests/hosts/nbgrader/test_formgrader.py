"""nbgrader's formgrader in a real browser on work that we graded: what an instructor sees and does there.

Each step leaves a picture in the folder of the server; `pytest --basetemp=DIR` says where to look.
"""

from __future__ import annotations

import importlib.util
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from browser import CHROMIUM, CHROMIUM_OPTIONS, HERE, PATIENCE, SECONDS, end, free_port
from nbgrader_course import NbCourse, text_of

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e '.[dev]'")
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
    pytest.mark.skipif(
        importlib.util.find_spec("nbgrader") is None, reason="nbgrader is not installed: pip install -e '.[nbgrader]'"
    ),
]

WRONG = """def softmax(z):
    z = np.asarray(z)
    p = np.zeros_like(z)
    p[...] = np.exp(z) / np.exp(z).sum()
    return p"""


@dataclass(frozen=True)
class Formgrader:
    """A running server with the formgrader, and its course."""

    url: str
    token: str
    course: NbCourse

    def at(self, path: str) -> str:
        return f"{self.url}formgrader/{path}"


@pytest.fixture(scope="module")
def formgrader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formgrader]:
    course = NbCourse(tmp_path_factory.mktemp("formgrader"))
    course.release("softmax")
    course.nbgrader("generate_assignment", "softmax")
    course.hand_in("ana", text_of(course.answered({"softmax": WRONG}, "Because **exp** grows fast.")))
    course.hand_in("ben", text_of(course.answered({}, "")))
    token, port = secrets.token_hex(16), free_port()
    options = [
        "--no-browser", "--allow-root", f"--ServerApp.ip={HERE}", f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={course.directory}",
        "--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True",
    ]  # fmt: skip
    with (course.folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *options],
            cwd=course.directory, env=course.environment | {"JUPYTER_TOKEN": token}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield Formgrader(_address(server, course), token, course)
    finally:
        end(server)


def _address(server: subprocess.Popen[bytes], course: NbCourse) -> str:
    about = course.folder / "runtime" / f"jpserver-{server.pid}.json"
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return str(json.loads(about.read_text(encoding="utf-8"))["url"])
        except (FileNotFoundError, json.JSONDecodeError):
            time.sleep(0.1)
    log = (course.folder / "server.log").read_text(encoding="utf-8", errors="replace")
    pytest.fail(f"the server does not answer after {SECONDS} s:\n{log[-3000:]}")


@pytest.fixture(scope="module")
def page(formgrader: Formgrader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("chromium"), executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS), headless=True,
            viewport={"width": 1300, "height": 1000}, extra_http_headers={"Authorization": f"token {formgrader.token}"},
        )  # fmt: skip
        opened = browser.new_page()
        opened.set_default_timeout(PATIENCE)
        yield opened
        browser.close()


def picture(formgrader: Formgrader, page: Page, name: str) -> None:
    page.screenshot(path=formgrader.course.folder / f"{name}.png", full_page=True)


def test_a_click_grades_a_submission(formgrader: Formgrader, page: Page) -> None:
    page.goto(formgrader.at("manage_submissions/softmax"))
    expect(page.locator("tr", has_text="ana").locator(".status")).to_contain_text("needs autograding")
    for student in ("ana", "ben"):
        row = page.locator("tr", has_text=student)
        row.locator(".autograde a").click()
        page.get_by_role("button", name="OK").click()
        expect(row.locator(".status")).to_contain_text("needs manual grading")
    picture(formgrader, page, "1-submissions")
    assert formgrader.course.scores()["ben"]["points-softmax"] == 0.0


def test_the_list_of_assignments(formgrader: Formgrader, page: Page) -> None:
    page.goto(formgrader.at("gradebook"))
    expect(page.locator("#main, body")).to_contain_text("softmax")
    picture(formgrader, page, "2-assignments")


def submission(formgrader: Formgrader, student: str) -> str:
    with formgrader.course.book() as book:
        return str(book.find_submission_notebook("softmax", "softmax", student).id)


def test_a_submission_with_its_reasons_and_a_mark_from_a_person(formgrader: Formgrader, page: Page) -> None:
    page.goto(formgrader.at(f"submissions/{submission(formgrader, 'ana')}/"))
    expect(page.locator("body")).to_contain_text("✗")
    expect(page.locator("body")).to_contain_text("Because exp grows fast.")
    with formgrader.course.book() as book:
        reason = book.find_comment("softmax", "softmax", "softmax", "ana").auto_comment
    expect(page.locator("body")).to_contain_text(reason.splitlines()[0].removeprefix("✗ "))
    field = page.locator("input.score").last  # the written answer is the last question
    expect(field).to_be_visible()
    field.fill("1.5")
    with page.expect_response(lambda response: "/api/grade/" in response.url and response.request.method == "PUT"):
        field.press("Tab")
    picture(formgrader, page, "3-submission")
    with formgrader.course.book() as book:
        grades = book.find_submission_notebook("softmax", "softmax", "ana").grades
        given = [grade.manual_score for grade in grades if not grade.name.startswith("points-")]
    assert given == [1.5]


def test_feedback_page(formgrader: Formgrader, page: Page) -> None:
    formgrader.course.nbgrader("generate_feedback", "softmax", "--student=ana")
    page.goto((formgrader.course.directory / "feedback/ana/softmax/softmax.html").as_uri())
    expect(page.locator("body")).to_contain_text("✗")
    expect(page.locator("body")).not_to_contain_text("def test_")
    picture(formgrader, page, "4-feedback")
