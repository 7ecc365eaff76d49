"""autograder baseline"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from autograder.cli.common import COURSE, JSON, course_of, print_json

if TYPE_CHECKING:
    from autograder.baseline.archive import Baseline
    from autograder.grading.tolerances import ArrayDifference

__all__ = ["baseline_command"]

NAMES = click.argument("names", nargs=-1, metavar="[NAME]...")
DEVICE = click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "gpu"]),
    default="auto",
    show_default=True,
    help="Where TensorFlow computes; `auto`: a GPU if there is one.",
)


@click.group("baseline")
def baseline_command() -> None:
    """Record what TensorFlow computes on an assignment's cases, or compare with the record.

    Hidden tests read the record, so that grading needs neither TensorFlow nor a GPU. Both commands need
    pip install 'nn-autograder[tensorflow]'.

    \b
    Example:
      autograder baseline record softmax
      autograder baseline verify
    """


@baseline_command.command("record")
@NAMES
@DEVICE
@COURSE
@JSON
def _record(names: tuple[str, ...], device: str, course: Path | None, as_json: bool) -> None:
    """Compute the cases of the assignments NAME..., or all that have some, and write solutions/NAME/baseline.npz.

    A NAME with a slash is the path of an assignment's folder, which need not be part of a course. A record that would
    not change is not rewritten.

    \b
    Example:
      autograder baseline record softmax --device cpu
      autograder baseline record ./solutions/new-one
    """
    from autograder.baseline import recording

    written = []
    for folder in _folders(names, course):
        done = recording.record(folder, recording.Device(device))
        written.append(done)
        if not as_json:
            cases = f"{len(done.cases)} case{'s' if len(done.cases) > 1 else ''}"
            origin = f"on {done.device} (TensorFlow {done.tensorflow})"
            state = "" if done.renewed else ", unchanged"
            click.echo(f"{done.path}: {cases} {origin}, {done.size / 1000:.1f} KB{state}")
    if as_json:
        listed = [msgspec.structs.asdict(done) | {"path": str(done.path)} for done in written]
        print_json({"format_version": 1, "written": listed})


@baseline_command.command("verify")
@NAMES
@DEVICE
@COURSE
@JSON
def _verify(names: tuple[str, ...], device: str, course: Path | None, as_json: bool) -> None:
    """Compute the cases of the assignments NAME... again, and print how far each result is from the recorded one.

    The exit code is 0 only if all are within the tolerances (AGREEMENT in autograder/grading/tolerances.py).

    \b
    Example:
      autograder baseline verify softmax --device gpu
    """
    from autograder.baseline import archive, recording
    from autograder.grading.tolerances import compare_baselines

    verdicts = []
    for folder in _folders(names, course):
        recorded = archive.read_baseline(folder / archive.FILE)
        fresh = recording.compute(folder, recording.Device(device))
        differences, stale = compare_baselines(recorded, fresh), recording.is_stale(folder, recorded)
        verdicts.append(_verdict(recorded, fresh, differences, stale=stale))
        if not as_json:
            _show(recorded, fresh, differences, stale=stale)
    holds = all(verdict["holds"] for verdict in verdicts)
    if as_json:
        print_json({"format_version": 1, "holds": holds, "assignments": verdicts})
    sys.exit(0 if holds else 1)


def _folders(names: tuple[str, ...], course: Path | None) -> tuple[Path, ...]:
    """Return the folders of the named assignments, or of all that have cases."""
    from autograder.baseline.cases import SOURCE
    from autograder.errors import BaselineError

    if names and all(os.sep in name for name in names):
        return tuple(Path(name) for name in names)
    loaded = course_of(course)
    if names:
        return tuple(Path(name) if os.sep in name else loaded.assignment(name).folder for name in names)
    found = tuple(each.folder for each in loaded.assignments if (each.folder / SOURCE).is_file())
    if not found:
        raise BaselineError(f"{loaded.path}: no assignment has a {SOURCE}. Write one in an assignment's folder.")
    return found


def _verdict(
    recorded: Baseline, fresh: Baseline, differences: tuple[ArrayDifference, ...], *, stale: bool
) -> dict[str, object]:
    return {
        "assignment": recorded.path.parent.name,
        "holds": not any(difference.problem for difference in differences),
        "stale": stale,
        "recorded": recorded.provenance,
        "computed": fresh.provenance,
        "differences": differences,
    }


def _show(recorded: Baseline, fresh: Baseline, differences: tuple[ArrayDifference, ...], *, stale: bool) -> None:
    name, wrong = recorded.path.parent.name, sum(bool(difference.problem) for difference in differences)
    click.echo(f"{name}: recorded on {_origin(recorded)}; computed now on {_origin(fresh)}")
    labels = [f"{each.case} {each.dtype} {each.array}" for each in differences]
    for label, each in zip(labels, differences, strict=True):
        numbers = "" if each.absolute is None else f"  absolute {each.absolute:7.1e}  relative {each.relative:7.1e}"
        problem = f"  BREACH: {each.problem}" if each.problem else ""
        click.echo(f"  {label:<{max(map(len, labels))}}{numbers}{problem}")
    click.echo(f"  {len(differences) - wrong} of {len(differences)} arrays agree")
    if wrong or stale:
        why = "baseline.py has changed since it was recorded" if stale else "if the new results are the right ones"
        click.echo(f"  -> {why}: autograder baseline record {name}")


def _origin(baseline: Baseline) -> str:
    origin = baseline.provenance
    return f"{origin.device} ({origin.hardware}, TensorFlow {origin.tensorflow}, {origin.date[:10]})"
