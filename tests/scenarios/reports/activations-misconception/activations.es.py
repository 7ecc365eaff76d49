# %%
import numpy as np

# %%
def step(z):
    return np.where(np.asarray(z, dtype=float) > 0, 1.0, 0.0)

# %%
def sign(z):
    """Give 1 where z is positive and -1 where it is negative.

    z: inputs of any shape
    returns: -1.0 or 1.0 for each (at 0 either 0.0 or 1.0), floats of the same shape
    """
    return np.sign(np.asarray(z, dtype=float))

# %%
def sigmoid(z):
    """Give 1 / (1 + exp(-z)).

    z: inputs of any shape
    returns: floats of the same shape, from 0 to 1
    """
    z = np.asarray(z, dtype=float)
    small = np.exp(-np.abs(z))  # between 0 and 1, whatever z is
    return np.where(z >= 0, 1.0, small) / (1.0 + small)

# %%
def d_sigmoid(z):
    """Give the derivative of the sigmoid at z.

    z: inputs of the sigmoid, of any shape
    returns: floats of the same shape, from 0 to 0.25
    """
    small = np.exp(-np.abs(np.asarray(z, dtype=float)))
    return small / (1.0 + small) ** 2

# %%
def tanh(z):
    """Give the hyperbolic tangent.

    z: inputs of any shape
    returns: floats of the same shape, from -1 to 1
    """
    return np.tanh(np.asarray(z, dtype=float))

# %%
def d_tanh(z):
    """Give the derivative of tanh at z.

    z: inputs of tanh, of any shape
    returns: floats of the same shape, from 0 to 1
    """
    return 1.0 - np.tanh(np.asarray(z, dtype=float)) ** 2

# %%
def relu(z):
    """Give z where it is positive, and 0 elsewhere.

    z: inputs of any shape
    returns: floats of the same shape, 0 or more
    """
    return np.maximum(np.asarray(z, dtype=float), 0.0)

# %%
def d_relu(z):
    """Give the derivative of ReLU at z.

    z: inputs of ReLU, of any shape
    returns: 0.0 or 1.0 for each (at 0 any number from 0 to 1), floats of the same shape
    """
    return np.where(np.asarray(z, dtype=float) > 0, 1.0, 0.0)

# %%
def leaky_relu(z, alpha):
    """Give z where it is 0 or more, and alpha times z elsewhere.

    z: inputs of any shape
    alpha: slope below 0, any number
    returns: floats of the same shape
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, z, alpha * z)

# %%
def d_leaky_relu(z, alpha):
    """Give the derivative of leaky ReLU by z.

    z: inputs of leaky ReLU, of any shape
    alpha: slope below 0, any number
    returns: 1.0 or alpha for each (at 0 any number between them), floats of the same shape
    """
    return np.where(np.asarray(z, dtype=float) >= 0, 1.0, float(alpha))

# %%
def d_prelu_alpha(z, alpha):
    """Give the derivative of parametric ReLU by alpha, for each entry of z.

    z: inputs of parametric ReLU, of any shape
    alpha: slope below 0, any number
    returns: floats of the shape of z
    """
    return np.minimum(np.asarray(z, dtype=float), 0.0)

# %%
def elu(z, alpha):
    """Give z where it is 0 or more, and alpha * (exp(z) - 1) elsewhere.

    z: inputs of any shape
    alpha: a positive number, the distance of the lower bound from 0
    returns: floats of the same shape, above -alpha but for rounding
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, z, alpha * np.expm1(np.minimum(z, 0.0)))

# %%
def d_elu(z, alpha):
    """Give the derivative of ELU by z.

    z: inputs of ELU, of any shape
    alpha: a positive number
    returns: floats of the same shape (at 0 any number between 1 and alpha)
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, 1.0, alpha * np.exp(np.minimum(z, 0.0)))

# %%
def linear(z, a, c):
    """Give a * z + c.

    z: inputs of any shape
    a, c: slope and intercept, numbers
    returns: floats of the same shape
    """
    return a * np.asarray(z, dtype=float) + c

# %%
def d_linear(z, a, c):
    """Give the derivative of linear by z.

    z: inputs of any shape
    a, c: slope and intercept, numbers
    returns: floats of the shape of z
    """
    return np.full(np.shape(z), float(a))

# %%
def maxout(x, W1, b1, W2, b2):
    """Give the larger of two linear layers, output by output.

    x: examples, shape (n, d_in)
    W1, W2: weights, shape (d_in, d_out) each
    b1, b2: biases, shape (d_out,) each
    returns: an array of floats of shape (n, d_out)
    """
    x, W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in (x, W1, b1, W2, b2))
    return np.maximum(x @ W1 + b1, x @ W2 + b2)
