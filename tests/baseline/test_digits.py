"""Handwritten digits: real MNIST where it is at hand, damaged files, and what stands in for it."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.baseline import digits
from autograder.baseline.digits import DigitsError, MnistPart

ROOT = Path(__file__).parents[2]
IMAGES, LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


@pytest.fixture(scope="module")
def mnist() -> Path:
    """A folder with MNIST's test images, or a skip that says how to get one."""
    named = os.environ.get(digits.FOLDER_VARIABLE)
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not any((folder / f"{IMAGES}{ending}").is_file() for ending in ("", ".gz")):
        pytest.skip(f"no MNIST in {folder}: set {digits.FOLDER_VARIABLE} to a folder with {IMAGES}.gz and {LABELS}.gz")
    return folder


def idx(array: np.ndarray) -> bytes:
    """Write an array of bytes as IDX."""
    return bytes((0, 0, 8, array.ndim)) + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes()


def put(folder: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """Write a pair of files under the official names."""
    (folder / IMAGES).write_bytes(idx(images))
    (folder / LABELS).write_bytes(idx(labels))


@pytest.fixture
def lenient(monkeypatch):
    """Accept files that are not the official ones, to reach the checks behind the checksum."""
    monkeypatch.setattr(digits, "_CHECKSUMS", {})


def test_real_mnist_is_read_and_verified(mnist):
    found = digits.from_idx(mnist)
    assert found.images.shape == (10_000, 28, 28)
    assert found.images.dtype == np.uint8
    assert np.bincount(found.labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert found.source == f"MNIST, t10k files in {mnist}"


def test_real_mnist_is_read_uncompressed_and_under_dotted_names(mnist, tmp_path):
    for name, other in ((IMAGES, IMAGES), (LABELS, LABELS.replace("-idx", ".idx"))):
        packed = mnist / f"{name}.gz"
        data = gzip.decompress(packed.read_bytes()) if packed.is_file() else (mnist / name).read_bytes()
        (tmp_path / other).write_bytes(data)
    assert np.array_equal(digits.from_idx(tmp_path).images, digits.from_idx(mnist).images)


def test_one_changed_pixel_is_noticed(mnist, tmp_path):
    original = digits.from_idx(mnist)
    images = original.images.copy()
    images[123, 14, 14] ^= 1
    put(tmp_path, images, original.labels.astype(np.uint8))
    with pytest.raises(DigitsError, match=rf"{IMAGES}: not the official file .* delete it and download it again"):
        digits.from_idx(tmp_path)


def test_real_mnist_is_split_into_8000_and_2000(mnist):
    train, held_out = digits.split_digits(digits.from_idx(mnist))
    assert (len(train), len(held_out)) == (8000, 2000)
    assert train.source.endswith("; to train")
    assert held_out.source.endswith("; held out")


def test_the_reference_classifier_reads_nine_of_ten_digits_of_mnist(mnist):
    reference = classifier()
    train, held_out = digits.split_digits(digits.from_idx(mnist))
    start = {"W": np.zeros((784, 10)), "b": np.zeros(10)}
    params, losses = reference.train(start, reference.prepare(train.images), train.labels, 0.1, 5, 32, 0)
    _, accuracy = reference.evaluate(params, reference.prepare(held_out.images), held_out.labels)
    assert losses == sorted(losses, reverse=True)
    assert accuracy > 0.895  # Keras, in the same setting, comes to 0.906 (tests beside TensorFlow compare directly)


@pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="TensorFlow is not installed")
def test_the_reference_classifier_is_as_accurate_as_keras_on_mnist(mnist):
    import keras

    reference = classifier()
    train, held_out = digits.split_digits(digits.from_idx(mnist))
    X, unseen = reference.prepare(train.images), reference.prepare(held_out.images)
    start = {"W": np.zeros((784, 10)), "b": np.zeros(10)}
    params, _ = reference.train(start, X, train.labels, 0.1, 5, 32, 0)
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, activation="softmax")])
    model.layers[0].set_weights([start["W"], start["b"]])
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    model.fit(X, train.labels, batch_size=32, epochs=5, verbose=0)
    theirs = np.mean(model.predict(unseen, verbose=0).argmax(axis=1) == held_out.labels)
    assert abs(reference.evaluate(params, unseen, held_out.labels)[1] - theirs) <= 0.005


