"""From graded submissions to the grade file that an LMS takes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from autograder.batch.names import printable
from autograder.course import Course
from autograder.errors import LmsError
from autograder.lms import blackboard, brightspace, canvas, moodle, nbgrader, roster
from autograder.lms.filling import Filled, Filler
from autograder.lms.grades import Basis, gather
from autograder.lms.sheet import Sheet, Wanted
from autograder.lms.template import Table
from autograder.replacing import replace_file

__all__ = ["TARGETS", "Export", "export"]

TARGETS: dict[str, Callable[[Table, Wanted], Sheet]] = {
    "canvas": canvas.sheet,
    "moodle-worksheet": moodle.worksheet,
    "moodle-csv": moodle.gradebook,
    "blackboard": blackboard.sheet,
    "d2l": brightspace.sheet,
    "nbgrader-csv": nbgrader.sheet,
}
"""What a grade file may be, and what finds its columns."""


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """What to fill in, and with what.

    target            a name of TARGETS; `template` is the file that the LMS exported
    column, feedback  the columns' headers, where the assignment's name does not tell
    again             whether to replace comments that somebody else wrote
    """

    basis: Basis
    target: str
    template: Path
    column: str = ""
    feedback: str = ""
    again: bool = False


def export(course: Course, order: Export, out: Path) -> Filled:
    """Write the LMS's file with the grades of one assignment to `out`; the template stays as it is.

    Raises LmsError: no reports, a file that is not the LMS's, a column that cannot be told, another maximum.
    """
    if out.resolve() == order.template.resolve():
        raise LmsError(f"{printable(str(out))} is the template itself. Choose another -o, and keep the original.")
    known = gather(course, order.basis)
    table = roster.read_table(order.template)
    where = printable(str(order.template))
    ask = Wanted(assignment=order.basis.assignment, column=order.column, feedback=order.feedback, where=where)
    sheet = TARGETS[order.target](table, ask)
    people = roster.of_table(table, order.template, known.key, sheet.rows)
    filled = Filler(table, sheet, people, again=order.again).fill(known.grades, known.hand_ins)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        replace_file(out, filled.data)
    except OSError as error:
        raise LmsError(f"cannot write {printable(str(error.filename or out))}: {error.strerror}.") from None
    return msgspec.structs.replace(filled, notes=(*known.notes, *filled.notes))
