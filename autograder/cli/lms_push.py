"""autograder lms push and check."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import COURSE, JSON, course_of, print_json
from autograder.cli.lms_export import grade_options
from autograder.cli.lms_target import BASIS, TARGET, Asked, order_of, plan_json, plan_lines, target_of

if TYPE_CHECKING:
    from autograder.lms.push.run import PushResult

__all__ = ["check_command", "push_command"]


@click.command("check")
@TARGET
@click.option("--assignment", required=True, help="Which one of course.yml.")
@click.option("--results", type=click.Path(path_type=Path), help="What `autograder grade` wrote: are all known there?")
@COURSE
@JSON
def check_command(assignment: str, results: Path | None, course: Path | None, as_json: bool, **options: Any) -> None:
    """Look whether a push would work: token, permissions, assignment, maximum, who is who. Writes nothing.

    The exit code is 0 only if nothing stands in the way.

    \b
    Example:
      autograder lms check --via moodle --assignment softmax --results results
    """
    from autograder.lms.grades import GradeSource  # noqa: PLC0415
    from autograder.lms.push.run import preview  # noqa: PLC0415

    loaded, asked = course_of(course), Asked(**options)
    target = target_of(loaded, assignment, asked)
    lacking, members, there = target.lacking(), target.members(), target.read()
    graded = sum(each.score is not None for each in there.values())
    plan = None
    if results:
        basis = GradeSource(assignment=assignment, results=results)
        plan = preview(target, order_of(loaded, basis, asked, None, {"max_drop": float("inf")}))
    holds = not lacking and bool(members) and (plan is None or plan.clean)
    if as_json:
        found = {"target": target.name, "maximum": target.maximum, "students": len(members), "graded": graded}
        plan_found = plan_json(plan) if plan else None
        print_json({"format_version": 1, "holds": holds, **found, "lacking": lacking, "plan": plan_found})
        sys.exit(0 if holds else 1)
    most = "any maximum" if target.maximum is None else f"{target.maximum:g} points at most"
    click.echo(f"{target.name}: {most}, {len(members)} students, {graded} with a grade")
    for each in lacking:
        click.echo(f"LACKING: {each}. Ask an administrator of the platform (docs/lms.md).")
    if not members:
        click.echo("LACKING: students; none is enrolled, or the token may not see them.")
    if plan:
        click.echo("\n".join(plan_lines(plan)))
    else:
        click.echo(
            "\n".join([*(f"note: {note}" for note in target.notes()), "with --results: who is who, what changes"])
        )
    sys.exit(0 if holds else 1)


INTERRUPTED = 130


@click.command("push")
@TARGET
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
    AUTOGRADER_LTI_KEY; or all in the keyring. Addresses and numbers may stand in lms.yml beside course.yml.

    \b
    Example:
      autograder lms push --via canvas --assignment softmax --results results
      autograder lms push --via canvas --assignment softmax --results results --yes
    """
    from autograder.lms.grades import GradeSource  # noqa: PLC0415
    from autograder.lms.push.run import preview, push  # noqa: PLC0415

    terms, state = {name: options.pop(name) for name in ("max_drop", "again")}, options.pop("state")
    basis = GradeSource(excused=frozenset(options.pop("excused")), **{name: options.pop(name) for name in BASIS})
    loaded, asked = course_of(course), Asked(**options)
    order = order_of(loaded, basis, asked, state, terms)
    target = target_of(loaded, basis.assignment, asked)
    if not yes:
        plan = preview(target, order)
        if as_json:
            print_json({"format_version": 1, "written": False, "plan": plan_json(plan)})
        else:
            click.echo("\n".join(plan_lines(plan)))
            click.echo("nothing was written" + (": add --yes to write" if plan.to_send and not plan.stop else ""))
        sys.exit(0 if plan.clean else 1)
    pushed = push(target, order)
    if as_json:
        head = {"format_version": 1, "written": True, "agreed": pushed.agreed, "interrupted": pushed.interrupted}
        print_json(head | {"plan": plan_json(pushed.plan), "outcomes": pushed.outcomes})
    else:
        click.echo("\n".join([*plan_lines(pushed.plan), *_outcome_lines(pushed)]))
    sys.exit(INTERRUPTED if pushed.interrupted else 0 if pushed.agreed else 1)


def _outcome_lines(pushed: PushResult) -> Iterator[str]:
    from autograder.lms.push.model import PushStatus  # noqa: PLC0415
    from autograder.text import printable  # noqa: PLC0415

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
