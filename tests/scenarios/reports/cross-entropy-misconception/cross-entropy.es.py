# %%
import numpy as np

# %%
def one_hot(y, c):
    rows = np.zeros((len(y), c))
    rows[:, y] = 1.0
    return rows

# %%
def cross_entropy(p, y):
    """Give the mean over the batch of minus the logarithm of the right class's probability.

    p: probabilities, shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: one float, 0 or more
    """
    p = np.asarray(p, dtype=float)
    of_right_class = p[np.arange(len(y)), y]
    return -np.mean(np.log(of_right_class))

# %%
def cross_entropy_from_logits(z, y):
    """Give the cross-entropy of the softmax of scores, without computing that softmax.

    z: scores (logits), shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: one float, 0 or more, finite for |z| up to 1e4
    """
    z = np.asarray(z, dtype=float)
    shifted = z - z.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return np.mean(log_sums - shifted[np.arange(len(y)), y])

# %%
def cross_entropy_grad(z, y):
    """Give the gradient of cross_entropy_from_logits(z, y) by z.

    z: scores (logits), shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: an array of floats of shape (n, c); each row adds up to 0
    """
    z = np.asarray(z, dtype=float)
    exponentials = np.exp(z - z.max(axis=-1, keepdims=True))
    difference = exponentials / exponentials.sum(axis=-1, keepdims=True)
    difference[np.arange(len(y)), y] -= 1.0
    return difference / len(y)

# %%
def accuracy(p, y):
    """Give the share of examples whose most probable class is the right one.

    p: probabilities or scores, shape (n, c)
    y: labels from 0 to c - 1, shape (n,)
    returns: one float from 0 to 1; among equal probabilities of a row the first class counts as predicted
    """
    predicted = np.argmax(p, axis=-1)
    return np.mean(predicted == np.asarray(y))
