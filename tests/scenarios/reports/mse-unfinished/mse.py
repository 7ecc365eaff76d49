# %%
import numpy as np

# %%
def mse(y_true, y_pred):
    """Give the mean of the squared differences over all entries.

    y_true: true values, shape (n, d) or (n,)
    y_pred: predictions, of the same shape
    returns: one float, 0 or more
    raises: ValueError if the shapes differ
    """
    raise NotImplementedError("write mse here")

# %%
def mse_grad(y_true, y_pred):
    """Give the gradient of mse(y_true, y_pred) by the predictions.

    y_true: true values, shape (n, d) or (n,)
    y_pred: predictions, of the same shape
    returns: an array of floats with the shape of y_pred
    """
    raise NotImplementedError("write mse_grad here")

# %%
def half_mse(y_true, y_pred):
    """Give the mean over the examples of half the squared distance between truth and prediction.

    y_true: true values, shape (n, d), or (n,) for n examples with one output
    y_pred: predictions, of the same shape
    returns: one float, 0 or more
    """
    raise NotImplementedError("write half_mse here")
