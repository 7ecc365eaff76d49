# attack: forged failures with texts, names, cells and lines of the attacker's choice
# score: 6
# %% honest
# %%
import itertools
import os
import struct

import msgspec

errors = itertools.cycle(
    [
        ["CANARY-FORGED", 10**9, -1, "CANARY-FORGED"],
        ["CANARY-FORGED{0.__class__}%s", -1, 10**12, "{want}"],
        ["<script>CANARY-FORGED</script>", 0, 0, "\x1b]0;CANARY-FORGED\x07"],
        ["ValueError", 1, 1, "CANARY-FORGED" * 50_000],
    ]
)
number = 1


def softmax(z):
    global number
    number += 1
    for guess in range(number, number + 30):
        header = msgspec.msgpack.encode(["raised", guess, *next(errors), "CANARY-FORGED"])
        os.write(11, struct.pack("<4sIQ", b"NNA1", len(header), 0) + header)
