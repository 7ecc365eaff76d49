"""autograder lms push and check: where grades go, what would change, and what the platform kept."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from autograder.cli.common import COURSE, JSON, course_of, print_json
from autograder.cli.lms_export import grade_options
from autograder.lms.push.model import JoinBy
from autograder.lms.registry import PushSetting, push_services

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.lms.grades import GradeSource
    from autograder.lms.push.model import PlanRow, PushPlan, Target
    from autograder.lms.push.run import PushOptions, PushResult

__all__ = ["check_push_command", "push_command"]


_SOURCE = ("assignment", "results", "submitted", "late_policy", "marks")
"""The options of `grade_options` that a GradeSource takes as they are."""

_FILE = click.Path(path_type=Path)


class _Destination(msgspec.Struct, frozen=True, kw_only=True):
    """Where grades go, and who the students are there, as the command line says it.

    options  fields of the service's settings, and `assignment`; empty means as in the settings file
    """

    via: str
    roster: Path | None
    join: str | None
    settings: Path | None
    options: Mapping[str, str]


def _service_settings() -> dict[str, PushSetting]:
    """Return every setting of a service that has an option, by field."""
    listed = [service.settings.options() for service in push_services().values()]
    return {name: setting for options in listed for name, setting in options.items()}


def _destination_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where grades go, and who the students are there."""
    settings = [
        click.option(each.option, default="", metavar=each.metavar, help=each.help)
        for each in _service_settings().values()
    ]
    wanted = click.option("--lms-assignment", default="", metavar="ID", help=(
        "The assignment there: its number, or its exact name; for ags a label or resource id."
    ))  # fmt: skip
    options = [
        click.option("--via", type=click.Choice(list(push_services())), required=True, help=(
            "The platform's own API with your token, or LTI 1.3 with a tool's key."
        )),
        click.option("--roster", type=_FILE, help="A grade file of the LMS: the ids of the students."),
        click.option("--join", type=click.Choice([kind.value for kind in JoinBy]), help=(
            "What the students' names are there; default: what fits all of them."
        )),
        *settings,
        wanted,
        click.option("--settings", type=_FILE, help="The file with all these; default: lms.yml beside course.yml."),
    ]  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def _destination(options: dict[str, Any]) -> _Destination:
    """Take what `_destination_options` added out of a command's options."""
    given = {name: options.pop(setting.parameter) for name, setting in _service_settings().items()}
    given["assignment"] = options.pop("lms_assignment")
    fixed = {name: options.pop(name) for name in ("via", "roster", "join", "settings")}
    return _Destination(options=given, **fixed)


@click.command("check")
@_destination_options
@click.option("--assignment", required=True, help="Which one of course.yml.")
@click.option("--results", type=click.Path(path_type=Path), help="What `autograder grade` wrote: are all known there?")
@COURSE
@JSON
def check_push_command(
    assignment: str, results: Path | None, course: Path | None, as_json: bool, **options: Any
) -> None:
    """Check whether a push would work: token, permissions, assignment, maximum, who is who. Writes nothing.

    The exit code is 0 only if a push would work.

    \b
    Example:
      autograder lms check --via moodle --assignment softmax --results results
    """
    from autograder.lms.grades import GradeSource
    from autograder.lms.push.run import preview

    loaded, to = course_of(course), _destination(options)
    target = _target(loaded, assignment, to)
    lacking, members, there = target.lacking(), target.members(), target.read()
    graded = sum(each.score is not None for each in there.values())
    plan = None
    if results:
        basis = GradeSource(assignment=assignment, results=results)
        plan = preview(target, _push_options(loaded, basis, to, None, {"max_drop": float("inf")}))
    holds = not lacking and bool(members) and (plan is None or plan.clean)
    if as_json:
        found = {"target": target.name, "maximum": target.maximum, "students": len(members), "graded": graded}
        plan_found = _plan_json(plan) if plan else None
        print_json({"format_version": 1, "holds": holds, **found, "lacking": lacking, "plan": plan_found})
        sys.exit(0 if holds else 1)
    most = "any maximum" if target.maximum is None else f"{target.maximum:g} points at most"
    click.echo(f"{target.name}: {most}, {len(members)} students, {graded} with a grade")
    click.echo("\n".join(_check_lines(target, lacking, bool(members), plan)))
    sys.exit(0 if holds else 1)


def _check_lines(target: Target, lacking: Sequence[str], enrolled: bool, plan: PushPlan | None) -> Iterator[str]:
    yield from (f"LACKING: {each}. Ask an administrator of the platform (docs/lms.md)." for each in lacking)
    if not enrolled:
        yield "LACKING: students; none is enrolled, or the token may not see them."
    if plan:
        yield from _plan_lines(plan)
    else:
        yield from (f"note: {note}" for note in target.notes())
        yield "with --results: who is who, what changes"


INTERRUPTED = 130


