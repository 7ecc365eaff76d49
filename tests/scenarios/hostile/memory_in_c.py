# attack: three gigabytes behind Python's back: numpy, malloc, shared mappings, memory files, pipes
# score: 6
# says: MB of memory
# %% honest
# %%
import ctypes
import mmap
import os

import numpy as np

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
got = 0
for way in (
    lambda: libc.memset(ctypes.c_void_p(libc.malloc(3 << 30) or 1 / 0), 1, 3 << 30) and None,
    lambda: mmap.mmap(-1, 3 << 30).write(b"x"),
    lambda: mmap.mmap(-1, 3 << 30, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS).write(b"x"),
    lambda: os.ftruncate(os.memfd_create("hog"), 3 << 30),
    lambda: ctypes.CDLL(None).shmget(0, 3 << 30, 0o1600) >= 0 or 1 / 0,
):
    try:
        way()
        got += 1
    except (OSError, MemoryError, ZeroDivisionError, ValueError):
        pass
pipes = []
try:
    while True:
        pipes.append(os.pipe())
        os.set_blocking(pipes[-1][1], False)
        while True:
            try:
                os.write(pipes[-1][1], b"x" * 65536)
            except BlockingIOError:
                break
except OSError:
    for pair in pipes:
        os.close(pair[0]), os.close(pair[1])
if got:
    raise SystemError(f"ESCAPED: {got}")
# %%
def softmax(z):
    return np.ones(3 << 27)
