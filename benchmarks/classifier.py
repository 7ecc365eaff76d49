"""The classifier on real digits: its training against the bare matrix products, its accuracy, what grading one costs.

Run as a program it prints its section of the results: `python -m benchmarks.classifier --tensorflow PYTHON`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean, median
from types import ModuleType
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from autograder.baseline import digits
from autograder.baseline.archive import FILE, Recorded, read_baseline
from autograder.baseline.digits import Digits, DigitsError
from autograder.course import Course, load_course
from autograder.course.files import solution_path
from autograder.grading.loading import load_module
from benchmarks import keras_peer
from benchmarks.classifier_grading import SOLUTION, Graded, grade
from benchmarks.measure import run

__all__ = ["Accuracy", "Classifier", "Training", "measure", "section"]

ROOT = Path(__file__).parent.parent
ASSIGNMENT = "mnist-classifier"
BATCH_SIZES = (32, 64, 128)
EPOCHS, ROUNDS, SEEDS = 5, 15, (0, 100, 200, 300, 400)
CLASSES = 10
_ONE_THREAD = ("OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1", "MKL_NUM_THREADS=1")

Batches = Sequence[NDArray[np.integer] | slice]


class _Split(NamedTuple):
    """Inputs (n, 784) and labels (n,), to train and held out."""

    X: NDArray[np.float64]
    y: NDArray[np.integer]
    X_held: NDArray[np.float64]
    y_held: NDArray[np.integer]


class Training(msgspec.Struct, frozen=True):
    """Processor seconds of one epoch, one figure per round: `train`, and its matrix products alone.

    `fetched` has the products after fetching each shuffled batch, `products` those on batches that are in place.
    """

    batch_size: int
    training: tuple[float, ...]
    fetched: tuple[float, ...]
    products: tuple[float, ...]

    def times(self, bare: tuple[float, ...]) -> float:
        """Return the median over the rounds of the training's time over that of `bare`."""
        return median(mine / other for mine, other in zip(self.training, bare, strict=True))


class Accuracy(msgspec.Struct, frozen=True):
    """Shares of held-out images read rightly after training as the assignment does, one run per order of the examples.

    `keras` is empty where there is no TensorFlow. `drawn` and `recorded` are the reference's and Keras's means on
    digits drawn by program, Keras's as the baseline has it.
    """

    learning_rate: float
    epochs: int
    batch_size: int
    reference: tuple[float, ...]
    keras: tuple[float, ...]
    drawn: float
    recorded: float

    def gap(self) -> float:
        """Return Keras's mean accuracy minus the reference's, in points (per cent)."""
        return 100 * (fmean(self.keras) - fmean(self.reference))


class Classifier(msgspec.Struct, frozen=True):
    """All of one run."""

    source: str
    to_train: int
    held_out: int
    trainings: tuple[Training, ...]
    accuracy: Accuracy
    graded: tuple[Graded, ...]


def measure(course: Course, tensorflow: Path) -> Classifier | str:
    """Measure in a new process, whose BLAS has one thread; or say in a sentence why nothing was measured.

    tensorflow: a Python that has TensorFlow; if it has none, Keras's accuracy is missing from the result.
    """
    if ASSIGNMENT not in {assignment.name for assignment in course.assignments}:
        return f"Left out: the course has no assignment `{ASSIGNMENT}`."
    try:
        _mnist()
    except DigitsError as error:
        return f"Left out: {error}. {digits.FOLDER_VARIABLE} names the folder of MNIST's files."
    program: list[str | Path] = [sys.executable, "-m", "benchmarks.classifier", "--json", "--tensorflow", tensorflow]
    done = run(["env", *_ONE_THREAD, *program], ROOT)
    if done.exit_code:
        raise RuntimeError(f"the benchmark of the classifier failed:\n{done.text()[-3000:]}")
    return msgspec.json.decode(done.lines[-1][1], type=Classifier)


