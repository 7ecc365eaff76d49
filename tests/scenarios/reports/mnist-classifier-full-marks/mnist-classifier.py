# %%
import numpy as np

# %%
def prepare(images):
    """Turn grey images into rows of floats between 0 and 1.

    images: whole numbers 0..255 of shape (n, 28, 28), usually uint8; may be a list of images
    returns: floats (n, 784), each image row by row
    """
    return np.reshape(images, (len(images), 784)) / 255

# %%
def predict_proba(params, X):
    """Give the probability of each class for each example.

    params: dict of W (d, c) and b (c,)
    X: inputs (n, d); may be a list of rows, or hold integers
    returns: floats (n, c); each row adds up to 1
    """
    z = np.asarray(X) @ params["W"] + params["b"]
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)

# %%
def loss_and_grads(params, X, y):
    """Compute the mean cross-entropy and its gradients.

    params: dict of W (d, c) and b (c,)
    X: inputs (n, d); y: labels (n,), whole numbers 0..c-1; both may be lists
    returns: (loss, grads): one float, and a dict of the gradients by W and b, in their shapes
    """
    X, rows = np.asarray(X), np.arange(len(y))
    z = X @ params["W"] + params["b"]
    shifted = z - z.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    sums = exponentials.sum(axis=1)
    loss = np.mean(np.log(sums) - shifted[rows, y])
    delta = exponentials / sums[:, np.newaxis]
    delta[rows, y] -= 1
    delta /= len(y)
    return float(loss), {"W": X.T @ delta, "b": delta.sum(axis=0)}

# %%
def minibatches(n, batch_size, seed):
    """Deal n examples into batches in random order, each example into exactly one.

    n: number of examples; batch_size: examples per batch
    seed: whole number; the same seed gives the same batches, another seed gives another order
    returns: list of arrays of whole numbers, the positions 0..n-1; all of batch_size, but the last one may be shorter
    """
    order = np.random.default_rng(seed).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]

# %%
def train(params, X, y, learning_rate, epochs, batch_size, seed):
    """Train the layer by gradient descent on mini-batches.

    params: where to start, a dict of W (d, c) and b (c,) that stays as it was
    X: inputs (n, d); y: labels (n,); learning_rate, epochs, batch_size: the hyper-parameters
    seed: epoch e, counted from 0, uses minibatches(n, batch_size, seed + e)
    returns: (params, losses): the dict after the last step, and a list of the mean loss of each epoch
    """
    X, y = np.asarray(X), np.asarray(y)
    losses = []
    for epoch in range(epochs):
        total = 0.0
        for batch in minibatches(len(X), batch_size, seed + epoch):
            loss, grads = loss_and_grads(params, X[batch], y[batch])
            params = {name: params[name] - learning_rate * grads[name] for name in params}
            total += loss * len(batch)
        losses.append(total / len(X))
    return params, losses

# %%
def evaluate(params, X, y):
    """Measure how well the layer does on examples.

    params: dict of W (d, c) and b (c,); X: inputs (n, d); y: labels (n,)
    returns: (loss, accuracy): the mean cross-entropy, and the share of right predictions, two floats
    """
    loss, _ = loss_and_grads(params, X, y)
    predictions = predict_proba(params, X).argmax(axis=1)
    return loss, float(np.mean(predictions == y))
