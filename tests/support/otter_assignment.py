"""A real otter assignment in a folder: released by us, made by `otter assign`, graded by otter's own run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

# What the command `otter run` does, for one submission after the other: otter alone takes seconds to start.
_RUN_ALL = """
import json, pathlib, sys, traceback
from otter.run import main
archive, folder, names = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
for name in names:
    out = folder / name
    out.mkdir(parents=True)
    try:
        main(str(folder.parent / "submitted" / name), autograder=archive, output_dir=str(out), no_logo=True)
    except Exception:
        (out / "failed.txt").write_text(traceback.format_exc(), encoding="utf-8")
"""


class OtterAssignment:
    """One assignment; nothing of the person who runs the tests gets in."""

    def __init__(self, folder: Path, course_file: Path, name: str = "softmax") -> None:
        self.folder, self.name = folder, name
        self.master = folder / "masters" / name
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTEST", "IPYTHON"))}
        self.environment = {**kept, "PATH": f"{BIN}{os.pathsep}{kept['PATH']}", "HOME": str(folder)}
        self.run(
            BIN / "autograder", "release", name, "--to", "otter", "-o", folder / "masters", "--course", course_file
        )
        self.run(BIN / "otter", "assign", f"{name}.ipynb", "dist", cwd=self.master)

    @property
    def archive(self) -> Path:
        return next((self.master / "dist/autograder").glob(f"{self.name}-*.zip"))

    @property
    def student(self) -> Any:
        """Read what students get."""
        return nbformat.read(self.master / f"dist/student/{self.name}.ipynb", as_version=4)

    def run(self, *words: str | Path, code: int = 0, cwd: Path | None = None) -> str:
        done = subprocess.run(
            list(map(str, words)), cwd=cwd or self.folder, env=self.environment, capture_output=True, text=True,
            timeout=1800, check=False,
        )  # fmt: skip
        text = done.stdout + done.stderr
        assert done.returncode == code, f"{' '.join(map(str, words))}\n{text[-6000:]}"
        return text

    def grade(self, filename: str, data: bytes, code: int = 0) -> dict[str, Any]:
        """Run the command `otter run` on one submission; give results.json."""
        (self.folder / filename).write_bytes(data)
        out = self.folder / f"alone-{filename}"
        out.mkdir(exist_ok=True)
        self.printed = self.run(BIN / "otter", "run", "--no-logo", "-a", self.archive, "-o", out, filename, code=code)
        return json.loads((out / "results.json").read_text(encoding="utf-8"))

    def grade_all(self, work: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
        """Run otter's own function on each submission (file name -> content); give results.json where there is one."""
        submitted, results = self.folder / "submitted", self.folder / "results"
        submitted.mkdir(exist_ok=True)
        for name, data in work.items():
            (submitted / name).write_bytes(data)
        self.printed = self.run(sys.executable, "-P", "-c", _RUN_ALL, self.archive, results, *work)
        found = {name: results / name / "results.json" for name in work}
        return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in found.items() if path.is_file()}


def score(results: Mapping[str, Any]) -> float:
    return sum(float(test.get("score", 0.0)) for test in results["tests"])
