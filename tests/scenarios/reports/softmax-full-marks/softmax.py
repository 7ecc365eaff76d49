# %%
import numpy as np

# %%
def softmax(z):
    """Turn scores into probabilities along the last axis.

    z: scores, shape (c,) for one example or (n, c) for a batch
    returns: probabilities, an array of floats of the same shape; each row adds up to 1
    """
    z = np.asarray(z, dtype=float)
    exponentials = np.exp(z - z.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)

# %%
def log_softmax(z):
    """Give the natural logarithm of softmax along the last axis, without computing softmax.

    z: scores, shape (c,) for one example or (n, c) for a batch
    returns: logarithms of the probabilities, an array of floats of the same shape, finite and at most 0
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
