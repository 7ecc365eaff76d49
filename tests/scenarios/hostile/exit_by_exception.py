# attack: SystemExit, KeyboardInterrupt and GeneratorExit out of cells and functions
# score: 6
# %%
import sys

sys.exit(0)
# %%
raise KeyboardInterrupt
# %% honest
# %%
import itertools

ways = itertools.cycle([SystemExit(0), KeyboardInterrupt(), GeneratorExit(), StopIteration(1), BaseException()])


def softmax(z):
    raise next(ways)
