# attack: crashes the interpreter: reads address 0 in one function, aborts in the other
# score: 0
# says: crashed Python
# %%
import ctypes
import os


def softmax(z):
    ctypes.string_at(0)


def log_softmax(z):
    os.abort()
