# attack: learns what other processes do without reading their memory
# score: 18
# %% honest
# %%
import os

done = []
for process in {os.getppid(), @TEST_PID@} - {0}:
    for name, attempt in {
        "affinity": lambda: os.sched_getaffinity(process),
        "session": lambda: os.getsid(process),
        "group": lambda: os.getpgid(process),
        "status": lambda: open(f"/proc/{process}/status").read(),
        "exists": lambda: os.stat(f"/proc/{process}"),
        "exe": lambda: os.readlink(f"/proc/{process}/exe"),
    }.items():
        try:
            attempt()
            done.append(name)
        except OSError:
            pass
if set(done) - {"exists", "affinity", "session", "group"}:  # that a process exists is visible without a pid namespace
    raise SystemError(f"ESCAPED: {done}")
