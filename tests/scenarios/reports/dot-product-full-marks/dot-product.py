# %%
import numpy as np

# %%
def dot(x, w):
    """Give the dot product of two vectors: the sum of the products of their entries.

    x: inputs, shape (d,)
    w: weights, shape (d,)
    returns: one float
    """
    return np.dot(np.asarray(x, dtype=float), np.asarray(w, dtype=float))

# %%
def linear(X, W, b):
    """Give the outputs of a linear layer for a batch of examples.

    X: examples, shape (n, d_in)
    W: weights, shape (d_in, d_out)
    b: biases, shape (d_out,)
    returns: an array of floats of shape (n, d_out)
    """
    X, W, b = (np.asarray(argument, dtype=float) for argument in (X, W, b))
    return X @ W + b
