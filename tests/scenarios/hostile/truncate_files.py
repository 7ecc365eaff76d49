# attack: empties files without writing: truncate, O_TRUNC on a read-only descriptor, ftruncate, fallocate
# score: 0
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
done = []
for path in ("@CANARY_FILE@", "@NEIGHBOUR@", "@COURSE@/solutions/softmax/test_softmax.py", "@OUT@/grades.csv"):
    try:
        os.truncate(path, 0)
        done.append("truncate")
    except OSError:
        pass
    for flags in (os.O_RDONLY | os.O_TRUNC, os.O_WRONLY | os.O_TRUNC, os.O_RDWR):
        try:
            descriptor = os.open(path, flags)
            done.append("O_TRUNC")
            os.ftruncate(descriptor, 0)
            libc.fallocate(descriptor, 0x10 | 0x20, 0, 1 << 20)
        except OSError:
            pass
if done:
    raise SystemError(f"ESCAPED: {done}")
