"""The class that `autograder demo` makes of the shipped course: every score, one by one, is the one written down."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

SCENARIOS = Path(__file__).parent / "scenarios" / "demo"
COURSE = Path(__file__).parents[1] / "course.yml"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_score_of_the_demo_class_is_the_expected_one(tmp_path: Path) -> None:
    command = [Path(sys.executable).with_name("autograder"), "demo", tmp_path / "out", "--course", COURSE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    what = {(row["student"], row["assignment"]): row["what"] for row in rows(tmp_path / "out" / "class.csv")}
    seen = {
        (row["assignment"], what[row["student"], row["assignment"]], row["status"], row["score"])
        for row in rows(tmp_path / "out" / "grades.csv")
    }
    expected = {
        (row["assignment"], row["what"], row["status"], row["score"]) for row in rows(SCENARIOS / "expected.csv")
    }
    assert len(what) == 60 * len({assignment for _, assignment in what})
    assert sorted(seen) == sorted(expected)
