"""What pages say of a question: its criteria in the language of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.grading.session import collect_criteria
from autograder.pages.questions import assignment_text

COURSE = load_course(Path(__file__).parents[2] / "course.yml")


@pytest.mark.parametrize("lang", COURSE.languages)
@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda each: each.name)
def test_every_criterion_has_its_words_in_the_language_of_the_page(assignment, lang):
    wanted = {each.id.partition("::")[2]: each.texts[lang].title for each in collect_criteria(COURSE, assignment)}
    assert assignment_text(COURSE, assignment.name, lang).criteria == wanted


def test_an_assignment_that_is_not_in_the_course_has_no_words():
    assert not assignment_text(COURSE, "nowhere", "en").criteria