@click.command("push")
@_destination_options
@grade_options
@click.option("--yes", is_flag=True, help="Write; without it you only see what would change.")
@click.option(
    "--max-drop",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    metavar="POINTS",
    help="By how much a grade may drop; one that drops further stops the whole push.",
)
@click.option("--again", is_flag=True, help="Send also what the platform refused, or did not keep, the last time.")
@click.option("--state", type=click.Path(path_type=Path), help="What was sent before; default: RESULTS/pushed.json.")
@COURSE
@JSON
def push_command(yes: bool, course: Path | None, as_json: bool, **options: Any) -> None:
    """Send grades and their reasons over the network, and read them back.

    Without --yes it prints what would change and writes nothing. Only graded work is sent; what is pending, missing,
    excused, failed to be graded, or was set by a person on the platform stays as it is there, and is listed. Nothing is
    sent twice; after Ctrl-C or a breakdown, run it again. The exit code is 0 only if every graded student's grade is
    there, or a person decided otherwise.

    The token is in AUTOGRADER_CANVAS_TOKEN or AUTOGRADER_MOODLE_TOKEN, for ags the path of the key in
    AUTOGRADER_LTI_KEY; or all in the keyring. Addresses and numbers may be in lms.yml beside course.yml.

    \b
    Example:
      autograder lms push --via canvas --assignment softmax --results results
      autograder lms push --via canvas --assignment softmax --results results --yes
    """
    from autograder.lms.grades import GradeSource
    from autograder.lms.push.run import preview, push

    terms, state = {name: options.pop(name) for name in ("max_drop", "again")}, options.pop("state")
    basis = GradeSource(excused=frozenset(options.pop("excused")), **{name: options.pop(name) for name in _SOURCE})
    loaded, to = course_of(course), _destination(options)
    order = _push_options(loaded, basis, to, state, terms)
    target = _target(loaded, basis.assignment, to)
    if not yes:
        plan = preview(target, order)
        if as_json:
            print_json({"format_version": 1, "written": False, "plan": _plan_json(plan)})
        else:
            click.echo("\n".join(_plan_lines(plan)))
            click.echo("nothing was written" + (": add --yes to write" if plan.to_send and not plan.stop else ""))
        sys.exit(0 if plan.clean else 1)
    pushed = push(target, order)
    if as_json:
        head = {"format_version": 1, "written": True, "agreed": pushed.agreed, "interrupted": pushed.interrupted}
        print_json(head | {"plan": _plan_json(pushed.plan), "outcomes": pushed.outcomes})
    else:
        click.echo("\n".join([*_plan_lines(pushed.plan), *_outcome_lines(pushed)]))
    sys.exit(INTERRUPTED if pushed.interrupted else 0 if pushed.agreed else 1)


def _outcome_lines(pushed: PushResult) -> Iterator[str]:
    from autograder.lms.push.model import PushStatus
    from autograder.text import printable

    if pushed.plan.stop:
        yield "nothing was written"
        return
    agreed = sum(outcome.result is PushStatus.AGREED for outcome in pushed.outcomes)
    for outcome in pushed.outcomes:
        if outcome.result is not PushStatus.AGREED or outcome.reason:
            found = "no grade" if outcome.found is None else f"{outcome.found:g}"
            seen = f"{outcome.score:g} sent, {found} there" if outcome.result is not PushStatus.NOT_WRITTEN else found
            reason = f"  ({printable(outcome.reason)})" if outcome.reason else ""
            yield f"  {outcome.result.upper():<12} {printable(outcome.student)}  {seen}{reason}"
    yield f"{agreed} of {len(pushed.outcomes)} sent, read back, and equal"
    if pushed.interrupted:
        yield "interrupted: run it again to go on"


def _target(course: Course, assignment: str, to: _Destination) -> Target:
    """Reach the platform's column for an assignment; raises PushError."""
    from autograder.errors import PushError

    try:
        from autograder.lms.push import settings

        file = settings.load_settings(_settings(course, to))
        return settings.connect_target(to.via, course.assignment(assignment).name, file, to.options)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("requests", "urllib3", "canvasapi", "jwt", "keyring"):
            raise
        raise PushError(f"{error.name} is not installed. Run: pip install 'nn-autograder[lms]'") from None


def _push_options(
    course: Course, basis: GradeSource, to: _Destination, state: Path | None, terms: dict[str, Any]
) -> PushOptions:
    """Work out the grades, and who the students are; raises LmsError, PushError."""
    from autograder.lms import ledger as ledger_module
    from autograder.lms import roster
    from autograder.lms.grades import gather_grades
    from autograder.lms.push import settings
    from autograder.lms.push.changes import PushTerms
    from autograder.lms.push.run import PushOptions
    from autograder.lms.push.state import FILE

    join = JoinBy(to.join) if to.join else settings.load_settings(_settings(course, to)).join
    gathered = gather_grades(course, basis)
    people = {student: hand_in.member for student, hand_in in gathered.hand_ins.items()}
    if to.roster:
        ledger = ledger_module.read_ledger(gathered.folder) if gathered.folder else ledger_module.Ledger()
        listed = ledger_module.settle_folders(roster.read_roster(to.roster, ledger.key), ledger)
        people |= {member.student: member for member in listed.members}
    return PushOptions(
        assignment=course.assignment(basis.assignment).name,
        grades=gathered.grades,
        state=state or basis.results / FILE,
        terms=PushTerms(join=join, people=people or None, **terms),
        notes=gathered.notes,
    )


def _plan_lines(plan: PushPlan) -> Iterator[str]:
    """Return what would change, student by student; unchanged grades are only counted."""
    from autograder.lms.push.model import PushAction
    from autograder.text import printable

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


def _plan_json(plan: PushPlan) -> dict[str, Any]:
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
    from autograder.text import printable

    name = row.member.name if row.member else ""
    return printable(row.grade.student) + (f" ({printable(name)})" if name and name != row.grade.student else "")


def _change(row: PlanRow) -> str:
    from autograder.lms.push.model import SENT

    there = "–" if row.theirs is None else f"{row.theirs:g}"
    return f"{there} -> {row.grade.score:g}" if row.move in SENT else f"{there} there, {row.grade.score:g} here"


def _settings(course: Course, to: _Destination) -> Path:
    from autograder.errors import PushError
    from autograder.lms.push.settings import FILE

    if to.settings and not to.settings.is_file():
        raise PushError(f"there is no file {to.settings}. Write one (docs/lms.md), or leave --settings out.")
    return to.settings or course.root / FILE
