"""The example of docs/contributing.md: an LMS that is one module and its registration."""

from __future__ import annotations

import re
from pathlib import Path

import lms_class as c
import pytest
from click.testing import CliRunner
from lms_class import CLASS, NAME

from autograder.cli import main
from autograder.errors import ArchiveRefused
from autograder.lms import registry
from autograder.lms.archive import open_archive

ROOT = Path(__file__).parents[2]


@pytest.fixture
def example(tmp_path, monkeypatch):
    """Put the module of the guide on the path, and its name into the registry."""
    guide = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
    [(name, code)] = re.findall(r"`(example_lms)\.py`:\n\n```python\n(.*?)```", guide, re.DOTALL)
    (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "MODULES", (*registry.MODULES, name))


def archive(folder):
    return c.zipped(folder / "example.zip", {f"{each.login}/{NAME}.ipynb": (c.work(each), None) for each in CLASS[:3]})


def run(*words):
    return CliRunner().invoke(main, ["lms", *map(str, words), "--course", str(ROOT / "course.yml")])


def test_the_archive_is_recognised(tmp_path, example):
    with open_archive(archive(tmp_path)) as opened:
        assert registry.choose_format(opened) == "example"


def test_the_commands_import_and_export(tmp_path, example):
    roster, submitted, filled = (tmp_path / name for name in ("example.csv", "submitted", "filled.csv"))
    roster.write_text("username,points,remarks,room\n" + "".join(f"{each.login},,,12\n" for each in CLASS[:3]))
    done = run("import", archive(tmp_path), "--roster", roster, "-o", submitted, "--assignment", NAME)
    assert (done.exit_code, done.output.splitlines()[0]) == (0, f"example: {NAME}"), done.output
    for each in CLASS[:3]:
        assert (submitted / each.login / NAME / f"{NAME}.ipynb").read_bytes() == c.work(each)
    c.write_reports(tmp_path / "results", {each.login: each for each in CLASS[:3]})
    fixed = ["--template", roster, "--assignment", NAME, "--results", tmp_path / "results", "--no-late-policy"]
    done = run("export", "--to", "example-csv", *fixed, "-o", filled)
    assert done.exit_code == 0, done.output
    head, *lines = filled.read_text().split("12\n")
    assert head.startswith("username,points,remarks,room\nalovelace,17.5,")
    assert [line.split(",")[:2] for line in lines[:-1]] == [["sobrien", "12.25"], ["w_li", "20"]]


def test_names_are_those_of_the_registry(example):
    """No name is used twice, and the choices of the commands are those that users know."""
    assert list(registry.archive_formats()) == [
        "canvas", "moodle", "blackboard", "brightspace", "gradescope", "example"
    ]  # fmt: skip
    assert list(registry.grade_files()) == [
        "canvas", "moodle-worksheet", "moodle-csv", "blackboard", "d2l", "nbgrader-csv", "example-csv"
    ]  # fmt: skip
    assert list(registry.feedback_paths()) == ["canvas", "moodle"]
    assert list(registry.push_services()) == ["canvas", "moodle", "ags"]


def test_without_registration_it_is_unknown(tmp_path):
    with open_archive(archive(tmp_path)) as opened, pytest.raises(ArchiveRefused, match="one LMS"):
        registry.choose_format(opened)
