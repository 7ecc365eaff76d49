# attack: arrays of records, dates, text, void, sub-arrays, metadata, foreign byte order, or of nothing at all
# score: 0
# %%
import itertools

import numpy as np

kinds = itertools.cycle(
    [
        np.zeros(3, dtype=[("a", "f8"), ("b", "O")]),
        np.zeros(3, dtype="M8[ns]"),
        np.zeros(3, dtype="m8[D]"),
        np.zeros(3, dtype="U9"),
        np.zeros(3, dtype="S0"),
        np.zeros(3, dtype="V16"),
        np.zeros((3, 0)),
        np.zeros(3, dtype=np.dtype("f8", metadata={"unit": "kg"})),
        np.zeros(3, dtype=">c16"),
        np.zeros(3, dtype=np.clongdouble),
        np.zeros((1,) * 32),
        np.zeros((2**30, 0)),
        np.dtype("f8"),
        np.float64,
        np.nditer([1]),
        np.void(b"\0" * 8),
        np.datetime64("NaT"),
        np.str_("1"),
        memoryview(b"123"),
    ]
)


def softmax(z):
    return next(kinds)


log_softmax = softmax
