# attack: slows the grader and later submissions down: processor affinity, priority, scheduling, limits, locks
# score: 18
# %% honest
# %%
import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
done = []
for process in {os.getppid(), @TEST_PID@} - {0}:
    tries = {
        "affinity": lambda: os.sched_setaffinity(process, {min(os.sched_getaffinity(0))}),
        "priority": lambda: os.setpriority(os.PRIO_PROCESS, process, 19),
        "scheduler": lambda: os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0)),
        "limits": lambda: resource.prlimit(process, resource.RLIMIT_NOFILE, (3, 3)),
        "io": lambda: libc.syscall(251, 1, process, 3 << 13) and os.open("/nothing", 0),  # ioprio_set
        "oom": lambda: open(f"/proc/{process}/oom_score_adj", "w").write("1000"),
        "migrate": lambda: libc.syscall(256, process, 0, 0, 0) and os.open("/nothing", 0),  # migrate_pages
    }
    for name, attempt in tries.items():
        try:
            attempt()
            done.append(name)
        except (OSError, ValueError):
            pass
if done:
    raise SystemError(f"ESCAPED: {done}")
