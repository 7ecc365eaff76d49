"""What TensorFlow is asked for the assignment `softmax`."""

from __future__ import annotations

from autograder.baseline import case


@case
def batch(tf, rng, dtype):
    """Probabilities and their logarithms for a batch of scores."""
    return both(tf, rng.normal(scale=2.0, size=(16, 5)).astype(dtype))


@case
def extremes(tf, rng, dtype):
    """The same for scores in the hundreds and thousands, of either sign, and with gaps between them as large."""
    z = rng.normal(size=(12, 4)) * rng.choice([10.0, 100.0, 1000.0], size=(12, 1)) + rng.choice(
        [-1e3, 1e3], size=(12, 1)
    )
    return both(tf, z.astype(dtype))


@case
def one_vector(tf, rng, dtype):
    """The same for a single vector of scores, two of them equal."""
    z = rng.normal(size=7)
    z[3] = z[0]
    return both(tf, z.astype(dtype))


def both(tf, z):
    """Ask for both functions of the assignment."""
    return {"z": z, "softmax": tf.nn.softmax(z), "log_softmax": tf.nn.log_softmax(z)}
