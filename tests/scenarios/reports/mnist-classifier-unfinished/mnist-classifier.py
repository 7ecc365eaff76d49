# %%
import numpy as np

# %%
def prepare(images):
    """Turn grey images into rows of floats between 0 and 1.

    images: whole numbers 0..255 of shape (n, 28, 28), usually uint8; may be a list of images
    returns: floats (n, 784), each image row by row
    """
    raise NotImplementedError("write prepare here")

# %%
def predict_proba(params, X):
    """Give the probability of each class for each example.

    params: dict of W (d, c) and b (c,)
    X: inputs (n, d); may be a list of rows, or hold integers
    returns: floats (n, c); each row adds up to 1
    """
    raise NotImplementedError("write predict_proba here")

# %%
def loss_and_grads(params, X, y):
    """Compute the mean cross-entropy and its gradients.

    params: dict of W (d, c) and b (c,)
    X: inputs (n, d); y: labels (n,), whole numbers 0..c-1; both may be lists
    returns: (loss, grads): one float, and a dict of the gradients by W and b, in their shapes
    """
    raise NotImplementedError("write loss_and_grads here")

# %%
def minibatches(n, batch_size, seed):
    """Deal n examples into batches in random order, each example into exactly one.

    n: number of examples; batch_size: examples per batch
    seed: whole number; the same seed gives the same batches, another seed gives another order
    returns: list of arrays of whole numbers, the positions 0..n-1; all of batch_size, but the last one may be shorter
    """
    raise NotImplementedError("write minibatches here")

# %%
def train(params, X, y, learning_rate, epochs, batch_size, seed):
    """Train the layer by gradient descent on mini-batches.

    params: where to start, a dict of W (d, c) and b (c,) that stays as it was
    X: inputs (n, d); y: labels (n,); learning_rate, epochs, batch_size: the hyper-parameters
    seed: epoch e, counted from 0, uses minibatches(n, batch_size, seed + e)
    returns: (params, losses): the dict after the last step, and a list of the mean loss of each epoch
    """
    raise NotImplementedError("write train here")

# %%
def evaluate(params, X, y):
    """Measure how well the layer does on examples.

    params: dict of W (d, c) and b (c,); X: inputs (n, d); y: labels (n,)
    returns: (loss, accuracy): the mean cross-entropy, and the share of right predictions, two floats
    """
    raise NotImplementedError("write evaluate here")
