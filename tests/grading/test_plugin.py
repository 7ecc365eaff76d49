"""`pytest solutions/NAME` as an author runs it, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tiny_course import RIGHT, notebook


def run_pytest(folder: Path, *options: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_reference_passes_and_manual_criteria_are_left_out(assignment: Path):
    code, text = run_pytest(assignment, "--strict-markers")
    assert code == 0, text
    assert "3 passed, 1 deselected" in text


def test_a_submission_is_graded_in_the_sandbox_and_failures_read_as_students_read_them(assignment: Path):
    wrong = assignment.parent.parent / "wrong.ipynb"
    wrong.write_bytes(notebook(RIGHT.replace("np.sum", "np.mean")))
    code, text = run_pytest(assignment, "--submission", str(wrong))
    assert code == 1, text
    assert "Adds up.\n  the shape is right, but the values are not" in text
    assert "expect.py" not in text
    assert "1 failed, 2 passed, 1 deselected" in text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("@pytest.mark.points(2)\n", "", "has no points: add @pytest.mark.points(number) with a number above 0"),
        ('"""Adds up.\n\n    es: Suma.\n    """', "", "has no docstring: say in one English sentence"),
    ],
)
def test_a_test_that_declares_too_little_is_refused_by_name(assignment: Path, old: str, new: str, message: str):
    grader = assignment / "test_tiny.py"
    grader.write_text(grader.read_text().replace(old, new))
    code, text = run_pytest(assignment)
    assert code == 4
    assert "test_tiny.py::test_" in text
    assert message in text


def test_a_missing_baseline_says_how_to_record_it(assignment: Path):
    with (assignment / "test_tiny.py").open("a") as grader:
        grader.write('\n@double\n@pytest.mark.points(1)\ndef test_b(baseline):\n    """Agrees."""\n')
    code, text = run_pytest(assignment)
    assert code == 1
    assert "baseline.npz does not exist; record it with `autograder baseline record tiny`" in text


def test_a_wide_fixture_cannot_keep_one_students_values_for_the_next(assignment: Path):
    with (assignment / "test_tiny.py").open("a") as grader:
        grader.write(
            "\n@pytest.fixture(scope='module')\ndef kept(student):\n    return student.double([1.0])\n"
            '\n@double\n@pytest.mark.points(1)\ndef test_b(kept):\n    """Keeps."""\n'
        )
    code, text = run_pytest(assignment)
    assert code == 1
    assert "ScopeMismatch" in text


def test_elsewhere_the_plugin_minds_nobodys_business(tmp_path: Path):
    (tmp_path / "test_x.py").write_text(
        "def test_bare(request): assert request.config.getoption('--submission') is None\n"
    )
    code, text = run_pytest(tmp_path)
    assert code == 0, text


def test_the_plugin_imports_nothing_heavy():
    code = (
        "import sys, autograder.grading.plugin;"
        "print([m for m in ('numpy', 'IPython', 'msgspec', 'babel', 'yaml', 'nbformat') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
