# attack: an ndarray subclass that is close to everything and equal to everything
# score: 0
# %%
import numpy as np


class Agreeable(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool).view(Agreeable)

    __le__ = __lt__ = __ge__ = __gt__ = __eq__

    def __sub__(self, other):
        return self * 0

    __rsub__ = __sub__

    def all(self, *args, **kwargs):
        return True

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return True

    def __array_function__(self, function, types, args, kwargs):
        return True


def softmax(z):
    return np.zeros(np.shape(z)).view(Agreeable)


def log_softmax(z):
    return np.ma.masked_array(np.zeros(np.shape(z)), mask=True)
