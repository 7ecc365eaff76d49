"""What the documents say is true: commands exist, links lead somewhere, and the guides work when they are followed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from autograder.cli import COMMANDS, main
from autograder.release.notebook import serialise, solution_notebook, student_notebook
from autograder.release.source import read_source

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("benchmarks/*.md"))]
GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TARGETS = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

_FENCE = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: the file it shows (named on a line of its own before it), its language, its text."""

    path: str
    language: str
    text: str


def blocks(document: Path) -> list[Block]:
    return [Block(*found) for found in _FENCE.findall(document.read_text(encoding="utf-8"))]


def shell_lines(document: Path) -> list[str]:
    return [line for block in blocks(document) if block.language == "sh" for line in block.text.splitlines() if line]


def said(document: Path) -> list[str]:
    """Every command in the document: lines of shell blocks, and code in the prose that begins like one."""
    prose = _FENCE.sub("", document.read_text(encoding="utf-8"))
    inline = [" ".join(code.split()) for code in re.findall(r"`((?:autograder|make) [^`]+)`", prose)]
    return [*shell_lines(document), *inline]


def words_of(line: str) -> list[str]:
    words = shlex.split(line, comments=True)
    return [Path(words[0]).name, *words[1:]] if words else []


def check_command(words: list[str]) -> None:
    """Parse as the command line does, without running anything; prose may leave arguments out, nothing else."""
    name, *arguments = words
    command = main.get_command(click.Context(main), name)
    assert command is not None, f"no command {name!r}"
    with contextlib.suppress(click.MissingParameter):
        command.make_context(name, list(arguments))


def examples(command: click.Command) -> list[str]:
    _, _, text = (command.help or "").partition("Example:")
    return [line for line in text.splitlines() if line.strip().startswith("autograder ")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_in_documents_exist(document):
    for line in said(document):
        words = words_of(line)
        if words[:1] == ["autograder"] and words[1:]:
            check_command(words[1:])
        if words[:1] == ["make"]:
            assert words[1] in TARGETS, line


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_that_parses(name):
    command = main.get_command(click.Context(main), name)
    assert command.help
    assert examples(command), "no example"
    for line in examples(command):
        check_command(shlex.split(line)[1:])
    bare = [option.name for option in command.params if isinstance(option, click.Option) and not option.help]
    assert set(bare) <= {"out"}, f"options without help: {bare}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_guides(name):
    text = "\n".join(guide.read_text(encoding="utf-8") for guide in GUIDES)
    assert f"autograder {name}" in text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (document.parent / target).exists()] == []


def test_the_architecture_names_every_package():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([\w/]+)`", row)}
    packages = {
        path.parent.relative_to(ROOT / "autograder").as_posix() for path in (ROOT / "autograder").rglob("__init__.py")
    }
    assert named == packages - {"."}


def test_the_guide_for_authors_works(tmp_path):
    document = ROOT / "docs/authors.md"
    files = [block for block in blocks(document) if block.path]
    assert len(files) == 5
    for block in files:
        target = tmp_path / block.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, encoding="utf-8")
    printed = follow(document, tmp_path)
    assert "2 passed" in printed
    assert (tmp_path / "assignments/absolute-error/absolute-error.es.ipynb").is_file()
    assert re.search(r"(\d+) of \1 as expected", printed)


def test_the_guide_for_instructors_works(tmp_path):
    shutil.copy(ROOT / "course.yml", tmp_path)
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    source = read_source(ROOT / "solutions/softmax/softmax.py")
    for student, make in {"ana": solution_notebook, "ben": student_notebook}.items():
        target = tmp_path / "submitted" / student / "softmax" / "softmax.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(serialise(make(source, "en")), encoding="utf-8")
    printed = follow(ROOT / "docs/instructors.md", tmp_path)
    assert (tmp_path / "results/grades.csv").is_file()
    assert "ana · softmax: 18 of 20 points" in printed
    assert "0 changed, 14 the same" in printed


def a_class(folder: Path) -> None:
    """Lay out a course, and the work of two students in a folder."""
    shutil.copy(ROOT / "course.yml", folder)
    shutil.copytree(ROOT / "solutions", folder / "solutions")
    source = read_source(ROOT / "solutions/softmax/softmax.py")
    (folder / "class").mkdir()
    for student, make in {"ana": solution_notebook, "ben": student_notebook}.items():
        (folder / f"class/{student}.ipynb").write_text(serialise(make(source, "en")), encoding="utf-8")


def test_the_guide_for_otter_works(tmp_path):
    pytest.importorskip("otter", reason="otter-grader is not installed: pip install -e '.[otter]'")
    a_class(tmp_path)
    (tmp_path / "class/ana.ipynb").rename(tmp_path / "ana.ipynb")
    follow(ROOT / "docs/otter.md", tmp_path)
    found = {path.parent.name: json.loads(path.read_text()) for path in tmp_path.glob("results/*/results.json")}
    assert {name: sum(test["score"] for test in each["tests"]) for name, each in found.items()} == {"ana": 18, "ben": 0}


def test_the_guide_for_gradescope_works(tmp_path):
    a_class(tmp_path)
    lines = shell_lines(ROOT / "docs/gradescope.md")
    follow_lines(
        [
            line
            for line in lines
            if not line.startswith(("pip", "autograder release softmax --to gradescope -o softmax-offline"))
        ],
        tmp_path,
    )
    assert "numpy==" in (tmp_path / "unpacked/constraints.txt").read_text()


def test_the_guide_to_pages_works(tmp_path):
    shutil.copy(ROOT / "course.yml", tmp_path)
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    target = tmp_path / "submitted" / "ana" / "softmax" / "softmax.ipynb"
    target.parent.mkdir(parents=True)
    target.write_text(
        serialise(student_notebook(read_source(ROOT / "solutions/softmax/softmax.py"), "en")), encoding="utf-8"
    )
    printed = follow(ROOT / "docs/pages.md", tmp_path)
    assert "overview: results/report/index.html" in printed
    for page in ("results/report/index.html", "results/feedback/softmax/ana.html", "pages/report/students.html"):
        assert (tmp_path / page).is_file()


def follow(document: Path, folder: Path) -> str:
    """Run the shell blocks of a document in order, as a reader would."""
    return follow_lines(shell_lines(document), folder)


def follow_lines(lines: list[str], folder: Path) -> str:
    """Run lines in a shell, one after the other; each must succeed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | {"PATH": path}
    printed = []
    for line in lines:
        call = ["bash", "-c", line]
        done = subprocess.run(
            call, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        printed.append(done.stdout)
    return "\n".join(printed)
