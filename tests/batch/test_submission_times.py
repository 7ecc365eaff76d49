"""The time of a submission: nbgrader's own format, other zones, and text that is not a time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.batch.discovery import FILE, submission_time

NOON = datetime(2027, 2, 10, 12, tzinfo=UTC)


def written(folder: Path, data: bytes) -> datetime | None:
    place = folder / "ana" / "softmax"
    place.mkdir(parents=True)
    (place / FILE).write_bytes(data)
    return submission_time(folder, "ana", "softmax")


@pytest.mark.parametrize(
    "text",
    [
        "2027-02-10 12:00:00.000000 UTC",  # nbgrader's own
        "2027-02-10 12:00:00 UTC",
        "2027-02-10 12:00:00",
        "2027-02-10 13:00:00 Europe/Madrid",
        "2027-02-10T07:00:00-05:00",
        "2027-02-10 12:00:00 UTC\n",
    ],
)
def test_every_format_of_a_submission_time(tmp_path: Path, text: str):
    assert written(tmp_path, text.encode()) == NOON


@pytest.mark.parametrize("data", [b"", b"soon", b"2027-13-01 00:00:00 UTC", b"2027-02-10 12:00 Nowhere/Else", b"\xff"])
def test_text_that_is_not_a_time_is_ignored(tmp_path: Path, data: bytes):
    assert written(tmp_path, data) is None


def test_nothing_is_read_outside_the_folder(tmp_path: Path):
    place = tmp_path / "outside" / "softmax"
    place.mkdir(parents=True)
    (place / FILE).write_text("2027-02-10 12:00:00 UTC")
    assert submission_time(tmp_path / "submitted", "../outside", "softmax") is None
    assert submission_time(tmp_path, "outside", "softmax") == NOON
