# attack: __class__ and the metaclass say ndarray, str and float subclasses compare as equal
# score: 0
# %%
import numpy as np


class Meta(type):
    def __instancecheck__(cls, thing):
        return True

    def __eq__(cls, other):
        return True

    __hash__ = type.__hash__


class Lie(float, metaclass=Meta):
    __class__ = np.ndarray

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__
    __hash__ = float.__hash__


class Text(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


Lie.__name__ = Lie.__qualname__ = "ndarray"
Lie.__module__ = "numpy"


def softmax(z):
    return [Lie(0) for _ in z]


def log_softmax(z):
    return Text("[0, 0, 0]")
