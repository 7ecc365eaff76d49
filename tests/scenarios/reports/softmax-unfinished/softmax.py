# %%
import numpy as np

# %%
def softmax(z):
    """Turn scores into probabilities along the last axis.

    z: scores, shape (c,) for one example or (n, c) for a batch
    returns: probabilities, an array of floats of the same shape; each row adds up to 1
    """
    raise NotImplementedError("write softmax here")

# %%
def log_softmax(z):
    """Give the natural logarithm of softmax along the last axis, without computing softmax.

    z: scores, shape (c,) for one example or (n, c) for a batch
    returns: logarithms of the probabilities, an array of floats of the same shape, finite and at most 0
    """
    raise NotImplementedError("write log_softmax here")
