"""autograder doctor"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.cli.common import COURSE, JSON, print_json

__all__ = ["doctor_command"]


@click.command("doctor")
@COURSE
@click.option("--cluster", default="", metavar="WHERE", help="Check the workers of this cluster, too; as for grade.")
@JSON
def doctor_command(course: Path | None, cluster: str, as_json: bool) -> None:
    """Check Python, isolation, packages and the course, and print a remedy for each problem.

    The exit code is 0 unless grading cannot work.

    \b
    Example:
      autograder doctor
      autograder doctor --cluster tls://scheduler.example:8786
    """
    from autograder.doctor import CheckStatus, examine, examine_cluster

    checks = examine(course)
    if cluster:
        checks = (*checks, *examine_cluster(cluster))
    if as_json:
        print_json(checks)
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            click.echo(f"{check.verdict.value:<8} {check.name:<{width}}  {check.detail}")
            if check.verdict is not CheckStatus.OK:
                click.echo(f"{'':<8} {'':<{width}}  -> {check.remedy}")
    sys.exit(1 if any(check.verdict is CheckStatus.ERROR for check in checks) else 0)
