"""The pages of a class that was graded for real, in a real browser: as they look, as they are used, what axe finds.

Each test leaves pictures in the folder of the site; `pytest --basetemp=DIR` says where to look.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import graded_class
import pytest
from browser import CHROMIUM, CHROMIUM_OPTIONS, PATIENCE
from graded_class import ANA, BEN, EVA, HOSTILE, LEO

from autograder.pages.build import BuildOptions, build_pages
from autograder.text import safe_name

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e '.[dev]'")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]

INDEX, STUDENTS, ACTIVATIONS, DIGITS = (
    "en/report/index.html", "en/report/students.html", "en/report/assignments/activations.html",
    "en/report/assignments/mnist-classifier.html",
)  # fmt: skip
PAGES = {
    "overview": INDEX,
    "overview-es": "es/report/index.html",
    "students": STUDENTS,
    "assignment": ACTIVATIONS,
    "classifier": DIGITS,
    "classifier-es": "es/report/assignments/mnist-classifier.html",
    "student": f"en/report/students/{safe_name(BEN)}.html",
    "feedback": f"en/feedback/activations/{safe_name(HOSTILE)}.html",
    "feedback-es": f"en/feedback/mnist-classifier/{safe_name(BEN)}.html",
    "feedback-of-nothing": f"en/feedback/activations/{safe_name(EVA)}.html",
}
LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "narrow": ("dark", 390)}
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade the class and build its pages in both languages."""
    where = tmp_path_factory.mktemp("pages")
    out = graded_class.grade(where)
    for lang in ("en", "es"):
        build_pages(graded_class.course_of(out), BuildOptions(out, where / lang, lang, where / "submitted"))
    return where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page whose console stays silent, and which asks for nothing but files."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    opened.on("request", lambda request: request.url.startswith(("file:", "data:")) or said.append(request.url))
    yield opened
    context.close()
    assert said == []


def go(page: Page, folder: Path, name: str) -> None:
    page.goto((folder / name).as_uri())


def names(page: Page) -> list[str]:
    return [text for text in page.locator("#t-students tbody tr:visible th").all_inner_texts() if text]


@pytest.mark.parametrize(
    ("name", "look"), [(name, look) for name in PAGES for look in LOOKS if look == "light" or not name.endswith("-es")]
)
def test_axe_finds_nothing_and_nothing_runs_over(page, folder, name, look):
    scheme, width = LOOKS[look]
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    go(page, folder, PAGES[name])
    page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert not page.evaluate(TOO_WIDE)


def test_a_table_is_sorted_by_mouse_and_keyboard(page, folder):
    go(page, folder, STUDENTS)
    mean = page.get_by_role("columnheader", name="Mean")
    mean.get_by_role("button").click()
    expect(mean).to_have_attribute("aria-sort", "descending")
    down = names(page)
    assert down[-1] == EVA, "who has no score comes last"
    assert down[0] == ANA
    mean.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(mean).to_have_attribute("aria-sort", "ascending")
    up = names(page)
    assert (up[0], up[-1]) == (LEO, EVA), "a zero is a score; no score still comes last"
    page.get_by_role("columnheader", name="Student").get_by_role("button").click()
    assert names(page) == [HOSTILE, ANA, BEN, EVA, LEO]


def test_search_and_filter(page, folder):
    go(page, folder, STUDENTS)
    page.keyboard.press("/")
    page.keyboard.type("NUNEZ")
    assert names(page) == [ANA], "accents and case do not matter"
    expect(page.get_by_role("status")).to_have_text("1 of 5 shown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("status")).to_have_text("5 of 5 shown")
    for flag, wanted in {"error": [EVA], "late": [BEN]}.items():
        page.get_by_label("Show").select_option(flag)
        assert names(page) == wanted


def test_the_theme_can_be_chosen_and_is_kept(page, folder):
    page.emulate_media(color_scheme="light")
    go(page, folder, INDEX)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(ground) != light
    go(page, folder, f"en/feedback/activations/{safe_name(BEN)}.html")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Claro")).to_be_visible()


def test_the_keyboard_reaches_the_content_and_every_table(page, folder):
    go(page, folder, INDEX)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert page.evaluate("[...document.querySelectorAll('.wide')].every(box => box.tabIndex === 0)")


def test_a_mistake_leads_to_who_made_it_and_to_what_they_read(page, folder):
    go(page, folder, ACTIVATIONS)
    way = page.locator("#q-d_sigmoid summary", has_text="The slope has the wrong sign.")
    expect(way).to_contain_text("2")
    way.click()
    page.get_by_role("link", name=HOSTILE).first.click()
    expect(page.locator("h1")).to_have_text("activations")
    expect(page.get_by_text(f"Feedback for {HOSTILE}")).to_be_visible()
    expect(page.get_by_role("img", name="d_sigmoid: your curve and the right one")).to_be_visible()


def test_the_weights_of_a_chosen_submission(page, folder):
    go(page, folder, DIGITS)
    chooser = page.get_by_label("Submission", exact=True)
    for student in (ANA, BEN):
        chooser.select_option(label=chooser.locator("option", has_text=student).inner_text())
        expect(page.locator("figure.weights:visible")).to_have_count(1)
        image = page.get_by_role("img", name=f"Weights of {student}")
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("naturalWidth", 298)  # ten classes of 28 pixels, gaps of 2


def test_all_of_it_can_be_read_without_javascript(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    go(page, folder, STUDENTS)
    assert len(names(page)) == 5
    expect(page.locator(".tools")).to_be_hidden()
    go(page, folder, DIGITS)
    expect(page.locator("figure.weights:visible")).to_have_count(2)
    context.close()


def test_on_paper_there_is_no_navigation_and_all_is_open(page, folder):
    go(page, folder, ACTIVATIONS)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("nav")).to_be_hidden()
    assert page.evaluate("[...document.querySelectorAll('details')].every(each => each.open)")


def test_a_script_that_got_into_a_page_would_not_run(page, folder, tmp_path):
    text = (folder / f"en/feedback/activations/{safe_name(BEN)}.html").read_text(encoding="utf-8")
    bad = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"
    (tmp_path / "page.html").write_text(text.replace("<main", f"{bad}<main"), encoding="utf-8")
    refused: list[str] = []
    context = page.context.browser.new_context()
    opened = context.new_page()
    opened.on("console", lambda message: refused.append(message.text))
    opened.goto((tmp_path / "page.html").as_uri())
    assert opened.title() != "run"
    assert len([text for text in refused if "Content Security Policy" in text]) >= 2
    context.close()
