# attack: every call takes nearly as long as it may, without ever meeting its limit
# score: 0-18
# %% honest
# %%
import time

true_softmax, true_log_softmax = softmax, log_softmax


def softmax(z):
    time.sleep(1.2)
    return true_softmax(z)


def log_softmax(z):
    time.sleep(1.2)
    return true_log_softmax(z)
