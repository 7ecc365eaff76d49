"""autograder lms feedback"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from autograder.cli.common import COURSE, JSON, load_course, print_json
from autograder.cli.lms_export import grade_options

__all__ = ["command"]


@click.command("feedback")
@click.option("--to", "target", required=True, type=click.Choice(["moodle", "canvas"]), help="Who takes it back.")
@click.option(
    "--from-zip", "archive", type=click.Path(path_type=Path), required=True, help="The archive that was imported."
)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The zip to give back to the LMS.")
@grade_options
@COURSE
@JSON
def command(out: Path, course: Path | None, as_json: bool, **options: Any) -> None:
    """Make the zip of feedback that the LMS takes back: a page for every student who has a grade.

    Nobody without a grade gets a page. The exit code is 0 only if every grade found its page.

    \b
    Example:
      autograder lms feedback --to moodle --from-zip submissions.zip --assignment softmax --results results -o back.zip
    """
    from autograder.batch.names import printable  # noqa: PLC0415
    from autograder.lms.feedback import feedback  # noqa: PLC0415
    from autograder.lms.grades import Basis  # noqa: PLC0415

    target, archive = options.pop("target"), options.pop("archive")
    basis = Basis(excused=frozenset(options.pop("excused")), **options)
    sent = feedback(load_course(course), basis, target, archive, out)
    if as_json:
        print_json({"format_version": 1, "out": str(out), "students": sent})
    else:
        for each in sent:
            if not each.path:
                click.echo(f"no page: {printable(each.student)}: {each.standing.value}, {printable(each.reason)}")
        click.echo(f"{len({each.path for each in sent if each.path})} pages: {printable(str(out))}")
    sys.exit(1 if any(each.lost for each in sent) else 0)
