# attack: a survivor: forked twice, in a session of its own, deaf to signals, waiting for the end of grading
# score: 18
# %% honest
# %%
import os
import signal
import time

for _ in range(50):
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
                time.sleep(30)
            os._exit(0)
    except OSError:
        break
else:
    raise SystemError("ESCAPED: forked")
