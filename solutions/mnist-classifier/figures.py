"""What is drawn of a submission: one training on practice digits that no hidden test uses, as Keras did it as well."""

from __future__ import annotations

from functools import cache

import numpy as np

from autograder.baseline import digits
from autograder.grading.figures import training

CLASSES, PIXELS = 10, 784


def draw(student, reference, baseline):
    """Yield the training by the student's `train`, measured on held-out digits by the reference."""
    recorded = baseline("practice")
    (X, y), (X_held, y_held) = practice_digits(int(recorded.seed), int(recorded.to_train), int(recorded.held_out))
    start = {"W": np.zeros((PIXELS, CLASSES)), "b": np.zeros(CLASSES)}
    recipe = (float(recorded.learning_rate), int(recorded.epochs), int(recorded.batch_size), 1)
    yield training(
        "train",
        lambda: student.train(start, X, y, *recipe),
        lambda params: reference.predict_proba(params, X_held).argmax(axis=1),
        y_held,
        (PIXELS, CLASSES),
    )


@cache
def practice_digits(seed, to_train, held_out):
    """Draw digits once for all submissions: pixels between 0 and 1, and labels, to train and held out."""
    drawn = digits.generate_digits(to_train + held_out, seed)
    X, y = drawn.images.reshape(-1, PIXELS) / 255, drawn.labels
    for array in (part := (X[:to_train].copy(), y[:to_train].copy())):
        array.flags.writeable = False  # a sandbox is sent read-only arrays once
    return part, (X[to_train:], y[to_train:])
