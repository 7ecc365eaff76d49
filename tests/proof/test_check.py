"""`autograder check` on a small course: green where all is sound, and one clear message for every fault."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from small_course import NAME, Quiet, replace, written

from autograder.baseline import archive
from autograder.baseline.cases import source_hash
from autograder.cli import main
from autograder.course import load_course
from autograder.errors import CourseError
from autograder.proof import Extent, ProofLine, Verdict, mutants, mutation, prove
from autograder.proof.files import prove_files, prove_listing
from autograder.proof.mutants import prove_mutants
from autograder.release.source import read_source, source_path

FOLDER = Path("solutions") / NAME


def check(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["check", "--course", str(root / "course.yml"), *words])


def hunt(root: Path) -> ProofLine:
    course = load_course(root / "course.yml")
    assignment = course.assignment(NAME)
    return prove_mutants(course, assignment, read_source(source_path(assignment.folder)), Quiet())


def said(line: ProofLine) -> list[str]:
    return [problem.what for problem in line.problems]


def test_a_sound_assignment_holds(tmp_path: Path) -> None:
    written(tmp_path)
    result = check(tmp_path, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["holds"]
    (proof,) = found["proofs"]
    assert [line["what"] for line in proof["lines"]] == [
        "languages",
        "released",
        "files",
        "starter",
        "solution",
        "equivalents",
        "misconceptions",
        "mutants",
    ]
    assert {line["verdict"] for line in proof["lines"]} == {"ok"}
    assert proof["lines"][-1]["detail"].endswith("killed, 0 listed with the reason why not")
    assert found["course"]["verdict"] == "ok"


def test_every_fault_is_named_with_the_next_command(tmp_path: Path) -> None:
    written(tmp_path)
    replace(
        tmp_path / FOLDER / "small_one.py",
        "    ### BEGIN SOLUTION\n    x = np.asarray(x, dtype=float)\n    return x + x\n    ### END SOLUTION",
        "    if x is None:\n        ### BEGIN SOLUTION\n        return None\n        ### END SOLUTION\n"
        "    x = np.asarray(x, dtype=float)\n    return x + x",
    )
    mistakes = tmp_path / FOLDER / "misconceptions.py"
    replace(mistakes, "return np.sum(x)", "return np.sum(x) / 2")
    replace(
        mistakes,
        "float) ** 2\n",
        "float) ** 2\n\n\n"
        + mistakes.read_text().partition("\n\n\n")[2].partition("\n\n\n")[0].replace("squared", "other"),
    )
    replace(tmp_path / FOLDER / "equivalents.py", "2.0 *", "2.1 *")
    (tmp_path / "assignments" / NAME / "notes.txt").touch()
    result = check(tmp_path, "--quick")
    assert result.exit_code == 1
    for words in (
        f"assignments/{NAME}/{NAME}.ipynb is not what the source now gives",
        f"-> run `autograder release {NAME} --to notebook`",
        f"assignments/{NAME}/notes.txt does not belong there",
        f"the starter in en already passes {NAME}::test_values: Doubles every number.",
        "put what it needs between solution markers in solutions/small-one/small_one.py",
        "not_halved loses nothing: no criterion notices it",
        f"other fails {NAME}::test_values, which is taken for squared",
        f"by_a_factor is right, but fails {NAME}::test_values: the shape is right",
        f"then run `autograder check {NAME} --quick`",
        f"1 of 1 do not hold: {NAME}",
    ):
        assert words in result.output


def test_a_solution_that_fails_its_own_tests_stops_the_rest(tmp_path: Path) -> None:
    written(tmp_path)
    replace(tmp_path / FOLDER / "test_small_one.py", "reference.half(x)", "reference.half(x) + 1")
    result = check(tmp_path, "--quick")
    assert result.exit_code == 1
    assert "fails on the reference solution" in result.output


def test_a_mutant_that_nobody_notices_is_shown_with_its_line_and_the_entry_to_write(tmp_path: Path) -> None:
    written(tmp_path)
    replace(tmp_path / FOLDER / "test_small_one.py", ", np.array([200, 100], dtype=np.uint8), [1, 2]", ", [1, 2]")
    line = hunt(tmp_path)
    assert line.verdict is Verdict.FAIL
    (problem,) = line.problems
    assert problem.what == (
        f"solutions/{NAME}/small_one.py:14: no test of double notices\n"
        "  - x = np.asarray(x, dtype=float)\n"
        "  + x = np.asarray(x)"
    )
    assert "`autograder check small-one`" in problem.remedy
    entry = problem.remedy.partition(":\n")[2].replace("'...'", "none")
    (tmp_path / FOLDER / mutants.FILE).write_text(entry)
    assert hunt(tmp_path).verdict is Verdict.OK


def test_an_entry_that_no_mutant_answers_to_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / FOLDER / mutants.FILE).write_text(
        "- {function: double, was: return x + x, now: return x - x, reason: r}"
    )
    assert said(hunt(tmp_path)) == [
        f"solutions/{NAME}/survivors.yml: double with `return x - x` for `return x + x` does not survive, "
        "or is no mutant now"
    ]


def test_a_listing_without_reasons_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / FOLDER / mutants.FILE).write_text("- {function: double, was: a, now: b, reason: ''}")
    with pytest.raises(CourseError, match=r"survivors\.yml.*reason"):
        hunt(tmp_path)


def test_without_cosmic_ray_the_mutants_are_not_taken_for_proven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    mutation._operators.cache_clear()
    monkeypatch.setitem(sys.modules, "cosmic_ray.operators.provider", None)
    line = hunt(tmp_path)
    assert line.verdict is Verdict.FAIL
    assert "pip install cosmic-ray" in line.problems[0].remedy
    assert "--quick" in line.problems[0].remedy


def test_files_that_do_not_belong_and_notebooks_that_are_missing(tmp_path: Path) -> None:
    course = written(tmp_path)
    (tmp_path / FOLDER / "old.py").touch()
    (tmp_path / "assignments" / NAME / f"{NAME}.es.ipynb").unlink()
    lines = {line.what: said(line) for line in prove_files(course, course.assignment(NAME))}
    assert lines == {
        "languages": [],
        "released": [f"assignments/{NAME}/{NAME}.es.ipynb does not exist"],
        "files": [f"solutions/{NAME}/old.py does not belong there"],
    }


def test_a_baseline_must_be_recorded_from_the_cases_as_they_are(tmp_path: Path) -> None:
    course = written(tmp_path)
    cases, record = tmp_path / FOLDER / "baseline.py", tmp_path / FOLDER / "baseline.npz"

    def baseline() -> list[str]:
        (line,) = (line for line in prove_files(course, course.assignment(NAME)) if line.what == "baseline")
        assert all(problem.remedy == f"run `autograder baseline record {NAME}`" for problem in line.problems)
        return said(line)

    cases.write_text("# the first version")
    assert "baseline.npz does not exist" in baseline()[0]
    archive.write_baseline(record, {"one/float64/x": np.ones(2)}, provenance(source_hash(cases.parent)))
    assert baseline() == []
    cases.write_text("# the second version")
    assert baseline() == [f"solutions/{NAME}/baseline.py has changed since baseline.npz was recorded"]


def provenance(sha256: str) -> archive.Provenance:
    words = ("device", "hardware", "tensorflow", "keras", "numpy", "python", "platform", "date")
    return archive.Provenance(
        format_version=1,
        assignment=NAME,
        devices=(),
        cuda=None,
        cudnn=None,
        deterministic=True,
        seed=1,
        source_sha256=sha256,
        **dict.fromkeys(words, ""),
    )


def test_code_that_differs_between_languages_is_refused(tmp_path: Path) -> None:
    course = written(tmp_path)
    replace(tmp_path / FOLDER / "small_one.py", "# %%\nimport numpy", '# %% lang="en"\nimport numpy')
    proof = prove(course, NAME, Extent.QUICK, Quiet())
    (line,) = proof.lines
    assert "code differs between the languages en and es" in line.problems[0].what
    assert not proof.holds


def test_a_folder_that_the_course_does_not_list_is_a_warning(tmp_path: Path) -> None:
    course = written(tmp_path)
    other = tmp_path / "solutions" / "next-one"
    other.mkdir()
    (other / "next_one.py").touch()
    line = prove_listing(course)
    assert line.verdict is Verdict.WARNING
    assert said(line) == ["solutions/next-one is not listed in course.yml"]


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    result = check(tmp_path, "smal-one")
    assert result.exit_code == 1
    assert "Did you mean small-one?" in result.output
