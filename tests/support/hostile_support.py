"""A course under attack: hostile submissions among innocent ones, canaries where nothing may come from or go to.

A scenario is one file in scenarios/hostile: a header of `# key: value` lines, then code cells in percent format.
  attack    what is attacked, in one line
  score     the points it must come to (of 18 that are graded by machine), or a range 0-18
  says      a text that the report must hold, such as the limit that was met
  files     more files beside the notebook, by name; their content is hostile to whoever imports or reads them
  notebook  metadata of the notebook, JSON
  leak      it carries hidden inputs out: the report must not depend on them but for this (see _CHANNELS in the tests)
Cells: `# %%` with metadata as JSON behind it; `# %% honest [FUNCTION]` stands for the reference's functions;
`# %% repeat N` is the same cell N times. Words like @OUT@ are replaced by what an attacker could at best know.
"""

from __future__ import annotations

import ast
import ctypes
import hashlib
import json
import os
import re
import selectors
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from autograder import report as reports
from autograder.report import Report

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "tests" / "scenarios" / "hostile"
SOLUTION = ROOT / "solutions" / "softmax"
MARK = "autograder_was_here"
SECRETS = ("CA" + "NARY", "ESCA" + "PED", "root:x:0")
"""What no report, table, log or console may hold; hostile code puts ESCAPED there where it got through."""

SAMPLE = (
    "agreeable_object", "call_stack_cheat", "change_files", "exit_at_once", "frames_forged_errors", "hooks_of_ipython",
    "leak_by_printing", "loop_in_cell", "patch_pytest", "pickle_bomb", "read_hidden_tests", "read_sideways",
)  # fmt: skip
"""One of each kind, for hosts that take seconds for each."""

PR_SET_CHILD_SUBREAPER = 36
WORKERS = 3  # many attacks only wait
LIMITS = {"cell_seconds": 2, "call_seconds": 1, "submission_seconds": 20, "memory_mb": 512, "output_kb": 16}


@dataclass(frozen=True)
class Scenario:
    """One hostile submission and what must become of it."""

    name: str
    header: Mapping[str, str]
    body: str

    @property
    def scores(self) -> tuple[float, float]:
        """Lowest and highest acceptable points."""
        low, _, high = self.header["score"].partition("-")
        return float(low), float(high or low)

    @property
    def leaks(self) -> bool:
        """Whether it tries to carry hidden inputs out."""
        return "leak" in self.header


def scenarios() -> list[Scenario]:
    """Read every scenario, sorted by name."""
    return [_scenario(path) for path in sorted(SCENARIOS.glob("*.py"))]


def _scenario(path: Path) -> Scenario:
    head, _, body = path.read_text(encoding="utf-8").partition("\n# %%")
    header = dict(line.removeprefix("# ").split(": ", 1) for line in head.splitlines())
    return Scenario(path.stem, header, "\n# %%" + body)


def _cells(percent: str) -> Iterator[tuple[str, str]]:
    for part in ("\n" + percent).split("\n# %%")[1:]:
        head, _, source = part.partition("\n")
        yield head.strip(), source.strip("\n")


def reference_cells() -> list[str]:
    """Give the code cells of the solution, as a student with full marks would hand them in."""
    text = (SOLUTION / "softmax.py").read_text(encoding="utf-8")
    cells = [source for head, source in _cells(text) if not head.startswith("[markdown]")]
    return [re.sub(r"\n *### (BEGIN|END) SOLUTION", "", cell) for cell in cells]


def _honest(function: str) -> list[str]:
    wanted = [function] if function else ["softmax", "log_softmax"]
    found = [cell for cell in reference_cells() if re.match(rf"def ({'|'.join(wanted)})\(", cell)]
    return ["import numpy as np", *found]


def misconceived_cells(name: str) -> list[str]:
    """Give the solution's cells with softmax replaced by a known misconception."""
    source = (SOLUTION / "misconceptions.py").read_text(encoding="utf-8")
    node = next(n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == name)
    wrong = "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno]).replace(name, "softmax")
    return [wrong if cell.startswith("def softmax(") else cell for cell in reference_cells()]


def notebook(cells: Sequence[tuple[str, dict[str, Any]]], metadata: Mapping[str, Any] | None = None) -> bytes:
    """Write code cells (source, metadata) as a notebook; `id` in a cell's metadata becomes the cell's id."""
    written = [
        {
            "cell_type": "code",
            "id": own.get("id", f"cell-{number}"),
            "metadata": {key: value for key, value in own.items() if key != "id"},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, (source, own) in enumerate(cells)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata or {}, "cells": written}).encode()


