# attack: a thread swaps the functions and numpy's insides while calls are under way
# score: 0
# %%
import sys
import threading
import time

import numpy as np


def restless():
    while True:
        for value in (0.0, True, np.zeros(3)):
            globals()["softmax"] = globals()["log_softmax"] = lambda z, value=value: value
            np.exp = np.log = lambda *args, **kwargs: value
            sys.setswitchinterval(1e-5)
            time.sleep(0.001)


def softmax(z):
    return True


log_softmax = softmax
threading.Thread(target=restless, daemon=True).start()
