# attack: lists the machine's connections and sockets, the test's own listener among them
# score: 18
# %% honest
# %%
import os

port = f":{@TCP@:04X} "
for name in ("tcp", "tcp6", "udp", "unix", "route", "arp"):
    for place in ("/proc/net", "/proc/self/net", f"/proc/{os.getpid()}/task/{os.getpid()}/net", "/proc/thread-self/net"):
        try:
            with open(f"{place}/{name}") as file:
                text = file.read()
        except OSError:
            continue
        if port in text or "@ABSTRACT@" in text or "@UNIX@" in text:
            raise SystemError(f"ESCAPED: {place}/{name}")
