# attack: every call returns 240 MB of zeros, which cost the student nothing and the grader memory
# score: 0
# %%
import numpy as np

zeros = np.zeros(240 << 20, np.uint8)


def softmax(z):
    return zeros


def log_softmax(z):
    return zeros
