"""Correct answers to the assignment `two-layer-backprop` in other styles: each deserves full marks."""

from __future__ import annotations

import numpy as np

from autograder.grading import equivalent


@equivalent("init_params")
def by_random_state(d_in, d_hidden, d_out, seed):
    """NumPy's older generator, standard normal numbers divided afterwards."""
    state = np.random.RandomState(seed)
    W1 = state.randn(d_in, d_hidden) / d_in**0.5
    W2 = state.randn(d_hidden, d_out) / d_hidden**0.5
    return {"W1": W1, "b1": np.zeros((d_hidden,)), "W2": W2, "b2": np.zeros((d_out,))}


@equivalent("init_params")
def by_the_standard_library(d_in, d_hidden, d_out, seed):
    """random.gauss, number by number."""
    import random

    source = random.Random(seed)  # noqa: S311 - weights are no secrets

    def drawn(rows, columns):
        return np.array([[source.gauss(0, rows**-0.5) for _ in range(columns)] for _ in range(rows)])

    return {"b2": np.zeros(d_out), "b1": np.zeros(d_hidden), "W2": drawn(d_hidden, d_out), "W1": drawn(d_in, d_hidden)}


@equivalent("init_params")
def in_single_precision(d_in, d_hidden, d_out, seed):
    """32-bit floats."""
    rng = np.random.default_rng(seed)
    params = {}
    for layer, (rows, columns) in enumerate([(d_in, d_hidden), (d_hidden, d_out)], start=1):
        params[f"W{layer}"] = rng.standard_normal((rows, columns), dtype=np.float32) / np.float32(np.sqrt(rows))
        params[f"b{layer}"] = np.zeros(columns, dtype=np.float32)
    return params


@equivalent("forward")
def forward_in_loops(params, X):
    """Example by example and unit by unit."""
    import math

    d_in, d_hidden = params["W1"].shape
    d_out = params["W2"].shape[1]
    z, a, o = np.zeros((len(X), d_hidden)), np.zeros((len(X), d_hidden)), np.zeros((len(X), d_out))
    for i in range(len(X)):
        for j in range(d_hidden):
            z[i, j] = params["b1"][j] + sum(X[i][k] * params["W1"][k, j] for k in range(d_in))
            a[i, j] = math.tanh(z[i, j])
        for k in range(d_out):
            o[i, k] = params["b2"][k] + sum(a[i, j] * params["W2"][j, k] for j in range(d_hidden))
    return z, a, o


@equivalent("forward")
def forward_by_einsum(params, X):
    """Sums by einsum, tanh by the sigmoid, results in a list."""
    z = np.einsum("ni,ih->nh", np.array(X, dtype=float), params["W1"]) + params["b1"]
    a = 2.0 / (1.0 + np.exp(-2.0 * z)) - 1.0
    return [z, a, np.einsum("nh,ho->no", a, params["W2"]) + params["b2"]]


@equivalent("forward")
def forward_with_a_column_of_ones(params, X):
    """Biases as weights of a constant input."""
    ones = np.ones((len(X), 1))
    z = np.hstack([np.asarray(X, dtype=float), ones]) @ np.vstack([params["W1"], params["b1"]])
    a = np.tanh(z)
    return z, a, np.hstack([a, ones]) @ np.vstack([params["W2"], params["b2"]])


@equivalent("forward")
def forward_in_single_precision(params, X):
    """32-bit floats throughout."""
    W1, b1, W2, b2 = (np.asarray(params[name], dtype=np.float32) for name in ("W1", "b1", "W2", "b2"))
    z = np.asarray(X, dtype=np.float32) @ W1 + b1
    a = np.tanh(z)
    return z, a, a @ W2 + b2


@equivalent("loss")
def loss_in_loops(o, Y):
    """Number by number."""
    total = 0.0
    for predicted, wanted in zip(o, Y, strict=True):
        for p, w in zip(predicted, wanted, strict=True):
            total += (float(p) - float(w)) ** 2 / 2
    return total / len(o)


@equivalent("loss")
def mean_of_norms(o, Y):
    """Norms of the rows; returns NumPy's own float."""
    return np.mean(0.5 * np.linalg.norm(np.subtract(o, Y, dtype=float), axis=1) ** 2)


@equivalent("loss")
def loss_by_einsum(o, Y):
    """One einsum; returns an array without axes."""
    difference = np.array(o, dtype=float) - np.array(Y, dtype=float)
    return np.asarray(np.einsum("nk,nk->", difference, difference) / len(difference) / 2)


@equivalent("loss")
def loss_in_single_precision(o, Y):
    """32-bit floats."""
    difference = np.asarray(o, dtype=np.float32) - np.asarray(Y, dtype=np.float32)
    return (difference**2).sum(axis=1).mean() / np.float32(2)


@equivalent("backward")
def example_by_example(params, X, Y, z, a, o):
    """Outer products, added up over the examples."""
    gradients = {name: np.zeros(values.shape) for name, values in params.items()}
    for i in range(len(X)):
        delta2 = o[i] - np.asarray(Y[i], dtype=float)
        delta1 = params["W2"] @ delta2 * (1 - a[i] ** 2)
        gradients["W2"] += np.outer(a[i], delta2) / len(X)
        gradients["b2"] += delta2 / len(X)
        gradients["W1"] += np.outer(X[i], delta1) / len(X)
        gradients["b1"] += delta1 / len(X)
    return gradients