def classifier():
    """Import the solution of the assignment."""
    from autograder.grading.loading import load_module

    return load_module(ROOT / "solutions/mnist-classifier/mnist_classifier.py")


def test_arrays_are_read_only():
    drawn = digits.generate_digits(3, seed=0)
    assert not drawn.images.flags.writeable
    assert not drawn.labels.flags.writeable


def test_a_missing_file_names_the_folder_and_both_names(tmp_path):
    with pytest.raises(DigitsError) as error:
        digits.from_idx(tmp_path, MnistPart.TRAIN)
    assert str(error.value) == (
        f"{tmp_path}: neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz is there; "
        "put MNIST's files there, or correct the path"
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "its first bytes are wrong"),
        (b"\x00\x00\x08\x01" + bytes(12), "its first bytes are wrong"),  # labels where images are wanted
        (b"\x00\x00\x0d\x03" + bytes(12), "its first bytes are wrong"),  # floats
        (b"<html>404 Not Found</html>", "its first bytes are wrong"),
        (idx(np.zeros((3, 28, 28), np.uint8))[:-1], "announces 2352 bytes, and 2351 follow"),
        (idx(np.zeros((3, 28, 28), np.uint8)) + b"x", "announces 2352 bytes, and 2353 follow"),
        (b"\x00\x00\x08\x03" + b"\xff" * 12, "announces 79228162458924105385300197375 bytes, and 0 follow"),
    ],
)
def test_a_damaged_file_is_a_clear_error(tmp_path, data, problem):
    path = tmp_path / "digits-idx3-ubyte"
    path.write_bytes(data)
    with pytest.raises(DigitsError) as error:
        digits.read_idx(path, axes=3)
    assert str(error.value).startswith(f"{path}: ")
    assert problem in str(error.value)
    assert str(error.value).endswith("delete it and download it again")


PACKED = gzip.compress(bytes(range(256)) * 4)


@pytest.mark.parametrize(
    "data",
    [b"no gzip at all", PACKED[:-9], PACKED[:100], PACKED[:60] + b"\xff" * 9 + PACKED[69:]],
    ids=["other", "without its end", "cut short", "overwritten"],
)
def test_a_damaged_gzip_file_is_a_clear_error(tmp_path, data):
    path = tmp_path / "digits-idx3-ubyte.gz"
    path.write_bytes(data)
    with pytest.raises(DigitsError, match=r"digits-idx3-ubyte\.gz: cannot be decompressed .* download it again"):
        digits.read_idx(path, axes=3)


def test_a_gzip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(digits, "_MAX_BYTES", 1 << 16)
    path = tmp_path / "digits-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(bytes(1 << 20)))
    with pytest.raises(DigitsError, match="so it is none of MNIST's files"):
        digits.read_idx(path, axes=3)


def test_images_and_labels_must_agree_in_number(tmp_path, lenient):
    put(tmp_path, np.zeros((3, 28, 28), np.uint8), np.zeros(4, np.uint8))
    with pytest.raises(DigitsError, match=r"3 images, but labels of shape \(4,\)"):
        digits.from_idx(tmp_path)


def test_images_must_have_28_by_28_pixels(tmp_path, lenient):
    put(tmp_path, np.zeros((3, 8, 8), np.uint8), np.zeros(3, np.uint8))
    with pytest.raises(DigitsError, match=r"the images have shape \(3, 8, 8\)"):
        digits.from_idx(tmp_path)


def test_labels_must_be_digits(tmp_path, lenient):
    put(tmp_path, np.zeros((2, 28, 28), np.uint8), np.array([9, 10], np.uint8))
    with pytest.raises(DigitsError, match=r"labels outside 0\.\.9"):
        digits.from_idx(tmp_path)


