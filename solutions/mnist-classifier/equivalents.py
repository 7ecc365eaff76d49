"""Correct answers to the assignment `mnist-classifier` in other styles: each deserves full marks."""

from __future__ import annotations

import numpy as np

from autograder.grading import equivalent


@equivalent("prepare")
def one_image_at_a_time(images):
    """A list of flattened images, stacked."""
    return np.stack([np.ravel(np.asarray(image, dtype=float)) / 255 for image in images])


@equivalent("prepare")
def prepared_in_loops(images):
    """Pixel by pixel."""
    rows = np.zeros((len(images), 784))
    for i, image in enumerate(images):
        for j in range(28):
            for k in range(28):
                rows[i, 28 * j + k] = float(image[j][k]) / 255.0
    return rows


@equivalent("prepare")
def prepared_in_single_precision(images):
    """32-bit floats, multiplied by 1/255."""
    return np.array(images, dtype=np.float32).reshape(-1, 28 * 28) * np.float32(1 / 255)


@equivalent("predict_proba")
def example_by_example(params, X):
    """One example at a time, in a list."""
    rows = []
    for x in np.asarray(X, dtype=float):
        z = x.dot(params["W"]) + params["b"]
        e = np.exp(z - np.max(z))
        rows.append(e / np.sum(e))
    return np.array(rows)


@equivalent("predict_proba")
def probabilities_in_loops(params, X):
    """Every score by itself."""
    import math

    d, c = params["W"].shape
    p = np.zeros((len(X), c))
    for i in range(len(X)):
        z = [params["b"][k] + sum(X[i][j] * params["W"][j, k] for j in range(d)) for k in range(c)]
        e = [math.exp(score - max(z)) for score in z]
        p[i] = [part / sum(e) for part in e]
    return p


@equivalent("predict_proba")
def through_the_logarithm(params, X):
    """Exponential of the scores minus their log-sum-exp; sums by einsum."""
    z = np.einsum("nd,dc->nc", np.array(X, dtype=float), params["W"]) + params["b"]
    return np.exp(z - np.logaddexp.reduce(z, axis=1)[:, np.newaxis])


@equivalent("predict_proba")
def probabilities_in_single_precision(params, X):
    """32-bit floats."""
    z = np.asarray(X, dtype=np.float32) @ params["W"].astype(np.float32) + params["b"].astype(np.float32)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@equivalent("loss_and_grads")
def with_one_hot_rows(params, X, y):
    """One-hot rows, log-sum-exp by logaddexp."""
    X, n, c = np.asarray(X, dtype=float), len(y), len(params["b"])
    Y = np.eye(c)[np.asarray(y)]
    z = X @ params["W"] + params["b"]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    difference = np.exp(log_p) - Y
    return -(Y * log_p).sum() / n, {"W": np.einsum("nd,nc->dc", X, difference) / n, "b": difference.mean(axis=0)}


@equivalent("loss_and_grads")
def added_up_by_example(params, X, y):
    """Outer products, example by example; the pair as a list."""
    W, b, loss = np.zeros(params["W"].shape), np.zeros(params["b"].shape), 0.0
    for x, label in zip(np.asarray(X, dtype=float), y, strict=True):
        z = x @ params["W"] + params["b"]
        z = z - z.max()
        e = np.exp(z)
        loss += np.log(e.sum()) - z[label]
        delta = e / e.sum()
        delta[label] -= 1
        W += np.outer(x, delta)
        b += delta
    n = len(y)
    return [loss / n, {"b": b / n, "W": W / n}]


@equivalent("loss_and_grads")
def with_a_column_of_ones(params, X, y):
    """The biases as the last row of the weights."""
    inputs = np.column_stack([np.asarray(X, dtype=float), np.ones(len(y))])
    z = inputs @ np.vstack([params["W"], params["b"]])
    z -= z.max(axis=1)[:, None]
    log_sums = np.log(np.sum(np.exp(z), axis=1))
    loss = float(np.mean(log_sums - np.take_along_axis(z, np.asarray(y)[:, None].astype(int), axis=1)[:, 0]))
    delta = np.exp(z - log_sums[:, None])
    np.subtract.at(delta, (np.arange(len(y)), y), 1.0)
    gradient = inputs.T @ delta / len(y)
    return loss, {"W": gradient[:-1], "b": gradient[-1]}


@equivalent("loss_and_grads")
def losses_in_single_precision(params, X, y):
    """32-bit floats."""
    X, y = np.asarray(X, dtype=np.float32), np.asarray(y)
    z = X @ params["W"].astype(np.float32) + params["b"].astype(np.float32)
    z -= z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    delta = np.exp(log_p)
    delta[np.arange(len(y)), y] -= np.float32(1)
    delta /= np.float32(len(y))
    return -np.mean(log_p[np.arange(len(y)), y]), {"W": X.T @ delta, "b": delta.sum(axis=0)}


@equivalent("minibatches")
def older_generator(n, batch_size, seed):
    """NumPy's older generator; lists of ints."""
    order = list(range(n))
    np.random.RandomState(seed).shuffle(order)
    batches = []
    while order:
        batches.append(order[:batch_size])
        order = order[batch_size:]
    return batches


