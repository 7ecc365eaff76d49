"""The classifier in Keras, for an interpreter that has TensorFlow: `PYTHON -m benchmarks.keras_peer DIGITS.npz RECIPE`.

DIGITS.npz holds inputs and labels: X (n, 784) and y (n,) to train, X_held and y_held. RECIPE is JSON: learning_rate,
epochs, batch_size, and seeds, one for each run's order of the examples. The last line printed is a JSON list: the
accuracy on the held-out images after each run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import run

__all__ = ["accuracies", "main"]

ROOT = Path(__file__).parent.parent
NOT_THERE = 3


def accuracies(python: Path, digits: Path, recipe: dict[str, Any]) -> tuple[float, ...]:
    """Train in that interpreter; give one accuracy per seed, or none where it has no TensorFlow."""
    done = run([python, "-m", "benchmarks.keras_peer", digits, json.dumps(recipe)], ROOT, timeout=300)
    if done.exit_code == NOT_THERE:
        return ()
    if done.exit_code:
        raise RuntimeError(f"Keras failed:\n{done.text()[-3000:]}")
    return tuple(json.loads(done.lines[-1][1]))


def main(arguments: Sequence[str]) -> int:
    """Train one Dense layer from zeros once per seed and print the accuracies."""
    try:
        import tensorflow as tf  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - optional
    except ImportError:
        return NOT_THERE
    recipe = json.loads(arguments[1])
    with np.load(arguments[0]) as digits:
        X, y, X_held, y_held = (digits[name] for name in ("X", "y", "X_held", "y_held"))
    found = []
    for seed in recipe["seeds"]:
        tf.keras.utils.set_random_seed(seed)  # for the order in which fit takes the examples
        layer = tf.keras.layers.Dense(10, activation="softmax", kernel_initializer="zeros")
        model = tf.keras.Sequential([tf.keras.Input((X.shape[1],)), layer])
        model.compile(tf.keras.optimizers.SGD(recipe["learning_rate"]), "sparse_categorical_crossentropy")
        model.fit(X, y, batch_size=recipe["batch_size"], epochs=recipe["epochs"], verbose=0)
        found.append(float(np.mean(model.predict(X_held, verbose=0).argmax(axis=1) == y_held)))
    print(f"\n{json.dumps(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
