"""Draw docs/pictures from a real run of `autograder demo`, its terminal and its pages: `make pictures`."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.text import Text

from autograder.text import safe_name

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
PICTURE = PICTURES / "demo.svg"
AUTOGRADER = str(Path(sys.executable).with_name("autograder"))
SHOWN = "misconception truncated_to_integers"
SLOPE = "slope_turned"  # a mistake that a curve shows
WIDTH, LARGEST = 1180, 200_000  # pixels, bytes
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
        _run(["report", out.name], out)
        _draw_pages(out)
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


def _draw_pages(out: Path) -> None:
    """Take pictures of the overview, the classifier's page, and a student's feedback, in Debian's Chromium."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        sys.exit("error: no Chromium on this machine, so no picture of a page was drawn: apt-get install chromium")
    rows = csv.DictReader(io.StringIO((out / "class.csv").read_text(encoding="utf-8")))
    student = next(row["student"] for row in rows if row["assignment"] == "activations" and SLOPE in row["what"])
    feedback = out / "feedback/activations" / f"{safe_name(student)}.html"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        _page(browser, out / "report/index.html", "overview", "light", "h1")
        _page(browser, out / "report/assignments/mnist-classifier.html", "classifier", "light", "#learning")
        _page(browser, feedback, "feedback", "dark", "section:has(> figure):has(code:text-is('d_sigmoid'))")
        browser.close()


def _page(browser: Browser, path: Path, name: str, scheme: Literal["light", "dark"], top: str) -> None:
    """Take a picture of what is seen when `top` stands near the upper border."""
    page = browser.new_page(viewport={"width": WIDTH, "height": 820}, color_scheme=scheme, reduced_motion="reduce")
    page.goto(path.as_uri())
    place = page.locator(top).first.bounding_box()
    page.mouse.wheel(0, max(0.0, place["y"] - 90) if place and name != "overview" else 0)
    page.wait_for_timeout(300)
    target = PICTURES / f"{name}.png"
    page.screenshot(path=target)
    page.close()
    if target.stat().st_size > LARGEST:
        sys.exit(f"error: {target.name} has more than {LARGEST} bytes")
    print(target.relative_to(HERE.parent))


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
