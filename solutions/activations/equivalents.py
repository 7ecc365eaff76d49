"""Correct answers to the assignment `activations` in other styles: each deserves full marks."""

from __future__ import annotations

import numpy as np

from autograder.grading import equivalent


@equivalent("step")
def comparison_as_float(z):
    """A truth value turned into a float."""
    return (np.asarray(z) >= 0).astype(float)


@equivalent("step")
def step_of_numpy(z):
    """NumPy's own, which is told what to give at 0."""
    return np.heaviside(np.asarray(z, dtype=float), 1.0)


@equivalent("sign")
def one_at_zero(z):
    """The lecture's convention."""
    return np.where(np.asarray(z, dtype=float) >= 0, 1.0, -1.0)


@equivalent("sign")
def difference_of_comparisons(z):
    """Positive minus negative, in 32-bit floats."""
    z = np.asarray(z)
    return np.asarray(z > 0, dtype=np.float32) - np.asarray(z < 0, dtype=np.float32)


@equivalent("sigmoid")
def as_it_stands(z):
    """The formula; far to the left exp overflows to inf, and 1 / inf is 0."""
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


@equivalent("sigmoid")
def through_tanh(z):
    """Half of one plus tanh of the half."""
    return (np.tanh(np.asarray(z, dtype=float) / 2) + 1) / 2


@equivalent("sigmoid")
def sigmoid_in_a_loop(z):
    """Number by number, with a case for each tail."""
    import math

    z = np.array(z, dtype=float)
    result = np.empty(z.shape)
    for index in np.ndindex(z.shape):
        value = float(z[index])
        small = math.exp(-abs(value))
        result[index] = 1 / (1 + small) if value >= 0 else small / (1 + small)
    return result


@equivalent("sigmoid")
def by_logaddexp(z):
    """The exponential of minus log(1 + exp(-z))."""
    return np.exp(-np.logaddexp(0.0, -np.asarray(z, dtype=float)))


@equivalent("sigmoid")
def in_single_precision(z):
    """Computed and returned in 32-bit floats."""
    return np.float32(1) / (np.float32(1) + np.exp(-np.asarray(z, dtype=np.float32)))


@equivalent("d_sigmoid")
def f_times_one_minus_f(z):
    """The rule as it stands."""
    f = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    return f * (1 - f)


@equivalent("d_sigmoid")
def product_of_both_tails(z):
    """sigmoid(z) times sigmoid(-z)."""
    z = np.asarray(z, dtype=float)
    return 1 / (1 + np.exp(-z)) * (1 / (1 + np.exp(z)))


@equivalent("d_sigmoid")
def by_the_hyperbolic_cosine(z):
    """One over (2 cosh(z / 2)) squared."""
    return 0.25 / np.cosh(np.asarray(z, dtype=float) / 2) ** 2


@equivalent("tanh")
def twice_a_sigmoid(z):
    """2 sigmoid(2z) - 1."""
    return 2 / (1 + np.exp(-2 * np.asarray(z, dtype=float))) - 1


@equivalent("tanh")
def number_by_number(z):
    """np.vectorize of math.tanh."""
    import math

    return np.vectorize(math.tanh, otypes=[float])(z)


@equivalent("tanh")
def tanh_in_single_precision(z):
    """Computed and returned in 32-bit floats."""
    return np.tanh(np.asarray(z, dtype=np.float32))


@equivalent("d_tanh")
def sum_times_difference(z):
    """(1 - f)(1 + f)."""
    f = np.tanh(np.asarray(z, dtype=float))
    return (1 - f) * (1 + f)


@equivalent("d_tanh")
def one_over_cosh_squared(z):
    """One over cosh squared; an overflow to inf is a slope of 0."""
    return np.cosh(np.asarray(z, dtype=float)) ** -2.0


@equivalent("relu")
def chosen_by_where(z):
    """np.where in place of a maximum."""
    z = np.array(z, dtype=float)
    return np.where(z > 0, z, 0.0)


@equivalent("relu")
def copy_then_assign(z):
    """A copy whose negative entries are overwritten."""
    result = np.array(z, dtype=float)
    result[result < 0] = 0
    return result


@equivalent("relu")
def mean_of_z_and_its_magnitude(z):
    """Half of z plus its absolute value."""
    z = np.asarray(z, dtype=float)
    return (z + np.abs(z)) / 2


@equivalent("relu")
def clipped_below(z):
    """np.clip without an upper bound, in 32-bit floats."""
    return np.clip(np.asarray(z, dtype=np.float32), 0, None)


@equivalent("d_relu")
def one_at_the_kink(z):
    """The lecture's convention."""
    return (np.asarray(z, dtype=float) >= 0).astype(float)


@equivalent("d_relu")
def half_at_the_kink(z):
    """The mean of both slopes at 0."""
    return (np.sign(np.asarray(z, dtype=float)) + 1) / 2


