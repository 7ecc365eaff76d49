"""The doctor names what is wrong and what to do about it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.course import load_course
from autograder.doctor import Check, CheckStatus, examine

ROOT = Path(__file__).parent.parent


@pytest.fixture
def course(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "course.yml", tmp_path)
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    return tmp_path / "course.yml"


def checks(course: Path) -> dict[str, Check]:
    return {check.name: check for check in examine(course)}


@pytest.fixture(scope="module")
def sound() -> dict[str, Check]:
    """What the doctor finds in the course of this repository."""
    return checks(ROOT / "course.yml")


def test_a_sound_machine_and_course(sound):
    found = sound
    assert {"python", "platform", "cores", "course", "secret", "isolation namespaces", "numpy", "rich"} <= found.keys()
    assert found["course"].verdict is CheckStatus.OK
    assert found["secret"].verdict is CheckStatus.OK


def test_whatever_is_not_fine_has_a_remedy(sound, tmp_path):
    for check in (*sound.values(), *examine(tmp_path / "nowhere.yml")):
        assert check.detail
        assert bool(check.remedy) == (check.verdict is not CheckStatus.OK), check


def test_a_course_that_cannot_be_read(course):
    course.write_text("assignments: [")
    result = CliRunner().invoke(main, ["doctor", "--course", str(course)])
    assert result.exit_code == 1
    assert "error    course" in result.stdout


def test_a_secret_that_others_can_read(course):
    assert load_course(course).secret  # made at first use
    (course.parent / ".autograder-secret").chmod(0o644)
    check = checks(course)["secret"]
    assert check.verdict is CheckStatus.WARNING
    assert check.remedy.startswith("chmod 600 ")


def test_without_bubblewrap_the_remedy_is_its_package(course, monkeypatch):
    monkeypatch.setenv("PATH", str(course.parent))
    check = checks(course)["isolation namespaces"]
    assert check.verdict is not CheckStatus.OK
    assert "apt install bubblewrap" in check.remedy


def test_json(course):
    result = CliRunner().invoke(main, ["doctor", "--course", str(course), "--json"])
    found = json.loads(result.stdout)
    assert {"name", "verdict", "detail", "remedy"} == set(found[0])
    assert result.exit_code == (1 if any(check["verdict"] == "error" for check in found) else 0)
