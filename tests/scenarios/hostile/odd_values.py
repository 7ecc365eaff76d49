# attack: generators, coroutines, functions, types, modules, handles, huge and endless numbers
# score: 0
# %%
import decimal
import fractions
import itertools
import sys


async def later():
    return 1.0


open_file = open("/dev/null")
values = itertools.cycle(
    [
        (i for i in itertools.count()),
        later(),
        lambda z: z,
        type,
        sys,
        ...,
        NotImplemented,
        decimal.Decimal("sNaN"),
        fractions.Fraction(1, 3),
        range(2**62),
        open_file,
        b"\xff" * 100,
        "\ud800",
        {"\ud800": 1},
        {1: 2},
        {None},
        frozenset([1]),
        itertools.repeat(1.0),
    ]
)


def softmax(z):
    return next(values)


log_softmax = softmax
