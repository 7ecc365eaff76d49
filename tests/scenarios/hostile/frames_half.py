# attack: half a frame, and then silence; a frame that drips byte by byte
# score: 6
# says: did not finish within
# %% honest
# %%
import os
import signal
import struct
import time


def softmax(z):
    signal.setitimer(signal.ITIMER_REAL, 0)
    os.write(11, struct.pack("<4sIQ", b"NNA1", 100, 0) + b"\x93")
    while True:
        os.write(11, b"\x01") if len(z) % 2 else None
        time.sleep(0.2)
