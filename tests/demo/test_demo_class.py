"""The class that `autograder demo` generates from the shipped course: every score is the expected one.

The secret is fixed: where a wrong answer is right by chance on some inputs, its score depends on what was drawn.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

EXPECTED = Path(__file__).parents[1] / "scenarios" / "demo" / "expected.csv"
REPOSITORY = Path(__file__).parents[2]
FILE_SECRET, FIXED = "secret: file:.autograder-secret", "secret: env:DEMO_SECRET"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def fixed_course(folder: Path) -> Path:
    shutil.copytree(REPOSITORY / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    text = (REPOSITORY / "course.yml").read_text(encoding="utf-8")
    assert FILE_SECRET in text
    text = text.replace(FILE_SECRET, FIXED)
    for limit, seconds in {"cell": 4, "call": 3}.items():  # endless loops end sooner than by default
        text, count = re.subn(rf"^  {limit}_seconds: \d+", f"  {limit}_seconds: {seconds}", text, flags=re.MULTILINE)
        assert count == 1
    (folder / "course.yml").write_text(text, encoding="utf-8")
    return folder / "course.yml"


def test_every_score_of_the_demo_class_is_the_expected_one(tmp_path: Path) -> None:
    out, course = tmp_path / "out", fixed_course(tmp_path)
    command = [Path(sys.executable).with_name("autograder"), "demo", out, "--course", course]
    environment = {**os.environ, "DEMO_SECRET": "the demo class is drawn from this"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, env=environment)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    what = {(row["student"], row["assignment"]): row["what"] for row in rows(out / "class.csv")}
    seen = {
        ",".join([row["assignment"], what[row["student"], row["assignment"]], row["status"], row["score"]])
        for row in rows(out / "grades.csv")
    }
    expected = {",".join(row.values()) for row in rows(EXPECTED)}
    assert len(what) == 60 * len({assignment for _, assignment in what})
    assert seen - expected == set()
    assert expected - seen == set()
