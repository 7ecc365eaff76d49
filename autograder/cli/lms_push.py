"""autograder lms push"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import COURSE, JSON, load_course, print_json
from autograder.cli.lms_export import grade_options
from autograder.cli.lms_target import BASIS, TARGET, Asked, order_of, plan_json, plan_lines, target_of

if TYPE_CHECKING:
    from autograder.lms.push.run import Pushed

__all__ = ["command"]

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
def command(yes: bool, course: Path | None, as_json: bool, **options: Any) -> None:
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
    from autograder.lms.grades import Basis  # noqa: PLC0415
    from autograder.lms.push.run import preview, push  # noqa: PLC0415

    terms, state = {name: options.pop(name) for name in ("max_drop", "again")}, options.pop("state")
    basis = Basis(excused=frozenset(options.pop("excused")), **{name: options.pop(name) for name in BASIS})
    loaded, asked = load_course(course), Asked(**options)
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


def _outcome_lines(pushed: Pushed) -> Iterator[str]:
    from autograder.batch.names import printable  # noqa: PLC0415
    from autograder.lms.push.records import Result  # noqa: PLC0415

    if pushed.plan.stop:
        yield "nothing was written"
        return
    agreed = sum(outcome.result is Result.AGREED for outcome in pushed.outcomes)
    for outcome in pushed.outcomes:
        if outcome.result is not Result.AGREED or outcome.reason:
            found = "no grade" if outcome.found is None else f"{outcome.found:g}"
            seen = f"{outcome.score:g} sent, {found} there" if outcome.result is not Result.NOT_WRITTEN else found
            reason = f"  ({printable(outcome.reason)})" if outcome.reason else ""
            yield f"  {outcome.result.upper():<12} {printable(outcome.student)}  {seen}{reason}"
    yield f"{agreed} of {len(pushed.outcomes)} sent, read back, and equal"
    if pushed.interrupted:
        yield "interrupted: run it again to go on"
