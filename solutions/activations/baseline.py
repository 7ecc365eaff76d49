"""What TensorFlow is asked for the assignment `activations`; no input lies on a kink."""

from __future__ import annotations

from autograder.baseline import case


@case
def values(tf, rng, dtype):
    """The sigmoid, both of its tails included."""
    z = (rng.normal(size=(12, 4)) * rng.choice([1.0, 10.0, 1000.0], size=(12, 1))).astype(dtype)
    return {"z": z, "sigmoid": tf.sigmoid(z)}


@case
def derivatives(tf, rng, dtype):
    """The automatic derivative of ELU by its input, for an alpha that is not 1."""
    z = rng.normal(scale=2.0, size=(12, 4)).astype(dtype)
    alpha = rng.uniform(1.5, 2.5)
    inputs = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = tf.keras.activations.elu(inputs, alpha=alpha)
    return {"z": z, "alpha": alpha, "d_elu": tape.gradient(outputs, inputs)}
