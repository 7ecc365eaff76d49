# %%
import numpy as np

# %%
def one_hot(y, c):
    """Turn labels into rows with a single 1.

    y: labels from 0 to c - 1, shape (n,)
    c: number of classes, a whole number
    returns: an array of floats of shape (n, c), 1 in the column of each label and 0 elsewhere
    """
    raise NotImplementedError("write one_hot here")

# %%
def cross_entropy(p, y):
    """Give the mean over the batch of minus the logarithm of the right class's probability.

    p: probabilities, shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: one float, 0 or more
    """
    raise NotImplementedError("write cross_entropy here")

# %%
def cross_entropy_from_logits(z, y):
    """Give the cross-entropy of the softmax of scores, without computing that softmax.

    z: scores (logits), shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: one float, 0 or more, finite for |z| up to 1e4
    """
    raise NotImplementedError("write cross_entropy_from_logits here")

# %%
def cross_entropy_grad(z, y):
    """Give the gradient of cross_entropy_from_logits(z, y) by z.

    z: scores (logits), shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: an array of floats of shape (n, c); each row adds up to 0
    """
    raise NotImplementedError("write cross_entropy_grad here")

# %%
def accuracy(p, y):
    """Give the share of examples whose most probable class is the right one.

    p: probabilities or scores, shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: one float from 0 to 1; among equal probabilities of a row the first class counts as predicted
    """
    raise NotImplementedError("write accuracy here")
