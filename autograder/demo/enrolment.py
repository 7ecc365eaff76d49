"""Generate a class with every kind of submission, and compare its reports with what is expected."""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Iterable, Sequence
from itertools import cycle
from pathlib import Path

import msgspec

from autograder.course import Course
from autograder.demo.specimens import Expected, Specimen, make_specimens, mismatch
from autograder.errors import OutputError
from autograder.report import Report
from autograder.text import formula_guarded, printable

__all__ = ["STUDENTS", "Enrolment", "Mismatch", "enrol", "mismatches", "with_short_limits", "write_class"]

STUDENTS = tuple(
    """
Ana Belén Quispe|José Ángel Núñez|María Fernanda Ibáñez|Íñigo Pérez|Sofía Muñoz|Andrés Peña|Lucía Gómez|Óscar Zárate
Ximena Ñahui|Joaquín Güell|Renée O'Connor|Zoë Brontë|Siân Llewellyn|John Smith|Mary-Jane Watson|Chloë Dupont
Thiago Gonçalves|Zuñiga, Raúl|Peñaloza, Inés|Ávila Ruiz, Tomás|lopez.maria|jsmith42|a.b-c_d|MARTA IGLESIAS
+quispe|Dolores Fuertes
Elena Ochoa|Hugo Sánchez|Íker Etxeberria|Nahia Agirre|Jordi Puig|Montserrat Vilà|Xoán Castro|Uxía Lema
Valentina Ríos|Mateo Cárdenas|Camila Vásquez|Santiago Rojas|Isabella Mamani|Diego Huanca|Paula Benítez|Álvaro León
Rocío Ortega|Beltrán Sáez|Noelia Marín|Gael Domínguez|Abril Cañas|Emily Clarke|Oliver Wright|Amelia Hughes|George Evans
Charlotte Brown|Harry Wood|Grace Hall|Jack Thompson|Niamh Byrne|Seán Murphy|Eilidh Fraser|Aoife Kelly|Rhys Morgan
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
"""Sixty names with accents, spaces, commas, and one that a spreadsheet would take for a formula."""


class Enrolment(msgspec.Struct, frozen=True):
    """A student, an assignment, and the specimen that the student submits for it."""

    student: str
    assignment: str
    specimen: Specimen


class Mismatch(msgspec.Struct, frozen=True):
    """A submission whose report is not as expected."""

    student: str
    assignment: str
    what: str
    problem: str


def with_short_limits(course: Course) -> Course:
    """Shorten the time limits, so that endless loops end soon."""
    limits = msgspec.structs.replace(course.sandbox, call_seconds=0.5, cell_seconds=1.0, submission_seconds=30.0)
    return msgspec.structs.replace(course, sandbox=limits)


def enrol(course: Course) -> tuple[Enrolment, ...]:
    """Assign each student one submission per assignment, always the same."""
    enrolments = []
    count = len(course.assignments)
    for turn, assignment in enumerate(course.assignments):
        made = list(make_specimens(assignment, course.languages, slice(turn, None, count)))
        spare = [specimen for specimen in made if specimen.expected is Expected.FULL]
        made += [specimen for specimen, _ in zip(cycle(spare), range(len(STUDENTS) - len(made)), strict=False)]
        random.Random(assignment.name).shuffle(made)  # noqa: S311 - not for security
        enrolments += [Enrolment(_student(i), assignment.name, specimen) for i, specimen in enumerate(made)]
    return tuple(enrolments)


def write_class(enrolments: Sequence[Enrolment], out: Path) -> Path:
    """Write the submissions to out/submitted, and what each one is to out/class.csv; return the folder submitted.

    An earlier demo is replaced. Raises OutputError if out/submitted is not from a demo.
    """
    submitted, plan = out / "submitted", out / "class.csv"
    if submitted.exists() and not plan.exists():
        raise OutputError(f"{printable(str(submitted))} is not from a demo. Choose another folder.")
    try:
        shutil.rmtree(submitted, ignore_errors=True)
        out.mkdir(parents=True, exist_ok=True)
        plan.write_bytes(_plan(enrolments))
        for enrolment in enrolments:
            _write(enrolment, submitted)
    except OSError as error:
        raise OutputError(f"cannot write {error.filename or out}: {error.strerror}. Choose another folder.") from None
    return submitted


def mismatches(enrolments: Sequence[Enrolment], reports: Iterable[Report]) -> tuple[Mismatch, ...]:
    """Return the submissions whose report is not as expected."""
    by_place = {(report.student, report.assignment): report for report in reports}
    found = []
    for enrolment in enrolments:
        problem = mismatch(enrolment.specimen, by_place.get((enrolment.student, enrolment.assignment)))
        if problem:
            found.append(Mismatch(enrolment.student, enrolment.assignment, enrolment.specimen.what, problem))
    return tuple(found)


def _student(number: int) -> str:
    around, place = divmod(number, len(STUDENTS))
    return f"{STUDENTS[place]} {around + 1}" if around else STUDENTS[place]


def _write(enrolment: Enrolment, submitted: Path) -> None:
    student = submitted / enrolment.student
    student.mkdir(parents=True, exist_ok=True)
    if enrolment.specimen.filename:
        folder = student / enrolment.assignment
        folder.mkdir()
        (folder / enrolment.specimen.filename).write_bytes(enrolment.specimen.data)


def _plan(enrolments: Sequence[Enrolment]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("student", "assignment", "file", "what", "expected"))
    for enrolment in sorted(enrolments, key=lambda enrolment: (enrolment.assignment, enrolment.student)):
        row = (
            enrolment.student,
            enrolment.assignment,
            enrolment.specimen.filename,
            enrolment.specimen.what,
            enrolment.specimen.expected,
        )
        writer.writerow([formula_guarded(str(value)) for value in row])
    return text.getvalue().encode()
