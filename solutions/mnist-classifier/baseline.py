"""What TensorFlow is asked for the assignment `mnist-classifier`: one Dense layer of Keras, trained by SGD."""

from __future__ import annotations

import numpy as np

from autograder.baseline import case, digits

LEARNING_RATE = 0.5  # exact in float32 too, which is how Keras keeps it
BATCH_SIZE = 4
EPOCHS = 5
TO_TRAIN, HELD_OUT, DIGITS_SEED, RUNS = 500, 400, 1, 4
PRACTICE = {"to_train": 400, "held_out": 300, "seed": 2}  # other digits than those of the hidden tests


@case
def batches(tf, rng, dtype):
    """Parameters after each of the batches of one epoch, in a fixed order, the last batch short."""
    start, X, y = drawn(rng, dtype, n=14)
    model = layer(tf, dtype, start, LEARNING_RATE, run_eagerly=True)  # batches of many sizes
    order = rng.permutation(len(X))
    losses, weights, biases = [], [], []
    for first in range(0, len(X), BATCH_SIZE):
        batch = order[first : first + BATCH_SIZE]
        losses.append(step(model, X[batch], y[batch]))
        weights.append(model.layers[0].kernel.numpy())
        biases.append(model.layers[0].bias.numpy())
    after = {"losses": np.array(losses), "W_after": np.stack(weights), "b_after": np.stack(biases)}
    return {**start, "X": X, "y": y, "order": order, "batch_size": BATCH_SIZE, "learning_rate": LEARNING_RATE, **after}


@case
def full_batch(tf, rng, dtype):
    """Parameters and losses after some epochs in which a single batch holds all examples."""
    start, X, y = drawn(rng, dtype, n=10)
    model = layer(tf, dtype, start, LEARNING_RATE, run_eagerly=True)
    losses = [step(model, X, y) for _ in range(EPOCHS)]
    kernel, bias = model.layers[0].kernel.numpy(), model.layers[0].bias.numpy()
    result = {"losses": np.array(losses), "W_after": kernel, "b_after": bias}
    return {**start, "X": X, "y": y, "learning_rate": LEARNING_RATE, **result}


@case
def probabilities(tf, rng, dtype):
    """Probabilities, loss and accuracy of the layer."""
    start, X, y = drawn(rng, dtype, n=12)
    model = layer(tf, dtype, start, LEARNING_RATE)
    p = model.predict(X, verbose=0)
    losses = tf.keras.losses.sparse_categorical_crossentropy(y, tf.constant(p))
    hits = tf.keras.metrics.sparse_categorical_accuracy(y, p)
    return {**start, "X": X, "y": y, "p": p, "loss": tf.reduce_mean(losses), "accuracy": tf.reduce_mean(hits)}


@case
def held_out_accuracy(tf, rng, dtype):
    """Accuracy on digits drawn by program that Keras was not trained on, the mean of runs in different orders.

    The seed of the digits is recorded, not the images. It is fixed, like the learning rate, where the order of the
    examples hardly matters: the accuracies of single runs have a standard deviation of 0.9 points.
    """
    drawn_digits = digits.generate_digits(TO_TRAIN + HELD_OUT, DIGITS_SEED)
    X, y = (drawn_digits.images.reshape(-1, 784) / 255).astype(dtype), drawn_digits.labels
    recipe = {"learning_rate": 0.02, "epochs": 20, "batch_size": 32}
    accuracies = []
    for order_seed in rng.integers(1000, size=RUNS).tolist():
        tf.keras.utils.set_random_seed(order_seed)  # for the order in which fit takes the examples
        model = layer(tf, dtype, {"W": np.zeros((784, 10)), "b": np.zeros(10)}, recipe["learning_rate"])
        fitted = {"batch_size": recipe["batch_size"], "epochs": recipe["epochs"], "verbose": 0}
        model.fit(X[:TO_TRAIN], y[:TO_TRAIN], **fitted)
        accuracies.append(np.mean(model.predict(X[TO_TRAIN:], verbose=0).argmax(axis=1) == y[TO_TRAIN:]))
    sizes = {"to_train": TO_TRAIN, "held_out": HELD_OUT, "seed": DIGITS_SEED}
    return {"accuracy": np.mean(accuracies), **sizes, **recipe}


@case
def practice(tf, rng, dtype):
    """The learning curve on practice digits, which are only drawn, never graded on: one loss per epoch, and accuracy.

    The loss is the mean over the examples of an epoch of what each had just before its batch's step, as `train` has it.
    """
    drawn_digits = digits.generate_digits(PRACTICE["to_train"] + PRACTICE["held_out"], PRACTICE["seed"])
    X, y = (drawn_digits.images.reshape(-1, 784) / 255).astype(dtype), drawn_digits.labels
    part = slice(PRACTICE["to_train"]), slice(PRACTICE["to_train"], None)
    recipe = {"learning_rate": 0.05, "epochs": 12, "batch_size": 32}
    tf.keras.utils.set_random_seed(int(rng.integers(1000)))  # for the order in which fit takes the examples
    model = layer(tf, dtype, {"W": np.zeros((784, 10)), "b": np.zeros(10)}, recipe["learning_rate"])
    fitted = model.fit(X[part[0]], y[part[0]], batch_size=recipe["batch_size"], epochs=recipe["epochs"], verbose=0)
    accuracy = np.mean(model.predict(X[part[1]], verbose=0).argmax(axis=1) == y[part[1]])
    return {"losses": np.array(fitted.history["loss"]), "accuracy": accuracy, **PRACTICE, **recipe}


def drawn(rng, dtype, n):
    """Draw a start, inputs and labels for n examples with 6 features and 4 classes."""
    start = {"W": rng.normal(size=(6, 4)).astype(dtype), "b": rng.normal(size=4).astype(dtype)}
    return start, rng.random(size=(n, 6)).astype(dtype), rng.integers(4, size=n)


def step(model, X, y):
    """Take one step and return the loss of this batch before it; Keras would return the mean of all steps so far."""
    model.reset_metrics()
    return model.train_on_batch(X, y)


def layer(tf, dtype, start, learning_rate, run_eagerly=False):
    """Build the classifier in Keras, with its parameters set."""
    d, c = start["W"].shape
    keras = tf.keras
    model = keras.Sequential([keras.Input((d,), dtype=dtype), keras.layers.Dense(c, activation="softmax", dtype=dtype)])
    loss = keras.losses.SparseCategoricalCrossentropy(dtype=dtype)  # would compute in float32 otherwise
    model.compile(keras.optimizers.SGD(learning_rate), loss, run_eagerly=run_eagerly)
    model.layers[0].set_weights([start["W"], start["b"]])
    return model
