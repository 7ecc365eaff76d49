"""Compare what two checkouts make of the same class: `python -m benchmarks.compare OLD NEW`.

Both are checkouts with a `.venv` of their own. OLD makes the demo class once; both grade it with the same secret, build
pages, release every assignment for every host, and bring the class into an LMS and back. Times, paths, versions and
hashes are left out. Reworded texts are listed in full; anything else that differs makes the exit code 1.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.differences import Difference, compared

__all__ = ["Side", "canvas", "main", "moodle"]

Words = list[str | Path]

LIMITS = {
    "cell_seconds": 4,
    "call_seconds": 2,
    "submission_seconds": 30,
    "memory_mb": 512,
}  # endless loops end soon, honest work passes
MOVED = re.compile(r"\.whl$|\.pyc$|/solutions/[^/]+/[^/]+\.(py|npz)$|\.autograder-import\.json$|(^|/)\.lock$")
"""The package and the sources of its course: what each checkout brings along. Only that they are there counts."""
MAKE_CLASS = """
import sys
from pathlib import Path
from autograder import course
try:
    from autograder.demo.enrolment import enrol, write_class
except ImportError:  # as it was called before packages were regrouped
    from autograder.batch.demo import enrol, write_class
load = getattr(course, "load_course", None) or course.load
write_class(enrol(load(Path(sys.argv[1]))), Path(sys.argv[2]))
"""
AREAS = {
    "results": "reports, grades.csv",
    "pages": "pages of results and feedback",
    "json": "what commands print for programs",
    "notebook": "released notebooks",
    "nbgrader": "nbgrader course directory",
    "otter": "otter masters",
    "gradescope": "Gradescope archives",
    "lms": "LMS: import, grade file, feedback, marks",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what differs between two checkouts, grouped; return 1 if anything but texts does."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=main.__doc__)
    parser.add_argument("old", type=Path, help="a checkout with a .venv")
    parser.add_argument("new", type=Path, help="another one")
    parser.add_argument("--keep", type=Path, help="a folder for everything that both made (a temporary one)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="autograder-compare-") as scratch:
        root = (options.keep or Path(scratch)).resolve()
        sides = [Side(options.old.resolve(), root / "old"), Side(options.new.resolve(), root / "new")]
        classroom = sides[0].make_class(root / "class")
        for side in sides:
            side.make(classroom)
        return sum([_report(area, *(side.folder / area for side in sides)) for area in AREAS]) > 0


class Side:
    """One checkout, its copy of its course, and a folder for what it makes."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self.folder, self._programs = folder, checkout / ".venv" / "bin"
        folder.mkdir(parents=True)
        shutil.copytree(checkout / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
        course = (checkout / "course.yml").read_text(encoding="utf-8")
        for name, value in LIMITS.items():
            course = re.sub(rf"{name}: \S+", f"{name}: {value}", course)
        (folder / "course.yml").write_text(course, encoding="utf-8")
        secret = folder / ".autograder-secret"
        secret.write_text("0123456789abcdef" * 4, encoding="utf-8")
        secret.chmod(0o600)
        self._names = [path.name for path in sorted((folder / "solutions").iterdir()) if path.is_dir()]

    def make_class(self, out: Path) -> Path:
        """Write the demo class; return the folder of submissions."""
        command: Words = [self._programs / "python", "-c", MAKE_CLASS, self.folder / "course.yml", out]
        subprocess.run(command, cwd=self.folder, check=True)
        return out / "submitted"

    def make(self, submitted: Path) -> None:
        """Grade, build pages, release, and bring the class into an LMS and back."""
        self._run("grade", submitted, "-o", "results", "--json", shown="grade")
        self._run("report", "results", "-o", "pages", "--submitted", submitted, "--json", shown="report")
        for host in ("notebook", "nbgrader", "otter"):
            self._run("release", *self._names, "--to", host, "-o", host)
        (self.folder / "gradescope").mkdir()
        for name in self._names:
            self._run("release", name, "--to", "gradescope", "-o", f"gradescope/{name}.zip")
        for lms, write in LMSS.items():
            self._through(lms, write, submitted)

    def _through(self, lms: str, write: Callable[[Path, Path, str], tuple[Path, Path, str]], submitted: Path) -> None:
        place, name = self.folder / "lms" / lms, "softmax"
        place.mkdir(parents=True)
        archive, roster, target = write(place, submitted, name)
        graded: Words = ["--assignment", name, "--results", "results"]
        into: Words = ["--roster", roster, "--assignment", name, "-o", place / "submitted", "--json"]
        self._run("lms", "import", archive, *into, shown=f"{lms}-import")
        marks = place / "marks.csv"
        self._run("lms", "marks", *graded, "-o", marks)
        marks.write_text(re.sub(r",,$", ",1,", marks.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")
        graded += ["--submitted", place / "submitted", "--marks", marks, "--json"]
        export: Words = ["--to", target, "--template", roster, "-o", place / "filled.csv"]
        self._run("lms", "export", *export, *graded, shown=f"{lms}-export")
        feedback: Words = ["--to", lms, "--from-zip", archive, "-o", place / "feedback.zip"]
        self._run("lms", "feedback", *feedback, *graded, shown=f"{lms}-feedback")

    def _run(self, *words: str | Path, shown: str = "") -> None:
        command: Words = [self._programs / "autograder", *words, "--course", "course.yml"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"{self.folder.name}: {' '.join(map(str, words))}: {done.stderr}")
        if shown:
            (self.folder / "json").mkdir(exist_ok=True)
            printed = json.loads(done.stdout) | {"exit_code": done.returncode}
            (self.folder / "json" / f"{shown}.json").write_text(json.dumps(printed), encoding="utf-8")


def canvas(place: Path, submitted: Path, name: str) -> tuple[Path, Path, str]:
    """Write what Canvas exports: the archive, the gradebook, and the name of the latter's format."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{name} (4711)"]
    rows = [head, ["    Points Possible", "", "", "", "", "20.00"]]
    work = {}
    for number, student in enumerate(sorted(path.name for path in submitted.iterdir()), 101):
        rows.append([student, str(number), "", student, "NN 1", ""])
        for path in (submitted / student / name).glob("*.*"):
            plain = re.sub(r"\W", "", student.lower())
            work[f"{plain}_{number}_{4000 + number}_{path.name}"] = path
    return _archive(place, work), _table(place, rows), "canvas"


def moodle(place: Path, submitted: Path, name: str) -> tuple[Path, Path, str]:
    """Write what Moodle exports: the archive, the grading worksheet, and the name of the latter's format."""
    head = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Grade can be changed"]
    rows = [[*head, "Last modified (submission)", "Last modified (grade)", "Feedback comments"]]
    work = {}
    for number, student in enumerate(sorted(path.name for path in submitted.iterdir()), 101):
        mail = f"s{number}@example.org"
        rows.append([f"Participant {number}", student, mail, "Submitted", "", "20.00", "Yes", "-", "-", ""])
        for path in (submitted / student / name).glob("*.*"):
            work[f"{student}_{number}_assignsubmission_file/{path.name}"] = path
    return _archive(place, work), _table(place, rows), "moodle-worksheet"


LMSS = {"canvas": canvas, "moodle": moodle}


def _archive(place: Path, work: dict[str, Path]) -> Path:
    with zipfile.ZipFile(place / "submissions.zip", "w") as archive:
        for member, path in work.items():
            archive.writestr(zipfile.ZipInfo(member, (2027, 2, 1, 12, 0, 0)), path.read_bytes())
    return place / "submissions.zip"


def _table(place: Path, rows: list[list[str]]) -> Path:
    with (place / "roster.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return place / "roster.csv"


def _report(area: str, old: Path, new: Path) -> bool:
    """Print the differences of one area; return whether anything but texts differs."""
    before, after = _files(old), _files(new)
    found = [Difference(name, "there", "gone") for name in before.keys() - after.keys()]
    found += [Difference(name, "not there", "new") for name in after.keys() - before.keys()]
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name] and not MOVED.search(name):
            found += [
                each._replace(place=f"{name}: {each.place}") for each in compared(name, before[name], after[name])
            ]
    texts, rest = [each for each in found if each.text], [each for each in found if not each.text]
    print(f"{AREAS[area]}: {len(before)} files, {len(texts)} reworded texts, {len(rest)} other differences")
    for (was, now), count in Counter((each.template) for each in texts).most_common():
        print(f"  text, {count} x\n    - {was}\n    + {now}")
    for where, same in _grouped(rest).items():
        print(f"  DIFFERS, {len(same)} x: {where}, first in {same[0].place}\n    - {same[0].old}\n    + {same[0].new}")
    return bool(rest)


def _grouped(found: Sequence[Difference]) -> dict[str, list[Difference]]:
    groups: dict[str, list[Difference]] = {}
    for each in found:
        groups.setdefault(re.sub(r"\d+", "N", each.place.partition(": ")[2]) or "a file", []).append(each)
    return groups


def _files(root: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path; a zip stands for its members."""
    found: dict[str, bytes] = {}
    for path in sorted(root.rglob("*")):
        if path.is_file():
            found |= _members(path.relative_to(root).as_posix(), path.read_bytes())
    return found


def _members(name: str, data: bytes) -> dict[str, bytes]:
    if not name.endswith(".zip"):
        return {name: data}
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.namelist():
            found |= _members(f"{name}/{member}", archive.read(member))
    return found


if __name__ == "__main__":
    sys.exit(main())
