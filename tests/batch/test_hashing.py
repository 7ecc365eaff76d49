"""What causes a submission to be graded again, and what does not."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from autograder.batch.hashing import KeyParts, assignment_key, content_hash
from autograder.sandbox.limits import Limits


@pytest.fixture
def shared(tmp_path: Path) -> KeyParts:
    (tmp_path / "test_x.py").write_text("1")
    return KeyParts(tmp_path, Limits(), "best", "", b"secret")


def hashed(shared: KeyParts, data: bytes = b"{}", suffix: str = ".ipynb") -> str:
    return content_hash(assignment_key(shared), data, suffix)


def test_the_same_gives_the_same(shared):
    assert hashed(shared) == hashed(shared)
    assert len(hashed(shared)) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"limits": Limits(call_seconds=1)},
        {"level": "process"},
        {"lang": "es"},
        {"secret": b"another"},
        {"engine": "0.0.0"},
        {"baseline": b"computed now"},
    ],
    ids=str,
)
def test_each_setting_counts(shared, change):
    assert hashed(msgspec.structs.replace(shared, **change)) != hashed(shared)


def test_the_submission_counts(shared):
    assert len({hashed(shared), hashed(shared, b"{ }"), hashed(shared, suffix=".py")}) == 3


def test_every_file_of_the_assignment_counts_but_caches(shared):
    before = hashed(shared)
    (shared.folder / "__pycache__").mkdir()
    (shared.folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert hashed(shared) == before
    (shared.folder / "baseline.npz").write_bytes(b"x")
    assert hashed(shared) != before


def test_moving_bytes_between_files_counts(shared):
    (shared.folder / "a").write_bytes(b"xy")
    before = hashed(shared)
    (shared.folder / "a").write_bytes(b"x")
    (shared.folder / "b").write_bytes(b"y")
    assert hashed(shared) != before
