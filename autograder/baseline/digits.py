"""Handwritten digits for benchmarks, baselines and graders: images (n, 28, 28) of bytes, and where they come from.

MNIST is read from its own IDX files or from the Keras cache. Where neither is available, scikit-learn's bundled
digits are enlarged to MNIST's shape. `source` says which they are. Nothing is downloaded unless asked for.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.errors import AutograderError

__all__ = [
    "FOLDER_VARIABLE",
    "Digits",
    "DigitsError",
    "MnistPart",
    "download",
    "from_idx",
    "from_keras_cache",
    "from_scikit_learn",
    "generate_digits",
    "load_digits",
    "read_idx",
    "split_digits",
]

FOLDER_VARIABLE = "AUTOGRADER_MNIST"
KERAS_CACHE = Path("~/.keras/datasets/mnist.npz")
SIDE = 28
CLASSES = 10

# SHA-256 of the uncompressed files: compressing them again, as mirrors do, changes the .gz but not these.
_CHECKSUMS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
_KERAS_CHECKSUM = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
_MAX_BYTES = 64 << 20  # the largest of the four has 47 MB
_UNSIGNED_BYTES = 8  # the type code of IDX
_AGAIN = "delete it and download it again"


class DigitsError(AutograderError):
    """Digits cannot be had, or a file that should hold them is damaged."""


class MnistPart(StrEnum):
    """The two parts of MNIST, as its files are named."""

    TRAIN = "train"
    TEST = "t10k"


@dataclass(frozen=True)
class Digits:
    """Images (n, 28, 28) of uint8, white on black; labels (n,) of int64, 0 to 9; and where they come from in words.

    The arrays are read-only, so that a sandbox is sent them once.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    source: str

    def __post_init__(self) -> None:
        """Lock the arrays."""
        self.images.flags.writeable = False
        self.labels.flags.writeable = False

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.images)


def load_digits(folder: Path | None = None, part: MnistPart = MnistPart.TEST) -> Digits:
    """Load the best digits available.

    In this order: IDX files in `folder`, or in the folder that AUTOGRADER_MNIST names; the Keras cache; scikit-learn.

    Raises:
        DigitsError: a folder was named and holds no such files, a file is damaged, or there are none anywhere.
    """
    named = folder or _folder_of_environment()
    if named is not None:
        return from_idx(named, part)
    if KERAS_CACHE.expanduser().is_file():
        return from_keras_cache(part=part)
    try:
        return from_scikit_learn()
    except DigitsError:
        raise DigitsError(
            f"no handwritten digits on this machine: set {FOLDER_VARIABLE} to a folder with MNIST's IDX files, "
            f"download MNIST with Keras (it goes to {KERAS_CACHE}), or install scikit-learn"
        ) from None


def from_idx(folder: Path, part: MnistPart = MnistPart.TEST) -> Digits:
    """Read one part of MNIST from its official IDX files, compressed (.gz) or not; checksums are verified.

    Raises:
        DigitsError: a file is missing or damaged; names the file and the remedy.
    """
    images = read_idx(_idx_path(folder, f"{part}-images-idx3-ubyte"), axes=3)
    labels = read_idx(_idx_path(folder, f"{part}-labels-idx1-ubyte"), axes=1)
    return _digits(images, labels, f"MNIST, {part} files in {folder}")


def from_keras_cache(path: Path | None = None, part: MnistPart = MnistPart.TEST) -> Digits:
    """Read one part of MNIST from the file that Keras keeps once it has downloaded it; its checksum is verified.

    Raises:
        DigitsError: the file is missing or damaged; names the file and the remedy.
    """
    path = path or KERAS_CACHE.expanduser()
    data = _bytes(path)
    if _sha256(data) != _KERAS_CHECKSUM:
        raise DigitsError(f"{path}: not the file that Keras downloads (its SHA-256 is another); {_AGAIN}")
    suffix = "train" if part is MnistPart.TRAIN else "test"
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return _digits(arrays[f"x_{suffix}"], arrays[f"y_{suffix}"], f"MNIST, {part} part of {path}")
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DigitsError(f"{path}: damaged ({error}); {_AGAIN}") from error


def download() -> Path:
    """Let Keras download MNIST into its cache, and return the file; call this only where the user asked for it.

    Raises:
        DigitsError: Keras is not installed, or the download failed.
    """
    try:
        from keras.datasets import mnist  # type: ignore[import-not-found,unused-ignore]  # optional, without types

        mnist.load_data()
    except ImportError as error:
        raise DigitsError("Keras is not installed: install the extra `tensorflow` to download MNIST") from error
    except Exception as error:  # Keras raises a bare Exception, and what urllib raises besides
        raise DigitsError(f"Keras could not download MNIST ({error}); check the network and try again") from error
    return KERAS_CACHE.expanduser()


