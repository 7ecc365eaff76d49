"""Which level is taken where something is missing, and what is said about it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.errors import IsolationUnavailable
from autograder.sandbox import Limits, Sandbox, available_levels
from autograder.sandbox.guest import syscalls
from autograder.sandbox.levels import LEVELS
from autograder.sandbox.levels.base import readable_paths

CHOOSE = """
from autograder.sandbox import Limits, Sandbox
with Sandbox(Limits()) as sandbox, sandbox.run(["def f(): return 6"]) as student:
    print(sandbox.level, student.call("f", [])[0], sandbox.fallbacks)
"""


@pytest.mark.skipif(bool(LEVELS["landlock"].obstacle()), reason=LEVELS["landlock"].obstacle())
def test_without_bubblewrap_landlock_serves_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with Sandbox(Limits()) as sandbox:
        assert sandbox.level == "landlock"
        assert sandbox.fallbacks == ("bubblewrap is not installed: `apt install bubblewrap`",)


@pytest.mark.skipif(bool(LEVELS["landlock"].obstacle() or LEVELS["namespaces"].obstacle()), reason="needs both levels")
def test_without_user_namespaces_landlock_serves() -> None:
    forbid = [
        "unshare",
        "--user",
        "--map-root-user",
        "sh",
        "-c",
        'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"',
        "sh",
    ]
    if subprocess.run([*forbid, "true"], capture_output=True, check=False).returncode:
        pytest.skip("user namespaces cannot be nested here")
    done = subprocess.run(
        [*forbid, sys.executable, "-c", CHOOSE], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.startswith("landlock 6 ('level namespaces:"), done.stderr


def test_without_both_nothing_runs_unless_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(syscalls, "landlock_version", lambda: 0)
    with pytest.raises(IsolationUnavailable, match="--sandbox process"):
        Sandbox(Limits())
    with Sandbox(Limits(), "process") as sandbox:
        assert sandbox.level == "process"


def test_available_names_every_level() -> None:
    assert list(available_levels()) == ["namespaces", "landlock", "process"]


def test_nothing_of_a_course_is_readable(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    repository = Path(__file__).parents[2]
    forbidden = [
        secret,
        repository / "course.yml",
        repository / "solutions",
        repository / "autograder" / "grading",
        Path.home(),
    ]
    for level in ("namespaces", "landlock"):
        if LEVELS[level].obstacle():
            continue
        with (
            Sandbox(Limits(), level) as sandbox,
            sandbox.run(
                ["import os\ndef read(p): return bool(os.listdir(p) if os.path.isdir(p) else open(p).read())"]
            ) as student,
        ):
            for path in forbidden:
                with pytest.raises(Exception, match=r"raised (FileNotFoundError|PermissionError)"):
                    student.call("read", [str(path)])
    assert not any(
        str(path).startswith((str(repository / "autograder" / "grading"), str(tmp_path)))
        for path in map(Path, readable_paths())
    )
