"""What `autograder lms push` and `check` share: the options that say where grades go, and the table of changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.lms.grades import GradeSource
    from autograder.lms.push.model import PlanRow, PushPlan, Target
    from autograder.lms.push.run import PushOptions

__all__ = ["BASIS", "TARGET", "Asked", "order_of", "plan_json", "plan_lines", "target_of"]

BASIS = ("assignment", "results", "submitted", "late_policy", "marks")
"""The options of `grade_options` that a Basis takes as they are."""

_PATH = click.Path(path_type=Path)

_OPTIONS = (
    click.option("--via", type=click.Choice(["canvas", "moodle", "ags"]), required=True, help=(
        "The platform's own API with your token, or LTI 1.3 with a tool's key."
    )),
    click.option("--roster", type=_PATH, help="A grade file of the LMS: the ids of the students."),
    click.option("--join", type=click.Choice(["id", "sis", "login", "email"]), help=(
        "What the students' names are there; default: what fits all of them."
    )),
    click.option("--url", default="", help="The address of Canvas or Moodle."),
    click.option("--lms-course", default="", metavar="NUMBER", help="The course there."),
    click.option("--lms-assignment", default="", metavar="ID", help=(
        "The assignment there: its number, or its exact name; for ags a label or resource id."
    )),
    click.option("--line-items", default="", metavar="URL", help="ags: where the course's line items are."),
    click.option("--memberships", default="", metavar="URL", help="ags: where the course's members are."),
    click.option("--token-url", default="", metavar="URL", help="ags: where tokens are given."),
    click.option("--audience", default="", help="ags: who the request for a token is addressed to; default: that URL."),
    click.option("--client-id", default="", help="ags: the tool's client id."),
    click.option("--key-id", default="", help="ags: the name (kid) of the tool's public key."),
    click.option("--settings", type=_PATH, help="The file with all these; default: lms.yml beside the course file."),
)  # fmt: skip


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The options of TARGET."""

    via: str
    roster: Path | None = None
    join: str | None = None
    url: str = ""
    lms_course: str = ""
    lms_assignment: str = ""
    line_items: str = ""
    memberships: str = ""
    token_url: str = ""
    audience: str = ""
    client_id: str = ""
    key_id: str = ""
    settings: Path | None = None


def TARGET(function: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802 - a decorator, named as the others are
    """Add the options that say where grades go, and who the students are there."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def target_of(course: Course, assignment: str, asked: Asked) -> Target:
    """Reach the platform's column for an assignment; raises PushError."""
    from autograder.errors import PushError  # noqa: PLC0415

    try:
        from autograder.lms.push import settings  # noqa: PLC0415

        file = settings.load_settings(_settings(course, asked))
        options = settings.ConnectOptions(
            url=asked.url,
            course=asked.lms_course,
            assignment=asked.lms_assignment,
            line_items=asked.line_items,
            memberships=asked.memberships,
            token_url=asked.token_url,
            audience=asked.audience,
            client_id=asked.client_id,
            key_id=asked.key_id,
        )
        return settings.connect_target(settings.PushVia(asked.via), course.assignment(assignment).name, file, options)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("requests", "urllib3", "canvasapi", "jwt", "keyring"):
            raise
        raise PushError(f"{error.name} is not installed. Run: pip install 'nn-autograder[lms]'") from None


def order_of(
    course: Course, basis: GradeSource, asked: Asked, state: Path | None, terms: dict[str, Any]
) -> PushOptions:
    """Work out the grades, and who the students are; raises LmsError, PushError."""
    from autograder.lms import ledger as ledger_module  # noqa: PLC0415
    from autograder.lms import roster  # noqa: PLC0415
    from autograder.lms.grades import gather_grades  # noqa: PLC0415
    from autograder.lms.push import settings  # noqa: PLC0415
    from autograder.lms.push.changes import PushTerms  # noqa: PLC0415
    from autograder.lms.push.model import JoinBy  # noqa: PLC0415
    from autograder.lms.push.run import PushOptions  # noqa: PLC0415
    from autograder.lms.push.state import FILE  # noqa: PLC0415

    join = JoinBy(asked.join) if asked.join else settings.load_settings(_settings(course, asked)).join
    gathered = gather_grades(course, basis)
    people = {student: hand_in.member for student, hand_in in gathered.hand_ins.items()}
    if asked.roster:
        ledger = ledger_module.read_ledger(gathered.folder) if gathered.folder else ledger_module.Ledger()
        listed = ledger_module.settle_folders(roster.read_roster(asked.roster, ledger.key), ledger)
        people |= {member.student: member for member in listed.members}
    return PushOptions(
        assignment=course.assignment(basis.assignment).name,
        grades=gathered.grades,
        state=state or basis.results / FILE,
        terms=PushTerms(join=join, people=people or None, **terms),
        notes=gathered.notes,
    )


def plan_lines(plan: PushPlan) -> Iterator[str]:
    """Return what would change, student by student; unchanged grades are only counted."""
    from autograder.lms.push.model import PushAction  # noqa: PLC0415
    from autograder.text import printable  # noqa: PLC0415

    yield plan.target + (f"; students by {plan.join}" if plan.join else "")
    yield from (f"note: {note}" for note in plan.notes)
    for row in plan.rows:
        if row.move is not PushAction.SAME:
            reason = f"  ({printable(row.reason)})" if row.reason else ""
            change = f"  {_change(row)}" if row.member else ""
            yield f"  {row.move:<14} {_who(row)}{change}{reason}"
    counts = Counter(row.move for row in plan.rows)
    yield ", ".join(f"{counts[move]} {move}" for move in PushAction if counts[move]) or "no grades"
    if plan.stop:
        yield f"STOP: {plan.stop}"


def plan_json(plan: PushPlan) -> dict[str, Any]:
    """Return a plan as JSON values, without the comments."""
    rows = [
        {
            "student": row.grade.student,
            "move": row.move,
            "there": row.theirs,
            "score": row.grade.score,
            "max_score": row.grade.max_score,
            "comment": row.with_comment,
            "member": row.member.key if row.member else None,
            "reason": row.reason,
        }
        for row in plan.rows
    ]
    head = {"target": plan.target, "assignment": plan.assignment, "join": plan.join, "stop": plan.stop}
    return head | {"clean": plan.clean, "notes": plan.notes, "rows": rows}


def _who(row: PlanRow) -> str:
    from autograder.text import printable  # noqa: PLC0415

    name = row.member.name if row.member else ""
    return printable(row.grade.student) + (f" ({printable(name)})" if name and name != row.grade.student else "")


def _change(row: PlanRow) -> str:
    from autograder.lms.push.model import SENT  # noqa: PLC0415

    there = "–" if row.theirs is None else f"{row.theirs:g}"
    return f"{there} -> {row.grade.score:g}" if row.move in SENT else f"{there} there, {row.grade.score:g} here"


def _settings(course: Course, asked: Asked) -> Path:
    from autograder.errors import PushError  # noqa: PLC0415
    from autograder.lms.push.settings import FILE  # noqa: PLC0415

    if asked.settings and not asked.settings.is_file():
        raise PushError(f"there is no file {asked.settings}. Write one (docs/lms.md), or leave --settings out.")
    return asked.settings or course.root / FILE
