"""The folder for results: whole reports or none, one run at a time."""

from __future__ import annotations

import os
import resource

import msgspec
import pytest

from autograder.errors import OutputError
from autograder.report import Report, Status
from autograder.results.store import Store, reports_in

ANA = Report(student="ana", assignment="twice", status=Status.GRADED, score=1.0, max_score=3.0)


def test_what_was_saved_is_loaded(tmp_path):
    with Store(tmp_path / "out") as store:
        assert store.load("twice", "ana") == (None, "")
        store.save(ANA)
        assert store.load("twice", "ana") == (ANA, "")
    assert [report for _, report in reports_in(tmp_path / "out")] == [ANA]


@pytest.mark.parametrize("damage", [b"", b"{", b'{"student": "ana"}', b"\xff\xfe", b"null"])
def test_a_damaged_report_is_not_used(tmp_path, damage):
    with Store(tmp_path) as store:
        store.save(ANA)
        store.path("twice", "ana").write_bytes(damage)
        report, note = store.load("twice", "ana")
    assert report is None
    assert "was replaced" in note


def test_a_report_in_the_wrong_place_is_not_used(tmp_path):
    with Store(tmp_path) as store:
        store.save(ANA)
        store.path("twice", "ana").rename(store.path("twice", "bo"))
        report, note = store.load("twice", "bo")
    assert report is None
    assert "another submission" in note


def test_two_runs_cannot_use_one_folder(tmp_path):
    with Store(tmp_path), pytest.raises(OutputError, match=f"in use by another run .process {os.getpid()}"):
        Store(tmp_path)
    with Store(tmp_path):
        pass


def test_what_a_killed_run_left_half_written_is_removed(tmp_path):
    with Store(tmp_path) as store:
        store.save(ANA)
    half = tmp_path / "reports" / "twice" / ".tmp-1-1"
    half.write_bytes(b"{")
    with Store(tmp_path):
        assert not half.exists()


def test_a_file_in_the_way_is_named_with_the_remedy(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match=r"cannot use .*out.* choose another"):
        Store(tmp_path / "out")


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path):
    with Store(tmp_path) as store:
        store.save(ANA)
        (tmp_path / "reports" / "later").write_text("in the way")
        with pytest.raises(OutputError, match="later"):
            store.save(msgspec.structs.replace(ANA, assignment="later"))
        assert store.load("twice", "ana")[0] == ANA


def test_a_full_disk_loses_nothing_and_leaves_nothing_half_written(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Store(tmp_path) as store:
        store.save(ANA)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))  # what a quota does to a write
        try:
            with pytest.raises(OutputError, match="File too large"):
                store.save(msgspec.structs.replace(ANA, score=2.0))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert store.load("twice", "ana")[0] == ANA
    assert not list(tmp_path.rglob(".tmp-*"))
