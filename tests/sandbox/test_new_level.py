"""The isolation level of docs/contributing.md, registered and used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.sandbox import Limits, Sandbox, available_levels
from autograder.sandbox.levels import LEVELS

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(bool(LEVELS["landlock"].obstacle()), reason=LEVELS["landlock"].obstacle())
def test_the_documented_level_runs_code(tmp_path):
    text = (ROOT / "docs/contributing.md").read_text(encoding="utf-8").split("## A new isolation level\n")[1]
    example = re.search(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    try:
        exec(example[1], {})  # noqa: S102 - the example of this repository's own documentation
        level = LEVELS["nice"]
        assert level.command(level.settings(str(tmp_path), ()), "3")[:3] == ["nice", "-n", "10"]
        with Sandbox(Limits(), "nice") as sandbox, sandbox.run(["def six(): return 6"]) as student:
            assert sandbox.level == "nice"
            assert student.call("six", [])[0] == 6
        assert available_levels()["nice"] == ""
    finally:
        LEVELS.pop("nice", None)