def hostile_notebook(scenario: Scenario, words: Mapping[str, str]) -> bytes:
    """Build the notebook of a scenario with its placeholders filled in."""
    cells: list[tuple[str, dict[str, Any]]] = []
    for head, source in _cells(_filled(scenario.body, words)):
        word, _, rest = head.partition(" ")
        if word == "honest":
            cells += [(cell, {}) for cell in _honest(rest)]
        elif word == "repeat":
            cells += [(source, {})] * int(rest)
        else:
            cells.append((source, json.loads(head or "{}")))
    return notebook(cells, json.loads(_filled(scenario.header.get("notebook", "{}"), words)))


def words(
    place: Place, listeners: Listeners, neighbour: Path, submitted: Path | None = None, out: Path | None = None
) -> dict[str, str]:
    """Give what an attacker could at best know: places of this class, or of another host's, and who listens."""
    return {
        "COURSE": str(place.course),
        "SUBMITTED": str(submitted or place.submitted),
        "OUT": str(out or place.out),
        "HOME": str(place.home),
        "NEIGHBOUR": str(neighbour),
        "CANARY_FILE": str(place.canary),
        "TEST_PID": str(os.getpid()),
        "TCP": str(listeners.tcp),
        "UDP": str(listeners.udp),
        "UNIX": str(listeners.unix),
        "UNIX_DATAGRAM": str(listeners.unix_datagram),
        "ABSTRACT": listeners.abstract,
        "LONG": "x" * 650_000,
        "BRACKETS": "[" * 5000,
    }


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"@([A-Z_]+)@", lambda match: words.get(match[1], match[0]), text)


@dataclass
class Place:
    """Everything on disk that a class under attack consists of."""

    root: Path
    kept: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.course, self.submitted, self.out = self.root / "course", self.root / "submitted", self.root / "out"
        self.home, self.temporary = self.root / "home", self.root / "tmp"
        self.canary = self.root / "canary.txt"

    def make(self, secret: str) -> None:
        """Lay out a course with canaries in its grader, its solution, its secret and the home directory."""
        folder = self.course / "solutions" / "softmax"
        shutil.copytree(SOLUTION, folder, ignore=shutil.ignore_patterns("__pycache__"))
        for path in folder.glob("*.py"):
            path.write_text("# CANARY-HIDDEN\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
        (self.course / "course.yml").write_text(_COURSE + "".join(f"  {k}: {v}\n" for k, v in LIMITS.items()))
        (self.course / ".autograder-secret").write_text(secret)
        for folder in (self.home / ".ipython" / "profile_default" / "startup", self.home / ".jupyter", self.temporary):
            folder.mkdir(parents=True)
        for path in (self.home / "notes.txt", self.home / ".bashrc", self.canary):
            path.write_text("CANARY-FILE\n")
        for path in (self.canary, self.home / "notes.txt"):  # as harmful as a careless instructor would leave it
            path.chmod(0o666)
        self.root.chmod(0o777)

    def submit(self, student: str, data: bytes, files: Sequence[str] = ()) -> Path:
        """Hand in a notebook as nbgrader collects it."""
        folder = self.submitted / student / "softmax"
        folder.mkdir(parents=True)
        for name in files:
            (folder / name).write_text(f"open({str(self.out / MARK)!r}, 'w').write(__name__)\n")
        path = folder / "softmax.ipynb"
        path.write_bytes(data)
        return path

    def remember(self) -> None:
        """Note every file that must be as it is when grading is over."""
        self.kept = self._state()

    def changed(self) -> set[str]:
        """Name the files that were changed, added or removed since."""
        before, after = self.kept, self._state()
        return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}

    def _state(self) -> dict[str, str]:
        places = (self.course, self.submitted, self.home, self.temporary, self.canary)
        files = [path for place in places for path in ([place] if place.is_file() else place.rglob("*"))]
        return {str(path): _fingerprint(path) for path in files if "__pycache__" not in path.parts}


def _fingerprint(path: Path) -> str:
    status = path.lstat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
    return f"{status.st_mode} {status.st_uid} {status.st_mtime_ns if content else ''} {content}"


_COURSE = """format_version: 1
course:
  id: attacked
  title: {en: A course under attack}
languages: [en, es]
secret: file:.autograder-secret
assignments:
  - name: softmax
sandbox:
"""


