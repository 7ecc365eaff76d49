# attack: calls home over TCP, IPv4 and IPv6, by connect and by sendto with fast open
# score: 18
# %% honest
# %%
import socket

for family, address in ((socket.AF_INET, ("127.0.0.1", @TCP@)), (socket.AF_INET6, ("::1", @TCP@))):
    for way in (
        lambda s: s.connect(address),
        lambda s: s.sendto(b"CANARY", 0x20000000, address),
        lambda s: (s.bind(("", 0)), s.listen()),
    ):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as s:
                way(s)
        except OSError:
            continue
        raise SystemError("ESCAPED: TCP")
