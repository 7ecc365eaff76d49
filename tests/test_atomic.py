"""Files are replaced whole or not at all."""

from __future__ import annotations

import pytest

from autograder.atomic import replace_file, replacing


def test_readers_find_the_old_file_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    with replacing(path) as draft:
        draft.write_text("ne")
        assert path.read_text() == "old"
        draft.write_text("new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def write_half(path, stop):
    with replacing(path) as draft:
        draft.write_text("half")
        raise stop


@pytest.mark.parametrize("stop", [OSError, KeyboardInterrupt])
def test_after_an_error_everything_is_as_before(tmp_path, stop):
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(stop):
        write_half(path, stop)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_names_as_long_as_a_file_system_takes(tmp_path):
    path = tmp_path / ("ñ" * 127)
    replace_file(path, b"1")
    assert path.read_bytes() == b"1"


def test_what_stands_in_the_way_is_told(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_file(tmp_path / "folder", b"1")
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "nowhere" / "file", b"1")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
