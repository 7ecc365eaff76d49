# attack: endless work inside one call of C, where no signal handler of Python runs
# score: 0
# says: did not finish within
# %%
import re


def softmax(z):
    return re.match("(a|a)+$", "a" * 200 + "b")


def log_softmax(z):
    return 3 ** (10**10)
