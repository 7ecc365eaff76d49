"""Generate submissions of an assignment, each with the expected result."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from importlib.resources import files
from typing import Any

import msgspec

from autograder.course import Assignment
from autograder.grading.variants import Variant, equivalents, misconceptions
from autograder.jupyter import jupytext, nbformat
from autograder.release.cells import CellKind, Source, solution_text
from autograder.release.notebook import serialise, solution_notebook, student_notebook, variant_notebook
from autograder.release.source import read_source, source_path
from autograder.report import Report, Status, report_json

__all__ = ["Expected", "Specimen", "make_specimens", "mismatch"]

LEAK = b"HIDDEN-INPUT"
"""What hostile submissions print with the hidden inputs; no report may contain it."""

Notebook = Any  # nbformat's node type knows no keys


class Expected(StrEnum):
    """The expected result of a submission."""

    FULL = "full marks"
    NAMED = "the misconception is named"
    LESS = "less than full marks"
    LOW = "next to nothing"
    ZERO = "zero, not attempted"
    MISSING = "missing"
    SURVIVES = "a score, whichever"


class Specimen(msgspec.Struct, frozen=True):
    """One submission: its file (none if it is missing), a description, and the expected result."""

    what: str
    expected: Expected
    filename: str = ""
    data: bytes = b""
    named: tuple[str, ...] = ()


def make_specimens(assignment: Assignment, languages: Sequence[str], part: slice = slice(None)) -> tuple[Specimen, ...]:
    """Generate one submission of every kind; `part` selects from the hostile ones, which all assignments share."""
    generator = _Generator(assignment, tuple(languages))
    made = [*generator.wrong(), *generator.right(), *generator.careless(), *generator.hostile(part)]
    made.append(Specimen("missing", Expected.MISSING))
    return tuple(made)


def mismatch(specimen: Specimen, report: Report | None) -> str:
    """Return how a report differs from the expected result; empty if it does not."""
    if report is None or specimen.expected is Expected.MISSING:
        status = report.status if report else "no report"
        return "" if report and status is Status.MISSING else f"expected missing, got {status}"
    if report.status not in (Status.GRADED, Status.PENDING):
        return f"no score, status {report.status}: {report.reason}"
    if LEAK in report_json(report):
        return "the report contains hidden inputs"
    return _difference(specimen, report)


def _difference(specimen: Specimen, report: Report) -> str:
    tests = [test for question in report.questions if not question.manual for test in question.tests]
    share = sum(test.points for test in tests) / sum(test.max_points for test in tests)
    named = {test.misconception for test in tests}
    as_expected = {
        Expected.FULL: share == 1,
        Expected.NAMED: share < 1 and named.issuperset(specimen.named),
        Expected.LESS: share < 1,
        Expected.LOW: share <= 0.25,
        Expected.ZERO: share == 0 and not any(named),
        Expected.SURVIVES: True,
    }
    if as_expected[specimen.expected]:
        return ""
    seen = ", ".join(sorted(named - {""})) or "none"
    return f"expected {specimen.expected}, got {share:.0%} of the points, misconceptions named: {seen}"


class _Generator:
    """Builds notebooks of one assignment, alternating between the course's languages."""

    def __init__(self, assignment: Assignment, languages: tuple[str, ...]) -> None:
        self._assignment, self._languages, self._count = assignment, languages, 0
        self._source: Source = read_source(source_path(assignment.folder), languages)
        self._functions = _functions(self._source)

    def wrong(self) -> Iterator[Specimen]:
        """Generate every misconception, one per function in each notebook."""
        for together in _grouped(misconceptions(self._assignment.folder)):
            names = tuple(variant.name for variant in together)
            yield self._variant(f"misconception {' + '.join(names)}", together, Expected.NAMED, names)

    def right(self) -> Iterator[Specimen]:
        """Generate the solution and every equivalent."""
        yield self._notebook("the solution", Expected.FULL, solution_notebook)
        for together in _grouped(equivalents(self._assignment.folder)):
            names = " + ".join(variant.name for variant in together)
            yield self._variant(f"correct: {names}", together, Expected.FULL)

    def careless(self) -> Iterator[Specimen]:
        """Generate what careless students submit."""
        full, less = Expected.FULL, Expected.LESS
        yield self._notebook("the untouched starter", Expected.ZERO, student_notebook)
        yield self._answered("crash in a function", "import os\n    os._exit(3)")
        yield self._answered("endless loop in a function", "while True:\n        pass")
        yield self._changed("syntax error in one cell", less, lambda book: _spoil(book, " ("))
        yield self._changed("a question's cell deleted", less, _delete_answer)
        yield self._changed("a question's cell twice", full, _double_answer)
        yield self._changed("crash in a cell", full, _with_cell("import os\nos._exit(3)"))
        yield self._changed("endless loop in a cell", full, _with_cell("while True:\n    pass"))
        yield self._changed("warnings on stderr", full, _with_cell(_WARNINGS, first=True))
        yield self._changed(
            "magics and shell lines", full, _with_cell("%matplotlib inline\n!ls\n%timeit -n1 -r1 1 + 1")
        )
        yield self._changed("tampered metadata", full, _tamper)
        yield self._changed("no cell ids", full, _without_ids)
        yield self._changed("renamed file", full, lambda _: None, filename="Mi tarea (versión final) ñ.ipynb")
        yield self._script()
        yield Specimen("an empty file", Expected.LOW, f"{self._assignment.name}.ipynb", b"")
        cut = self._notebook("cut off in the middle", Expected.LOW, solution_notebook)
        yield msgspec.structs.replace(cut, data=cut.data[: len(cut.data) // 2])

    def hostile(self, part: slice) -> Iterator[Specimen]:
        """Generate a solution with each cell of the folder hostile/, whose first line gives the expected result."""
        for path in sorted(files("autograder.demo").joinpath("hostile").iterdir(), key=lambda path: path.name)[part]:
            text = path.read_text(encoding="utf-8")
            word, _, what = text.partition("\n")[0].removeprefix("# ").partition(": ")
            code = f"FUNCTIONS = {self._functions!r}\n{text}"
            yield self._changed(f"hostile: {what}", Expected[word.upper()], _with_cell(code))

    def _variant(
        self, what: str, together: Sequence[Variant], expected: Expected, named: tuple[str, ...] = ()
    ) -> Specimen:
        answers = {variant.target: variant.source() for variant in together}
        return self._notebook(what, expected, lambda source, lang: variant_notebook(source, lang, answers), named)

    def _answered(self, what: str, body: str) -> Specimen:
        name = self._functions[0]
        answer = {name: f"def {name}(*args):\n    {body}\n"}
        return self._notebook(what, Expected.LESS, lambda source, lang: variant_notebook(source, lang, answer))

    def _notebook(
        self, what: str, expected: Expected, build: Callable[[Source, str], Notebook], named: tuple[str, ...] = ()
    ) -> Specimen:
        lang = self._languages[self._count % len(self._languages)]
        self._count += 1
        suffix = "" if lang == self._languages[0] else f".{lang}"
        filename = f"{self._assignment.name}{suffix}.ipynb"
        return Specimen(what, expected, filename, serialise(build(self._source, lang)).encode(), named)

    def _changed(
        self, what: str, expected: Expected, change: Callable[[Notebook], None], filename: str = ""
    ) -> Specimen:
        made = self._notebook(what, expected, solution_notebook)
        book = msgspec.json.decode(made.data)
        change(book)
        return msgspec.structs.replace(made, data=msgspec.json.encode(book), filename=filename or made.filename)

    def _script(self) -> Specimen:
        book = nbformat.reads(self._notebook("", Expected.FULL, solution_notebook).data.decode(), as_version=4)
        text = jupytext.writes(book, fmt="py:percent")
        return Specimen("a script", Expected.FULL, f"{self._assignment.name}.py", text.encode())


_WARNINGS = """import sys, warnings
warnings.warn("this is deprecated")
print("careful!", file=sys.stderr)"""


def _functions(source: Source) -> list[str]:
    cells = [ast.parse(solution_text(cell.text)) for cell in source.cells if cell.kind is CellKind.QUESTION]
    return [node.name for cell in cells for node in cell.body if isinstance(node, ast.FunctionDef)]


def _grouped(variants: Sequence[Variant]) -> Iterator[list[Variant]]:
    """Group variants so that each group has at most one per function."""
    by_target: dict[str, list[Variant]] = {}
    for variant in variants:
        by_target.setdefault(variant.target, []).append(variant)
    for i in range(max(map(len, by_target.values()), default=0)):
        yield [group[i] for group in by_target.values() if i < len(group)]


def _answers(book: Notebook) -> list[Notebook]:
    return [cell for cell in book["cells"] if "question" in cell["metadata"].get("autograder", {})]


def _spoil(book: Notebook, ending: str) -> None:
    _answers(book)[0]["source"] += ending


def _delete_answer(book: Notebook) -> None:
    book["cells"].remove(_answers(book)[0])


def _double_answer(book: Notebook) -> None:
    cell = _answers(book)[0]
    book["cells"].insert(book["cells"].index(cell), dict(cell))


def _with_cell(code: str, *, first: bool = False) -> Callable[[Notebook], None]:
    cell: Notebook = {
        "cell_type": "code",
        "id": "added",
        "metadata": {},
        "source": code,
        "outputs": [],
        "execution_count": None,
    }

    def change(book: Notebook) -> None:
        book["cells"].insert(0 if first else len(book["cells"]), cell)

    return change


def _tamper(book: Notebook) -> None:
    book["metadata"] = {"autograder": {"assignment": "another", "lang": 7}, "kernelspec": None, "score": 100}
    for cell in book["cells"]:
        cell["metadata"] = {"nbgrader": {"points": 1e9, "grade": True}, "tags": "all", "autograder": []}


def _without_ids(book: Notebook) -> None:
    book["nbformat_minor"] = 4
    for cell in book["cells"]:
        del cell["id"]
