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

print(undefined_name)

# %%
def linear(X, W, b):
    return forgotten(1)
