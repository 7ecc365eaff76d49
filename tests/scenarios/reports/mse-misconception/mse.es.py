# %%
import numpy as np

# %%
def mse(y_true, y_pred):
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError('the shapes differ')
    y_true, y_pred = (np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float))
    return np.sum((y_pred - y_true) ** 2) / len(y_pred)

# %%
def mse_grad(y_true, y_pred):
    """Give the gradient of mse(y_true, y_pred) by the predictions.

    y_true: true values, shape (n, d) or (n,)
    y_pred: predictions, of the same shape
    returns: an array of floats with the shape of y_pred
    """
    y_true = np.asarray(y_true, dtype=float)
    y_pred = np.asarray(y_pred, dtype=float)
    return 2.0 * (y_pred - y_true) / y_pred.size

# %%
def half_mse(y_true, y_pred):
    """Give the mean over the examples of half the squared distance between truth and prediction.

    y_true: true values, shape (n, d), or (n,) for n examples with one output
    y_pred: predictions, of the same shape
    returns: one float, 0 or more
    """
    y_true = np.asarray(y_true, dtype=float)
    y_pred = np.asarray(y_pred, dtype=float)
    return np.sum((y_pred - y_true) ** 2) / (2 * len(y_pred))
