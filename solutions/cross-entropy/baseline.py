"""What TensorFlow is asked for the assignment `cross-entropy`."""

from __future__ import annotations

from autograder.baseline import case


@case
def probabilities(tf, rng, dtype):
    """The loss of Keras from probabilities; its clipping at 1e-7 is out of reach of these."""
    scores = rng.normal(scale=1.5, size=(24, 5))
    p = (0.01 + 0.95 * tf.nn.softmax(scores)).numpy().astype(dtype)
    y = rng.integers(5, size=24)
    losses = tf.keras.losses.sparse_categorical_crossentropy(y, p)
    return {"p": p, "y": y, "loss": tf.reduce_mean(losses)}


@case
def logits(tf, rng, dtype):
    """Loss and gradient from scores, some of them in the hundreds."""
    z = (rng.normal(scale=3.0, size=(16, 6)) * rng.choice([1.0, 10.0, 100.0], size=(16, 1))).astype(dtype)
    y = rng.integers(6, size=16)
    scores = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(scores)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=scores))
    return {"z": z, "y": y, "loss": loss, "grad": tape.gradient(loss, scores)}
