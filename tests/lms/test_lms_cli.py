"""The commands under `autograder lms`: help, examples, and the pages that feedback is made of."""

from __future__ import annotations

import re

import click
import lms_class as c
import pytest
from click.testing import CliRunner
from lms_class import CLASS

from autograder.cli import main
from autograder.cli.lms import LMS_COMMANDS, lms_command
from autograder.lms.feedback import grade_page
from autograder.lms.grades import Grade, Standing
from autograder.pages.feedback import FeedbackContext


@pytest.mark.parametrize("name", LMS_COMMANDS)
def test_every_command_explains_itself(name):
    shown = CliRunner().invoke(main, ["lms", name, "--help"])
    assert shown.exit_code == 0
    found = lms_command.get_command(click.Context(lms_command), name)
    _, _, text = (found.help or "").partition("Example:")
    for line in [line for line in text.splitlines() if line.strip()]:
        _, lms, sub, *words = line.split()
        assert (lms, sub) == ("lms", name)
        found.make_context(name, words)
    assert "autograder lms" in text
    bare = [option.name for option in found.params if isinstance(option, click.Option) and not option.help]
    assert not bare


def test_the_group_lists_its_commands():
    shown = CliRunner().invoke(main, ["lms", "--help"]).output
    assert all(name in shown for name in LMS_COMMANDS)
    assert CliRunner().invoke(main, ["lms", "exprot"]).exit_code == 2


def test_a_page_runs_nothing_and_is_in_the_students_language():
    report = c.report("ada", CLASS[0])
    grade = Grade(student="ada", standing=Standing.GRADED, score=14.0, raw_score=17.5, penalty=3.5, max_score=20.0,
                  late_days=2, comment="14 de 20 puntos\n  retraso\n  softmax: 17.5 de 20 puntos\n")  # fmt: skip
    text = grade_page(
        report, grade, '"><img src=x onerror=alert(1)>\u202egnp', FeedbackContext({"en": "Networks"})
    ).decode()
    assert '<html lang="es">' in text
    assert "<b>14</b>" in text
    assert "3.5" in text
    assert not re.search(r"<(img src=x|iframe|link|object)", text)
    assert "&lt;script&gt;" in text
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "default-src 'none'" in text or "default-src &#39;none&#39;" in text
