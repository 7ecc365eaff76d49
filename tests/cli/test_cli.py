"""The command line: help, errors, and JSON of every command."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from autograder.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("autograder")


def invoke(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade the starter notebooks as the work of two students."""
    folder = tmp_path_factory.mktemp("class")
    for student in ("Ana Belén", "bo"):
        place = folder / "submitted" / student / "softmax"
        place.mkdir(parents=True)
        (place / "softmax.ipynb").write_bytes((ROOT / "assignments/softmax/softmax.ipynb").read_bytes())
    words = ["--course", ROOT / "course.yml", "--assignment", "softmax", "--workers", "1"]
    result = invoke("grade", folder / "submitted", "-o", folder / "out", *words)
    assert result.exit_code == 0, result.output
    return folder


def grade_again(results: Path, *words: str) -> Result:
    fixed = ["--course", ROOT / "course.yml", "--assignment", "softmax", "--workers", "1"]
    return invoke("grade", results / "submitted", "-o", results / "out", *fixed, *words)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    result = invoke(name, "--help")
    assert result.exit_code == 0
    assert f"autograder {name}" in result.output.partition("Example:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name):
    command = main.get_command(click.Context(main), name)
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    bare = [option.name for option in options if not option.help]
    assert not bare


def test_the_help_lists_every_command():
    output = invoke("--help").output
    assert "Example:" in output
    for name, (_, text) in COMMANDS.items():
        assert name in output
        assert text.split()[0] in output


def test_help_loads_nothing_heavy():
    code = "import sys, autograder.cli as c; c.main(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert not [name for name in ("numpy", "pytest", "rich", "nbformat", "yaml", "IPython") if f"'{name}'" in shown]


def test_an_unknown_command():
    result = invoke("grad")
    assert result.exit_code == 2
    assert "grad" in result.output


def test_an_error_is_one_line_without_a_traceback(tmp_path):
    command = [PROGRAM, "grade", tmp_path / "nowhere", "-o", tmp_path / "out", "--course", ROOT / "course.yml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: no folder ")
    assert done.stderr.count("\n") == 1


def test_a_graded_class_is_summarized(results):
    result = grade_again(results)
    assert result.exit_code == 0
    assert "softmax" in result.stdout
    assert "0 graded, 2 unchanged" in result.stdout
    assert str(results / "out" / "grades.csv") in result.stdout


def test_progress_is_plain_lines_without_a_terminal(results):
    result = grade_again(results, "--force")
    assert "2 of 2 (100%)" in result.stderr
    assert "\x1b" not in result.output


def test_json_for_programs(results):
    result = grade_again(results, "--json")
    summary = json.loads(result.stdout)
    assert (summary["graded"], summary["reused"], summary["errors"]) == (0, 2, [])
    assert summary["assignments"][0]["name"] == "softmax"


def test_one_students_report_as_text(results):
    result = grade_again(results, "--student", "bo")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("bo · softmax: 0 of ")
    assert any(line.startswith("  softmax: 0 of ") for line in lines)
    assert any("not attempted" in line for line in lines)
    assert "Ana" not in result.stdout


def test_an_error_in_one_submission_makes_the_command_fail(results, tmp_path):
    place = tmp_path / "submitted" / "eve" / "softmax"
    place.mkdir(parents=True)
    for name in ("a.ipynb", "b.ipynb"):
        (place / name).write_text("{}")
    words = ["--course", ROOT / "course.yml", "--assignment", "softmax"]
    result = invoke("grade", tmp_path / "submitted", "-o", tmp_path / "out", *words)
    assert result.exit_code == 1
    assert result.stdout.startswith("ERROR: 1 submission was not graded.")
    assert "eve · softmax: more than one notebook" in result.stdout


def test_diff_of_a_folder_with_itself(results):
    result = invoke("diff", results / "out", results / "out")
    assert result.exit_code == 0
    assert result.stdout == "0 changed, 2 the same\n"
    as_json = json.loads(invoke("diff", results / "out", results / "out", "--json").stdout)
    assert (as_json["changes"], as_json["same"]) == ([], 2)


def test_diff_shows_what_changed(results, tmp_path):
    path = results / "out/reports/softmax/bo.json"
    new = tmp_path / "new/reports/softmax"
    new.mkdir(parents=True)
    report = json.loads(path.read_text())
    test = report["questions"][0]["tests"][0]
    test.update(passed=True, points=test["max_points"])
    report["score"] = test["max_points"]
    (new / "bo.json").write_text(json.dumps(report))
    shown = invoke("diff", results / "out", tmp_path / "new").stdout
    assert f"bo · softmax: 0 pending -> {test['max_points']:g} pending" in shown
    assert f"{test['criterion']}  0 -> {test['max_points']:g}" in shown


def test_release_writes_the_students_notebooks(tmp_path):
    result = invoke("release", "softmax", "--to", "notebook", "-o", tmp_path, "--course", ROOT / "course.yml")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        str(tmp_path / "softmax/softmax.ipynb"),
        str(tmp_path / "softmax/softmax.es.ipynb"),
    ]


def test_release_in_one_language(tmp_path):
    words = ["--to", "notebook", "-o", tmp_path, "--lang", "es", "--course", ROOT / "course.yml"]
    result = invoke("release", "softmax", *words)
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.rglob("*.ipynb")] == ["softmax.es.ipynb"]


def test_release_of_an_unknown_assignment(tmp_path):
    result = invoke("release", "sotfmax", "--to", "notebook", "-o", tmp_path, "--course", ROOT / "course.yml")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert "softmax" in result.stderr


def test_grading_one_submission_from_the_shell_loads_nothing_that_it_does_not_need(results, tmp_path):
    words = ["grade", results / "submitted/bo/softmax/softmax.ipynb", "-o", tmp_path / "out", "--assignment", "softmax"]
    code = (
        "import sys, autograder.cli as c; c.main(sys.argv[1:], standalone_mode=False);"
        "print({name.partition('.')[0] for name in sys.modules})"
    )
    command = [sys.executable, "-c", code, *map(str, words), "--course", str(ROOT / "course.yml")]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    heavy = ("jinja2", "distributed", "requests", "nbformat", "jupytext", "nbgrader", "otter", "tensorflow", "pandas")
    assert [name for name in heavy if f"'{name}'" in loaded] == []


def test_what_was_ignored_is_listed_by_reason(results):
    (results / "submitted" / "notes.txt").write_text("")
    (results / "submitted" / "link").symlink_to(results)
    result = grade_again(results)
    (results / "submitted" / "notes.txt").unlink()
    (results / "submitted" / "link").unlink()
    assert f"     1  not a notebook: {results}/submitted/notes.txt" in result.stdout
    assert f"     1  a symbolic link: {results}/submitted/link" in result.stdout


def test_progress_is_a_bar_on_a_terminal(results, tmp_path):
    words = ["grade", results / "submitted", "-o", tmp_path / "out", "--course", ROOT / "course.yml"]
    ours, theirs = os.openpty()
    command = [PROGRAM, *words, "--assignment", "softmax"]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm"}) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how the end of a terminal reads on Linux
            while part := os.read(ours, 4096):
                shown += part
        assert process.wait() == 0
    os.close(ours)
    assert b"2/2" in shown
    assert b"2 of 2" not in shown
