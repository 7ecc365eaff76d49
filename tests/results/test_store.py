"""The output folder: complete reports or none, one run at a time, and grades.csv as a spreadsheet reads it."""

from __future__ import annotations

import csv
import io
import os
import resource

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import OutputError
from autograder.report import Report, Status
from autograder.results.store import COLUMNS, Store, grades_csv, reports_in

ANA = Report(student="ana", assignment="twice", status=Status.GRADED, score=1.0, max_score=3.0)


def test_a_saved_report_is_loaded(tmp_path):
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


def test_incomplete_files_of_a_killed_run_are_removed(tmp_path):
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


def test_a_full_disk_loses_nothing_and_leaves_no_incomplete_file(tmp_path):
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


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
FORMULAS = st.sampled_from("=+-@\t\r").flatmap(lambda first: TEXT.map(lambda rest: first + rest))


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


@given(st.lists(st.tuples(TEXT | FORMULAS, TEXT | FORMULAS), max_size=8))
def test_any_text_gives_a_valid_table_without_formulas(texts):
    reports = [Report(student=s, assignment="a", status=Status.GRADED, score=1.0, reason=r) for s, r in texts]
    head, *body = rows(grades_csv(reports))
    assert tuple(head) == COLUMNS
    assert len(body) == len(reports)
    for row in body:
        assert len(row) == len(COLUMNS)
        assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row)


def test_a_formula_stays_readable():
    (_, row) = rows(grades_csv([Report(student="=1+1", assignment="a", status=Status.MISSING)]))
    assert row[0] == "'=1+1"


def test_a_missing_score_is_empty_and_zero_is_zero():
    reports = [
        Report(student="a", assignment="x", status=Status.MISSING),
        Report(student="b", assignment="x", status=Status.ERROR, reason="broken"),
        Report(student="c", assignment="x", status=Status.GRADED, score=0.0, max_score=7.5, seconds=1.234),
        Report(student="d", assignment="x", status=Status.PENDING, score=1 / 3, max_score=7.5),
    ]
    _, *body = rows(grades_csv(reports))
    assert [row[3] for row in body] == ["", "", "0", "0.333333"]
    assert body[2] == ["c", "x", "graded", "0", "7.5", "1.23", ""]
