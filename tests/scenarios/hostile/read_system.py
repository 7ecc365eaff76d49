# attack: reads /etc and walks /proc and /sys for what other processes do
# score: 0
# %%
import os

for path in ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/proc/1/cmdline", "/sys/class/net", "/proc/kallsyms"):
    for way in (os.listdir, lambda name: open(name).read(9)):
        try:
            way(path)
        except OSError:
            continue
        if path != "/proc/1/cmdline" or os.getpid() != 1:
            raise SystemError(f"ESCAPED: {path}")
# %%
try:
    others = [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
except OSError:
    others = []
if others:
    raise SystemError("ESCAPED: sees processes")