class Listeners:
    """Sockets on this machine that hostile code tries to reach; `calls` names those it reached."""

    def __init__(self, folder: Path) -> None:
        self.calls: list[str] = []
        self._sockets = selectors.DefaultSelector()
        self.unix, self.unix_datagram = folder / "listener", folder / "datagrams"
        self.abstract = f"nn-autograder-{os.getpid()}"
        self.tcp = self._open("tcp", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        self.udp = self._open("udp", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        self._open("unix", socket.AF_UNIX, socket.SOCK_STREAM, str(self.unix))
        self._open("unix datagram", socket.AF_UNIX, socket.SOCK_DGRAM, str(self.unix_datagram))
        self._open("abstract", socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self.abstract)
        for path in (self.unix, self.unix_datagram):
            path.chmod(0o777)

    def _open(self, name: str, family: int, kind: int, address: Any) -> int:
        end = socket.socket(family, kind)
        end.bind(address)
        if kind == socket.SOCK_STREAM:
            end.listen()
        self._sockets.register(end, selectors.EVENT_READ, name)
        return int(end.getsockname()[1]) if family == socket.AF_INET else 0

    def close(self) -> None:
        """Note who called, then close."""
        self.calls += [key.data for key, _ in self._sockets.select(0)]  # nobody accepts: a call stays to be seen
        for key in list(self._sockets.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._sockets.close()


@dataclass(frozen=True)
class Graded:
    """What a batch left behind."""

    reports: Mapping[str, Report]
    texts: Mapping[str, str]
    console: str
    table: str
    log: str
    seconds: float
    exit_code: int
    survivors: list[str]
    most_memory: int
    planted: list[str]


def grade(place: Place, level: str, bound: float, cwd: Path | None = None, *, ordinary: bool = False) -> Graded:
    """Run `autograder grade` as an instructor would, and watch its processes. Bounded by `bound` seconds.

    With `ordinary`, root gives up its capabilities first: they would hide what processes of one user can do to another.
    """
    dropped = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if ordinary and _is_root() else []
    script = Path(sys.executable).with_name("autograder")
    command = [*dropped, str(script), "grade", str(place.submitted), "-o", str(place.out), "--sandbox", level]
    command += ["--workers", str(WORKERS), "--course", str(place.course / "course.yml")]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(place.home),
        "TMPDIR": str(place.temporary),
        "AUTOGRADER_CANARY": "CANARY-ENVIRONMENT",
    }
    with _adopting(), open(place.root / "console", "w+", encoding="utf-8") as console:  # noqa: PTH123
        before = _descendants()
        started = time.monotonic()
        run = subprocess.Popen(
            command, env=environment, cwd=cwd, stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT
        )
        with _watched(run.pid) as peak:
            try:
                run.wait(bound)
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait()
        seconds = time.monotonic() - started
        survivors = _buried(before)
        console.seek(0)
        said = console.read()
    return Graded(
        **_written(place),
        console=said,
        seconds=seconds,
        exit_code=run.returncode,
        survivors=survivors,
        most_memory=max(peak),
        planted=_planted(place),
    )


def _is_root() -> bool:
    return os.geteuid() == 0 and shutil.which("setpriv") is not None


def _written(place: Place) -> dict[str, Any]:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in place.out.glob("reports/softmax/*.json")}
    table, log = place.out / "grades.csv", place.out / "workers.log"
    return {
        "reports": {name: reports.read_report(text.encode()) for name, text in texts.items()},
        "texts": texts,
        "table": table.read_text(encoding="utf-8") if table.exists() else "",
        "log": log.read_text(encoding="utf-8", errors="replace") if log.exists() else "",
    }


@contextmanager
def _adopting() -> Iterator[None]:
    """Become the parent of every orphan below, so that whoever outlives its parents is seen."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _descendants() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def _buried(before: set[int]) -> list[str]:
    """End and name the descendants that are still alive; those that are only dying get a second."""
    mine = [process for process in psutil.Process().children(recursive=True) if process.pid not in before]
    _, alive = psutil.wait_procs(mine, timeout=1)
    names = [f"{process.pid} {process.name()}" for process in alive]
    for process in alive:
        process.kill()
        process.wait()
    return names


@contextmanager
def _watched(number: int) -> Iterator[list[int]]:
    """Collect, twice a second, the largest memory of a trusted process: the command and its workers, not students."""
    peak, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            try:
                top = psutil.Process(number)
                below = [process for process in top.children(recursive=True) if _trusted(process)]
                peak.append(max(process.memory_info().rss for process in (top, *below)))
            except psutil.Error:
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        stop.set()
        watcher.join()


def _trusted(process: psutil.Process) -> bool:
    return "autograder.batch.local.worker" in process.cmdline()


def _planted(place: Place) -> list[str]:
    """List the files that hostile code managed to leave anywhere it tried."""
    folders = [place.root, Path("/"), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.cwd(), Path(sys.prefix)]  # noqa: S108
    folders += [Path(path) for path in sys.path if Path(path).is_dir()]
    top = [path for folder in folders for path in folder.glob(f"*{MARK}*")]
    return [str(path) for path in (*top, *place.root.rglob(f"*{MARK}*"))]
