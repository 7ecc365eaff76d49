# attack: results whose pickle, copy or repr runs code
# score: 0
# %%
import os

import numpy as np


class Bomb:
    def __reduce__(self):
        return os.system, ("touch @OUT@/autograder_was_here",)

    def __deepcopy__(self, memo):
        raise SystemError("ESCAPED: copied")

    def __repr__(self):
        raise SystemError("ESCAPED: printed")

    __str__ = __format__ = __copy__ = __repr__


def softmax(z):
    return np.array([Bomb()] * 5, dtype=object)


def log_softmax(z):
    return {"x": Bomb(), "y": (Bomb(), [Bomb()])}
