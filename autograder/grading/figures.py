"""Figures of a submission: what its functions return on public inputs, before it sees a hidden one.

An assignment may have a figures.py, whose `draw(student, reference, baseline)` yields what `curve` and `training`
return. A process that has not seen hidden inputs cannot reveal them, so the figures may be shown to students. No point
depends on them, and a failure to draw is only logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.baseline.archive import Recorded
from autograder.errors import AutograderError, GraderError, LimitExceeded, StudentFailure
from autograder.grading.fixtures import AssignmentResources
from autograder.grading.numbers import numbers
from autograder.grading.proxy import Student, StudentCode
from autograder.report import Curve, Figures, Training

__all__ = ["attempt", "curve", "draw_figures", "training"]

DIGITS = 4  # significant; more than any plot shows
MOST = 256
LARGEST = 127

_log = logging.getLogger(__name__)


def draw_figures(resources: AssignmentResources, process: StudentCode) -> Figures | None:
    """Draw what the assignment's figures.py asks for; None where there is nothing to show.

    Raises SandboxError if the sandbox breaks down; any other failure only ends the drawing.
    """
    curves, learnt = [], None
    with process.rehearsal():
        try:
            if resources.figures is None:
                return None
            for figure in resources.figures.draw(Student(process), resources.reference, _Record(resources)):
                if isinstance(figure, Curve):
                    curves.append(figure)
                learnt = figure if isinstance(figure, Training) else learnt
        except StudentFailure:
            pass  # a limit was exceeded: show what there is
        except Exception as error:
            if isinstance(error, AutograderError) and not isinstance(error, GraderError):
                raise
            _log.exception("drawing figures of %s", resources.name)
    return Figures(tuple(curves), learnt) if curves or learnt else None


class _Record:
    """The recorded results, read when they are first asked for: an assignment without any can still draw."""

    def __init__(self, resources: AssignmentResources) -> None:
        self._resources = resources

    def __call__(self, case: str, dtype: str = "float64") -> Recorded:
        return self._resources.baseline(case, dtype)


def attempt(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a student's function; None where it fails. Raises LimitExceeded: each further call could take as long."""
    try:
        return function(*arguments)
    except LimitExceeded:
        raise
    except StudentFailure:
        return None


def curve(question: str, x: NDArray[np.float64], seen: object, right: object) -> Curve | None:
    """Return the curve of a function over `x` (n,), n at most 256; None unless `seen` holds n real numbers."""
    try:
        values = numbers(seen).values
    except StudentFailure:
        return None
    if values.shape != x.shape or len(x) > MOST:
        return None
    return Curve(question, _rounded(x), _rounded(values), _rounded(numbers(right).values))


def training(
    question: str,
    train: Callable[[], Any],
    predict: Callable[[Mapping[str, Any]], NDArray[np.intp]],
    labels: NDArray[np.integer],
    shape: tuple[int, int],
) -> Training | None:
    """Run a training and measure it; None unless it gives finite parameters `W` (pixels, classes) and `b` (classes,).

    `train` calls the student; `predict` gives the classes (n,) of the held-out examples whose `labels` (n,) are known.
    """
    started = perf_counter()
    got = attempt(train)
    seconds = perf_counter() - started
    try:
        params, losses = _parts(got, shape)
    except StudentFailure:
        return None
    taken_for = predict(params)
    table = np.zeros((shape[1], shape[1]), dtype=int)
    np.add.at(table, (labels, taken_for), 1)
    return Training(
        question=question,
        losses=_rounded(losses),
        accuracy=round(float(np.mean(taken_for == labels)), DIGITS),
        seconds=round(seconds, 6),
        confusion=tuple(map(tuple, table.tolist())),
        weights=_images(params["W"]),
        side=round(shape[0] ** 0.5),
    )


def _parts(got: Any, shape: tuple[int, int]) -> tuple[dict[str, NDArray[Any]], NDArray[Any]]:
    """Return parameters and losses of a training; raises StudentFailure if the value is something else."""
    wrong = StudentFailure("no training to show")
    if type(got) not in (tuple, list) or len(got) != 2 or type(got[0]) is not dict:
        raise wrong
    params = {name: numbers(got[0].get(name)).values for name in ("W", "b")}
    losses = numbers(got[1]).values
    if params["W"].shape != shape or params["b"].shape != shape[1:] or losses.ndim != 1 or len(losses) > MOST:
        raise wrong
    if not all(np.isfinite(values).all() for values in params.values()):
        raise wrong
    return params, losses


def _rounded(values: NDArray[Any]) -> tuple[float | None, ...]:
    wide = np.asarray(values, dtype=float)
    return tuple(float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in wide.tolist())


def _images(weights: NDArray[Any]) -> bytes:
    """Shrink weights (pixels, classes) to a signed byte each, image after image."""
    largest = float(np.abs(weights).max())
    scaled = weights / largest * LARGEST if largest else np.zeros_like(weights)
    return np.rint(scaled).astype(np.int8).T.tobytes()
