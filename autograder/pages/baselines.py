"""TensorFlow's own training, which learning curves are held against: read from the record, with where it ran."""

from __future__ import annotations

from pathlib import Path

import msgspec

from autograder.errors import BaselineError
from autograder.pages.labels import Labels

__all__ = ["CASE", "Training", "recorded"]

CASE = "practice"
"""The case of baseline.npz that holds `losses` (epochs,) and `accuracy`."""


class Training(msgspec.Struct, frozen=True):
    """What TensorFlow came to. `device` is what the record says, "CPU" or "GPU", with the maker's name of it."""

    losses: tuple[float, ...]
    accuracy: float
    version: str
    device: str

    def origin(self, t: Labels) -> str:
        """Name the version and the device."""
        return t("tensorflow", version=self.version, device=self.device)


def recorded(folder: Path | None) -> Training | None:
    """Read the training that is recorded for an assignment; None where none is, or it cannot be read."""
    if folder is None:
        return None
    from autograder.baseline.archive import FILE, read  # noqa: PLC0415 - NumPy, which most pages do without

    path = folder / FILE
    if not path.is_file():
        return None
    try:
        found = read(path)
        if CASE not in found.cases:
            return None
        case, origin = found(CASE), found.provenance
        losses, accuracy = tuple(map(float, case.losses.tolist())), float(case.accuracy)
    except (BaselineError, TypeError, ValueError):
        return None
    device = f"{origin.device} ({origin.hardware})" if origin.hardware else origin.device
    return Training(losses, accuracy, origin.tensorflow, device)
