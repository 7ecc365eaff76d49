"""autograder lms check"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from autograder.cli.common import COURSE, JSON, load_course, print_json
from autograder.cli.lms_target import TARGET, Asked, order_of, plan_json, plan_lines, target_of

__all__ = ["command"]


@click.command("check")
@TARGET
@click.option("--assignment", required=True, help="Which one of course.yml.")
@click.option("--results", type=click.Path(path_type=Path), help="What `autograder grade` wrote: are all known there?")
@COURSE
@JSON
def command(assignment: str, results: Path | None, course: Path | None, as_json: bool, **options: Any) -> None:
    """Look whether a push would work: token, permissions, assignment, maximum, who is who. Writes nothing.

    The exit code is 0 only if nothing stands in the way.

    \b
    Example:
      autograder lms check --via moodle --assignment softmax --results results
    """
    from autograder.lms.grades import Basis  # noqa: PLC0415
    from autograder.lms.push.run import preview  # noqa: PLC0415

    loaded, asked = load_course(course), Asked(**options)
    target = target_of(loaded, assignment, asked)
    lacking, members, there = target.lacking(), target.members(), target.read()
    graded = sum(each.score is not None for each in there.values())
    plan = None
    if results:
        basis = Basis(assignment=assignment, results=results)
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
