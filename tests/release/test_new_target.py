"""The release target of docs/contributing.md, registered and used through the command line."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from autograder.cli import main
from autograder.release.targets import TARGETS

ROOT = Path(__file__).parents[2]


def test_the_documented_target_is_released_like_the_others(tmp_path, monkeypatch):
    text = (ROOT / "docs/contributing.md").read_text(encoding="utf-8").split("## A new release target\n")[1]
    module, registration = re.findall(r"^```python\n(.*?)^```$", text.split("\n## ")[0], re.DOTALL | re.MULTILINE)
    (tmp_path / "example_target.py").write_text(module, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    words = ["release", "softmax", "--to", "page", "-o", str(tmp_path / "out"), "--course", str(ROOT / "course.yml")]
    try:
        exec(registration, {})  # noqa: S102 - the example of this repository's own documentation
        done = CliRunner().invoke(main, [*words, "--lang", "es"])
        refused = CliRunner().invoke(main, [*words, "--wheels", str(tmp_path)])
    finally:
        TARGETS.pop("page", None)
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "softmax.md").read_text(encoding="utf-8")
    assert "```python\nimport numpy as np" in page
    assert "raise NotImplementedError" in page
    assert "--wheels has no effect on --to page" in refused.output
