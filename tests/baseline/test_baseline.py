"""TensorFlow's results: asked, recorded, read by hidden tests, verified, computed live."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner, Result

from autograder.baseline import cases, recording
from autograder.baseline.archive import Baseline, Provenance, read_baseline, write_baseline
from autograder.baseline.compute import generator, named_arrays
from autograder.baseline.recording import Device, compute, is_stale, live
from autograder.cli import main
from autograder.errors import BaselineError
from autograder.grading.fixtures import FixtureSource
from autograder.grading.tolerances import compare_arrays

_INSTALLED = importlib.util.find_spec("tensorflow") is not None
with_tensorflow = pytest.mark.skipif(not _INSTALLED, reason="needs TensorFlow: pip install 'nn-autograder[tensorflow]'")

ORIGIN = Provenance(
    format_version=1,
    assignment="double",
    device="CPU",
    devices=("/device:CPU:0",),
    hardware="some processor",
    tensorflow="2.21.0",
    keras="3.0",
    cuda=None,
    cudnn=None,
    deterministic=True,
    numpy="2.0",
    python="3.11",
    platform="somewhere",
    seed=1,
    source_sha256="0" * 64,
    date="2026-01-02T03:04:05+00:00",
)
ARRAYS = {
    "pairs/float64/x": np.array([[1.0, 2.0], [3.0, 4.0]]),
    "pairs/float64/twice": np.array([[2.0, 4.0], [6.0, 8.0]]),
    "pairs/float64/n": np.array(2),
    "pairs/float32/x": np.array([1.0, 2.0], dtype=np.float32),
}

SOLUTION = """\
# %%
import numpy as np

# %% question="double"
def double(x):
    ### BEGIN SOLUTION
    return 2.0 * np.asarray(x, dtype=float)
    ### END SOLUTION
"""
GRADER = '''\
import sys

import pytest
from autograder.grading import expect

@pytest.mark.question("double")
@pytest.mark.points(2)
def test_values(student, baseline):
    """Doubles every number."""
    c = baseline("pairs")
    expect.close(student.double(c.x), c.twice)
    if "tensorflow" in sys.modules:
        raise RuntimeError("TensorFlow is where grading runs")
'''
CASES = """\
from autograder.baseline import case

@case
def pairs(tf, rng, dtype):
    x = rng.normal(size=(3, 2)).astype(dtype)
    return {"x": x, "twice": tf.constant(x) * 2, "n": 2}

@case
def row(tf, rng, dtype):
    print("a case may print")
    return {"x": tf.keras.layers.Dense(2, kernel_initializer="ones")(rng.normal(size=(1, 3)))}
