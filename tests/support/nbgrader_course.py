"""A real nbgrader course in a folder of its own: commands as a person types them, work as students leave it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
STAMP = "2027-02-10 12:00:00.000000 UTC"  # before the due date of softmax in course.yml


class NbCourse:
    """A course directory beside a copy of our course; nothing of the person who runs the tests gets in."""

    def __init__(self, folder: Path, secret: str = "", languages: str = "") -> None:
        self.folder = folder
        self.directory = folder / "nb"
        self.exchange = folder / "exchange"
        self.exchange.mkdir(parents=True)
        self.exchange.chmod(0o777)
        ours = folder / "ours"
        shutil.copytree(ROOT / "solutions", ours / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
        text = (ROOT / "course.yml").read_text(encoding="utf-8")
        self.course_file = ours / "course.yml"
        self.course_file.write_text(text, encoding="utf-8")
        (ours / ".autograder-secret").write_text(secret or "hidden inputs of the nbgrader tests", encoding="utf-8")
        config = folder / "jupyter"
        config.mkdir()
        (config / "nbgrader_config.py").write_text(
            "c = get_config()\n"
            f"c.Exchange.root = {str(self.exchange)!r}\n"
            f"c.Exchange.cache = {str(folder / 'cache')!r}\n"
            "c.ExchangeCollect.check_owner = False\n",  # one person plays all students here
            encoding="utf-8",
        )
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTEST", "IPYTHON"))}
        self.environment = {
            **kept,
            "PATH": f"{BIN}{os.pathsep}{kept['PATH']}",
            "HOME": str(folder),
            "JUPYTER_CONFIG_DIR": str(config),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "IPYTHONDIR": str(folder / "ipython"),
        }

    def release(self, *names: str, lang: str = "en") -> None:
        self.run(BIN / "autograder", "release", *names, "--to", "nbgrader", "-o", self.directory, "--lang", lang,
                 "--course", self.course_file, cwd=self.folder)  # fmt: skip

    def run(self, *words: str | Path, code: int = 0, cwd: Path | None = None) -> str:
        """Run a command in the course directory; give what it printed."""
        done = subprocess.run(
            list(map(str, words)), cwd=cwd or self.directory, env=self.environment, capture_output=True, text=True,
            timeout=900, check=False,
        )  # fmt: skip
        text = done.stdout + done.stderr
        assert done.returncode == code, f"{' '.join(map(str, words))}\n{text[-6000:]}"
        return text

    def nbgrader(self, *words: str, code: int = 0) -> str:
        return self.run(BIN / "nbgrader", *words, code=code)

    def hand_in(self, student: str, data: bytes, name: str = "softmax", stamp: str = STAMP) -> Path:
        """Put a submission where `nbgrader collect` would."""
        folder = self.directory / "submitted" / student / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.ipynb").write_bytes(data)
        (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")
        return folder / f"{name}.ipynb"

    def released(self, name: str = "softmax") -> Any:
        """Read what students get."""
        return nbformat.read(self.directory / "release" / name / f"{name}.ipynb", as_version=4)

    def answered(self, answers: Mapping[str, str], explanation: str = "", name: str = "softmax") -> Any:
        """Fill in what students get: the text of each question's cell."""
        book = self.released(name)
        for cell in book.cells:
            about = cell.metadata.get("nbgrader", {})
            if about.get("solution"):
                cell.source = answers.get(
                    about["grade_id"], explanation if cell.cell_type == "markdown" else cell.source
                )
        return book

    def book(self) -> Any:
        """Open the gradebook."""
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.directory}/gradebook.db")

    def scores(self, name: str = "softmax") -> dict[str, dict[str, float | None]]:
        """Read the automatic score of each cell by student."""
        with self.book() as book:
            return {
                each.student.id: {grade.name: grade.auto_score for nb in each.notebooks for grade in nb.grades}
                for each in book.assignment_submissions(name)
            }


def text_of(book: Any) -> bytes:
    return nbformat.writes(book).encode()
