"""Correct answers to the assignment `mse` in other styles: each deserves full marks."""

from __future__ import annotations

import numpy as np

from autograder.grading import equivalent


@equivalent("mse")
def in_plain_loops(y_true, y_pred):
    """Entry by entry, as a beginner writes it."""
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("true values and predictions have different shapes")
    total = 0.0
    count = 0
    for truth, prediction in zip(np.ravel(y_true), np.ravel(y_pred), strict=True):
        total += (float(prediction) - float(truth)) ** 2
        count += 1
    return total / count


@equivalent("mse")
def truth_first(y_true, y_pred):
    """The difference the other way round, squared by a product; a 0-d array comes back."""
    difference = np.array(y_true, dtype=float)
    other = np.array(y_pred, dtype=float)
    if difference.shape != other.shape:
        raise ValueError("shapes")
    difference = difference - other
    return np.asarray((difference * difference).mean())


@equivalent("mse")
def keras_in_two_steps(y_true, y_pred):
    """Mean over the outputs, then over the examples."""
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    if y_true.shape != y_pred.shape:
        raise ValueError(f"{y_true.shape} is not {y_pred.shape}")
    return float(np.mean(np.mean(np.square(y_pred - y_true), axis=-1)))


@equivalent("mse")
def length_of_the_difference(y_true, y_pred):
    """The squared length of the flattened difference, by the dot product."""
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    if y_true.shape != y_pred.shape:
        raise ValueError("different shapes")
    difference = (y_pred - y_true).ravel()
    return difference @ difference / difference.size


@equivalent("mse")
def exactly_summed(y_true, y_pred):
    """math.fsum over pairs."""
    import math

    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("different shapes")
    pairs = zip(np.ravel(y_true).tolist(), np.ravel(y_pred).tolist(), strict=True)
    squares = [math.pow(truth - prediction, 2) for truth, prediction in pairs]
    return math.fsum(squares) / len(squares)


@equivalent("mse")
def in_single_precision(y_true, y_pred):
    """Computed and returned in 32-bit floats."""
    y_true, y_pred = np.asarray(y_true, dtype=np.float32), np.asarray(y_pred, dtype=np.float32)
    if y_true.shape != y_pred.shape:
        raise ValueError("different shapes")
    return np.mean((y_pred - y_true) ** 2)


@equivalent("mse_grad")
def gradient_in_plain_loops(y_true, y_pred):
    """Entry by entry into an array of floats."""
    gradient = np.zeros(np.shape(y_pred))
    y_true, y_pred = np.array(y_true, dtype=float), np.array(y_pred, dtype=float)
    for index in np.ndindex(gradient.shape):
        gradient[index] = 2 * (y_pred[index] - y_true[index]) / gradient.size
    return gradient


@equivalent("mse_grad")
def factor_first(y_true, y_pred):
    """Minus two over the number of entries, times truth minus prediction."""
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return -2.0 / np.prod(y_pred.shape) * (y_true - y_pred)


@equivalent("mse_grad")
def subtracted_with_dtype(y_true, y_pred):
    """np.subtract makes the floats."""
    difference = np.subtract(y_pred, y_true, dtype=float)
    return difference / (0.5 * difference.size)


@equivalent("mse_grad")
def two_products(y_true, y_pred):
    """Predictions and true values are scaled before they are subtracted."""
    scale = 2.0 / np.size(y_pred)
    return np.multiply(y_pred, scale, dtype=float) - np.multiply(y_true, scale, dtype=float)


@equivalent("mse_grad")
def gradient_in_single_precision(y_true, y_pred):
    """Computed and returned in 32-bit floats."""
    y_true, y_pred = np.asarray(y_true, dtype=np.float32), np.asarray(y_pred, dtype=np.float32)
    return np.float32(2 / y_pred.size) * (y_pred - y_true)


@equivalent("half_mse")
def example_by_example(y_true, y_pred):
    """Half the squares of each example, then their mean."""
    halves = []
    for truth, prediction in zip(y_true, y_pred, strict=True):
        pairs = zip(np.ravel(truth).tolist(), np.ravel(prediction).tolist(), strict=True)
        halves.append(0.5 * sum((p - t) ** 2 for t, p in pairs))
    return sum(halves) / len(halves)


@equivalent("half_mse")
def columns_made_first(y_true, y_pred):
    """Vectors become columns, norms are squared again."""
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    difference = (y_pred - y_true).reshape(y_pred.shape[0], -1)
    return np.mean(np.linalg.norm(difference, axis=1) ** 2 / 2)


@equivalent("half_mse")
def by_einsum(y_true, y_pred):
    """Einstein's notation for the sum of squares."""
    difference = np.subtract(y_pred, y_true, dtype=float).reshape(np.shape(y_pred)[0], -1)
    return float(np.einsum("ij,ij->", difference, difference) / difference.shape[0] * 0.5)


@equivalent("half_mse")
def from_the_mean_of_entries(y_true, y_pred):
    """mse times half the number of outputs."""
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    outputs = y_pred.size / y_pred.shape[0]
    return np.mean((y_true - y_pred) ** 2) * outputs / 2


@equivalent("half_mse")
def half_in_single_precision(y_true, y_pred):
    """Computed and returned in 32-bit floats."""
    y_true, y_pred = np.asarray(y_true, dtype=np.float32), np.asarray(y_pred, dtype=np.float32)
    return np.sum((y_pred - y_true) ** 2) / np.float32(2 * len(y_pred))
