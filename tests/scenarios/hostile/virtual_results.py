# attack: an array of terabytes without memory behind it (stride 0)
# score: 0
# %%
import numpy as np


def softmax(z):
    return np.broadcast_to(0.0, (10**6, 10**6))


def log_softmax(z):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (2**40,), (0,))