def section(found: Classifier | str) -> Iterator[str]:
    """Write the section of the results, line by line."""
    yield "## A classifier on real digits"
    yield ""
    if isinstance(found, str):
        yield found
        return
    name = found.source.partition(" in ")[0]  # not the folder: results travel
    yield f"{name}: {found.to_train} images to train, {found.held_out} held out."
    yield "BLAS has one thread, as in a sandbox."
    yield ""
    yield from _training_lines(found)
    yield ""
    yield from _accuracy_lines(found.accuracy)
    yield ""
    yield from _grading_lines(found.graded)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what a classifier costs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classifier", description=main.__doc__)
    parser.add_argument("--tensorflow", type=Path, default=Path(sys.executable), help="a Python that has TensorFlow")
    parser.add_argument("--json", action="store_true", help="measure in this process, print JSON")
    options = parser.parse_args(arguments)
    course = load_course(ROOT / "course.yml")
    if options.json:
        print(f"\n{msgspec.json.encode(_measured(course, options.tensorflow)).decode()}")
    else:
        print("\n".join(section(measure(course, options.tensorflow))))
    return 0


def _training_lines(found: Classifier) -> Iterator[str]:
    yield f"Training for one epoch: processor time, median of {ROUNDS} rounds that take turns. *Products*: for each"
    yield "step `X_batch @ W` and `X_batch.T @ delta` and nothing else, on batches that are in place; *with fetching*:"
    yield "the same, each shuffled batch fetched by `X[batch]`. The last two columns are medians of the rounds' ratios."
    yield f"The assignment trains with batches of {found.accuracy.batch_size}."
    yield ""
    yield "| batch size | `train` | products with fetching | products | train / with fetching | train / products |"
    yield "|--:|--:|--:|--:|--:|--:|"
    for each in found.trainings:
        figures = " | ".join(
            f"{1e3 * median(column):.3g} ms" for column in (each.training, each.fetched, each.products)
        )
        yield f"| {each.batch_size} | {figures} | {each.times(each.fetched):.2f} | {each.times(each.products):.2f} |"


def _accuracy_lines(found: Accuracy) -> Iterator[str]:
    yield f"Accuracy on the held-out images after {found.epochs} epochs, batches of {found.batch_size}, learning rate"
    yield f"{found.learning_rate:g}, mean of {len(found.reference)} runs (lowest to highest): reference"
    yield f"{_spread(found.reference)},"
    if found.keras:
        yield f"Keras {_spread(found.keras)}. Keras minus reference: {found.gap():+.2f} points."
    else:
        yield "Keras not measured: no TensorFlow here (`--tensorflow PYTHON` names a Python that has it)."
    yield f"On the digits drawn by program of the baseline: reference {found.drawn:.1%}, Keras as recorded"
    yield f"{found.recorded:.1%}."


def _grading_lines(graded: Sequence[Graded]) -> Iterator[str]:
    yield "Grading one submission in a warm worker, wall time, and the same calls of `train` (those of the notebook's"
    yield "cells and those of the grader) alone in one process. Above it: median and highest of the differences. The"
    yield "first submission waits for the reference to be loaded, and the first that fails a test for the known"
    yield "mistakes to be tried on that test."
    yield ""
    yield "| submission | number | grading | own training | above it: median | highest |"
    yield "|---|--:|--:|--:|--:|--:|"
    right = [each for each in graded if each.what == SOLUTION]
    wrong = [each for each in graded if each.what != SOLUTION]
    for what, rows in (
        ("the solution, first of the session", right[:1]),
        ("the solution, later", right[1:]),
        ("a misconception each", wrong),
    ):
        seconds, training = ([getattr(each, name) for each in rows] for name in ("seconds", "training"))
        above = [each.above() for each in rows]
        yield (
            f"| {what} | {len(rows)} | {1e3 * median(seconds):.0f} ms | {1e3 * median(training):.0f} ms "
            f"| {1e3 * median(above):.0f} ms | {1e3 * max(above):.0f} ms |"
        )


def _spread(shares: Sequence[float]) -> str:
    return f"{fmean(shares):.2%} ({min(shares):.2%} to {max(shares):.2%})"


def _measured(course: Course, tensorflow: Path) -> Classifier:
    found = _mnist()
    train, held = digits.split_digits(found)
    folder = course.assignment(ASSIGNMENT).folder
    reference = load_module(solution_path(folder))
    split = _Split(reference.prepare(train.images), train.labels, reference.prepare(held.images), held.labels)
    trainings = tuple(_training(reference, split, size) for size in BATCH_SIZES)
    accuracy = _accuracy(reference, folder, split, tensorflow)
    return Classifier(found.source, len(train), len(held), trainings, accuracy, grade(course, ASSIGNMENT))