@equivalent("minibatches")
def standard_library(n, batch_size, seed):
    """random.sample; narrow integers, in a tuple."""
    import random

    order = np.array(random.Random(seed).sample(range(n), n), dtype=np.int32)  # noqa: S311 - no secret
    return tuple(np.split(order, range(batch_size, n, batch_size)))


@equivalent("minibatches")
def sorted_by_random_numbers(n, batch_size, seed):
    """argsort of random numbers, dealt by boolean masks."""
    order = np.argsort(np.random.default_rng(seed).random(n))
    number = np.arange(n) // batch_size
    return [order[number == k] for k in range(-(-n // batch_size))]


@equivalent("train")
def all_in_one(params, X, y, learning_rate, epochs, batch_size, seed):
    """Everything inside the loops, on copies of its own; losses in an array."""
    X, y, n = np.asarray(X, dtype=float), np.asarray(y), len(y)
    W, b, losses = np.array(params["W"], dtype=float), np.array(params["b"], dtype=float), np.zeros(epochs)
    for epoch in range(epochs):
        order = np.random.default_rng(seed + epoch).permutation(n)
        for start in range(0, n, batch_size):
            x, labels = X[order[start : start + batch_size]], y[order[start : start + batch_size]]
            z = x @ W + b
            z -= z.max(axis=1, keepdims=True)
            log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            losses[epoch] -= log_p[np.arange(len(x)), labels].sum() / n
            delta = np.exp(log_p) - np.eye(len(b))[labels]
            W -= learning_rate * x.T @ delta / len(x)
            b -= learning_rate * delta.mean(axis=0)
    return {"W": W, "b": b}, losses


@equivalent("train")
def trained_in_single_precision(params, X, y, learning_rate, epochs, batch_size, seed):
    """32-bit floats from start to end; numbers of NumPy in a tuple."""
    X, y, rate = np.asarray(X, dtype=np.float32), np.asarray(y), np.float32(learning_rate)
    W, b, losses = params["W"].astype(np.float32), params["b"].astype(np.float32), ()
    for epoch in range(epochs):
        total = np.float32(0)
        order = np.random.default_rng(seed + epoch).permutation(len(X))
        for rows in np.split(order, np.arange(batch_size, len(X), batch_size)):
            z = X[rows] @ W + b
            z -= z.max(axis=1, keepdims=True)
            e = np.exp(z)
            sums = e.sum(axis=1, keepdims=True)
            total += np.sum(np.log(sums[:, 0]) - z[np.arange(len(rows)), y[rows]])
            e /= sums
            e[np.arange(len(rows)), y[rows]] -= 1
            W, b = W - rate * (X[rows].T @ e) / np.float32(len(rows)), b - rate * e.mean(axis=0)
        losses += (total / np.float32(len(X)),)
    return [{"b": b, "W": W}, losses]


@equivalent("train")
def one_matrix(params, X, y, learning_rate, epochs, batch_size, seed):
    """Weights and biases in one matrix, mean loss by np.average."""
    inputs, y = np.column_stack([np.asarray(X, dtype=float), np.ones(len(X))]), np.asarray(y)
    matrix, losses = np.vstack([params["W"], params["b"]]), []
    for epoch in range(epochs):
        order, batch_losses, sizes = np.random.default_rng(seed + epoch).permutation(len(X)), [], []
        while order.size:
            rows, order = order[:batch_size], order[batch_size:]
            z = inputs[rows] @ matrix
            log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
            batch_losses.append(-log_p[np.arange(len(rows)), y[rows]].mean())
            sizes.append(len(rows))
            delta = np.exp(log_p) - (y[rows][:, None] == np.arange(z.shape[1]))
            matrix = matrix - learning_rate / len(rows) * inputs[rows].T @ delta
        losses.append(np.average(batch_losses, weights=sizes))
    return {"W": matrix[:-1], "b": matrix[-1]}, losses


@equivalent("evaluate")
def measured_in_loops(params, X, y):
    """Example by example."""
    loss, right = 0.0, 0
    for x, label in zip(np.asarray(X, dtype=float), y, strict=True):
        z = x @ params["W"] + params["b"]
        loss += np.logaddexp.reduce(z) - z[label]
        right += int(np.argmax(z) == label)
    return loss / len(y), right / len(y)


@equivalent("evaluate")
def measured_by_counting(params, X, y):
    """count_nonzero; arrays without axes."""
    z = np.asarray(X, dtype=float) @ params["W"] + params["b"]
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    hits = np.count_nonzero(np.argmax(p, axis=1) == np.asarray(y))
    return np.asarray(-np.log(np.choose(np.asarray(y), p.T)).mean()), np.asarray(hits / len(p))


@equivalent("evaluate")
def measured_in_single_precision(params, X, y):
    """32-bit floats."""
    z = np.asarray(X, dtype=np.float32) @ params["W"].astype(np.float32) + params["b"].astype(np.float32)
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].mean(), (z.argmax(axis=1) == y).mean(dtype=np.float32)
