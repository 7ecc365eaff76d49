# attack: a storm of processes by every way there is
# score: 18
# %% honest
# %%
import ctypes
import multiprocessing
import os
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
born = []


def attempt(way):
    try:
        number = way()
    except Exception:
        return
    if number == 0 and way is os.fork:
        os._exit(0)
    if number is not None and number != -1:
        born.append(way)


def multi():
    process = multiprocessing.get_context("fork").Process(target=print)
    process.start()
    return process.pid


for way in (
    os.fork,
    os.forkpty,
    multi,
    lambda: subprocess.Popen(["true"]).pid,
    lambda: os.posix_spawn(sys.executable, ["python", "-c", ""], {}),
    lambda: 1 if os.system("exit 42") == 42 << 8 else None,
    lambda: libc.vfork(),
    lambda: libc.syscall(435, bytes(88), 88),  # clone3
    lambda: libc.syscall(56, 0x1000_0000 | 17, 0, 0, 0, 0),  # clone(CLONE_NEWUSER)
    lambda: os.execv(sys.executable, ["python", "-c", ""]),
):
    attempt(way)
if born:
    raise SystemError(f"ESCAPED: {len(born)}")
