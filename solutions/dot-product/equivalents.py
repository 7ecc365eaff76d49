"""Correct answers to the assignment `dot-product` in other styles: each deserves full marks."""

from __future__ import annotations

import numpy as np

from autograder.grading import equivalent


@equivalent("dot")
def in_a_plain_loop(x, w):
    """Entry by entry, as a beginner writes it."""
    total = 0.0
    for i in range(len(x)):
        total = total + float(x[i]) * float(w[i])
    return total


@equivalent("dot")
def sum_of_a_generator(x, w):
    """Python's sum over pairs."""
    return float(sum(float(one) * float(weight) for one, weight in zip(x, w, strict=True)))


@equivalent("dot")
def rounded_once(x, w):
    """math.fsum rounds only the final sum."""
    import math

    return math.fsum(float(one) * float(weight) for one, weight in zip(x, w, strict=True))


@equivalent("dot")
def product_then_sum(x, w):
    """NumPy's product entry by entry, then its sum."""
    return np.sum(np.multiply(x, w, dtype=float))


@equivalent("dot")
def by_operator(x, w):
    """The operator of the matrix product on copies."""
    return np.array(x, dtype=float) @ np.array(w, dtype=float)


@equivalent("dot")
def by_einsum(x, w):
    """Einstein's notation; the result is an array without axes."""
    return np.asarray(np.einsum("i,i->", np.asarray(x, dtype=float), np.asarray(w, dtype=float)))


@equivalent("dot")
def backwards(x, w):
    """Sums from the last entry to the first."""
    products = [float(one) * float(weight) for one, weight in zip(x, w, strict=True)]
    total = 0.0
    while products:
        total += products.pop()
    return total


@equivalent("dot")
def in_single_precision(x, w):
    """Computed and returned in 32-bit floats."""
    return np.dot(np.asarray(x, dtype=np.float32), np.asarray(w, dtype=np.float32))


@equivalent("dot")
def as_matrices(x, w):
    """A row times a column, and the one entry of the result."""
    row = np.reshape(np.asarray(x, dtype=float), (1, -1))
    column = np.reshape(np.asarray(w, dtype=float), (-1, 1))
    return (row @ column).item()


@equivalent("linear")
def in_plain_loops(X, W, b):
    """Three loops, as the formula is written."""
    n, d_in, d_out = len(X), len(W), len(b)
    result = np.zeros((n, d_out))
    for i in range(n):
        for j in range(d_out):
            total = float(b[j])
            for k in range(d_in):
                total += float(X[i][k]) * float(W[k][j])
            result[i, j] = total
    return result


@equivalent("linear")
def one_example_at_a_time(X, W, b):
    """A loop over the examples, collected in a list."""
    W = np.array(W, dtype=float)
    rows = [np.array(example, dtype=float) @ W + np.array(b, dtype=float) for example in X]
    return np.array(rows)


@equivalent("linear")
def one_output_at_a_time(X, W, b):
    """A model for each output, side by side."""
    X, W = np.asarray(X, dtype=float), np.asarray(W, dtype=float)
    return np.column_stack([X @ W[:, j] + float(b[j]) for j in range(W.shape[1])])


@equivalent("linear")
def layer_by_einsum(X, W, b):
    """Einstein's notation."""
    X, W = np.asarray(X, dtype=float), np.asarray(W, dtype=float)
    return np.einsum("nk,kj->nj", X, W) + np.asarray(b, dtype=float)


@equivalent("linear")
def bias_as_a_weight(X, W, b):
    """The bias is the weight of an input that is always 1."""
    X = np.asarray(X, dtype=float)
    with_one = np.hstack([X, np.ones((X.shape[0], 1))])
    return with_one @ np.vstack([np.asarray(W, dtype=float), np.asarray(b, dtype=float)])


@equivalent("linear")
def through_the_transpose(X, W, b):
    """Examples as columns, as other books write it: (W^T X^T + b)^T."""
    X, W, b = (np.array(argument, dtype=float) for argument in (X, W, b))
    return (W.T @ X.T + b.reshape(-1, 1)).T


@equivalent("linear")
def by_broadcasting(X, W, b):
    """All products at once in three axes, then summed over the inputs."""
    X, W = np.asarray(X, dtype=float), np.asarray(W, dtype=float)
    return (X[:, :, np.newaxis] * W[np.newaxis, :, :]).sum(axis=1) + np.asarray(b, dtype=float)


@equivalent("linear")
def layer_in_single_precision(X, W, b):
    """Computed and returned in 32-bit floats."""
    X, W, b = (np.asarray(argument, dtype=np.float32) for argument in (X, W, b))
    return np.matmul(X, W) + b


@equivalent("linear")
def by_apply_along_axis(X, W, b):
    """A function of one example, applied to each row."""
    W, b = np.asarray(W, dtype=float), np.asarray(b, dtype=float)
    return np.apply_along_axis(lambda example: example @ W + b, 1, np.asarray(X, dtype=float))


@equivalent("linear")
def nested_lists(X, W, b):
    """Pure Python lists, turned into an array at the end."""
    columns = list(zip(*W, strict=True))
    return np.array(
        [
            [
                sum(float(value) * float(weight) for value, weight in zip(example, column, strict=True)) + float(bias)
                for column, bias in zip(columns, b, strict=True)
            ]
            for example in X
        ]
    )
