# attack: time stands still, timers and signals do nothing, and then a function computes for ever
# score: 6
# says: did not finish within
# %% honest
# %%
import select
import signal
import time

for module in (time, signal, select):
    for name in dir(module):
        if callable(getattr(module, name)) and name[0].islower() and name != "struct_time":
            setattr(module, name, lambda *args, **kwargs: 0)


def softmax(z):
    while True:
        pass