def test_the_keras_cache_is_read_and_verified(tmp_path, monkeypatch):
    drawn = digits.generate_digits(30, seed=1)
    arrays = {"x_train": drawn.images[:20], "y_train": drawn.labels[:20].astype(np.uint8)}
    arrays |= {"x_test": drawn.images[20:], "y_test": drawn.labels[20:].astype(np.uint8)}
    path = tmp_path / "mnist.npz"
    np.savez(path, **arrays)
    with pytest.raises(DigitsError, match=r"mnist\.npz: not the file that Keras downloads"):
        digits.from_keras_cache(path)
    monkeypatch.setattr(digits, "_KERAS_CHECKSUM", hashlib.sha256(path.read_bytes()).hexdigest())
    found = digits.from_keras_cache(path)
    assert np.array_equal(found.images, drawn.images[20:])
    assert np.array_equal(found.labels, drawn.labels[20:])
    assert found.source == f"MNIST, t10k part of {path}"
    assert len(digits.from_keras_cache(path, MnistPart.TRAIN)) == 20


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut short", b"no zip at all"])
def test_a_damaged_keras_cache_is_a_clear_error(tmp_path, monkeypatch, content):
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    monkeypatch.setattr(digits, "_KERAS_CHECKSUM", hashlib.sha256(content).hexdigest())
    with pytest.raises(DigitsError, match=r"mnist\.npz: damaged .* delete it and download it again"):
        digits.from_keras_cache(path)


def test_a_missing_keras_cache_is_a_clear_error(tmp_path):
    with pytest.raises(DigitsError, match=r"mnist\.npz: cannot be read \(No such file or directory\)"):
        digits.from_keras_cache(tmp_path / "mnist.npz")


@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="scikit-learn is not installed")
def test_the_digits_of_scikit_learn_have_the_shape_of_mnist():
    found = digits.from_scikit_learn()
    assert found.images.shape == (1797, 28, 28)
    assert found.images.max() == 255
    assert "not MNIST" in found.source


def test_load_prefers_the_folder_of_the_environment(mnist, monkeypatch):
    monkeypatch.setenv(digits.FOLDER_VARIABLE, str(mnist))
    assert digits.load_digits().source == f"MNIST, t10k files in {mnist}"


def test_a_folder_that_was_named_is_never_passed_over(tmp_path, monkeypatch):
    monkeypatch.setenv(digits.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(DigitsError, match="neither t10k-images-idx3-ubyte nor"):
        digits.load_digits()


def test_load_without_any_digits_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv(digits.FOLDER_VARIABLE, raising=False)
    monkeypatch.setattr(digits, "KERAS_CACHE", tmp_path / "mnist.npz")
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(DigitsError) as error:
        digits.load_digits()
    for remedy in ("set AUTOGRADER_MNIST to a folder", "download MNIST with Keras", "install scikit-learn"):
        assert remedy in str(error.value)


def test_download_without_keras_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras.datasets", None)
    with pytest.raises(DigitsError, match="install the extra `tensorflow`"):
        digits.download()


def test_drawn_digits_are_repeatable_labelled_and_all_there():
    drawn = digits.generate_digits(200, seed=3)
    assert drawn.images.shape == (200, 28, 28)
    assert drawn.images.dtype == np.uint8
    assert set(drawn.labels.tolist()) == set(range(10))
    assert drawn.source == "digits drawn by program, not MNIST"
    assert np.array_equal(drawn.images, digits.generate_digits(200, seed=3).images)
    assert not np.array_equal(drawn.images, digits.generate_digits(200, seed=4).images)


def test_a_split_keeps_every_image_with_its_label_and_none_twice():
    drawn = digits.generate_digits(50, seed=0)
    train, held_out = digits.split_digits(drawn)
    assert (len(train), len(held_out)) == (40, 10)
    rows = [
        (image.tobytes(), label)
        for part in (train, held_out)
        for image, label in zip(part.images, part.labels, strict=True)
    ]
    assert sorted(rows) == sorted(
        (image.tobytes(), label) for image, label in zip(drawn.images, drawn.labels, strict=True)
    )
    assert not np.array_equal(train.labels, drawn.labels[:40])
    assert np.array_equal(digits.split_digits(drawn)[0].labels, train.labels)


@pytest.mark.parametrize("held_out", [0, 50, -1])
def test_a_split_must_leave_something_on_both_sides(held_out):
    with pytest.raises(ValueError, match="leaves nothing on one side"):
        digits.split_digits(digits.generate_digits(50, seed=0), held_out)
