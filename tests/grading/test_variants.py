"""Misconceptions and equivalents: loaded by path, with their texts and their source."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_course import Grade

from autograder.errors import GraderError
from autograder.grading.loading import load_module
from autograder.grading.variants import Variant, equivalents, misconceptions

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


CHANGED = '''\
import numpy as np
from autograder.grading import misconception

def in_a_loop(x):
    """This docstring says range."""
    values = []
    for i in range(len(x)):
        values.append(2.0 * x[i])
    return np.array(values)

@misconception("double", {change})
def wrong():
    """A title.

    A hint.

    es: Un título.

    Una pista.
    """
'''


def changed(assignment: Path, change: str) -> Variant:
    (assignment / "misconceptions.py").write_text(CHANGED.replace("{change}", change), encoding="utf-8")
    (variant,) = misconceptions(assignment)
    return variant


def test_a_misconception_may_be_a_change_of_the_reference(assignment: Path):
    variant = changed(assignment, 'was="2.0 *", now="3.0 *"')
    assert variant.source() == "def double(x):\n    return 3.0 * np.asarray(x, dtype=float)"
    assert variant.function([1, 2]).tolist() == [3.0, 6.0]
    assert (variant.name, variant.target, variant.hint("en")) == ("wrong", "double", "A title.\n\nA hint.")


def test_it_may_change_several_places_and_another_right_function(assignment: Path):
    variant = changed(assignment, 'base=in_a_loop, was=("range(", "2.0"), now=("range(1, ", "3.0")')
    assert variant.source().startswith("def double(x):\n    values = []\n    for i in range(1, len(x)):")
    assert variant.function([1, 2]).tolist() == [6.0]


def test_a_change_is_named_like_any_other_misconception(assignment: Path, grade: Grade):
    changed(assignment, 'was="2.0 *", now="3.0 *"')
    (report,) = grade("def double(x): return [3.0 * v for v in x]\n")
    assert {test.misconception for test in report.questions[0].tests} == {"wrong", ""}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('was="4.0", now="3.0"', r"misconceptions\.py: wrong, which changes double of tiny\.py: '4\.0' occurs 0 times"),
        ('was="x", now="y"', r"'x' occurs 2 times there, and must occur once; quote the function as it is now"),
        ('was="", now="y"', r"'' occurs 0 times there"),
        ('was="range", now="list", base=missing', r"cannot be imported: NameError"),
        ('was=("2.0", "x, "), now="3.0"', r"was has 2 texts, now has 1; make them pairs"),
        ('was="2.0 *", now="2.0 *)"', r"wrong is no Python once changed: .*; correct was and now"),
        ('was="2.0 *", now="total(x) *"', r"wrong calls total of the solution, which may be wrong .* base=\.\.\."),
    ],
)
def test_a_change_that_does_not_apply_is_refused_with_the_remedy(assignment: Path, change: str, message: str):
    with pytest.raises(GraderError, match=message):
        changed(assignment, change)


def test_a_change_of_a_function_that_the_solution_lacks_is_refused(assignment: Path):
    source = CHANGED.replace("{change}", 'was="2.0", now="3.0"').replace('("double"', '("triple"')
    (assignment / "misconceptions.py").write_text(source, encoding="utf-8")
    with pytest.raises(GraderError, match=r"changes triple of tiny\.py: there is no such function; correct the name"):
        misconceptions(assignment)


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
