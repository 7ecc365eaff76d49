"""What TensorFlow is asked for the assignment `mse`."""

from __future__ import annotations

from autograder.baseline import case


@case
def several_outputs(tf, rng, dtype):
    """Both losses of predictions with three outputs, and the gradient of the first."""
    y_true = rng.normal(scale=3.0, size=(16, 3)).astype(dtype)
    y_pred = (y_true + rng.normal(size=(16, 3))).astype(dtype)
    predictions = tf.constant(y_pred)
    with tf.GradientTape() as tape:
        tape.watch(predictions)
        loss = tf.keras.losses.MeanSquaredError(dtype=dtype)(y_true, predictions)
    return {
        "y_true": y_true,
        "y_pred": y_pred,
        "mse": loss,
        "mse_grad": tape.gradient(loss, predictions),
        "half_mse": tf.nn.l2_loss(predictions - y_true) / 16,
    }
