# attack: one cell answers for three hundred others, each time with a megabyte of printed text for the grader to keep
# score: 0
# %% honest
# %%
import os
import struct

import msgspec

header = msgspec.msgpack.encode(["value", 1, None, [], "x" * 1_000_000])
frame = struct.pack("<4sIQ", b"NNA1", len(header), 0) + header
os.set_blocking(11, True)
for _ in range(300):
    left = frame
    while left:
        left = left[os.write(11, left) :]
os.set_blocking(11, False)
# %% repeat 300
x = 1
