"""A submission, before and after its file is read, and the limits on its size."""

from __future__ import annotations

import re
from pathlib import PurePath

import msgspec

from autograder.errors import SubmissionError
from autograder.i18n import LANGUAGES, N_, render

__all__ = [
    "MAX_CELLS",
    "MAX_CELL_BYTES",
    "MAX_FILE_BYTES",
    "MAX_TEXT_BYTES",
    "Draft",
    "Job",
    "Remark",
    "Submission",
    "long_answer",
    "long_cell",
    "plain_name",
    "printable_prefix",
    "submission_language",
    "too_many_cells",
]


MAX_FILE_BYTES = 20 << 20
MAX_CELLS = 2_000
MAX_CELL_BYTES = 1 << 20
"""Longest cell, in bytes of UTF-8."""

MAX_TEXT_BYTES = 4 << 20
"""Most text in all code cells and answers together, in bytes of UTF-8."""

MAX_REMARKS = 20

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MORE = N_("there are {count} more notes")
_NO_CODE = N_("the file has no code cells")
_REPEATED = N_("{count} cells are marked as the answer to {question}: all are run, and the last definition counts")


class Remark(msgspec.Struct, frozen=True):
    """A note about a submission that can be graded all the same: a template and its parameters."""

    template: str
    params: dict[str, str | int] = {}

    def in_language(self, lang: str) -> str:
        """Render the remark, in English if the catalogue has no translation."""
        return render(self.template, self.params, lang)


class Submission(msgspec.Struct, frozen=True):
    """A submission that could be read.

    cells       sources of the code cells, in order; empty for a cell whose text was damaged
    lang        the language in the notebook's metadata: "en", "es" or None
    assignment  the assignment in the notebook's metadata, or None; the student may have changed it
    answers     texts of the markdown cells that answer written questions, by question
    remarks     what was left out or is unusual
    """

    cells: tuple[str, ...]
    lang: str | None = None
    assignment: str | None = None
    answers: dict[str, str] = {}
    remarks: tuple[Remark, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """The remarks in English."""
        return self.notes_in(LANGUAGES[0])

    def notes_in(self, lang: str) -> tuple[str, ...]:
        """Render the remarks in a language."""
        return tuple(remark.in_language(lang) for remark in self.remarks)


class Draft:
    """A submission while it is being read. Raises SubmissionError when it exceeds a limit."""

    def __init__(self) -> None:
        self._cells: list[str] = []
        self._answers: dict[str, list[str]] = {}
        self._remarks: list[Remark] = []
        self._marks: dict[str, int] = {}
        self._omitted = 0
        self._bytes = 0

    @property
    def next_cell(self) -> int:
        """The number of the next code cell, from 1."""
        return len(self._cells) + 1

    def code(self, source: str, question: str = "") -> None:
        """Add a code cell, and the question that it is marked to answer, if any. Raises SubmissionError."""
        if "\0" in source:
            raise SubmissionError(
                "code cell {cell} contains a character that Python cannot read (NUL, or half of a surrogate pair): "
                "retype that line, save, and submit again",
                cell=self.next_cell,
            )
        if self._added(source) > MAX_CELL_BYTES:
            raise long_cell(self.next_cell)
        self._cells.append(source)
        if question:
            self._marks[question] = self._marks.get(question, 0) + 1

    def answer(self, question: str, text: str) -> None:
        """Add a written answer; several answers to one question are joined. Raises SubmissionError."""
        if self._added(text) > MAX_CELL_BYTES:
            raise long_answer(question)
        self._answers.setdefault(question, []).append(text.replace("\0", "\N{REPLACEMENT CHARACTER}"))

    def remark(self, template: str, **params: str | int) -> None:
        """Add a remark unless it is there already; beyond MAX_REMARKS, remarks are only counted."""
        remark = Remark(template, params)
        if len(self._remarks) == MAX_REMARKS:
            self._omitted += 1
        elif remark not in self._remarks:
            self._remarks.append(remark)

    def submission(self, lang: str | None, assignment: str | None) -> Submission:
        """Return the finished submission."""
        for question, count in self._marks.items():
            if count > 1:
                self.remark(_REPEATED, count=count, question=question)
        if not self._cells:
            self.remark(_NO_CODE)
        more = (Remark(_MORE, {"count": self._omitted}),) if self._omitted else ()
        answers = {name: "\n\n".join(filter(str.strip, texts)) for name, texts in self._answers.items()}
        return Submission(tuple(self._cells), lang, assignment, answers, (*self._remarks, *more))

    def _added(self, text: str) -> int:
        """Count text towards MAX_TEXT_BYTES; return its size in bytes."""
        size = len(text) if text.isascii() else len(text.encode())
        self._bytes += size
        if self._bytes > MAX_TEXT_BYTES:
            raise SubmissionError(
                "the cells have more than {limit} MB of text together: "
                "remove what the assignment does not ask for, and submit again",
                limit=MAX_TEXT_BYTES >> 20,
            )
        return size


def long_answer(question: str) -> SubmissionError:
    """Return the error for a written answer with more than MAX_CELL_BYTES."""
    return SubmissionError(
        "the answer to {question} has more than {limit} KB of text: shorten it, remove pasted images, and submit again",
        question=question,
        limit=MAX_CELL_BYTES >> 10,
    )


def long_cell(cell: int) -> SubmissionError:
    """Return the error for a code cell with more than MAX_CELL_BYTES."""
    return SubmissionError(
        "code cell {cell} has more than {limit} KB of text: make the data in it smaller, and submit again",
        cell=cell,
        limit=MAX_CELL_BYTES >> 10,
    )


def too_many_cells() -> SubmissionError:
    """Return the error for a file with more than MAX_CELLS cells."""
    return SubmissionError(
        "the file has more than {limit} cells: remove those that the assignment does not ask for, and submit again",
        limit=MAX_CELLS,
    )


def submission_language(declared: str | None, filename: str) -> str | None:
    """Return the language that a submission declares, else that of its name (softmax.es.ipynb), else None."""
    if declared in LANGUAGES:
        return declared
    suffixes = PurePath(filename).suffixes[-2:-1]
    return next((lang for lang in LANGUAGES if suffixes == [f".{lang}"]), None)


def plain_name(text: object) -> str:
    """Return `text` if it is a name that is safe in paths and messages, else an empty string."""
    return text if isinstance(text, str) and _PLAIN_NAME.fullmatch(text) else ""


def printable_prefix(text: str, limit: int = 40) -> str:
    """Return at most `limit` characters of untrusted text, with `?` for what is not printable."""
    return "".join(char if char.isprintable() else "?" for char in text[:limit])


class Job(msgspec.Struct, frozen=True):
    """One submission to grade: student, assignment, and the bytes of the file."""

    student: str
    assignment: str
    filename: str
    data: bytes
    content_hash: str = ""
    lang: str | None = None