"""
COURSE = """\
format_version: 1
course: {id: c, title: {en: C}}
languages: [en]
secret: file:.autograder-secret
assignments: [{name: double}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An assignment in a course of its own: solution, grader and cases, nothing recorded."""
    return write_course(tmp_path)


def write_course(root: Path) -> Path:
    folder = root / "solutions" / "double"
    folder.mkdir(parents=True)
    (folder / "double.py").write_text(SOLUTION)
    (folder / "test_double.py").write_text(GRADER)
    (folder / "baseline.py").write_text(CASES)
    (root / "course.yml").write_text(COURSE)
    return folder


@pytest.fixture
def recorded(folder: Path) -> Path:
    """The same with a record, written by hand."""
    write_baseline(folder / "baseline.npz", ARRAYS, ORIGIN)
    return folder


def invoke(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def plain_pytest(folder: Path, *options: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout + done.stderr


def test_importing_the_marker_of_cases_loads_nothing_heavy():
    code = (
        "import sys, autograder.baseline;"
        "print([m for m in ('numpy', 'tensorflow', 'msgspec', 'pytest') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_cases_are_found_in_their_order(folder):
    found = cases.load_cases(folder)
    assert list(found.functions) == ["pairs", "row"]
    assert found.sha256 == cases.source_hash(folder)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (None, "does not exist, so there is nothing to ask"),
        ("x = 1\n", "holds no case. Put @case over a function"),
        ("1 / 0\n", "cannot be imported: ZeroDivisionError"),
        ("def (:\n", "cannot be imported: SyntaxError"),
    ],
)
def test_a_file_without_usable_cases(folder, source, reason):
    path = folder / "baseline.py"
    path.unlink() if source is None else path.write_text(source)
    with pytest.raises(BaselineError, match=reason):
        cases.load_cases(folder)


def test_each_case_has_random_numbers_of_its_own():
    assert generator("a").random() == generator("a").random() != generator("b").random()


def test_what_a_case_returns_becomes_arrays():
    named = dict(named_arrays("c", {"x": [1, 2], "loss": 0.5, "flag": np.bool_(True), "y": np.float32(1)}))
    assert {name: (array.shape, array.dtype.kind) for name, array in named.items()} == {
        "x": ((2,), "i"),
        "loss": ((), "f"),
        "flag": ((), "b"),
        "y": ((), "f"),
    }


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (None, "case 'c' returned NoneType; return a dict"),
        ({}, "return a dict"),
        ({"a b": 1}, "calls an array 'a b'; use a name"),
        ({"_a": 1}, "calls an array '_a'"),
        ({1: 1}, "calls an array 1"),
        ({"a": "text"}, "a has dtype <U4; real numbers"),
        ({"a": [None]}, "a has dtype object"),
        ({"a": 1j}, "a has dtype complex128"),
    ],
)
def test_what_a_case_may_not_return(result, reason):
    with pytest.raises(BaselineError, match=reason):
        dict(named_arrays("c", result))


def test_what_is_written_is_read(recorded):
    baseline = read_baseline(recorded / "baseline.npz")
    assert baseline.provenance == ORIGIN
    assert baseline.cases == ("pairs",)
    assert list(baseline.arrays) == list(ARRAYS)
    for key, array in ARRAYS.items():
        np.testing.assert_array_equal(baseline.arrays[key], array, strict=True)


def test_a_record_is_plain_numpy(recorded):
    with np.load(recorded / "baseline.npz", allow_pickle=False) as members:
        assert json.loads(members["provenance"].tobytes())["device"] == "CPU"
        assert members["pairs/float64/twice"][1, 1] == 8.0


def test_the_same_results_give_the_same_bytes(tmp_path):
    one, two, other = (tmp_path / name for name in ("one.npz", "two.npz", "other.npz"))
    write_baseline(one, ARRAYS, ORIGIN)
    write_baseline(two, {key: np.array(array, order="F") for key, array in ARRAYS.items()}, ORIGIN)
    write_baseline(other, ARRAYS, msgspec.structs.replace(ORIGIN, date="2027-01-01T00:00:00+00:00"))
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as a, zipfile.ZipFile(other) as b:
        differing = [name for name in a.namelist() if a.read(name) != b.read(name)]
        assert {(m.date_time, m.create_system) for m in a.infolist()} == {((1980, 1, 1, 0, 0, 0), 3)}
    assert differing == ["provenance.npy"]
    assert read_baseline(one).digest == read_baseline(other).digest
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.npz", "other.npz", "two.npz"]


def test_the_digest_follows_every_result(tmp_path):
    digests = {Baseline(tmp_path, {**ARRAYS, **change}, ORIGIN).digest for change in changes()}
    assert len(digests) == len(changes())


def changes() -> list[dict[str, np.ndarray]]:
    x = ARRAYS["pairs/float64/x"]
    return [{}, {"pairs/float64/x": x + 1e-15}, {"pairs/float64/x": x.reshape(4)}, {"pairs/float64/z": x}]


def test_a_case_gives_its_arrays_as_attributes(recorded):
    baseline = read_baseline(recorded / "baseline.npz")
    assert baseline("pairs").twice[1, 1] == 8.0
    assert baseline("pairs").n == 2
    assert baseline("pairs").x.dtype == np.float64
    assert baseline("pairs", dtype="float32").x.dtype == np.float32
    assert baseline("pairs") is baseline("pairs")


def test_one_students_test_cannot_change_the_record_for_the_next(recorded):
    found = read_baseline(recorded / "baseline.npz")("pairs")
    with pytest.raises(ValueError, match="read-only"):
        found.x[0, 0] = 5.0
    with pytest.raises(BaselineError, match="copy the array 'x' instead"):
        found.x = np.zeros(2)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (
            lambda b: b("pair"),
            "no case 'pair' in 'float64'; there are the cases pairs .*`autograder baseline record double`",
        ),
        (lambda b: b("pairs", dtype="float16"), "no case 'pairs' in 'float16'"),
        (lambda b: b("pairs").z, "case 'pairs' gives no 'z', but: n, twice, x"),
    ],
)
def test_what_is_not_recorded_is_named(recorded, ask, reason):
    baseline = read_baseline(recorded / "baseline.npz")
    with pytest.raises(BaselineError, match=reason):
        ask(baseline)


@pytest.mark.parametrize("damage", ["cut", "text", "empty", "no provenance", "objects", "lacking"])
def test_a_damaged_record_says_how_to_renew_it(recorded, damage):
    path = recorded / "baseline.npz"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage in ("text", "empty"):
        path.write_text("no zip" if damage == "text" else "")
    elif damage == "no provenance":
        np.savez(path, **{"pairs/float64/x": np.zeros(2)})
    elif damage == "objects":
        np.savez(path, provenance=np.array([{}], dtype=object))
    else:
        np.savez(path, provenance=np.frombuffer(b'{"format_version": 1}', dtype=np.uint8))
    with pytest.raises(BaselineError, match="Record it again with `autograder baseline record double`"):
        read_baseline(path)


def test_a_record_of_a_newer_format_asks_for_an_update(recorded):
    path = recorded / "baseline.npz"
    write_baseline(path, ARRAYS, msgspec.structs.replace(ORIGIN, format_version=2))
    with pytest.raises(BaselineError, match=r"its format is 2, .* Update it: pip install"):
        read_baseline(path)


def test_a_folder_that_cannot_be_written_to(tmp_path):
    with pytest.raises(BaselineError, match="cannot be written"):
        write_baseline(tmp_path / "nowhere" / "baseline.npz", ARRAYS, ORIGIN)


def problems(new: dict[str, np.ndarray]) -> list[str]:
    return [difference.problem for difference in compare_arrays(OLD, {**OLD, **new}) if difference.problem]


OLD = {
    "c/float64/a": np.array([1.0, 1000.0, np.inf]),
    "c/float32/a": np.array([1.0, 1000.0], dtype=np.float32),
    "c/float64/y": np.array([1, 2]),
    "c/float64/accuracy": np.array(0.9),
    "c/float32/losses": np.array([2.0, 1.0]),
    "c/float64/losses": np.array([2.0, 1.0]),
    "c/float32/y": np.array([1, 2]),
    "c/float64/narrow": np.array([2.0, 1.0], dtype=np.float32),
}


@pytest.mark.parametrize(
    ("key", "array", "problem"),
    [
        ("c/float64/a", np.array([1.0 + 1e-11, 1000.0 + 1e-8, np.inf]), ""),
        ("c/float64/a", np.array([1.0 + 1e-7, 1000.0, np.inf]), "too far"),
        ("c/float64/a", np.array([1.0, 1000.0, 5.0]), "nan or infinity in other places"),
        ("c/float64/a", np.array([1.0, np.nan, np.inf]), "nan or infinity in other places"),
        ("c/float64/a", np.array([1.0, 1000.0]), "was float64 of shape (3,), is float64 of shape (2,)"),
        ("c/float32/a", np.array([1.0001, 1000.01], dtype=np.float32), ""),
        ("c/float32/a", np.array([1.01, 1000.0], dtype=np.float32), "too far"),
        ("c/float32/a", np.array([1.0, 1000.0]), "was float32 of shape (2,), is float64 of shape (2,)"),
        ("c/float64/y", np.array([1, 3]), "too far"),
        ("c/float64/accuracy", np.array(0.895), ""),
        ("c/float64/accuracy", np.array(0.85), "too far"),
        ("d/float64/a", np.array([1.0]), "not recorded"),
        # Computed in float32, stored as float64: float32's tolerance, whichever of the two names says so.
        ("c/float32/losses", np.array([2.0 + 3e-7, 1.0 - 1.5e-7]), ""),
        ("c/float32/losses", np.array([2.0002, 1.0]), "too far"),
        ("c/float64/losses", np.array([2.0 + 3e-7, 1.0 - 1.5e-7]), "too far"),
        ("c/float32/y", np.array([1, 3]), "too far"),
        ("c/float64/narrow", np.array([2.0 + 3e-7, 1.0], dtype=np.float32), ""),
        ("c/float64/narrow", np.array([2.0002, 1.0], dtype=np.float32), "too far"),
    ],
)
def test_what_counts_as_agreement(key, array, problem):
    assert problems({key: array}) == ([problem] if problem else [])


def test_differences_are_measured_even_where_they_do_no_harm():
    new = {**OLD, "c/float64/a": np.array([1.0, 1000.0 + 2e-9, np.inf])}
    found = {(each.dtype, each.array): each for each in compare_arrays(OLD, new)}["float64", "a"]
    assert found.absolute == pytest.approx(2e-9, rel=1e-3)
    assert found.relative == pytest.approx(2e-12, rel=1e-3)
    assert problems({}) == []


def test_what_is_no_longer_computed_is_named():
    found = compare_arrays(OLD, {key: array for key, array in OLD.items() if key != "c/float64/y"})
    assert [(each.array, each.problem) for each in found if each.problem] == [("y", "no longer computed")]


def test_a_hidden_test_reads_the_record(recorded):
    code, text = plain_pytest(recorded)
    assert code == 0, text


def test_a_hidden_test_that_asks_for_an_unknown_case_says_what_to_do(recorded):
    grader = recorded / "test_double.py"
    grader.write_text(grader.read_text().replace('baseline("pairs")', 'baseline("paris")'))
    code, text = plain_pytest(recorded)
    assert code == 1
    assert "holds no case 'paris' in 'float64'; there are the cases pairs" in text


def test_another_file_can_take_the_place_of_the_record(recorded, tmp_path):
    write_baseline(tmp_path / "now.npz", {"pairs/float64/x": np.array([7.0])}, ORIGIN)
    fixtures = FixtureSource(b"secret", baselines={recorded: tmp_path / "now.npz"})
    assert fixtures.resources(recorded).baseline("pairs").x == [7.0]
    assert FixtureSource(b"secret").resources(recorded).baseline("pairs").n == 2


def test_a_record_knows_whether_its_cases_have_changed(recorded):
    origin = msgspec.structs.replace(ORIGIN, source_sha256=cases.source_hash(recorded))
    write_baseline(recorded / "baseline.npz", ARRAYS, origin)
    assert not is_stale(recorded, read_baseline(recorded / "baseline.npz"))
    (recorded / "baseline.py").write_text(CASES + "\n")
    assert is_stale(recorded, read_baseline(recorded / "baseline.npz"))


def test_verify_without_a_record(folder, tmp_path):
    result = invoke("baseline", "verify", "double", "--course", tmp_path)
    assert result.exit_code == 1
    assert "baseline.npz does not exist; record it with `autograder baseline record double`" in result.stderr


def test_an_unknown_assignment(folder, tmp_path):
    result = invoke("baseline", "record", "duoble", "--course", tmp_path)
    assert result.exit_code == 1
    assert "Did you mean double?" in result.stderr


def test_a_course_without_cases(folder, tmp_path):
    (folder / "baseline.py").unlink()
    result = invoke("baseline", "record", "--course", tmp_path)
    assert result.exit_code == 1
    assert "no assignment has a baseline.py" in result.stderr


@pytest.fixture
def no_tensorflow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide TensorFlow, if it is installed, from this process and from `plain_pytest`."""
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    (tmp_path / "no_tensorflow.py").write_text("import sys\n\nsys.modules['tensorflow'] = None\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no_tensorflow")


@pytest.mark.parametrize(
    "words", [("baseline", "record"), ("baseline", "verify"), ("grade", "in", "-o", "out", "--live-baseline")], ids=str
)
def test_without_tensorflow_the_error_names_what_to_install(recorded, tmp_path, monkeypatch, no_tensorflow, words):
    monkeypatch.chdir(tmp_path)
    submitted(tmp_path / "in")
    result = invoke(*words)
    assert result.exit_code == 1
    assert "TensorFlow is not installed in" in result.stderr
    assert "pip install 'nn-autograder[tensorflow]'" in result.stderr


def test_live_in_plain_pytest_without_tensorflow(recorded, no_tensorflow):
    code, text = plain_pytest(recorded, "--live-baseline")
    assert code == 4
    assert "ERROR: TensorFlow is not installed in" in text


def submitted(place: Path) -> None:
    target = place / "ana" / "double"
    target.mkdir(parents=True)
    (target / "double.py").write_text(SOLUTION)


def test_live_results_grade_a_class_and_count_for_the_cache(recorded, tmp_path, monkeypatch):
    def computed(folder: Path, out: Path, device: Device) -> None:
        write_baseline(out, ARRAYS, ORIGIN)

    monkeypatch.setattr(recording, "_compute", computed)
    submitted(tmp_path / "in")

    def counts(*options: str) -> tuple[int, int]:
        words = ["grade", tmp_path / "in", "-o", tmp_path / "out", "--course", tmp_path, "--workers", "1", "--json"]
        result = invoke(*words, *options)
        assert result.exit_code == 0, result.output
        summary = json.loads(result.stdout)
        return summary["graded"], summary["reused"]

    write_baseline(recorded / "baseline.npz", {**ARRAYS, "pairs/float64/n": np.array(3)}, ORIGIN)
    assert counts() == (1, 0)
    assert counts("--live-baseline") == (1, 0)
    assert counts("--live-baseline") == (0, 1)
    shutil.rmtree(tmp_path / "out")
    (recorded / "baseline.npz").unlink()
    assert counts("--live-baseline") == (1, 0)
    report = json.loads((tmp_path / "out/reports/double/ana.json").read_text())
    assert (report["status"], report["score"]) == ("graded", 2.0)


@pytest.fixture(scope="module")
def recorded_by_tensorflow(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A record that TensorFlow made, and what the command printed; starting TensorFlow takes seconds."""
    root = tmp_path_factory.mktemp("recorded")
    folder = write_course(root)
    return folder, invoke("baseline", "record", "--course", root, "--device", "cpu")


@with_tensorflow
def test_a_record_says_where_its_numbers_come_from(recorded_by_tensorflow):
    folder, result = recorded_by_tensorflow
    assert result.exit_code == 0, result.output
    path = folder / "baseline.npz"
    assert f"{path}: 2 cases on CPU (TensorFlow " in result.stdout
    baseline = read_baseline(path)
    assert baseline.provenance.device == "CPU"
    assert all(place.endswith("device:CPU:0") for place in baseline.provenance.devices)
    assert baseline.provenance.cuda is baseline.provenance.cudnn is None
    assert baseline.provenance.deterministic
    assert baseline("row").x.dtype == np.float64, "Keras computes in the dtype that was asked for"
    np.testing.assert_allclose(baseline("pairs", dtype="float32").x, baseline("pairs").x, rtol=1e-6)


@with_tensorflow
def test_recording_again_gives_the_same_numbers_and_leaves_the_file(recorded_by_tensorflow):
    folder, _ = recorded_by_tensorflow
    before = (folder / "baseline.npz").read_bytes()
    again = invoke("baseline", "record", f"{folder}/", "--device", "cpu")
    assert again.stdout.endswith(", unchanged\n")
    assert (folder / "baseline.npz").read_bytes() == before


@with_tensorflow
def test_verify_a_record(recorded_by_tensorflow):
    folder, _ = recorded_by_tensorflow
    verified = invoke("baseline", "verify", "double", "--course", folder.parent.parent)
    assert verified.exit_code == 0, verified.output
    assert "8 of 8 arrays agree" in verified.stdout
    assert "->" not in verified.stdout


@with_tensorflow
def test_verify_names_what_differs_and_that_the_cases_have_changed(recorded_by_tensorflow, tmp_path, monkeypatch):
    folder = write_course(tmp_path)
    shutil.copy(recorded_by_tensorflow[0] / "baseline.npz", folder)
    (folder / "baseline.py").write_text(CASES.replace("* 2,", "* 3,"))
    fresh = compute(folder, Device.CPU)
    monkeypatch.setattr(recording, "compute", lambda folder, device: fresh)
    result = invoke("baseline", "verify", "double", "--course", tmp_path)
    assert result.exit_code == 1
    breach = next(line for line in result.stdout.splitlines() if "pairs float64 twice" in line)
    assert "relative 5.0e-01  BREACH: too far" in breach
    assert "6 of 8 arrays agree" in result.stdout
    assert "baseline.py has changed since it was recorded: autograder baseline record double" in result.stdout
    as_json = json.loads(invoke("baseline", "verify", "double", "--course", tmp_path, "--json").stdout)
    assert (as_json["holds"], as_json["assignments"][0]["stale"]) == (False, True)


@with_tensorflow
def test_a_gpu_is_never_claimed(folder):
    result = invoke("baseline", "record", f"{folder}/", "--device", "gpu")
    if result.exit_code:
        assert "sees no GPU, only CPU:0" in result.stderr
    else:
        origin = read_baseline(folder / "baseline.npz").provenance
        assert origin.device == "GPU"
        assert all("device:GPU" in place for place in origin.devices)
        assert origin.cuda


@with_tensorflow
def test_a_case_that_fails_is_named_with_its_line(folder):
    (folder / "baseline.py").write_text(CASES.replace("tf.constant(x) * 2", "tf.constant(x) @ tf.ones((5, 5), dtype)"))
    with pytest.raises(BaselineError, match=r"baseline\.py:6: case 'pairs' in float64 raised InvalidArgumentError"):
        compute(folder, Device.CPU)


@with_tensorflow
def test_an_operation_without_a_deterministic_way_is_recorded_as_such(folder):
    (folder / "baseline.py").write_text(
        CASES.replace("print(", "tf.random.Generator.from_non_deterministic_state(), (")
    )
    assert not compute(folder, Device.CPU).provenance.deterministic


@with_tensorflow
def test_live_in_plain_pytest(folder):
    code, text = plain_pytest(folder, "--live-baseline")
    assert code == 0, text
    assert not (folder / "baseline.npz").exists()


@with_tensorflow
def test_live_results_are_gone_afterwards(folder):
    with live([folder, folder.parent]) as files:
        assert list(files) == [folder]
        path = files[folder]
        assert read_baseline(path).cases == ("pairs", "row")
    assert not path.exists()