@equivalent("backward")
def backward_in_loops(params, X, Y, z, a, o):
    """Every entry by itself, with the slope from cosh."""
    import math

    n, (d_in, d_hidden), d_out = len(X), params["W1"].shape, params["W2"].shape[1]
    g = {name: np.zeros(np.shape(values)) for name, values in params.items()}
    for i in range(n):
        delta2 = [(float(o[i, k]) - Y[i][k]) / n for k in range(d_out)]
        for k in range(d_out):
            g["b2"][k] += delta2[k]
        for j in range(d_hidden):
            back = sum(params["W2"][j, k] * delta2[k] for k in range(d_out))
            delta1 = back / math.cosh(z[i, j]) ** 2
            g["b1"][j] += delta1
            for k in range(d_out):
                g["W2"][j, k] += a[i, j] * delta2[k]
            for k in range(d_in):
                g["W1"][k, j] += X[i][k] * delta1
    return g


@equivalent("backward")
def divided_at_the_start(params, X, Y, z, a, o):
    """delta2 carries the 1/n; einsum for the rest."""
    delta2 = np.subtract(o, Y) / np.shape(o)[0]
    delta1 = np.einsum("no,ho->nh", delta2, params["W2"]) * (1 - a * a)
    return {
        "b2": np.einsum("no->o", delta2),
        "W2": np.einsum("nh,no->ho", a, delta2),
        "b1": np.einsum("nh->h", delta1),
        "W1": np.einsum("ni,nh->ih", np.array(X, dtype=float), delta1),
    }


@equivalent("backward")
def forward_repeated(params, X, Y, z, a, o):
    """Computes z, a, o again; columns are examples."""
    x = np.array(X, dtype=float).T
    hidden = np.tanh(params["W1"].T @ x + params["b1"][:, np.newaxis])
    delta2 = params["W2"].T @ hidden + params["b2"][:, np.newaxis] - np.array(Y, dtype=float).T
    delta1 = np.multiply(params["W2"] @ delta2, (1 + hidden) * (1 - hidden))
    n = x.shape[1]
    return {
        "W1": (delta1 @ x.T).T / n,
        "b1": delta1.mean(axis=1),
        "W2": (delta2 @ hidden.T).T / n,
        "b2": delta2.mean(axis=1),
    }


@equivalent("backward")
def with_a_column_of_ones(params, X, Y, z, a, o):
    """Each bias as the last row of its weights."""
    n = len(X)
    ones = np.ones((n, 1))
    delta2 = o - np.asarray(Y, dtype=float)
    second = np.hstack([a, ones]).T @ delta2 / n
    delta1 = delta2 @ params["W2"].T / np.cosh(z) ** 2
    first = np.hstack([np.asarray(X, dtype=float), ones]).T @ delta1 / n
    return {"W1": first[:-1], "b1": first[-1], "W2": second[:-1], "b2": second[-1]}


@equivalent("backward")
def backward_in_single_precision(params, X, Y, z, a, o):
    """32-bit floats throughout."""
    W2, X, Y, a, o = (np.asarray(part, dtype=np.float32) for part in (params["W2"], X, Y, a, o))
    delta2 = (o - Y) / np.float32(len(X))
    delta1 = (delta2 @ W2.T) * (np.float32(1) - a**2)
    return {"W1": X.T @ delta1, "b1": delta1.sum(axis=0), "W2": a.T @ delta2, "b2": delta2.sum(axis=0)}


