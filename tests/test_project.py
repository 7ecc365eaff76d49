"""The project's own machinery: imports, locks, make, CI."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKED_EXTRAS = {
    "base": [],
    "nbgrader": ["nbgrader"],
    "dev": ["dev", "nbgrader", "otter", "lms", "dask"],
    "tensorflow": ["tensorflow"],
    "all": list(EXTRAS),
}
LOCKED_GROUPS = {"tensorflow": ["build", "baseline"], "all": ["build", "baseline"]}


def entries(lock: str) -> list[tuple[str, str]]:
    """Name and version of each entry; one name may have several versions, one per Python or platform."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    return re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE)


def test_imports_point_one_way():
    command = Path(sys.executable).with_name("lint-imports")
    call = [command, "--no-logo", "--no-cache"]
    checked = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_what_runs_beside_student_code_imports_only_its_own_folder():
    outside = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "autograder/sandbox/guest").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.level > 1 or (node.module or "").startswith("autograder"))
    ]
    assert not outside


@pytest.mark.parametrize("lock", LOCKED_EXTRAS)
def test_a_lock_pins_everything_that_is_asked_for(lock):
    groups = LOCKED_GROUPS.get(lock, ["build"])
    asked = [*PROJECT["project"]["dependencies"], *(n for each in groups for n in PROJECT["dependency-groups"][each])]
    asked += [need for extra in LOCKED_EXTRAS[lock] for need in EXTRAS[extra]]
    for need in map(Requirement, asked):
        versions = [version for name, version in entries(lock) if name == canonicalize_name(need.name)]
        assert versions, f"{need} is not in requirements/{lock}.lock; run `make locks`"
        right = all(need.specifier.contains(version, prereleases=True) for version in versions)
        assert right, f"{need}, but {lock}.lock has {versions}; run `make locks`"


@pytest.mark.parametrize("lock", LOCKED_EXTRAS)
def test_every_entry_of_a_lock_has_a_hash(lock):
    text = (ROOT / f"requirements/{lock}.lock").read_text(encoding="utf-8")
    hashed = re.findall(r"^[a-z0-9._-]+==.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(hashed) == len(entries(lock)) > 0


@pytest.mark.parametrize("lock", ["base", "nbgrader", "dev", "tensorflow"])
def test_every_lock_agrees_with_the_lock_of_everything(lock):
    assert set(entries(lock)) <= set(entries("all"))


def test_make_help_names_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make (\w+) +\S", shown, re.MULTILINE) == targets


@pytest.mark.parametrize("target", ["demo", "test", "lint", "bench", "pictures"])
def test_make_knows_how_to_set_up_each_target(target):
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=True)


def test_ci_runs_the_same_checks_as_a_contributor():
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    text = script.read_text(encoding="utf-8")
    assert "make lint" in text
    assert text.rstrip().splitlines()[-1].startswith("make test"), "pytest's summary must be the last that is seen"


def test_the_readme_names_each_system_package_that_ci_installs():
    packages = re.findall(r"packages\+=\(([\w-]+)\)", (ROOT / ".ci/run").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(packages) > 1
    assert [package for package in packages if package not in readme] == []
