"""Whatever students write, pages hold the elements that the templates have, and a policy that would stop more."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import graded_class
import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.pages.build import BuildOptions, build_pages
from autograder.pages.feedback import FeedbackContext, feedback_page
from autograder.pages.site import SHEET, SITE, page_assets, visible_text
from autograder.report import CellError, QuestionResult, Report, Status, TestResult
from autograder.results.store import Store
from autograder.text import is_text

NASTY = (
    "<script>alert(1)</script>", "</style><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onclick='x",
    "javascript:alert(1)", "{{ 7 * 7 }}{% raw %}", "<!--", "-->", "]]>", "&lt;b&gt;", "\u202egnp.exe", "\x00\x1b[31m",
    "`</code><b>x`", "(1, 2)", "../../etc/passwd", "%2e%2e/", "a" * 300, "\ud800", "=1+1", "</title>", "`", "``<i>``",
)  # fmt: skip
TEXT = st.one_of(st.sampled_from(NASTY), st.text(max_size=60), st.lists(st.sampled_from(NASTY)).map("".join))
SETTING = FeedbackContext({"en": "Course", "es": "Curso"})


class Elements(HTMLParser):
    """Counts start tags with their attributes' names, and collects the text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.links: list[str] = []
        self.text = ""
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.found[tag, tuple(name for name, _ in attrs)] += 1
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.text += data


def report(text: str) -> Report:
    """Make a report that says `text` wherever a student, or an author, could have had a word."""
    test = TestResult(id=text, criterion=text, passed=False, points=0.0, max_points=1.0, message=text,
                      misconception=text, hint=f"{text}\n\n{text}")  # fmt: skip
    question = QuestionResult(name=text, score=0.0, max_score=1.0, tests=(test,))
    return Report(student=text, assignment="softmax", status=Status.GRADED, score=0.0, max_score=1.0, reason=text,
                  questions=(question,), cell_errors=(CellError(1, text),), notes=(text,), started=text)  # fmt: skip


PLAIN = Elements(feedback_page(report("word"), SETTING)).found


def test_the_policy_allows_nothing_but_our_style_and_script():
    for assets in (SITE, SHEET):
        policy = page_assets(assets).policy
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "http" not in policy


@settings(deadline=None)
@given(TEXT)
def test_a_text_adds_no_element_and_no_attribute_to_the_feedback(text):
    page = Elements(feedback_page(report(text), SETTING))
    extra = {key: count for key, count in page.found.items() if count > PLAIN[key]}
    assert set(extra) <= {("code", ()), ("p", ())}, extra  # a blank line in a text begins a paragraph of the hint
    assert not [link for link in page.links if not link.startswith("#")]


@settings(deadline=None)
@given(TEXT)
def test_what_is_shown_has_no_control_and_no_direction_characters(text):
    shown = visible_text(text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    shown.encode()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT.filter(lambda text: bool(text) and is_text(text) and "\ud800" not in text), min_size=1,
                      max_size=4, unique=True))  # fmt: skip
def test_a_class_with_hostile_names_and_texts(results, tmp_path_factory, texts):
    out = tmp_path_factory.mktemp("hostile")
    with Store(out) as store:
        for text in texts:
            store.save(report(text))
    course = graded_class.course_of(results)
    built = build_pages(course, BuildOptions(out, out, "en"))
    assert (built.students, built.unreadable) == (len(texts), ())
    with Store(plain := tmp_path_factory.mktemp("plain")) as store:
        for n in range(len(texts)):
            store.save(msgspec.structs.replace(report("word"), student=f"word{n}"))
    build_pages(course, BuildOptions(plain, plain, "en"))
    pages = [path.relative_to(out) for path in out.rglob("*.html")]
    assert len(pages) == built.pages
    assert {path.parts[0] for path in pages} == {"report", "feedback"}
    for name in ("report/students.html", "report/index.html"):
        kinds = set(Elements((out / name).read_bytes()).found)
        assert kinds <= set(Elements((plain / name).read_bytes()).found) | {("code", ())}
    for path in pages:
        page = Elements((out / path).read_bytes())
        assert page.found["meta", ("http-equiv", "content")] == 1
        assert page.found["script", ()] == 1
        for link in page.links:
            assert re.fullmatch(
                r"#[\w%.~-]*|data:image/png;base64,[\w+/=]+|(\.\./)*[\w%.~/-]+\.html(#[\w%.~-]*)?", link
            ), link


def test_every_link_of_the_site_leads_to_a_page(site):
    from urllib.parse import unquote

    for path in site.rglob("*.html"):
        for link in Elements(path.read_bytes()).links:
            file, _, anchor = link.partition("#")
            if file.startswith("data:"):
                continue
            target = (path.parent / unquote(file)).resolve() if file else path
            assert target.is_file(), f"{path}: {link}"
            assert not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8"), f"{path}: {link}"
