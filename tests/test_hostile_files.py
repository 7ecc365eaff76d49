"""Files that no student should hand in: links, devices, odd names, and contents that attack whoever reads them."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import hostile_support as support
import pytest
from hostile_support import Graded, Place

from autograder.report import Report, Status

BOUND_SECONDS = 90
MOST_MEMORY = 1 << 30
SECRET = "CANARY-SECRET-" + "3" * 50

ODD_NAMES = (
    "=cmd|' calc'!A0",
    "@SUM(A1)",
    "-rf",
    "--force",
    "a\nb,c\r\n=1",
    "\x1b[2Jgone",
    "\u202etxt.exe",
    "%2e%2e%2fetc",
    "[bold]red",
    "{0.__class__}",
    "CON",
    "x" * 250,
    "ñandú 🦙",
    "a'; DROP TABLE student; --",
    "~",
)


def _deep(opening: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(opening * 200_000)


def _json(**changes: object) -> Callable[[Path], None]:
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [], **changes}
    return lambda path: path.write_text(json.dumps(whole))


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"nbformat": 4, "cells": [')
        file.truncate(70 << 20)


def _cell(**changes: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": "x = 1", **changes}


BOMB = "\n".join(
    ["# ---", "# a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    + [f"# {new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    + ["# ---", "", "# %%", "x = 1", ""]
)
TAGGED = "# ---\n# jupyter: !!python/object/apply:os.system ['touch {out}/autograder_was_here']\n# ---\n\n# %%\nx = 1\n"

# name -> (ending, how the file is made)
CONTENTS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "empty": ("ipynb", lambda path: path.touch()),
    "not-json": ("ipynb", lambda path: path.write_bytes(b"\x7fELF\0\xff\xfe" * 1000)),
    "zip": ("ipynb", lambda path: path.write_bytes(b"PK\x03\x04" + bytes(1000))),
    "deep-lists": ("ipynb", _deep("[")),
    "deep-objects": ("ipynb", _deep('{"a":')),
    "a-list": ("ipynb", lambda path: path.write_text("[[], 1, null]")),
    "constants": ("ipynb", lambda path: path.write_text('{"nbformat": NaN, "cells": Infinity, "metadata": -Infinity}')),
    "long-number": ("ipynb", lambda path: path.write_text('{"nbformat": ' + "9" * 100_000 + ', "cells": []}')),
    "small-number": ("ipynb", lambda path: path.write_text('{"nbformat": 1e-999999999, "cells": []}')),
    "twice": ("ipynb", lambda path: path.write_text('{"cells": [], "cells": 5, "nbformat": 4, "nbformat": "x"}')),
    "utf-16": ("ipynb", lambda path: path.write_bytes('{"cells": []}'.encode("utf-16"))),
    "surrogates": ("ipynb", _json(cells=[_cell(source="x = '\ud800'", id="\udfff")], metadata={"\ud800": 1})),
    "version-3": ("ipynb", _json(nbformat=3, worksheets=[{"cells": [_cell(input="x", language="bash")]}])),
    "version-99": ("ipynb", _json(nbformat=99, nbformat_minor=-5)),
    "cells-of-nothing": ("ipynb", _json(cells=[None, 5, "x", [], {}, {"cell_type": 7}, _cell(cell_type="\0")])),
    "source-of-everything": (
        "ipynb",
        _json(cells=[_cell(source=s) for s in (None, 5, {}, [1, ["x"]], ["a"] * 9)]),
    ),
    "metadata-of-everything": ("ipynb", _json(cells=[_cell(metadata=m) for m in (None, 5, [], "x", {"tags": 5})])),
    "attachments": ("ipynb", _json(cells=[_cell(cell_type="markdown", attachments={"../../x": {"a/b": "!"}})])),
    "oversized": ("ipynb", _sparse),
    "million-keys": ("ipynb", _json(metadata={str(i): i for i in range(300_000)})),
    "yaml-bomb": ("py", lambda path: path.write_text(BOMB)),
    "yaml-tag": ("py", lambda path: path.write_text(TAGGED.format(out=path.parent))),
    "nul-script": ("py", lambda path: path.write_bytes(b"# %%\nx = 1\0\n")),
    "latin-script": (
        "py",
        lambda path: path.write_bytes("# -*- coding: latin-1 -*-\n# %%\nx = 'ñ'\n".encode("latin-1")),
    ),
    "odd-coding": ("py", lambda path: path.write_bytes(b"# -*- coding: zip_codec -*-\n# %%\nx = 1\n")),
}


def _symlink(folder: Path, place: Place) -> None:
    (folder / "softmax.ipynb").symlink_to(place.course / "solutions" / "softmax" / "softmax.py")


def _symlink_to_neighbour(folder: Path, place: Place) -> None:
    (folder / "softmax.ipynb").symlink_to(place.submitted / "neighbour" / "softmax" / "softmax.ipynb")


def _device(folder: Path, place: Place) -> None:
    (folder / "softmax.ipynb").symlink_to("/dev/zero")


def _fifo(folder: Path, place: Place) -> None:
    os.mkfifo(folder / "softmax.ipynb")


def _socket(folder: Path, place: Place) -> None:
    end = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(folder)  # a path in a socket address holds 107 bytes
    try:
        end.bind("softmax.ipynb")
    finally:
        os.chdir(here)
        end.close()


def _folder(folder: Path, place: Place) -> None:
    (folder / "softmax.ipynb").mkdir()


def _loop(folder: Path, place: Place) -> None:
    (folder / "softmax.ipynb").symlink_to("softmax.ipynb")


KINDS = {
    "link": _symlink,
    "link-to-neighbour": _symlink_to_neighbour,
    "device": _device,
    "fifo": _fifo,
    "socket": _socket,
    "folder": _folder,
    "loop": _loop,
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("files"))
    place.make(SECRET)
    return place


@pytest.fixture(scope="module")
def graded(place: Place) -> Graded:
    honest = support.notebook([(cell, {}) for cell in support.reference_cells()])
    place.submit("neighbour", honest)
    for name in ODD_NAMES:
        place.submit(name, honest)
    for name, (ending, make) in CONTENTS.items():
        folder = place.submit(name, b"").parent
        (folder / "softmax.ipynb").unlink()
        make(folder / f"softmax.{ending}")
    for name, kind in KINDS.items():
        folder = place.submitted / name / "softmax"
        folder.mkdir(parents=True)
        kind(folder, place)
    Path(os.fsdecode(os.fsencode(place.submitted) + b"/not-\xff-text/softmax")).mkdir(parents=True)
    (place.submitted / "linked-student").symlink_to(place.submitted / "neighbour")
    place.submit("zz-last", honest)
    place.remember()
    return support.grade(place, "best", BOUND_SECONDS)


def _of(graded: Graded, student: str) -> Report:
    assert graded.reports, graded.console[-2000:]
    return next(report for report in graded.reports.values() if report.student == student)


@pytest.mark.parametrize("name", ["neighbour", *ODD_NAMES, "zz-last"], ids=ascii)
def test_an_honest_submission_under_any_name_is_graded(graded: Graded, name: str) -> None:
    assert _of(graded, name).score == 18


@pytest.mark.parametrize("name", CONTENTS)
def test_contents_cost_their_author_only(graded: Graded, name: str) -> None:
    report = _of(graded, name)
    assert report.status in (Status.GRADED, Status.PENDING), report.reason
    assert report.score == 0
    assert report.reason


@pytest.mark.parametrize("name", KINDS)
def test_what_is_no_file_is_not_followed(graded: Graded, name: str) -> None:
    report = _of(graded, name)
    assert (report.status, report.score) == (Status.MISSING, None)
    assert report.reason


def test_the_batch_ends_in_good_order(graded: Graded, place: Place) -> None:
    assert graded.exit_code == 0, graded.console[-2000:]
    assert graded.seconds < BOUND_SECONDS
    assert graded.most_memory < MOST_MEMORY
    assert graded.survivors == graded.planted == []
    assert place.changed() == set()
    assert "linked-student" not in {report.student for report in graded.reports.values()}
    assert "CANARY" not in "".join([*graded.texts.values(), graded.table, graded.log])


def test_the_table_and_the_console_hold_no_formula_and_no_control_character(graded: Graded) -> None:
    rows = list(csv.reader(io.StringIO(graded.table, newline="")))
    assert {len(row) for row in rows} == {7}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert len(rows) == 1 + len(graded.reports)
    assert not [char for char in graded.console if not char.isprintable() and char != "\n"]
