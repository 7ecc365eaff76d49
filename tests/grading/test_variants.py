"""Misconceptions and equivalents: loaded by path, with their texts and their source."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import GraderError
from autograder.grading.loading import load_module
from autograder.grading.variants import equivalents, misconceptions

EQUIVALENTS = '''\
import numpy as np
from autograder.grading import equivalent

def helper(x):
    return x

@equivalent("double")
def by_añadiendo(x, times=2):
    """This docstring
    is dropped."""
    if times == 0:
        return 0 * np.asarray(x)
    año = 1; return año * (np.asarray(x) + by_añadiendo(x, times - 1))
'''


def test_misconceptions_come_in_file_order_with_texts_in_both_languages(assignment: Path):
    found = misconceptions(assignment)
    assert [(variant.name, variant.target) for variant in found] == [
        ("squared", "double"),
        ("whole", "double"),
        ("mean", "total"),
    ]
    assert found[0].hint("en") == "The numbers are squared.\n\nDoubling adds a number to itself."
    assert found[0].hint("es").startswith("Los números se elevan al cuadrado.\n\nDuplicar")
    assert found[0].function(3) == 9


def test_an_equivalents_source_reads_as_the_students_own(assignment: Path):
    (assignment / "equivalents.py").write_text(EQUIVALENTS, encoding="utf-8")
    (variant,) = equivalents(assignment)
    source = variant.source()
    assert source.startswith("def double(x, times=2):\n    if times")
    assert "añadiendo" not in source
    namespace = {"np": np}
    exec(source, namespace)  # noqa: S102 - it is a few lines above
    assert namespace["double"](3.0) == 6.0


def test_an_assignment_may_have_neither(tmp_path: Path):
    assert misconceptions(tmp_path) == equivalents(tmp_path) == ()


def test_a_misconception_without_a_hint_is_refused_by_name(assignment: Path):
    path = assignment / "misconceptions.py"
    path.write_text(path.read_text().replace("    No dividas.\n", ""))
    with pytest.raises(GraderError, match="mean has no es title and hint"):
        misconceptions(assignment)


def test_files_of_the_same_name_do_not_meet(tmp_path: Path):
    folders = [tmp_path / name for name in ("a", "b")]
    path, modules = list(sys.path), set(sys.modules)
    for folder in folders:
        folder.mkdir()
        (folder / "numpy.py").write_text(f"where = {folder.name!r}\nprint('chatter')\n")
    assert [load_module(folder / "numpy.py").where for folder in folders] == ["a", "b"]
    assert sys.path == path
    assert not {name for name in set(sys.modules) - modules if not name.startswith("autograder_loaded_")}


def test_a_file_edited_within_the_same_second_is_read_anew(tmp_path: Path):
    path = tmp_path / "x.py"
    for number in range(3):
        path.write_text(f"number = {number}\n")
        assert load_module(path).number == number


def test_loading_prints_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "x.py").write_text("print('chatter')\n")
    load_module(tmp_path / "x.py")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("text", ["1 / 0", "def", "import nothing_of_this_name"])
def test_a_broken_file_is_named(tmp_path: Path, text: str):
    (tmp_path / "x.py").write_text(text)
    with pytest.raises(GraderError, match=r"x\.py cannot be imported: \w+Error"):
        load_module(tmp_path / "x.py")
    with pytest.raises(GraderError, match="does not exist"):
        load_module(tmp_path / "y.py")
