"""A container shaped like Gradescope's: /autograder, root with Docker's capabilities, no namespaces, no network."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

# What Docker leaves to root.
KEPT = "chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw sys_chroot setfcap".split()
SHELL = "/bin/bash"

# Docker's own filter keeps a container from making namespaces and from mounting.
WITHOUT_NAMESPACES = """
import ctypes, errno, os, sys
import pyseccomp as seccomp
NAMESPACES = 0x7E020080
refuse = seccomp.SyscallFilter(seccomp.ALLOW)
for name in ("unshare", "setns", "mount", "pivot_root"):
    refuse.add_rule(seccomp.ERRNO(errno.EPERM), name)
refuse.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
for bit in (0x10000000, 0x20000000, 0x00020000, 0x40000000, 0x08000000, 0x04000000):
    refuse.add_rule(seccomp.ERRNO(errno.EPERM), "clone", seccomp.Arg(0, seccomp.MASKED_EQ, bit, bit))
refuse.load()
os.execv(sys.argv[1], sys.argv[1:])
"""


class Container:
    """One image: the archive unpacked, its setup.sh run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("source", "submission", "results"):
            (root / name).mkdir(parents=True)

    def build(self, archive: Path) -> str:
        """Unpack an archive and run its setup.sh as Gradescope does; give what it printed."""
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(self.root / "source")
        shutil.copyfile(self.root / "source/run_autograder", self.root / "run_autograder")
        done = self._run("/autograder/source/setup.sh")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def grade(self, files: dict[str, bytes], metadata: dict[str, Any] | None = None) -> dict[str, Any]:
        """Hand files in and run run_autograder in a fresh container; give results.json."""
        for name in ("submission", "results"):
            shutil.rmtree(self.root / name)
            (self.root / name).mkdir()
        for name, data in files.items():
            path = self.root / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        (self.root / "submission_metadata.json").write_text(json.dumps(metadata or {}), encoding="utf-8")
        self.done = self._run("/autograder/run_autograder")
        text = (self.root / "results/results.json").read_text(encoding="utf-8")
        return json.loads(text, parse_constant=lambda name: 1 / 0)  # no NaN, no Infinity

    def _run(self, script: str) -> subprocess.CompletedProcess[str]:
        outside = Path(sys.executable).parents[1]
        base = Path(sys.base_prefix)
        # The interpreter that the tests run on stands for the image's own, wherever it lies on this machine.
        interpreter = [] if base.is_relative_to("/usr") else ["--ro-bind", str(base), str(base)]
        words = [
            "bwrap", "--die-with-parent", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
            "--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib",
            "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/sbin", "/sbin", "--ro-bind", "/etc", "/etc",
            "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--bind", str(self.root), "/autograder",  # noqa: S108
            *interpreter, "--ro-bind", str(outside), str(outside),
            "--cap-drop", "ALL", *(word for name in KEPT for word in ("--cap-add", f"CAP_{name.upper()}")),
            "--clearenv", "--setenv", "PATH", f"{base}/bin:/usr/bin:/bin", "--setenv", "HOME", "/root",
            "--setenv", "LANG", "C.UTF-8", "--chdir", "/autograder",
            sys.executable, "-c", WITHOUT_NAMESPACES, SHELL, script,
        ]  # fmt: skip
        return subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
