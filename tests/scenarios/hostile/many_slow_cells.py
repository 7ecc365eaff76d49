# attack: forty cells, each within its own limit, hold a worker for minutes
# score: 0
# says: used up its
# %%
import time

started = time.time()
# %% repeat 40
import time

time.sleep(3)
# %% honest
