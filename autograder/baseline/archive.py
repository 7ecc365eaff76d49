"""baseline.npz: TensorFlow's results under `case/dtype/array`, and where they come from.

The same results give the same bytes, whatever the time and the machine; only the provenance records those.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

import msgspec
import numpy as np
from numpy.typing import NDArray

from autograder.atomic import replacing
from autograder.errors import BaselineError

__all__ = [
    "DTYPES",
    "FILE",
    "FORMAT_VERSION",
    "Arrays",
    "Baseline",
    "Provenance",
    "Recorded",
    "missing_baseline",
    "read_baseline",
    "write_baseline",
]

FILE = "baseline.npz"
FORMAT_VERSION = 1
DTYPES = ("float64", "float32")

Arrays = Mapping[str, NDArray[Any]]

_PROVENANCE = "provenance"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can store


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Where results come from.

    device         "GPU" if every result that came as a tensor lay on one, and so did a product of matrices; else "CPU"
    devices        the names that TensorFlow gave to where those lay
    hardware       the maker's name of that GPU or processor
    cuda, cudnn    versions that TensorFlow was built for; None where the device is the CPU
    deterministic  whether TensorFlow held itself to operations that give the same result each time
    seed           what the cases' random numbers are drawn from, together with the name of each case
    source_sha256  of the file baseline.py that was run
    date           UTC, ISO 8601
    """

    format_version: int
    assignment: str
    device: str
    devices: tuple[str, ...]
    hardware: str
    tensorflow: str
    keras: str
    cuda: str | None
    cudnn: str | None
    deterministic: bool
    numpy: str
    python: str
    platform: str
    seed: int
    source_sha256: str
    date: str


class Recorded:
    """The results of one case in one dtype: its arrays as attributes, read-only."""

    def __init__(self, where: str, arrays: Arrays) -> None:
        self.__dict__.update(arrays)
        self.__dict__["_where"] = where

    def __getattr__(self, name: str) -> NoReturn:
        """Raise BaselineError, naming the arrays there are."""
        if name.startswith("_"):
            raise AttributeError(name)
        names = ", ".join(sorted(key for key in self.__dict__ if not key.startswith("_")))
        raise BaselineError(f"{self._where} gives no {name!r}, but: {names}")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Raise BaselineError: the record serves every submission."""
        raise BaselineError(f"{self._where} cannot be changed; copy the array {name!r} instead")


class Baseline:
    """All results of an assignment: `baseline("softmax_batch").softmax` is an array."""

    def __init__(self, path: Path, arrays: Arrays, provenance: Provenance) -> None:
        for array in arrays.values():
            array.flags.writeable = False
        self.path = path
        self.arrays: Arrays = MappingProxyType(dict(arrays))
        self.provenance = provenance
        self._cases: dict[tuple[str, str], Recorded] = {}

    @property
    def cases(self) -> tuple[str, ...]:
        """The names of the cases."""
        return tuple(dict.fromkeys(key.split("/")[0] for key in self.arrays))

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the results, without their provenance."""
        digest = hashlib.sha256()
        for key, array in sorted(self.arrays.items()):
            digest.update(f"{key} {array.dtype.str} {array.shape} ".encode())
            digest.update(array.tobytes())
        return digest.digest()

    def __call__(self, case: str, dtype: str = "float64") -> Recorded:
        """Return the results of a case; raises BaselineError if it was not recorded in this dtype."""
        found = self._cases.get((case, dtype))
        if found is None:
            found = self._cases[case, dtype] = self._recorded(case, dtype)
        return found

    def _recorded(self, case: str, dtype: str) -> Recorded:
        prefix = f"{case}/{dtype}/"
        arrays = {key.removeprefix(prefix): array for key, array in self.arrays.items() if key.startswith(prefix)}
        if not arrays:
            known = f"there are the cases {', '.join(self.cases)} in {' and '.join(DTYPES)}"
            renew = f"`autograder baseline record {self.provenance.assignment}`"
            raise BaselineError(f"{self.path} holds no case {case!r} in {dtype!r}; {known}. To renew it: {renew}")
        return Recorded(f"{self.path}: case {case!r}", arrays)


def missing_baseline(path: Path, assignment: str) -> BaselineError:
    """Return the error that says how to record a missing baseline."""
    return BaselineError(f"{path} does not exist; record it with `autograder baseline record {assignment}`")


def write_baseline(path: Path, arrays: Arrays, provenance: Provenance) -> None:
    """Write a record in one step: a concurrent reader of `path` finds the old file or the new one."""
    text = msgspec.json.format(msgspec.json.encode(provenance), indent=2)
    members = {**arrays, _PROVENANCE: np.frombuffer(text, dtype=np.uint8)}
    try:
        with replacing(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            for key, array in members.items():
                member = zipfile.ZipInfo(f"{key}.npy", _EPOCH)
                member.create_system = 3  # Unix, wherever it is written
                archive.writestr(member, _npy(array))
    except OSError as error:
        raise BaselineError(f"{path}: cannot be written ({error.strerror}). Check the folder's permissions.") from error


def read_baseline(path: Path) -> Baseline:
    """Read a record; raises BaselineError if it is not there, damaged, or of a newer format."""
    assignment = path.parent.name
    if not path.is_file():
        raise missing_baseline(path, assignment)
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as members:
            arrays = {key: members[key] for key in members.files}
        provenance = _provenance(path, arrays.pop(_PROVENANCE).tobytes())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, msgspec.DecodeError) as error:
        renew = f"Record it again with `autograder baseline record {assignment}`"
        raise BaselineError(
            f"{path}: no record of TensorFlow's results, or a damaged one ({error}). {renew}"
        ) from error
    return Baseline(path, arrays, provenance)


class _Version(msgspec.Struct, frozen=True):
    format_version: int


def _provenance(path: Path, text: bytes) -> Provenance:
    version = msgspec.json.decode(text, type=_Version).format_version
    if version > FORMAT_VERSION:
        raise BaselineError(
            f"{path}: its format is {version}, and this nn-autograder knows formats up to {FORMAT_VERSION}. "
            "Update it: pip install --upgrade nn-autograder"
        )
    return msgspec.json.decode(text, type=Provenance)


def _npy(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array, order="C"), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()
