"""What TensorFlow is asked for the assignment `two-layer-backprop`."""

from __future__ import annotations

from autograder.baseline import case

LEARNING_RATE = 0.25  # exact in float32 too, which is how Keras keeps it
EPOCHS = 6


@case
def one_pass(tf, rng, dtype):
    """Forward pass, loss, and the gradients by GradientTape, for a batch with several outputs."""
    params, X, Y = drawn(rng, dtype, (7, 4, 5, 3))
    variables = {name: tf.Variable(value) for name, value in params.items()}
    with tf.GradientTape() as tape:
        a = tf.tanh(X @ variables["W1"] + variables["b1"])
        o = a @ variables["W2"] + variables["b2"]
        loss = half_mse(tf, o, Y)
    gradients = tape.gradient(loss, variables)
    return {**params, "X": X, "Y": Y, "o": o, "loss": loss, **{f"d{name}": g for name, g in gradients.items()}}


@case
def trajectory(tf, rng, dtype):
    """Start, and parameters and losses of six steps of Keras's SGD on all examples at once."""
    params, X, Y = drawn(rng, dtype, (6, 3, 2, 2))
    variables = {name: tf.Variable(value) for name, value in params.items()}
    optimizer = tf.keras.optimizers.SGD(LEARNING_RATE)
    losses = []
    for _ in range(EPOCHS):
        with tf.GradientTape() as tape:
            o = tf.tanh(X @ variables["W1"] + variables["b1"]) @ variables["W2"] + variables["b2"]
            loss = half_mse(tf, o, Y)
        optimizer.apply_gradients((g, variables[name]) for name, g in tape.gradient(loss, variables).items())
        losses.append(loss)
    after = {f"{name}_after": variable for name, variable in variables.items()}
    return {**params, "X": X, "Y": Y, "learning_rate": LEARNING_RATE, "losses": tf.stack(losses), **after}


def drawn(rng, dtype, sizes):
    """Draw parameters, inputs and targets for n examples, d_in inputs, d_hidden units and d_out outputs."""
    n, d_in, d_hidden, d_out = sizes
    shapes = {"W1": (d_in, d_hidden), "b1": (d_hidden,), "W2": (d_hidden, d_out), "b2": (d_out,)}
    params = {name: rng.normal(scale=0.7, size=shape).astype(dtype) for name, shape in shapes.items()}
    return params, rng.normal(size=(n, d_in)).astype(dtype), rng.normal(size=(n, d_out)).astype(dtype)


def half_mse(tf, o, Y):
    """Mean over the examples of half the squared norm of the error."""
    return tf.reduce_mean(tf.reduce_sum(tf.square(o - Y), axis=1)) / 2
