"""The first screen of README.md: the hidden test is one of ours, and the feedback is what a student gets."""

from __future__ import annotations

import re
from pathlib import Path

from autograder import grade_one, load_course
from autograder.explain import report_text
from autograder.release.notebook import serialise, variant_notebook
from autograder.release.source import read_source, source_path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_hidden_test_is_one_of_softmax():
    shown = re.search(r"```python\n(@softmax.*?)\n```", README, re.DOTALL)
    assert shown[1] in (ROOT / "solutions/softmax/test_softmax.py").read_text(encoding="utf-8")


def test_the_feedback_is_what_a_student_gets():
    course = load_course(ROOT / "course.yml")
    source = read_source(source_path(course.assignment("softmax").folder), tuple(course.languages))
    wrong = (
        "def softmax(z):\n    e = np.exp(np.asarray(z, dtype=float))\n    return e / e.sum(axis=-1, keepdims=True)\n"
    )
    notebook = serialise(variant_notebook(source, "en", {"softmax": wrong}))
    shown = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    lines = [line.strip() for line in report_text(grade_one(notebook.encode(), "softmax", course=course)).splitlines()]
    at = lines.index(shown[1].splitlines()[0])
    assert lines[at : at + len(shown[1].splitlines())] == [line.strip() for line in shown[1].splitlines()]