@equivalent("leaky_relu")
def factor_for_each_entry(z, alpha):
    """Multiplies by 1 or alpha."""
    z = np.asarray(z, dtype=float)
    return z * np.where(z < 0, alpha, 1.0)


@equivalent("leaky_relu")
def positive_plus_negative_part(z, alpha):
    """Both parts added up."""
    z = np.array(z, dtype=float)
    return np.maximum(z, 0) + alpha * np.minimum(z, 0)


@equivalent("d_leaky_relu")
def alpha_at_the_kink(z, alpha):
    """The slope of the left side at 0."""
    z = np.asarray(z, dtype=float)
    slopes = np.ones(z.shape)
    slopes[z <= 0] = alpha
    return slopes


@equivalent("d_leaky_relu")
def sum_of_two_masks(z, alpha):
    """Masks are harmless where nothing infinite is multiplied."""
    z = np.asarray(z)
    return 1.0 * (z > 0) + alpha * (z <= 0)


@equivalent("d_prelu_alpha")
def z_where_negative(z, alpha):
    """np.where in place of a minimum."""
    z = np.asarray(z, dtype=float)
    return np.where(z < 0, z, 0.0)


@equivalent("d_prelu_alpha")
def z_minus_its_positive_part(z, alpha):
    """What ReLU takes away."""
    z = np.asarray(z, dtype=float)
    return z - np.maximum(z, 0)


@equivalent("elu")
def both_branches_computed(z, alpha):
    """np.where picks; the branch not taken may overflow."""
    z = np.asarray(z, dtype=float)
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))


@equivalent("elu")
def only_where_needed(z, alpha):
    """The exponential of the negative entries alone."""
    result = np.array(z, dtype=float)
    below = result < 0
    result[below] = alpha * (np.exp(result[below]) - 1)
    return result


@equivalent("elu")
def elu_as_a_sum(z, alpha):
    """Positive part plus bent negative part, in 32-bit floats."""
    z = np.asarray(z, dtype=np.float32)
    return np.maximum(z, 0) + np.float32(alpha) * np.expm1(np.minimum(z, 0))


@equivalent("d_elu")
def value_plus_alpha(z, alpha):
    """elu + alpha below 0; at 0 the slope of the left side."""
    z = np.asarray(z, dtype=float)
    value = alpha * np.expm1(np.minimum(z, 0))
    return np.where(z > 0, 1.0, value + alpha)


@equivalent("d_elu")
def slope_of_both_branches(z, alpha):
    """np.where picks; the branch not taken may overflow."""
    z = np.asarray(z, dtype=float)
    return np.where(z < 0, alpha * np.exp(z), 1.0)


@equivalent("linear")
def by_polyval(z, a, c):
    """A polynomial of degree 1."""
    return np.polyval([float(a), float(c)], np.asarray(z, dtype=float))


@equivalent("linear")
def add_and_multiply(z, a, c):
    """NumPy's functions by name."""
    return np.add(np.multiply(z, a, dtype=float), c)


@equivalent("d_linear")
def ones_times_a(z, a, c):
    """Ones of floats, multiplied."""
    return np.ones(np.shape(z)) * a


@equivalent("d_linear")
def floats_like_z(z, a, c):
    """full_like with a dtype of its own."""
    return np.full_like(z, a, dtype=float)


@equivalent("maxout")
def chosen_layer_by_layer(x, W1, b1, W2, b2):
    """np.where over the two layers."""
    first = np.matmul(np.array(x, dtype=float), np.array(W1, dtype=float)) + np.array(b1, dtype=float)
    second = np.matmul(np.array(x, dtype=float), np.array(W2, dtype=float)) + np.array(b2, dtype=float)
    return np.where(first > second, first, second)


@equivalent("maxout")
def stacked_layers(x, W1, b1, W2, b2):
    """Both layers in one array with a new axis, maximum along it."""
    x = np.asarray(x, dtype=float)
    W = np.stack([np.asarray(W1, dtype=float), np.asarray(W2, dtype=float)])
    b = np.stack([np.asarray(b1, dtype=float), np.asarray(b2, dtype=float)])
    return (np.einsum("ni,kio->kno", x, W) + b[:, np.newaxis, :]).max(axis=0)


@equivalent("maxout")
def relu_of_the_difference(x, W1, b1, W2, b2):
    """The second layer plus what the first is ahead of it."""
    x, W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in (x, W1, b1, W2, b2))
    second = np.dot(x, W2) + b2
    return second + np.maximum(np.dot(x, W1) + b1 - second, 0)


@equivalent("maxout")
def example_by_example(x, W1, b1, W2, b2):
    """Lists of Python's own numbers."""
    rows = []
    for example in x:
        row = []
        for j in range(len(b1)):
            first = sum(float(value) * float(W1[i][j]) for i, value in enumerate(example)) + float(b1[j])
            second = sum(float(value) * float(W2[i][j]) for i, value in enumerate(example)) + float(b2[j])
            row.append(max(first, second))
        rows.append(row)
    return np.array(rows)
