# attack: the result is an object that agrees with every comparison and conversion
# score: 0
# %%
class Right:
    shape, ndim, dtype, size = (5,), 1, "float64", 5

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    __hash__ = object.__hash__

    def __bool__(self):
        return True

    def __float__(self):
        return 1.0

    def __len__(self):
        return 5

    def __getattr__(self, name):
        return Right()

    def __call__(self, *args, **kwargs):
        return Right()

    def __array__(self, dtype=None, copy=None):
        raise SystemError("ESCAPED: __array__ of a student's object was called")

    def __iter__(self):
        return iter([Right()] * 5)


def softmax(z):
    return Right()


def log_softmax(z):
    return [Right()] * len(z)
