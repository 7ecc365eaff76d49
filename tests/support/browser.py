"""The browser that tests use, and the servers that it visits."""

from __future__ import annotations

import shutil
import socket
import subprocess

import psutil

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HERE = "127.0.0.1"
SECONDS = 40  # for any one thing to happen; most take less than two
PATIENCE = SECONDS * 1000  # the same for Playwright, which counts in milliseconds

# No downloads and no calls home, neither from the browser nor from what it shows: no name but ours resolves.
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HERE}",
)


def free_port() -> int:
    """Find a free port; the server takes the next one should somebody else be faster."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


def end(server: subprocess.Popen[bytes]) -> None:
    """End the server, which ends its kernels; and whatever of them is left after ten seconds."""
    family = psutil.Process(server.pid).children(recursive=True) if server.poll() is None else []
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(timeout=10)
    for process in psutil.wait_procs(family, timeout=5)[1]:
        process.kill()
