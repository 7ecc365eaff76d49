"""`kill -9` of any process of a batch, at any moment: running again completes it with the same scores."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

COURSE = Path(__file__).parents[2] / "course.yml"
NOTEBOOK = COURSE.parent / "assignments" / "softmax" / "softmax.ipynb"
AUTOGRADER = Path(sys.executable).with_name("autograder")
SIZE = 40


def scores(out: Path) -> list[tuple[str, str, str]]:
    with (out / "grades.csv").open(newline="", encoding="utf-8") as file:
        return [(row["student"], row["status"], row["score"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of alternating starters and right answers, slow enough to be interrupted."""
    folder = tmp_path_factory.mktemp("class")
    solution = "\n".join(
        [
            "# %%",
            "import numpy as np, time",
            "time.sleep(0.1)",
            "# %%",
            "def softmax(z):",
            "    e = np.exp(np.asarray(z, float) - np.max(z, axis=-1, keepdims=True))",
            "    return e / e.sum(axis=-1, keepdims=True)",
        ]
    )
    for i in range(SIZE):
        (folder / f"s{i:03}.py").write_text(f"{solution}\n# {i}\n") if i % 2 else (
            folder / f"s{i:03}.ipynb"
        ).write_bytes(NOTEBOOK.read_bytes() + b" " * i)
    return folder


def start(submitted: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [
        AUTOGRADER,
        "grade",
        submitted,
        "-o",
        out,
        "--assignment",
        "softmax",
        "--course",
        COURSE,
        "--workers",
        "2",
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def undisturbed(submitted: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    out = tmp_path_factory.mktemp("undisturbed")
    assert start(submitted, out).wait(120) == 0
    return scores(out)


def depth(process: psutil.Process, root: psutil.Process) -> int:
    return 0 if process == root else 1 + depth(process.parent() or root, root)


KINDS = ("coordinator", "fork server", "worker", "bubblewrap", "its init", "zygote", "copy of the zygote", "child")


def kind(process: psutil.Process, root: psutil.Process) -> str:
    """Return the role of a process from its place in the process tree."""
    below = depth(process, root)
    if below == 2:  # the fork server's children
        return "worker" if "autograder.batch.local.worker" in process.cmdline() else "bubblewrap"
    return {0: "coordinator", 1: "fork server", 3: "its init", 4: "zygote", 5: "copy of the zygote"}.get(below, "child")


@pytest.mark.parametrize("victim", KINDS)
def test_any_process_may_be_killed(
    victim: str, submitted: Path, undisturbed: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    run = start(submitted, tmp_path)
    root, killed = psutil.Process(run.pid), 0
    end = time.monotonic() + 60
    while run.poll() is None and killed < 3 and time.monotonic() < end:
        time.sleep(0.25)
        try:
            family = [root, *root.children(recursive=True)]
            victims = [process for process in family if kind(process, root) == victim]
            if victims and len(list((tmp_path / "reports").rglob("*.json"))) > 5:
                victims[-1].kill()
                killed += 1
        except psutil.NoSuchProcess:
            continue
    run.wait(120)
    if victim in KINDS[:3]:  # the others come and go, or are not there at another isolation level
        assert killed
    family = [process for process in psutil.process_iter() if str(tmp_path) in " ".join(_command(process))]
    assert not family, "nothing of a batch survives it"
    assert start(submitted, tmp_path).wait(120) == 0
    assert scores(tmp_path) == undisturbed


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
