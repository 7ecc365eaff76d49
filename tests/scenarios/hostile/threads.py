# attack: as many threads as the machine gives, and they stay
# score: 0-18
# %% honest
# %%
import threading
import time

threading.stack_size(32 << 10)
started = 0
try:
    for _ in range(3000):
        threading.Thread(target=time.sleep, args=(1e5,), daemon=True).start()
        started += 1
except (RuntimeError, MemoryError):
    pass
if started > 200:
    raise SystemError(f"ESCAPED: {started} threads")
