"""From graded submissions to the grade file that an LMS takes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from autograder.batch.names import printable
from autograder.course import Course
from autograder.errors import LmsError
from autograder.lms import blackboard, brightspace, canvas, handins, moodle, nbgrader, roster
from autograder.lms.filling import Filled, Filler
from autograder.lms.grades import Terms, grades
from autograder.lms.sheet import Sheet, Wanted
from autograder.lms.template import Table

__all__ = ["TARGETS", "Export", "export", "ledger_folder"]

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
    results           what `autograder grade` wrote; `submitted` the folder with lms.json, None looks beside the results
    column, feedback  the columns' headers, where the assignment's name does not tell
    excused           students whose work does not count
    late_policy       False leaves the late policy of course.yml out
    again             whether to replace comments that somebody else wrote
    """

    target: str
    template: Path
    assignment: str
    results: Path
    submitted: Path | None = None
    column: str = ""
    feedback: str = ""
    excused: frozenset[str] = frozenset()
    late_policy: bool = True
    again: bool = False


def export(course: Course, order: Export, out: Path) -> Filled:
    """Write the LMS's file with the grades of one assignment to `out`; the template stays as it is.

    Raises LmsError: no reports, a file that is not the LMS's, a column that cannot be told, another maximum.
    """
    if out.resolve() == order.template.resolve():
        raise LmsError(f"{printable(str(out))} is the template itself. Choose another -o, and keep the original.")
    table = roster.read_table(order.template)
    name = course.assignment(order.assignment).name
    where = printable(str(order.template))
    ask = Wanted(assignment=name, column=order.column, feedback=order.feedback, where=where)
    sheet = TARGETS[order.target](table, ask)
    folder = order.submitted or ledger_folder(order.results)
    ledger = handins.read(folder) if folder else handins.Ledger()
    people = roster.of_table(table, order.template, ledger.key, sheet.rows)
    hand_ins = ledger.of(name)
    terms = Terms(hand_ins=hand_ins, submitted=folder, excused=order.excused, late_policy=order.late_policy)
    filled = Filler(table, sheet, people, again=order.again).fill(grades(course, name, order.results, terms), hand_ins)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handins.replace_file(out, filled.data)
    except OSError as error:
        raise LmsError(f"cannot write {printable(str(error.filename or out))}: {error.strerror}.") from None
    if folder or not order.late_policy or course.assignment(name).due is None:
        return filled
    note = "no times of submission are known here: all work counts as in time (--submitted names the folder with them)"
    return msgspec.structs.replace(filled, notes=(*filled.notes, note))


def ledger_folder(results: Path) -> Path | None:
    """Find the folder of submissions with an lms.json, in the folder for results or beside it; else None."""
    places = (results / "submitted", results.absolute().parent / "submitted")
    return next((place for place in places if (place / handins.FILE).is_file()), None)
