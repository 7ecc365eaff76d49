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

if TYPE_CHECKING:
    from autograder.batch.local.fork_server import ForkServer
    from autograder.batch.run import GradeOptions, RunResult
    from autograder.course import Course
    from autograder.lms.extraction import ImportResult
    from autograder.results.summary import Summary

__all__ = ["execute", "grade_command"]

INTERRUPTED = 130
_COUNTED = ("tcp", "tls", "local")  # clusters whose workers are not for us to count


@click.command("grade")
@click.argument("submitted", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The folder for results.")
@click.option("--assignment", "assignments", multiple=True, help="Grade only this one; may be given several times.")
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
@click.option("--report", is_flag=True, help="Make the pages of the results as well, as `autograder report` does.")
@click.option("--live-baseline", is_flag=True, help="Compare with what TensorFlow computes now, not with the records.")
@click.option("--roster", type=click.Path(path_type=Path), help="For an archive of an LMS: a grade file, who is who.")
@SOURCE
@SANDBOX
@COURSE
@JSON
def grade_command(course: Path | None, as_json: bool, report: bool, **options: Any) -> None:
    """Grade the submissions in SUBMITTED: a folder, or the zip that an LMS gave you.

    A folder holds <student>/<assignment>/<file>.ipynb as nbgrader collects it, or <student>.ipynb files (then name
    the --assignment). A zip is brought into OUT/submitted first, as `autograder lms import` does. Work that is
    unchanged since the last run is not graded again; a run that was stopped continues where it ended. The exit code is
    0 only if everything was graded.

    \b
    Example:
      autograder grade submitted -o results
      autograder grade submitted -o results --report
      autograder grade submitted -o results --assignment softmax --student ana
      autograder grade submitted -o results --cluster tls://scheduler.example:8786
      autograder grade submissions.zip -o results --assignment softmax --roster gradebook.csv
    """
    _warn(options)
    with _server(options) as server:  # it loads on another core what the rest of this command waits for
        from autograder.batch.run import GradeOptions  # noqa: PLC0415

        loaded = course_of(course)
        imported = _brought_in(loaded, options)
        order = GradeOptions(**options | {"lang": options["lang"] or ""})
        outcome, totals = execute(loaded, order, server)
    if as_json:
        print_json(_summary(outcome, totals, order) | ({"imported": imported} if imported else {}))
    else:
        _show(outcome, totals, order)
    if report and not outcome.interrupted:
        _pages(loaded, order)
    if outcome.interrupted:
        click.echo(
            f"stopped: {outcome.graded} newly graded are kept. To continue, run the same command again.", err=True
        )
        sys.exit(INTERRUPTED)
    sys.exit(1 if totals.errors or (imported and imported.unmatched) else 0)


def _brought_in(course: Any, options: dict[str, Any]) -> ImportResult | None:
    """Bring in an archive, if that is what is to be graded; `options` are left with what an Order takes."""
    source = {name: options.pop(name) for name in ("roster", "format", "pairs", "timezone", "most_members")}
    archive, assignments = options["submitted"], options["assignments"]
    if archive.suffix.lower() != ".zip" or archive.is_dir():
        if source["roster"]:
            raise click.UsageError("--roster is for an archive of an LMS: a folder says itself who is who.")
        return None
    if not source["roster"] or len(assignments) > 1:
        raise click.UsageError("an archive of an LMS needs its --roster, a grade file, and holds one --assignment.")
    from autograder.cli.lms import import_lines, zone_of  # noqa: PLC0415
    from autograder.lms.extraction import ImportOptions, import_archive  # noqa: PLC0415

    zone = zone_of(source.pop("timezone"))
    out = options["out"] / "submitted"
    wanted = ImportOptions(archive=archive, assignment=assignments[0] if assignments else "", zone=zone, **source)
    imported = import_archive(course, wanted, out)
    click.echo("\n".join(import_lines(imported, out)), err=True)
    options |= {"submitted": out, "assignments": (imported.assignment,)}
    return imported


def _warn(options: dict[str, Any]) -> None:
    if options["level"] == "process":
        click.echo("warning: --sandbox process does not protect this machine from students' code", err=True)
    if options["cluster"]:
        from autograder.batch.cluster.connection import in_the_clear  # noqa: PLC0415

        if options["workers"] and ":" in options["cluster"] and options["cluster"].partition(":")[0] in _COUNTED:
            raise click.UsageError("this cluster has workers of its own: --workers is for MODULE:CLASS")
        if in_the_clear(options["cluster"]):
            words = (
                "submissions, hidden tests and the course's secret travel unencrypted to a tcp:// address; use tls://"
            )
            click.echo(f"warning: {words}", err=True)


def _server(options: dict[str, Any]) -> AbstractContextManager[ForkServer | None]:
    if options["cluster"]:
        return nullcontext()
    from autograder.batch.local.fork_server import ForkServer  # noqa: PLC0415

    return ForkServer(options["level"])


def execute(course: Any, order: GradeOptions, server: ForkServer | None = None) -> tuple[RunResult, Summary]:
    """Run an order with progress on standard error; `server` as `batch.grade.grade` takes it."""
    from autograder.batch.run import grade  # noqa: PLC0415
    from autograder.cli.console import progress  # noqa: PLC0415
    from autograder.results.summary import summarize  # noqa: PLC0415

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # `kill` ends a run as tidily as Ctrl-C
    try:
        outcome = grade(course, order, progress(), server)
    finally:
        signal.signal(signal.SIGTERM, before)
    lang = order.lang or course.languages[0]

    def titles(assignment: str) -> dict[str, str]:
        from autograder.grading.variants import misconception_titles as titles_in  # noqa: PLC0415

        return titles_in(course.assignment(assignment).folder, lang)

    return outcome, summarize(outcome.reports, titles)


def _pages(course: Course, order: GradeOptions) -> None:
    """Build the pages; only now, so that grading itself waits for nothing of theirs."""
    from autograder.pages.build import BuildOptions, build_pages  # noqa: PLC0415
    from autograder.text import printable  # noqa: PLC0415

    built = build_pages(course, BuildOptions(order.out, order.out, order.lang, order.submitted))
    click.echo(f"pages: {printable(str(built.index))}", err=True)


def _show(outcome: RunResult, totals: Summary, order: GradeOptions) -> None:
    if order.students:
        _print_reports(outcome)
        return
    from autograder.cli.console import print_summary  # noqa: PLC0415

    print_summary(outcome, totals, order.out)


def _print_reports(outcome: RunResult) -> None:
    from autograder.cli.console import printable_report  # noqa: PLC0415

    click.echo("\n\n".join(printable_report(report) for report in outcome.reports))


def _summary(outcome: RunResult, totals: Summary, order: GradeOptions) -> dict[str, Any]:
    return {
        "format_version": 1,
        "out": str(order.out),
        "graded": outcome.graded,
        "reused": outcome.reused,
        "seconds": round(outcome.seconds, 3),
        "interrupted": outcome.interrupted,
        "assignments": totals.assignments,
        "errors": totals.errors,
        "ignored": outcome.ignored,
    }
