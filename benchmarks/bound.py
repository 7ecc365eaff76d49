"""The lower bound: cells by IPython, criteria by direct calls, in one warm process; no isolation, no reasons.

Run as a program: `python -m benchmarks.bound KIT.py SUBMISSION... ` prints one JSON object per submission.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from IPython.core.interactiveshell import InteractiveShell

from benchmarks.measure import Run, run

__all__ = ["Bound", "measure"]

WARM_UP = 3


class Bound(msgspec.Struct, frozen=True):
    """One submission: wall and processor seconds, and the points by criterion."""

    seconds: float
    cpu_seconds: float
    points: dict[str, float]


def measure(kit: Path, points: dict[str, float], notebooks: Sequence[Path]) -> tuple[Run, list[Bound]]:
    """Grade the notebooks in one new, warmed process."""
    done = run(
        [sys.executable, "-m", "benchmarks.bound", kit, json.dumps(points), *notebooks], Path(__file__).parent.parent
    )
    if done.exit_code:
        raise RuntimeError(f"the lower bound failed:\n{done.text()}")
    return done, [msgspec.json.decode(line, type=Bound) for _, line in done.lines if line.startswith("{")]


def _main(kit: Path, points: dict[str, float], notebooks: Sequence[Path]) -> None:
    warnings.simplefilter("ignore")
    criteria: dict[str, Any] = {"__name__": "kit"}
    exec(kit.read_text(encoding="utf-8"), criteria)  # noqa: S102 - the project's own criteria
    shell = InteractiveShell.instance()
    shell.history_manager = None
    # Nobody reads tracebacks here, and drawing one costs as much as ten cells.
    shell.showtraceback = lambda *_, **__: None  # type: ignore[method-assign]
    for path in notebooks[:WARM_UP]:
        _grade(shell, criteria, points, path.read_bytes())
    for path in notebooks:
        text = path.read_bytes()
        wall, cpu = time.perf_counter(), time.process_time()
        earned = _grade(shell, criteria, points, text)
        bound = Bound(time.perf_counter() - wall, time.process_time() - cpu, earned)
        print(json.dumps(msgspec.to_builtins(bound)), flush=True)


def _grade(
    shell: InteractiveShell, criteria: dict[str, Any], points: dict[str, float], text: bytes
) -> dict[str, float]:
    shell.user_ns.clear()
    shell.init_user_ns()  # type: ignore[no-untyped-call]
    earned = dict.fromkeys(points, 0.0)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                shell.run_cell("".join(cell["source"]))  # type: ignore[no-untyped-call]
        for name, worth in points.items():
            with contextlib.suppress(Exception):
                criteria["judge"](name, shell.user_ns)
                earned[name] = worth
    return earned


if __name__ == "__main__":
    _main(Path(sys.argv[1]), json.loads(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
