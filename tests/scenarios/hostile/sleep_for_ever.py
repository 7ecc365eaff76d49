# attack: sleeps, which uses no processor time
# score: 6
# says: did not finish within
# %% honest
# %%
import time


def softmax(z):
    while True:
        try:
            time.sleep(1e6)
        except BaseException:
            pass
