# attack: a gigabyte to descriptors 1 and 2, past sys.stdout
# score: 18
# %% honest
# %%
import os
import sys

chunk = b"CANARY-OUTPUT" * 80_000
for _ in range(500):
    os.write(1, chunk)
    os.write(2, chunk)
print("CANARY-OUTPUT", file=sys.__stderr__)
sys.__stdout__.write("CANARY-OUTPUT")
