"""Folders of submissions: every entry is found, missing, or ignored with a reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tiny_class import RIGHT, hand_in, notebook

from autograder.batch.discovery import Discovery, find_submissions, read_bounded
from autograder.errors import OutputError
from autograder.report import Status

NAMES = ("twice", "later")


def put(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"{}")
    return folder


def taken(listing: Discovery) -> list[tuple[str, str, str]]:
    return [(found.student, found.assignment, found.path.name) for found in listing.found]


def reasons(listing: Discovery) -> dict[str, str]:
    return {Path(ignored.path).name: ignored.reason for ignored in listing.ignored}


def test_nbgrader_layout(submitted):
    hand_in(submitted, {"ana": RIGHT, "josé ángel": RIGHT})
    hand_in(submitted, {"ana": RIGHT}, assignment="later")
    listing = find_submissions(submitted, NAMES)
    assert taken(listing) == [
        ("ana", "later", "later.ipynb"),
        ("ana", "twice", "twice.ipynb"),
        ("josé ángel", "twice", "twice.ipynb"),
    ]
    assert [(absent.student, absent.assignment, absent.status) for absent in listing.absent] == [
        ("josé ángel", "later", Status.MISSING)
    ]


def test_flat_folder(submitted):
    put(submitted, "ana.ipynb", "bo.py", "ana.py", "notes.txt")
    listing = find_submissions(submitted, NAMES, ["twice"])
    assert taken(listing) == [("ana", "twice", "ana.ipynb"), ("bo", "twice", "bo.py")]
    assert reasons(listing) == {"ana.py": "ana.ipynb is this student's submission", "notes.txt": "not a notebook"}


def test_a_flat_folder_needs_the_assignments_name(submitted):
    put(submitted, "ana.ipynb")
    listing = find_submissions(submitted, NAMES)
    assert not listing.found
    assert "--assignment" in reasons(listing)["ana.ipynb"]


def test_a_stray_notebook_does_not_make_a_folder_flat(submitted):
    hand_in(submitted, {"ana": RIGHT})
    put(submitted, "solution.ipynb")
    listing = find_submissions(submitted, NAMES, ["twice"])
    assert taken(listing) == [("ana", "twice", "twice.ipynb")]
    assert "solution.ipynb" in reasons(listing)


def test_a_single_file(submitted):
    put(submitted, "ana.ipynb")
    assert taken(find_submissions(submitted / "ana.ipynb", NAMES, ["twice"])) == [("ana", "twice", "ana.ipynb")]
    with pytest.raises(OutputError, match="--assignment"):
        find_submissions(submitted / "ana.ipynb", NAMES)


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        (["twice.ipynb", "twice.es.ipynb", "other.ipynb"], "twice.ipynb"),
        (["other.ipynb", "twice.es.ipynb", "twice.py"], "twice.es.ipynb"),
        (["Mi tarea (final).ipynb", "data.csv", "helper.py"], "Mi tarea (final).ipynb"),
        (["helper.py", "twice.py"], "twice.py"),
        (["answer.py"], "answer.py"),
    ],
)
def test_which_of_several_files(submitted, files, chosen):
    put(submitted / "ana" / "twice", *files)
    listing = find_submissions(submitted, NAMES, ["twice"])
    assert taken(listing) == [("ana", "twice", chosen)]
    assert set(reasons(listing)) == set(files) - {chosen}
    notebooks = [name for name in files if name.endswith((".ipynb", ".py")) and name != chosen]
    assert [note.split(" was")[0] for note in listing.found[0].notes] == sorted(notebooks)


def test_two_notebooks_without_a_preferred_one(submitted):
    put(submitted / "ana" / "twice", "a.ipynb", "b.ipynb")
    listing = find_submissions(submitted, NAMES, ["twice"])
    assert not listing.found
    (absent,) = listing.absent
    assert absent.status is Status.ERROR
    assert "a.ipynb, b.ipynb" in absent.reason
    assert "twice.ipynb" in absent.reason


def test_links_are_never_followed(submitted, tmp_path):
    secret = put(tmp_path / "secret", "twice.ipynb")
    put(tmp_path / "eve" / "twice", "twice.ipynb")
    (submitted / "eve").symlink_to(tmp_path / "eve")
    (submitted / "mallory").mkdir()
    (submitted / "mallory" / "twice").symlink_to(secret)
    put(submitted / "trudy" / "twice")
    (submitted / "trudy" / "twice" / "twice.ipynb").symlink_to(secret / "twice.ipynb")
    (submitted / "loop").symlink_to(submitted)
    listing = find_submissions(submitted, NAMES, ["twice"])
    assert not listing.found
    assert [absent.student for absent in listing.absent] == ["mallory", "trudy"]
    assert "symbolic link" in listing.absent[1].reason
    assert set(reasons(listing).values()) == {"a symbolic link"}
    with pytest.raises(OSError, match=r"symbolic|loop"):
        read_bounded(submitted / "trudy" / "twice" / "twice.ipynb")


def test_pipes_and_sockets_do_not_block(submitted):
    folder = put(submitted / "ana" / "twice")
    os.mkfifo(folder / "twice.ipynb")
    listing = find_submissions(submitted, NAMES, ["twice"])
    assert reasons(listing) == {"twice.ipynb": "neither a file nor a folder"}
    assert listing.absent[0].status is Status.MISSING
    with pytest.raises(OSError, match="regular"):
        read_bounded(folder / "twice.ipynb")


ODD = [
    "with space",
    " leading",
    "-rf",
    "=1+1",
    "ñandú 学生 🎓",
    "line\nbreak",
    "tab\tbell\x07",
    "..a",
    "...",
    "%2e%2e",
    "a" * 255,
    "ñ" * 127,
    "Ana",
    "ANA",
    "jose\u0301",
    "jos\u00e9",
    "CON",
    "~",
    "*",
]


def test_odd_names_are_all_accounted_for(submitted):
    hand_in(submitted, dict.fromkeys(ODD, RIGHT))
    listing = find_submissions(submitted, NAMES, ["twice"])
    hidden = {"..a", "..."}
    assert {found.student for found in listing.found} == set(ODD) - hidden
    assert set(reasons(listing)) == hidden


def test_names_that_are_not_valid_unicode(submitted):
    odd = os.fsdecode(b"caf\xe9")
    hand_in(submitted, {odd: RIGHT})
    listing = find_submissions(submitted, NAMES)
    assert not listing.found
    assert reasons(listing) == {"caf\\udce9": "its name is not valid UTF-8: rename it"}


def test_an_unknown_assignment_suggests_a_similar_name(submitted):
    hand_in(submitted, {"ana": RIGHT}, assignment="Twice")
    listing = find_submissions(submitted, NAMES, ["twice"])
    assert reasons(listing)["Twice"].endswith("did you mean twice?")
    assert listing.absent[0].status is Status.MISSING


def test_hidden_folders_are_ignored(submitted):
    hand_in(submitted, {"ana": RIGHT})
    put(submitted / "ana" / "twice" / ".ipynb_checkpoints", "twice-checkpoint.ipynb")
    put(submitted / ".git", "config")
    listing = find_submissions(submitted, NAMES, ["twice"])
    assert reasons(listing) == {".git": "hidden", ".ipynb_checkpoints": "hidden"}


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(OutputError, match="no folder"):
        find_submissions(tmp_path / "nowhere", NAMES)


def test_reading_stops_one_byte_after_the_limit(submitted):
    path = submitted / "large.ipynb"
    path.write_bytes(notebook("x" * 1000))
    assert len(read_bounded(path, 100)) == 101
