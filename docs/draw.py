"""Draw docs/pictures/demo.svg from a real run of `autograder demo`: `make pictures`."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
PICTURE = HERE / "pictures" / "demo.svg"
AUTOGRADER = str(Path(sys.executable).with_name("autograder"))
SHOWN = "misconception truncated_to_integers"
ELLIPSIS = "    ⋮"
STYLES = {
    r"^\$.*": "bold",
    r"✗": "bold red",
    r"misconceptions in \w[\w-]*": "bold",
    r"\d+ of \d+ as expected": "bold green",
}


def main() -> None:
    """Run the demo, show one student's report, and draw both as a terminal."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "autograder-demo")
        demo = _run(["demo"], out)
        student = _student_with(SHOWN, out / "class.csv")
        words = ["grade", f"{out.name}/submitted", "-o", out.name, "--assignment", "softmax", "--student", student]
        report = _run(words, out)
    shown = f"$ autograder demo\n{demo}\n\n$ autograder {' '.join(words[:-1])} {student!r}\n{_without_passes(report)}"
    PICTURE.write_text(_svg(shown), encoding="utf-8")
    print(PICTURE.relative_to(HERE.parent))


def _run(words: list[str], out: Path) -> str:
    """Run autograder beside `out` with the course of this checkout; leave out the lines of progress."""
    command = [AUTOGRADER, *words, "--course", str(HERE.parent / "course.yml")]
    done = subprocess.run(command, cwd=out.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(
            f"error: {' '.join(command)} ended with {done.returncode}; no picture was drawn\n{done.stdout[-3000:]}"
        )
    return done.stdout.strip()


def _without_passes(report: str) -> str:
    """Keep the picture on one screen: what passed, and what went wrong in visible cells, becomes one ellipsis."""
    kept: list[str] = []
    for line in report.splitlines():
        dull = line.lstrip().startswith(("✓", "cell "))
        if not dull:
            kept.append(line)
        elif kept[-1] != ELLIPSIS:
            kept.append(ELLIPSIS)
    return "\n".join(kept)


def _student_with(what: str, table: Path) -> str:
    rows = csv.DictReader(io.StringIO(table.read_text(encoding="utf-8")))
    return next(row["student"] for row in rows if row["what"].startswith(what))


def _svg(shown: str) -> str:
    console = Console(record=True, width=132, file=io.StringIO())
    text = Text(shown)
    for pattern, style in STYLES.items():
        text.highlight_regex(re.compile(pattern, re.MULTILINE), style)
    console.print(text)
    svg = console.export_svg(title="autograder demo", unique_id="demo")
    # Nothing is fetched from elsewhere to show the picture: without the web font the system's monospace is used.
    svg = re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE).rstrip() + "\n"


if __name__ == "__main__":
    main()
