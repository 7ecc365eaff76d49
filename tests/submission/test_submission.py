"""Reading what students hand in: damaged notebooks beside what they come to, bounds, and whatever else bytes may be."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from make_notebooks import ONE, answer, code, files, notebook, text

from autograder.errors import SubmissionError
from autograder.i18n import render
from autograder.submission import Submission, read_submission
from autograder.submission.decoding import without_nan
from autograder.submission.model import MAX_CELL_BYTES, MAX_FILE_BYTES, MAX_REMARKS

SCENARIOS = Path(__file__).parents[1] / "scenarios" / "notebooks"
EXPECTED = json.loads((SCENARIOS / "expected.json").read_text(encoding="utf-8"))
ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
SLOW = settings(max_examples=300, deadline=2_000, suppress_health_check=[HealthCheck.too_slow])


def outcome(data: bytes, filename: str) -> dict[str, Any]:
    """Read a file as expected.json writes it: what is empty is left out."""
    try:
        found = read_submission(data, filename)
    except SubmissionError as error:
        return {"error": str(error)}
    parts = {"lang": found.lang, "assignment": found.assignment, "answers": found.answers, "notes": list(found.notes)}
    return {"cells": list(found.cells)} | {name: part for name, part in parts.items() if part}


def refusal(data: bytes, filename: str = "softmax.ipynb") -> str:
    """Read a file that must be refused; give the reason."""
    with pytest.raises(SubmissionError) as caught:
        read_submission(data, filename)
    return str(caught.value)


def encoded(*cells: Any, **changes: Any) -> bytes:
    return text(notebook(*cells, **changes)).encode()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_damaged_file_comes_to_what_is_expected(name):
    found, wanted = outcome((SCENARIOS / name).read_bytes(), name), EXPECTED[name]
    if "error_begins" in wanted:
        assert found["error"].startswith(wanted["error_begins"])
    else:
        assert found == wanted


def test_the_damaged_files_are_those_that_the_script_writes():
    written = {path.name: path.read_bytes() for path in SCENARIOS.iterdir() if path.name != "expected.json"}
    assert written == files()
    assert written.keys() == EXPECTED.keys()


@pytest.mark.parametrize("path", sorted(ASSIGNMENTS.rglob("*.ipynb")), ids=lambda path: path.name)
def test_what_students_get_is_read_whole(path):
    raw = json.loads(path.read_text(encoding="utf-8"))
    found = read_submission(path.read_bytes(), path.name)
    assert found.cells == tuple("".join(cell["source"]) for cell in raw["cells"] if cell["cell_type"] == "code")
    assert (found.assignment, found.lang) == (path.parent.name, "es" if path.name.endswith(".es.ipynb") else "en")
    assert found.answers.keys() == {"explain"}
    assert found.notes == ()


def test_a_notebook_is_read_without_the_libraries_of_jupyter(tmp_path):
    cells = [code(f"def f{number}(x):\n    return x") for number in range(30)]
    (tmp_path / "softmax.ipynb").write_bytes(encoded(*cells))
    program = (
        "import sys; from autograder.submission import read_submission;"
        "print(len(read_submission(open(sys.argv[1], 'rb').read(), 'softmax.ipynb').cells));"
        "print([name for name in ('nbformat', 'jsonschema', 'jupytext', 'IPython', 'numpy') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "softmax.ipynb")]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "30\n[]\n"


def test_the_language_of_the_metadata_comes_before_that_of_the_file_name():
    data = encoded(code(ONE), metadata={"autograder": {"lang": "en"}})
    assert read_submission(data, "softmax.es.ipynb").lang == "en"


@pytest.mark.parametrize("name", ["softmax.ipynb", "softmax.fr.ipynb", "es.ipynb", "", ".ipynb", "a/b.es/c.ipynb"])
def test_no_language_is_guessed(name):
    assert read_submission(encoded(code(ONE)), name).lang is None


def test_metadata_of_nbgrader_and_otter_pass():
    other = {"nbgrader": {"grade": True, "grade_id": "q1", "locked": False, "points": 3}, "otter": {"tests": ["q1"]}}
    data = encoded(code(ONE, **other), metadata={"otter": {"OK_FORMAT": True}, "celltoolbar": "Create Assignment"})
    assert outcome(data, "a.ipynb") == {"cells": [ONE]}


@pytest.mark.parametrize(
    ("kernel", "noted"),
    [("python3", False), ("conda-env-nn-py", False), ("xpython", False), ("pyodide", False), ("ir", True)],
)
def test_a_kernel_is_noted_if_it_is_not_pythons(kernel, noted):
    found = read_submission(encoded(code(ONE), metadata={"kernelspec": {"name": kernel}}), "a.ipynb")
    assert bool(found.notes) is noted


def test_remarks_are_bounded_printable_and_bilingual():
    kinds = [{"cell_type": f"kind{number}\x1b[2J\u202e" + "x" * 1000, "source": ""} for number in range(100)]
    notes = read_submission(encoded(*kinds, code(ONE)), "a.ipynb").notes_in("es")
    assert len(notes) == MAX_REMARKS + 1
    assert notes[0] == f"se omitieron las celdas del tipo desconocido kind0?[2J?{'x' * 30}"
    assert notes[-1] == "hay 80 notas más"
    assert all(note.isprintable() for note in notes)


def test_a_refusal_is_worded_in_spanish_with_its_parameters():
    with pytest.raises(SubmissionError) as caught:
        read_submission(b"%PDF-1.7", "a.ipynb")
    said = render(caught.value.template, caught.value.params, "es")
    assert said.startswith("el archivo es un documento PDF, no un cuaderno")


def test_nothing_is_run_or_parsed_as_python(tmp_path):
    source = f"open({str(tmp_path / 'ran')!r}, 'w')\n" + "(" * 100_000
    assert read_submission(encoded(code(source)), "a.ipynb").cells == (source,)
    assert read_submission(source.encode(), "a.py").cells == (source,)
    assert not (tmp_path / "ran").exists()


KB = MAX_CELL_BYTES >> 10


def test_a_cell_may_be_as_long_as_the_limit_and_no_longer():
    full = "ñ" * (MAX_CELL_BYTES // 2)
    assert read_submission(encoded(code(full)), "a.ipynb").cells == (full,)
    escaped = json.dumps(notebook(code(full))).encode()
    assert read_submission(escaped, "a.ipynb").cells == (full,)
    assert refusal(encoded(code("x"), code(full + "x"))).startswith(f"code cell 2 has more than {KB} KB")
    assert refusal(encoded(code("x" * 9 * MAX_CELL_BYTES))).startswith(f"code cell 1 has more than {KB} KB")


@pytest.mark.parametrize("length", [MAX_CELL_BYTES + 1, 9 * MAX_CELL_BYTES])
def test_an_answer_that_is_too_long_is_named(length):
    assert refusal(encoded(answer("explain", "x" * length))).startswith(f"the answer to explain has more than {KB} KB")


def test_all_cells_together_are_bounded():
    quarter = "x" * (MAX_CELL_BYTES - 1)
    assert len(read_submission(encoded(*[code(quarter)] * 4), "a.ipynb").cells) == 4
    assert refusal(encoded(*[code(quarter)] * 4, answer("explain", "12345"))).startswith(
        "the cells have more than 4 MB"
    )


def test_two_thousand_cells_are_read_and_one_more_is_not():
    assert len(read_submission(encoded(*[code("")] * 2000), "a.ipynb").cells) == 2000
    assert "more than 2000 cells" in refusal(encoded(*[code("")] * 2001))
    sheets = [{"cells": [code("")] * 1001}] * 2
    assert "more than 2000 cells" in refusal(json.dumps({"nbformat": 3, "worksheets": sheets}).encode())
    assert "more than 2000 cells" in refusal(b"# %%\nx = 1\n" * 2001, "a.py")


def test_the_size_of_the_file_is_bounded_and_the_remedy_is_to_clear_outputs():
    heavy = {**code(ONE), "outputs": [{"data": "x" * (MAX_FILE_BYTES - 1000)}]}
    data = encoded(heavy)
    assert read_submission(data.ljust(MAX_FILE_BYTES), "a.ipynb").cells == (ONE,)
    assert refusal(data.ljust(MAX_FILE_BYTES + 1)).startswith("the file has more than 20 MB: clear the outputs")


MANY = 10_000_000
HOSTILE = {
    "brackets": b"[" * MANY,
    "brackets in cells": b'{"cells":' + b"[" * MANY,
    "brackets around nothing": b'{"cells":[],"a":' + b"[" * MANY + b"]" * (MANY // 2),
    "objects": b'{"a":' * (MANY // 5),
    "tiny cells": b'{"cells":[' + b"{}," * (MANY // 3) + b"{}]}",
    "tiny worksheets": b'{"worksheets":[' + b"{}," * (MANY // 3) + b"{}]}",
    "tiny lines": b'{"cells":[{"cell_type":"code","source":[' + b'"a",' * (MANY // 4) + b'""]}]}',
    "NaN": b"[" + b"NaN," * (MANY // 4) + b"1]",
    "quotes": b"NaN" + b'"' * MANY,
    "half pairs": b'["' + rb"\ud800" * (MANY // 6),
    "backslashes": b'["' + b"\\" * MANY,
    "escapes": b'NaN"' + b'\\"' * (MANY // 2),
    "capitals": b"NI-" * (MANY // 3),
    "digits": b'{"cells":[],"nbformat":' + b"9" * MANY + b"}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_refused_or_read_in_bounded_time(name):
    started = time.process_time()
    with contextlib.suppress(SubmissionError):
        read_submission(HOSTILE[name], "a.ipynb")
    assert time.process_time() - started < 3  # it takes 0.3 s at most


SCRIPTS = {
    "blank lines": b"# %%\n" + b"\n" * 300_000,
    "quotes": b"# %%\n" + b"'\n" * 150_000,
    "one long line": b"# %%\n" + b"\\'\"" * 100_000,
    "headers": b"# ---\n" * 50_000 + b"# %%\n",
    "spaces": b" " * 300_000 + b"# %%",
    "brackets in a marker": b"# %% a=" + b"[" * 900 + b"\nx = 1\n",
    "yaml in a header": b"#  ---\n" + b"# - {a: [b, c]}\n" * 20_000 + b"#  ---\n# %%\nx = 1\n",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_hostile_scripts_are_refused_or_read_in_bounded_time(name):
    started = time.process_time()
    with contextlib.suppress(SubmissionError):
        read_submission(SCRIPTS[name], "a.py")
    assert time.process_time() - started < 15  # it takes 2 s at most, Jupytext's import among it


def test_no_yaml_of_a_student_is_ever_parsed():
    header = "# ---\n# jupyter: [\n# ---\N{NO-BREAK SPACE}"  # Jupytext takes this for a header, too
    assert read_submission(f"{header}\n# %%\nx = 1\n".encode(), "a.py").cells == (header, "x = 1")


def test_a_shebang_is_no_shell_command():
    script = "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\n# ---\n# jupyter: {}\n# ---\n\n# %%\nx = 1\n"
    assert read_submission(script.encode(), "a.py").cells == ("x = 1",)


def test_a_script_is_bounded_before_jupytext_sees_it():
    assert refusal(b"# %%\n" + b"x = 1\n" * 200_000, "a.py").startswith("the script has more than 1024 KB")


@given(st.binary(max_size=3000), st.sampled_from(["a.ipynb", "a.es.ipynb", "a.py", "a.txt", ""]))
@SLOW
def test_any_bytes_are_read_or_refused(data, filename):
    _read_or_refused(data, filename)


@given(st.text(max_size=1500), st.sampled_from(["# %%\n", "# %% [markdown]\n", "# ---\n", "", '{"nbformat": 4,']))
@SLOW
def test_any_script_is_read_or_refused(body, start):
    _read_or_refused((start + body).encode("utf-8", "surrogatepass"), "a.py")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.data())
@SLOW
def test_a_notebook_with_any_values_in_it_is_read_or_refused(data):
    ours = {"autograder": {"assignment": "softmax", "lang": "es"}, "kernelspec": {"name": "python3"}}
    document = notebook(code(ONE, autograder={"question": "one"}), answer("explain", "Because."), metadata=ours)
    spots = _spots(document)
    for _ in range(data.draw(st.integers(1, 4))):
        place, key = data.draw(st.sampled_from(spots))
        place[key] = data.draw(JSON)
    _read_or_refused(json.dumps(document).encode("utf-8", "surrogatepass"), "a.ipynb")


@given(st.randoms(use_true_random=False), st.integers(1, 8))
@SLOW
def test_a_notebook_with_changed_bytes_is_read_or_refused(chance, changes):
    data = bytearray((SCENARIOS / chance.choice(["spanish.ipynb", "utf16.ipynb", "cells.es.py"])).read_bytes())
    for _ in range(changes):
        _damage(data, chance)
    _read_or_refused(bytes(data), chance.choice(["a.ipynb", "a.py"]))


@given(JSON)
@example(["NaN", {"-Infinity": 'a"NaN\\'}, float("nan")])
@SLOW
def test_what_python_writes_becomes_json_and_strings_stay(value):
    written = json.dumps(value).encode()
    repaired = without_nan(written)
    wanted = json.dumps(json.loads(written, parse_constant=lambda name: None))
    assert json.dumps(json.loads(repaired)) == wanted


def _read_or_refused(data: bytes, filename: str) -> None:
    found = _found(data, filename)
    if isinstance(found, SubmissionError):
        assert str(found) == found.template.format(**found.params)
        assert str(found).isprintable()
        return
    assert isinstance(found, Submission)
    assert found.lang in (None, "en", "es")
    for part in (*found.cells, *found.answers, *found.answers.values()):
        part.encode()
        assert "\0" not in part
    assert all(note.isprintable() for lang in ("en", "es") for note in found.notes_in(lang))


def _found(data: bytes, filename: str) -> Submission | SubmissionError:
    try:
        return read_submission(data, filename)
    except SubmissionError as error:
        return error


def _spots(value: Any) -> list[tuple[Any, Any]]:
    """List every place inside a document that can be assigned to."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [spot for key in keys for spot in [(value, key), *_spots(value[key])]]


def _damage(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    part = bytes(chance.choice(b'{}[]",:\\\x00\xff\xd8#%-nN0 \n') for _ in range(chance.randrange(1, 4)))
    length = chance.choice([0, 1, 1, 2, 30])
    data[at : at + length] = part if chance.random() < 0.7 else data[: chance.randrange(60)]