def _mnist() -> Digits:
    """Read MNIST from the folder that the environment names, from shared/data beside the checkout, or from Keras.

    Raises:
        DigitsError: there is none, or what is in the folder is damaged.
    """
    named = os.environ.get(digits.FOLDER_VARIABLE)
    try:
        return digits.from_idx(Path(named) if named else ROOT.parent / "shared/data")
    except DigitsError:
        with contextlib.suppress(DigitsError):
            return digits.from_keras_cache()
        raise


def _zeros(d: int) -> dict[str, NDArray[np.float64]]:
    return {"W": np.zeros((d, CLASSES)), "b": np.zeros(CLASSES)}


def _training(reference: ModuleType, split: _Split, batch_size: int) -> Training:
    """Time training and products in turn, so that whatever else the machine does meets all of them."""
    X, (n, d) = split.X, split.X.shape
    rng = np.random.default_rng(0)
    W, delta = rng.normal(size=(d, CLASSES)), rng.normal(size=(batch_size, CLASSES))
    shuffled = [batch for epoch in range(EPOCHS) for batch in reference.minibatches(n, batch_size, epoch)]
    in_place = [slice(start, start + batch_size) for start in range(0, n, batch_size)] * EPOCHS
    ways: tuple[Callable[[], Any], ...] = (
        lambda: reference.train(_zeros(d), X, split.y, 0.1, EPOCHS, batch_size, 0),
        lambda: _products(X, W, delta, shuffled),
        lambda: _products(X, W, delta, in_place),
    )
    rounds = [[_seconds(way) / EPOCHS for way in ways] for _ in range(ROUNDS + 1)]
    return Training(batch_size, *(tuple(column) for column in zip(*rounds[1:], strict=True)))  # the first warms up


def _products(X: NDArray[np.float64], W: NDArray[np.float64], delta: NDArray[np.float64], batches: Batches) -> None:
    """Take the two products of each step and nothing else; positions fetch their batch, a slice only points to it."""
    for batch in batches:
        rows = X[batch]
        _ = rows @ W
        _ = rows.T @ delta[: len(rows)]


def _seconds(way: Callable[[], Any]) -> float:
    started = time.process_time()
    way()
    return time.process_time() - started


def _accuracy(reference: ModuleType, folder: Path, split: _Split, tensorflow: Path) -> Accuracy:
    """Train as the last cell of the assignment does; Keras does the same with the same figures."""
    rate, epochs, size = reference.learning_rate, reference.epochs, reference.batch_size
    mine = _accuracies(reference, split, (rate, epochs, size))
    recipe = {"learning_rate": rate, "epochs": epochs, "batch_size": size, "seeds": SEEDS}
    with tempfile.TemporaryDirectory(prefix="autograder-bench-") as scratch:
        path = Path(scratch) / "digits.npz"
        np.savez(path, **split._asdict())
        keras = keras_peer.accuracies(tensorflow, path, recipe)
    recorded = read_baseline(folder / FILE)("held_out_accuracy")
    drawn = fmean(_drawn(reference, recorded))
    return Accuracy(rate, epochs, size, mine, keras, drawn, float(recorded.accuracy))


def _drawn(reference: ModuleType, recorded: Recorded) -> tuple[float, ...]:
    """Repeat the baseline's training on digits drawn by program."""
    to_train = int(recorded.to_train)
    found = digits.generate_digits(to_train + int(recorded.held_out), int(recorded.seed))
    X, y = reference.prepare(found.images), found.labels
    recipe = (float(recorded.learning_rate), int(recorded.epochs), int(recorded.batch_size))
    return _accuracies(reference, _Split(X[:to_train], y[:to_train], X[to_train:], y[to_train:]), recipe)


def _accuracies(reference: ModuleType, split: _Split, recipe: tuple[float, int, int]) -> tuple[float, ...]:
    X, y, *held = split
    runs = (reference.train(_zeros(X.shape[1]), X, y, *recipe, seed)[0] for seed in SEEDS)
    return tuple(float(reference.evaluate(params, *held)[1]) for params in runs)


if __name__ == "__main__":
    sys.exit(main())
