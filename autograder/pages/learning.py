"""A classifier over the class: learning curves against TensorFlow's, accuracy, confusion, weights, who was fast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from autograder.errors import BaselineError
from autograder.pages.labels import Labels
from autograder.pages.model import SubmissionRow
from autograder.pages.plots import Plot, Polyline, bar_plot, data_uri, line_plot, weight_strip
from autograder.pages.statistics import histogram, quantile
from autograder.report import Report, Training

__all__ = ["CASE", "CHOSEN", "BaselineTraining", "learning_section", "recorded_training"]


CASE = "practice"
"""The case of baseline.npz that holds `losses` (epochs,) and `accuracy`."""


class BaselineTraining(msgspec.Struct, frozen=True):
    """What TensorFlow came to. `device` is what the record says, "CPU" or "GPU", with the maker's name of it."""

    losses: tuple[float, ...]
    accuracy: float
    version: str
    device: str

    def origin(self, t: Labels) -> str:
        """Name the version and the device."""
        return t("tensorflow", version=self.version, device=self.device)


def recorded_training(folder: Path | None) -> BaselineTraining | None:
    """Read the training that is recorded for an assignment; None where none is, or it cannot be read."""
    if folder is None:
        return None
    from autograder.baseline.archive import FILE, read_baseline

    path = folder / FILE
    if not path.is_file():
        return None
    try:
        found = read_baseline(path)
        if CASE not in found.cases:
            return None
        case, origin = found(CASE), found.provenance
        losses, accuracy = tuple(map(float, case.losses.tolist())), float(case.accuracy)
    except (BaselineError, TypeError, ValueError):
        return None
    device = f"{origin.device} ({origin.hardware})" if origin.hardware else origin.device
    return BaselineTraining(losses, accuracy, origin.tensorflow, device)


CHOSEN = 40
"""Most submissions whose weights the page itself holds; each image takes some 8 KB. The others' are on their pages."""

EXTREMES = 5

Trained = tuple[SubmissionRow, Training]


def learning_section(
    reports: Iterable[Report], entries: Sequence[SubmissionRow], baseline: BaselineTraining | None, t: Labels
) -> dict[str, Any]:
    """Make what the page of an assignment says of trainings; empty where no submission has one."""
    by_student = {each.student: each for each in entries}
    trained = ((each.student, each.figures.training if each.figures else None) for each in reports)
    found = [(by_student[student], training) for student, training in trained if training]
    if not found:
        return {}
    timed = sorted(found, key=lambda pair: pair[1].seconds)
    median = quantile([training.accuracy for _, training in found], 0.5)
    top = _top(found, baseline)
    return {
        "trained": len(found),
        "asked": sum(each.score is not None for each in entries),
        "curves": _curves(found, baseline, top, t),
        "beyond": sum(_strays(each.losses, top, _epochs(found, baseline)) for _, each in found),
        "baseline": baseline.origin(t) if baseline else "",
        "baseline_accuracy": baseline.accuracy if baseline else None,
        "accuracies": bar_plot(
            histogram([training.accuracy for _, training in found], 0, 1, 20),
            t("accuracies"),
            ticks=((0, "0 %"), (0.5, "50 %"), (1, "100 %")),
            mark=baseline.accuracy if baseline else median,
            large=True,
        ),
        "confusion": _confusion([training for _, training in found]),
        "fastest": [_row(pair) for pair in timed[:EXTREMES]],
        "slowest": [_row(pair) for pair in timed[: -EXTREMES - 1 : -1]],
        "chosen": [_row(pair) | {"image": image} for pair in _chosen(found) if (image := _image(pair[1]))],
    }


def _strays(losses: Sequence[float | None], top: float, epochs: int) -> bool:
    return len(losses) != epochs or any(loss is None or loss > top or loss < 0 for loss in losses)


def _top(found: Sequence[Trained], baseline: BaselineTraining | None) -> float:
    """Choose the highest loss that is shown: one training that went astray must not press the others flat."""
    losses = [loss for _, training in found for loss in training.losses if loss is not None]
    usual = quantile(losses, 0.95) or 1.0
    return max(usual * 1.15, *(baseline.losses if baseline else (0.0,)), 1e-6)


def _epochs(found: Sequence[Trained], baseline: BaselineTraining | None) -> int:
    """Return the recipe's number of epochs: of TensorFlow's losses, else the most common one of the submissions."""
    lengths = [len(training.losses) for _, training in found]
    return len(baseline.losses) if baseline else max(1, max(set(lengths), key=lengths.count))


def _curves(found: Sequence[Trained], baseline: BaselineTraining | None, top: float, t: Labels) -> Any:
    last = float(_epochs(found, baseline))
    runs = [(range(1, len(training.losses) + 1), training.losses) for _, training in found]
    drawn = [Polyline("class", runs)]
    if baseline:
        drawn.append(Polyline("baseline", [(range(1, len(baseline.losses) + 1), baseline.losses)]))
    return line_plot(Plot(t("loss_curves", count=len(found)), t("epoch"), 460.0, 230.0, 0.0, top, last), drawn)


def _confusion(found: Sequence[Training]) -> list[list[tuple[float, int]]]:
    """Add up the tables; each cell is its share of the row, and the count."""
    size = max(len(training.confusion) for training in found)
    square = [each.confusion for each in found if [len(row) for row in each.confusion] == [size] * size]
    total = [[sum(table[i][j] for table in square) for j in range(size)] for i in range(size)]
    return [[(count / (sum(row) or 1), count) for count in row] for row in total]


def _chosen(found: Sequence[Trained]) -> Sequence[Trained]:
    """Choose whose weights the page holds: all of a small class, else the most and the least accurate."""
    ranked = sorted(found, key=lambda pair: (-pair[1].accuracy, pair[0].student))
    return ranked if len(ranked) <= CHOSEN else [*ranked[: CHOSEN // 2], *ranked[-CHOSEN // 2 :]]


def _image(training: Training) -> str:
    png = weight_strip(training.weights, training.side)
    return data_uri(png) if png else ""


def _row(pair: Trained) -> dict[str, Any]:
    entry, training = pair
    return {
        "entry": entry,
        "seconds": training.seconds,
        "accuracy": training.accuracy,
        "last_loss": next((loss for loss in reversed(training.losses) if loss is not None), None),
    }
