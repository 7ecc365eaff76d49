"""Compute and record baselines in separate processes: TensorFlow is never loaded where grading runs."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import msgspec

from autograder.baseline.archive import FILE, Baseline, read_baseline, write_baseline
from autograder.baseline.cases import SOURCE, source_hash
from autograder.baseline.compute import INDETERMINATE
from autograder.errors import BaselineError

__all__ = ["Device", "Recording", "compute", "is_stale", "live", "record"]

SECONDS = 900.0
"""Longest that the cases of one assignment may take."""

_LAST_WORDS = 2000
_ENVIRONMENT = {
    "KERAS_BACKEND": "tensorflow",
    "NVIDIA_TF32_OVERRIDE": "0",  # libraries below TensorFlow have a switch of their own
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",  # would sum in an order that depends on the processor
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",  # a GPU may be shared
}


class Device(StrEnum):
    """Where TensorFlow is to compute; AUTO is a GPU if it sees one."""

    AUTO = "auto"
    CPU = "cpu"
    GPU = "gpu"


class Recording(msgspec.Struct, frozen=True):
    """What `record` did; `renewed` is false where the file already held this."""

    path: Path
    size: int
    renewed: bool
    cases: tuple[str, ...]
    device: str
    tensorflow: str


def compute(folder: Path, device: Device = Device.AUTO) -> Baseline:
    """Compute the cases in an assignment's folder; raises BaselineError that says what is missing or wrong."""
    with tempfile.TemporaryDirectory(prefix="autograder-baseline-") as place:
        out = Path(place) / FILE
        _compute(folder, out, device)
        return read_baseline(out)


def record(folder: Path, device: Device = Device.AUTO) -> Recording:
    """Compute the cases of an assignment and write its baseline.npz; raises BaselineError.

    The file stays as it is if nothing but the date would change.
    """
    fresh, path = compute(folder, device), folder / FILE
    renewed = not _same(path, fresh)
    if renewed:
        write_baseline(path, fresh.arrays, fresh.provenance)
    origin = fresh.provenance
    return Recording(path, path.stat().st_size, renewed, fresh.cases, origin.device, origin.tensorflow)


@contextmanager
def live(folders: Iterable[Path], device: Device = Device.AUTO) -> Iterator[Mapping[Path, Path]]:
    """Compute the cases of these folders now, into files that are there until the context ends: folder -> file.

    Folders without baseline.py are skipped. Raises BaselineError.
    """
    with tempfile.TemporaryDirectory(prefix="autograder-baseline-") as place:
        files = {folder: Path(place) / f"{n}.npz" for n, folder in enumerate(folders) if (folder / SOURCE).is_file()}
        for folder, path in files.items():
            _compute(folder, path, device)
        yield files


def is_stale(folder: Path, recorded: Baseline) -> bool:
    """Return whether baseline.py has changed since it was recorded; raises BaselineError if it is gone."""
    return recorded.provenance.source_sha256 != source_hash(folder)


def _compute(folder: Path, out: Path, device: Device) -> None:
    source_hash(folder)  # raises if there is nothing to compute
    if importlib.util.find_spec("tensorflow") is None:
        raise BaselineError(
            f"TensorFlow is not installed in {sys.prefix}: pip install 'nn-autograder[tensorflow]'. "
            "Grading with recorded baselines does without."
        )
    done = _run(folder, out, device, "deterministic")
    if done.returncode == INDETERMINATE:
        done = _run(folder, out, device, "free")
    if done.returncode == 1 and done.stdout.strip():
        raise BaselineError(done.stdout.strip())
    if done.returncode:
        words = done.stderr.strip()[-_LAST_WORDS:] or "(none)"
        raise BaselineError(f"TensorFlow's process for {folder} ended with {done.returncode}. Its last words:\n{words}")


def _run(folder: Path, out: Path, device: Device, mode: str) -> subprocess.CompletedProcess[str]:
    hidden = {"CUDA_VISIBLE_DEVICES": "-1"} if device is Device.CPU else {}
    command = [
        sys.executable,
        "-P",
        "-m",
        "autograder.baseline.compute",
        str(folder.resolve()),
        str(out),
        device.value,
        mode,
    ]
    try:
        return subprocess.run(  # noqa: S603 - fixed program
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=SECONDS,
            env={**os.environ, **_ENVIRONMENT, **hidden},
        )
    except subprocess.TimeoutExpired:
        raise BaselineError(f"the cases of {folder} took more than {SECONDS:.0f} seconds. Make them smaller.") from None


def _same(path: Path, fresh: Baseline) -> bool:
    try:
        old = read_baseline(path)
    except BaselineError:
        return False
    undated = msgspec.structs.replace(fresh.provenance, date=old.provenance.date)
    return old.provenance == undated and old.digest == fresh.digest
