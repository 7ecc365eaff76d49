"""autograder grade"""

from __future__ import annotations

import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import COURSE, JSON, SANDBOX, course_of, print_json
from autograder.cli.lms import SOURCE
from autograder.i18n import LANGUAGES
from autograder.sandbox.levels import LEVELS

if TYPE_CHECKING:
    from autograder.batch.local.fork_server import ForkServer
    from autograder.batch.run import GradeOptions, RunResult
    from autograder.course import Course
    from autograder.lms.extraction import ImportResult

__all__ = ["grade_command", "grade_with_progress"]

INTERRUPTED = 130
_FIXED_SIZE = ("tcp", "tls", "local")  # clusters that already have their workers


@click.command("grade")
@click.argument("submitted", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The folder for results.")
@click.option("--assignment", "assignments", multiple=True, help="Grade only this one; may be repeated.")
@click.option("--student", "students", multiple=True, help="Grade only this student and print the report.")
@click.option("--workers", type=click.IntRange(min=0), default=0, help="Processes that grade; default: one per core.")
@click.option(
    "--cluster",
    default="",
    metavar="WHERE",
    help="Grade on a Dask cluster: tcp://HOST:PORT, tls://HOST:PORT, local:N, dask, or MODULE:CLASS.",
)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Language of reasons and hints; default: the notebook's own."
)
@click.option("--force", is_flag=True, help="Grade unchanged submissions again.")
@click.option("--report", is_flag=True, help="Also write the pages of results, as `autograder report` does.")
@click.option("--live-baseline", is_flag=True, help="Compare with what TensorFlow computes now instead of the records.")
@click.option(
    "--roster", type=click.Path(path_type=Path), help="For an archive of an LMS: a grade file with its students."
)
@SOURCE
@SANDBOX
@COURSE
@JSON
def grade_command(course: Path | None, as_json: bool, report: bool, **options: Any) -> None:
    """Grade the submissions in SUBMITTED: a folder, or a zip file downloaded from an LMS.

    A folder contains <student>/<assignment>/<file>.ipynb, as nbgrader collects them, or <student>.ipynb files (then
    name the --assignment). A zip file is first imported into OUT/submitted, as with `autograder lms import`.
    Submissions that have not changed since the last run are not graded again; a run that was stopped continues where
    it ended. The exit code is 0 only if everything was graded.

    \b
    Example:
      autograder grade submitted -o results
      autograder grade submitted -o results --report
      autograder grade submitted -o results --assignment softmax --student ana
      autograder grade submitted -o results --cluster tls://scheduler.example:8786
      autograder grade submissions.zip -o results --assignment softmax --roster gradebook.csv
    """
    _check(options)
    with _server(options) as server:  # it loads graders on another core while this process goes on
        from autograder.batch.run import GradeOptions

        loaded = course_of(course)
        imported = _import(loaded, options)
        grading = GradeOptions(**options | {"lang": options["lang"] or ""})
        result = grade_with_progress(loaded, grading, server)
    if as_json:
        print_json(_as_json(result, grading) | ({"imported": imported} if imported else {}))
    else:
        _show(result, grading)
    if report and not result.interrupted:
        _pages(loaded, grading)
    if result.interrupted:
        click.echo(
            f"stopped: {result.graded} newly graded are kept. To continue, run the same command again.", err=True
        )
        sys.exit(INTERRUPTED)
    sys.exit(1 if result.summary.errors or (imported and imported.unmatched) else 0)


def _import(course: Any, options: dict[str, Any]) -> ImportResult | None:
    """Import SUBMITTED if it is an archive; leave in `options` what GradeOptions takes."""
    source = {name: options.pop(name) for name in ("roster", "format", "pairs", "timezone", "most_members")}
    archive, assignments = options["submitted"], options["assignments"]
    if archive.suffix.lower() != ".zip" or archive.is_dir():
        if source["roster"]:
            raise click.UsageError("--roster is for an archive of an LMS: the names in a folder identify the students.")
        return None
    if not source["roster"] or len(assignments) > 1:
        raise click.UsageError("an archive of an LMS needs a --roster (a grade file) and at most one --assignment.")
    from autograder.cli.lms import import_lines, zone_of
    from autograder.lms.extraction import ImportOptions, import_archive

    zone = zone_of(source.pop("timezone"))
    out = options["out"] / "submitted"
    wanted = ImportOptions(archive=archive, assignment=assignments[0] if assignments else "", zone=zone, **source)
    imported = import_archive(course, wanted, out)
    click.echo("\n".join(import_lines(imported, out)), err=True)
    options |= {"submitted": out, "assignments": (imported.assignment,)}
    return imported


def _check(options: dict[str, Any]) -> None:
    level = LEVELS.get(options["level"])
    if level and level.caution:
        click.echo(f"warning: --sandbox {level.name} {level.caution}", err=True)
    if options["cluster"]:
        from autograder.batch.cluster.connection import in_the_clear

        if options["workers"] and ":" in options["cluster"] and options["cluster"].partition(":")[0] in _FIXED_SIZE:
            raise click.UsageError("this cluster already has its workers: --workers is for MODULE:CLASS")
        if in_the_clear(options["cluster"]):
            what = "submissions, hidden tests and the course's secret are sent unencrypted to a tcp:// address"
            click.echo(f"warning: {what}; use tls://", err=True)


def _server(options: dict[str, Any]) -> AbstractContextManager[ForkServer | None]:
    if options["cluster"]:
        return nullcontext()
    from autograder.batch.local.fork_server import ForkServer

    return ForkServer(options["level"])


def grade_with_progress(course: Any, options: GradeOptions, server: ForkServer | None = None) -> RunResult:
    """Grade with progress on standard error. Parameters as for `batch.run.grade`."""
    from autograder.batch.run import grade
    from autograder.cli.console import progress

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # `kill` ends a run as cleanly as Ctrl-C
    try:
        return grade(course, options, progress(), server)
    finally:
        signal.signal(signal.SIGTERM, before)


def _pages(course: Course, options: GradeOptions) -> None:
    """Build the pages, after the grading, which must not wait for their imports."""
    from autograder.pages.build import BuildOptions, build_pages
    from autograder.text import printable

    built = build_pages(course, BuildOptions(options.out, options.out, options.lang, options.submitted))
    click.echo(f"pages: {printable(str(built.index))}", err=True)


def _show(result: RunResult, options: GradeOptions) -> None:
    from autograder.cli.console import print_summary, printable_report

    if options.students:
        click.echo("\n\n".join(printable_report(report) for report in result.reports))
    else:
        print_summary(result, options.out)


def _as_json(result: RunResult, options: GradeOptions) -> dict[str, Any]:
    return {
        "format_version": 1,
        "out": str(options.out),
        "graded": result.graded,
        "reused": result.reused,
        "seconds": round(result.seconds, 3),
        "interrupted": result.interrupted,
        "assignments": result.summary.assignments,
        "errors": result.summary.errors,
        "ignored": result.ignored,
    }
