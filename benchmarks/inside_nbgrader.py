"""`nbgrader autograde` with our steps on the class that it graded at its defaults, and how both handle tricks."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import msgspec

from autograder.course import Course
from autograder.hosts.nbgrader.release import POINTS
from autograder.release.cells import CellKind, Source, solution_text
from benchmarks import nbgrader_peer
from benchmarks.classroom import Pupil, write_class
from benchmarks.measure import Run, run

__all__ = ["Inside", "Trick", "build", "measure", "section", "tricks"]

AUTOGRADER = Path(sys.executable).with_name("autograder")


class Trick(msgspec.Struct, frozen=True):
    """What a submission does, its points without that, and those that it gets; None where there is no grade."""

    what: str
    plain: float
    default: float | None
    here: float | None


class Inside(msgspec.Struct, frozen=True):
    """Wall seconds of the whole command at nbgrader's defaults and with our steps, and of each submission with them."""

    submissions: int
    default_seconds: float
    seconds: float
    each: tuple[float, ...]
    same: int
    tricks: tuple[Trick, ...]


def build(course: Course, directory: Path, assignment: str, source: Source, class_: Sequence[Pupil]) -> None:
    """Make a course directory with our steps and hand the class in."""
    words: list[str | Path] = [
        AUTOGRADER,
        "release",
        assignment,
        "--to",
        "nbgrader",
        "-o",
        directory,
        "--course",
        course.path,
    ]
    for done in (
        run(words, directory.parent),
        run([*nbgrader_peer.NBGRADER, "generate_assignment", assignment], directory),
    ):
        if done.exit_code:
            raise RuntimeError(f"no course directory could be made:\n{done.text()}")
    write_class(class_, source, directory / "submitted")


def measure(default: Path, ours: Path, assignment: str, default_run: Run) -> Inside:
    """Grade the class in `ours` and compare with the gradebook that `default_run` filled."""
    done = nbgrader_peer.autograde(ours, assignment)
    each = nbgrader_peer.submission_seconds(done)
    mine, theirs = _sums(ours, assignment), _sums(default, assignment)
    same = sum(abs(mine[name] - theirs[name]) < 1e-6 for name in mine)
    return Inside(len(each), default_run.seconds, done.seconds, tuple(each), same, ())


def tricks(default: Path, ours: Path, source: Source) -> tuple[Trick, ...]:
    """Hand in what students try or slip into, to both courses, and grade it."""
    made = tuple(_pupils(source))
    nbgrader_peer.hand_in(default, source, [tricked for _, tricked, _ in made])
    write_class([pupil for _, *both in made for pupil in both], source, ours / "submitted")
    for course in (default, ours):
        nbgrader_peer.autograde(course, source.assignment)
    theirs, mine = _sums(default, source.assignment), _sums(ours, source.assignment)
    graded = {path.parent.name for path in default.glob(f"autograded/*/{source.assignment}")}
    return tuple(
        Trick(what, mine[plain.name], theirs[tricked.name] if tricked.name in graded else None, mine.get(tricked.name))
        for what, tricked, plain in made
    )


def section(found: Inside) -> Iterator[str]:
    """Write the section of the results, line by line."""
    yield "## Inside nbgrader"
    yield ""
    yield f"`nbgrader autograde` on the {found.submissions} submissions, with our steps in the place of execution:"
    yield f"{found.seconds:.1f} s, nothing graded before; at its defaults in this run {found.default_seconds:.0f} s,"
    yield f"{found.default_seconds / found.seconds:.1f} times as long. A submission takes {median(found.each):.2f} s,"
    yield f"nearly all of it nbgrader's own. {found.same} of {found.submissions} have the same points."
    yield ""
    yield "What students try or slip into; `log_softmax` is right in all of them:"
    yield ""
    yield "| `softmax` is | without the trick | nbgrader | here |"
    yield "|---|--:|--:|--:|"
    for each in found.tricks:
        yield f"| {each.what} | {each.plain:g} | {_points(each.default)} | {_points(each.here)} |"
    yield ""


def _points(points: float | None) -> str:
    return "no grade" if points is None else f"{points:g}"


def _sums(course: Path, assignment: str) -> dict[str, float]:
    """Add up the automatic points of each student, without what a person grades."""
    found = nbgrader_peer.scores(course, assignment)
    kept = {s: {n: v for n, v in cells.items() if n.startswith((POINTS, "test_"))} for s, cells in found.items()}
    return {student: sum(cells.values()) for student, cells in kept.items()}


_WRONG = "def softmax(z):\n    return np.asarray(z, dtype=float)\n"
_RIGHT = """def softmax(z):
    z = np.asarray(z, dtype=float)
    exponentials = np.exp(z - z.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
"""
# What is done; the function as it stands otherwise; the text of the cell with the trick.
_TRICKS = (
    (
        "right, and prints a line to stderr",
        _RIGHT,
        "import sys\n" + _RIGHT.replace("    z =", "    print('careful', file=sys.stderr)\n    z =", 1),
    ),
    (
        "right, and a later line of the cell ends Python",
        _RIGHT,
        f"{_RIGHT}import os\nos._exit(0)\n",
    ),
    (
        "wrong, and an AST transformer empties every later cell",
        _WRONG,
        f"{_WRONG}import ast\nclass Nothing(ast.NodeTransformer):\n    def visit_Module(self, node):\n"
        "        node.body = []\n        return node\nget_ipython().ast_transformers.append(Nothing())\n",
    ),
    (
        "wrong, and errors are not shown any more",
        _WRONG,
        f"{_WRONG}get_ipython().showtraceback = lambda *_, **__: None\n",
    ),
)


def _pupils(source: Source) -> Iterator[tuple[str, Pupil, Pupil]]:
    """Make two submissions of each trick: with it, and without."""
    right = {cell.name: solution_text(cell.text) for cell in source.cells if cell.kind is CellKind.QUESTION}
    for number, (what, plain, tricked) in enumerate(_TRICKS, 9000):
        with_it = Pupil(f"t{number}", what, {**right, "softmax": tricked}, what)
        yield what, with_it, Pupil(f"p{number}", what, {**right, "softmax": plain}, what)