def from_scikit_learn() -> Digits:
    """Enlarge scikit-learn's 1,797 handwritten digits of 8 x 8 pixels to MNIST's shape; these are not MNIST.

    Every pixel becomes a square of 3 x 3, a margin of 2 makes up 28 x 28, and 0..16 is stretched to 0..255.

    Raises:
        DigitsError: scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits  # type: ignore[import-not-found,unused-ignore]  # optional, without types
    except ImportError as error:
        raise DigitsError("scikit-learn is not installed: install it to use its handwritten digits") from error
    bundled = load_digits()
    large = np.pad(bundled.images.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2)))
    images = np.rint(large * (255 / 16)).astype(np.uint8)
    return _digits(images, bundled.target, "scikit-learn's digits (8 x 8, enlarged), not MNIST")


def generate_digits(n: int, seed: int) -> Digits:
    """Draw `n` digits by program: a 5 x 7 font, enlarged, shifted by up to 2 pixels, with gaps and noise.

    They serve where results must be the same on every machine and nothing may be downloaded; no person wrote them.
    """
    rng = np.random.default_rng(seed)
    labels = rng.integers(CLASSES, size=n)
    images = np.zeros((n, SIDE, SIDE))
    for image, label in zip(images, labels, strict=True):
        top, left = rng.integers(1, 6), rng.integers(4, 9)
        image[top : top + 21, left : left + 15] = _FONT[label] * rng.integers(120, 256)
    images *= rng.random(images.shape) > 0.15
    images += rng.integers(80, size=images.shape)
    return _digits(np.minimum(images, 255).astype(np.uint8), labels, "digits drawn by program, not MNIST")


def split_digits(digits: Digits, held_out: int | None = None, seed: int = 0) -> tuple[Digits, Digits]:
    """Split into training and held-out digits: a fifth is held out by default, 2,000 of MNIST's test part.

    The order is drawn from `seed`: the second half of MNIST's test part is easier than the first.

    Raises:
        ValueError: `held_out` leaves nothing on one of the sides.
    """
    count = len(digits) // 5 if held_out is None else held_out
    if not 0 < count < len(digits):
        raise ValueError(f"held_out={count} of {len(digits)} digits leaves nothing on one side")
    order = np.random.default_rng(seed).permutation(len(digits))
    parts = (order[:-count], "to train"), (order[-count:], "held out")
    train, held = (Digits(digits.images[rows], digits.labels[rows], f"{digits.source}; {use}") for rows, use in parts)
    return train, held


def read_idx(path: Path, axes: int) -> NDArray[np.uint8]:
    """Read an IDX file of unsigned bytes with `axes` axes; one with an official name must be the official file.

    Raises:
        DigitsError: it cannot be read, is no such file, is cut short or too long, or has another checksum.
    """
    data = _uncompressed(path)
    if len(data) < 4 + 4 * axes or data[:4] != bytes((0, 0, _UNSIGNED_BYTES, axes)):
        raise DigitsError(f"{path}: no IDX file of bytes with {axes} axes (its first bytes are wrong); {_AGAIN}")
    shape = tuple(int.from_bytes(data[4 * axis : 4 * axis + 4], "big") for axis in range(1, axes + 1))
    found, wanted = len(data) - 4 - 4 * axes, int(np.prod(shape, dtype=object))
    if found != wanted:
        raise DigitsError(f"{path}: its header announces {wanted} bytes, and {found} follow; {_AGAIN}")
    official = _CHECKSUMS.get(_official_name(path))
    if official is not None and _sha256(data) != official:
        raise DigitsError(f"{path}: not the official file (the SHA-256 of its content is another); {_AGAIN}")
    return np.frombuffer(data, dtype=np.uint8, offset=4 + 4 * axes).reshape(shape)


def _folder_of_environment() -> Path | None:
    value = os.environ.get(FOLDER_VARIABLE)
    return Path(value) if value else None


def _idx_path(folder: Path, name: str) -> Path:
    dotted = name.replace("-idx", ".idx")  # as some mirrors name them
    candidates = [folder / (stem + ending) for stem in (name, dotted) for ending in ("", ".gz")]
    for path in candidates:
        if path.is_file():
            return path
    raise DigitsError(f"{folder}: neither {name} nor {name}.gz is there; put MNIST's files there, or correct the path")


def _official_name(path: Path) -> str:
    return path.name.removesuffix(".gz").replace(".idx", "-idx")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DigitsError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error


def _uncompressed(path: Path) -> bytes:
    if path.suffix != ".gz":
        return _bytes(path)
    try:
        with gzip.open(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except (EOFError, zlib.error, OSError) as error:
        raise DigitsError(f"{path}: cannot be decompressed ({error}); {_AGAIN}") from error
    if len(data) > _MAX_BYTES:
        raise DigitsError(f"{path}: holds more than {_MAX_BYTES >> 20} MB, so it is none of MNIST's files; {_AGAIN}")
    return data


def _digits(images: NDArray[np.uint8], labels: NDArray[np.integer], source: str) -> Digits:
    if images.ndim != 3 or images.shape[1:] != (SIDE, SIDE) or images.dtype != np.uint8:
        raise DigitsError(f"{source}: the images have shape {images.shape}, not (n, {SIDE}, {SIDE}) of bytes; {_AGAIN}")
    if labels.shape != images.shape[:1]:
        raise DigitsError(f"{source}: {len(images)} images, but labels of shape {labels.shape}; {_AGAIN}")
    if labels.size and not 0 <= int(labels.min()) <= int(labels.max()) < CLASSES:
        raise DigitsError(f"{source}: there are labels outside 0..{CLASSES - 1}; {_AGAIN}")
    return Digits(images, labels.astype(np.int64), source)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


_ROWS = """
.###. ..#.. .###. ##### ...#. ##### ..##. ##### .###. .###.
#...# .##.. #...# ...#. ..##. #.... .#... ....# #...# #...#
#..## ..#.. ....# ..#.. .#.#. ####. #.... ...#. #...# #...#
#.#.# ..#.. ...#. ...#. #..#. ....# ####. ..#.. .###. .####
##..# ..#.. ..#.. ....# ##### ....# #...# .#... #...# ....#
#...# ..#.. .#... #...# ...#. #...# #...# .#... #...# ...#.
.###. .###. ##### .###. ...#. .###. .###. .#... .###. .##..
"""
_FONT = np.array([[[c == "#" for c in glyph] for glyph in row.split()] for row in _ROWS.split("\n") if row])
_FONT = _FONT.swapaxes(0, 1).repeat(3, axis=1).repeat(3, axis=2)  # (10, 21, 15)
