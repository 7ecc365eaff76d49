"""Search for inputs that a target cannot bear, guided by which code they reach: `make fuzz ARGS="--seconds 600 wire"`.

A finding is written into seeds/<target>, where the normal tests try it from then on. What merely reached new code stays
in .corpus beside this file, so that the next search goes on from there.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
INSTRUMENTED = {
    "wire": ("autograder.sandbox.guest.values", "autograder.sandbox.guest.wire"),
    "notebook": ("autograder.submission",),
    "course": ("autograder.course",),
    "report": ("autograder.report",),
    "archive": ("autograder.lms.archive", "zipfile"),
    "table": ("autograder.lms.table",),
}


def main() -> int:
    """Search in one process per target, one after the other; the exit code is 0 if nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[[], *INSTRUMENTED], help="what to search; default: everything")
    parser.add_argument("--seconds", type=int, default=60, help="how long, for each target")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return search(options.inside, options.seconds)
    found = 0
    for target in options.targets or INSTRUMENTED:
        command = [sys.executable, __file__, "--inside", target, "--seconds", str(options.seconds)]
        before = set((HERE / "seeds" / target).iterdir())
        done = subprocess.run(command, check=False)
        new = sorted(set((HERE / "seeds" / target).iterdir()) - before)
        found += done.returncode != 0
        print(f"{target}: {'nothing found' if done.returncode == 0 else f'FOUND {new}'}", flush=True)  # noqa: T201
    return 1 if found else 0


def search(target: str, seconds: int) -> int:
    """Search in this process; it ends with it."""
    import atheris

    with atheris.instrument_imports(include=list(INSTRUMENTED[target])):
        for name in INSTRUMENTED[target]:
            importlib.import_module(name)
        test = importlib.import_module("targets").TARGETS[target]
    for seed in (HERE / "seeds" / target).iterdir():
        test(seed.read_bytes())  # what is imported at first use does not count as slow
    corpus = HERE / ".corpus" / target
    corpus.mkdir(parents=True, exist_ok=True)
    words = [f"-max_total_time={seconds}", "-max_len=8192", "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"]
    words += [f"-artifact_prefix={HERE / 'seeds' / target}/found-", str(corpus), str(HERE / "seeds" / target)]
    with tempfile.TemporaryDirectory() as scratch:
        tempfile.tempdir = scratch
        atheris.Setup([sys.argv[0], *words], test)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.exit(main())