@equivalent("numerical_gradient")
def over_one_long_vector(params, X, Y, h):
    """All parameters in one vector, moved along the unit vectors."""
    names = list(params)
    ends = np.cumsum([params[name].size for name in names])

    def unpacked(vector):
        pieces = np.split(vector, ends[:-1])
        return {name: piece.reshape(params[name].shape) for name, piece in zip(names, pieces, strict=True)}

    def cost(vector):
        p = unpacked(vector)
        o = np.tanh(np.asarray(X, dtype=float) @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return np.sum((o - np.asarray(Y, dtype=float)) ** 2) / (2 * len(o))

    point = np.concatenate([params[name].ravel() for name in names]).astype(float)
    slopes = [(cost(point + unit) - cost(point - unit)) / (2 * h) for unit in h * np.eye(point.size)]
    return unpacked(np.array(slopes))


@equivalent("numerical_gradient")
def moved_and_put_back(params, X, Y, h):
    """One deep copy, each entry set and restored."""
    import copy

    p = copy.deepcopy(params)

    def cost():
        o = np.tanh(np.asarray(X, dtype=float) @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return 0.5 * np.mean(np.sum((o - np.asarray(Y, dtype=float)) ** 2, axis=1))

    result = {}
    for name in ("b2", "W2", "b1", "W1"):
        slopes = np.empty(p[name].size)
        for i in range(p[name].size):
            old = p[name].flat[i]
            p[name].flat[i] = old + h
            above = cost()
            p[name].flat[i] = old - h
            below = cost()
            p[name].flat[i] = old
            slopes[i] = (above - below) / h / 2
        result[name] = slopes.reshape(p[name].shape)
    return result


@equivalent("numerical_gradient")
def numerical_in_single_precision(params, X, Y, h):
    """Losses in 32-bit floats, with all the rounding that differences magnify."""
    X, Y = np.asarray(X, dtype=np.float32), np.asarray(Y, dtype=np.float32)

    def cost(p):
        o = np.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return np.sum((o - Y) ** 2) / np.float32(2 * len(o))

    start = {name: np.asarray(values, dtype=np.float32) for name, values in params.items()}
    result = {name: np.zeros(values.shape, dtype=np.float32) for name, values in params.items()}
    for name, values in start.items():
        for index in np.ndindex(values.shape):
            up, down = values.copy(), values.copy()
            up[index] += np.float32(h)
            down[index] -= np.float32(h)
            result[name][index] = (cost({**start, name: up}) - cost({**start, name: down})) / np.float32(2 * h)
    return result


@equivalent("sgd_step")
def step_on_copies(params, grads, learning_rate):
    """Copies first, then changes the copies."""
    import copy

    new = copy.deepcopy(params)
    for name, gradient in grads.items():
        new[name] -= learning_rate * gradient
    return new


@equivalent("sgd_step")
def step_written_out(params, grads, learning_rate):
    """The four lines, entry by entry for the matrices."""
    W1, W2 = np.empty(params["W1"].shape), np.empty(params["W2"].shape)
    for new, name in ((W1, "W1"), (W2, "W2")):
        for i in range(new.shape[0]):
            for j in range(new.shape[1]):
                new[i, j] = params[name][i, j] - learning_rate * grads[name][i, j]
    b1 = np.subtract(params["b1"], np.multiply(learning_rate, grads["b1"]))
    return {"W1": W1, "W2": W2, "b1": b1, "b2": params["b2"] + grads["b2"] * -learning_rate}


@equivalent("sgd_step")
def step_in_single_precision(params, grads, learning_rate):
    """32-bit floats."""
    rate = np.float32(learning_rate)
    return {name: params[name].astype(np.float32) - rate * grads[name].astype(np.float32) for name in params}


@equivalent("train")
def all_in_one(params, X, Y, learning_rate, epochs):
    """Everything inside the loop, on arrays of its own."""
    X, Y, n = np.asarray(X, dtype=float), np.asarray(Y, dtype=float), len(X)
    W1, b1, W2, b2 = (np.array(params[name], dtype=float) for name in ("W1", "b1", "W2", "b2"))
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        a = np.tanh(X @ W1 + b1)
        delta2 = a @ W2 + b2 - Y
        losses[epoch] = (delta2**2).sum() / 2 / n
        delta1 = delta2 @ W2.T * (1 - a**2)
        W2 -= learning_rate / n * a.T @ delta2
        b2 -= learning_rate / n * delta2.sum(0)
        W1 -= learning_rate / n * X.T @ delta1
        b1 -= learning_rate / n * delta1.sum(0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses


@equivalent("train")
def trained_in_single_precision(params, X, Y, learning_rate, epochs):
    """32-bit floats from start to end; the pair as a list."""
    X, Y = np.asarray(X, dtype=np.float32), np.asarray(Y, dtype=np.float32)
    p = {name: values.astype(np.float32) for name, values in params.items()}
    rate, losses = np.float32(learning_rate / len(X)), []
    while len(losses) < epochs:
        a = np.tanh(X @ p["W1"] + p["b1"])
        delta2 = a @ p["W2"] + p["b2"] - Y
        losses.append(np.float32(0.5) * np.mean(np.sum(delta2**2, axis=1)))
        delta1 = delta2 @ p["W2"].T * (1 - a**2)
        grads = {"W1": X.T @ delta1, "b1": delta1.sum(axis=0), "W2": a.T @ delta2, "b2": delta2.sum(axis=0)}
        p = {name: p[name] - rate * grads[name] for name in p}
    return [p, losses]


@equivalent("train")
def trained_with_ones(params, X, Y, learning_rate, epochs):
    """Biases as last rows of the weights; a tuple of losses."""
    ones = np.ones((len(X), 1))
    inputs = np.hstack([np.asarray(X, dtype=float), ones])
    first, second = np.vstack([params["W1"], params["b1"]]), np.vstack([params["W2"], params["b2"]])
    losses = ()
    for _ in range(epochs):
        hidden = np.hstack([np.tanh(inputs @ first), ones])
        delta2 = (hidden @ second - Y) / len(X)
        losses += (float(np.vdot(delta2, delta2)) * len(X) / 2,)
        delta1 = (delta2 @ second.T * (1 - hidden**2))[:, :-1]
        first, second = first - learning_rate * inputs.T @ delta1, second - learning_rate * hidden.T @ delta2
    return {"W1": first[:-1], "b1": first[-1], "W2": second[:-1], "b2": second[-1]}, losses
