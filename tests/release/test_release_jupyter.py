"""Released notebooks in a real Jupyter kernel, top to bottom, as students meet them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.course import load_course
from autograder.release import source
from autograder.release.notebook import solution_notebook, student_notebook, variant_notebook

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
NAMES = tuple(assignment.name for assignment in load_course(ROOT / "course.yml").assignments)

# What jupyter_client and ipykernel say about sockets, processes and their own past is not ours to mend.
pytestmark = pytest.mark.filterwarnings("default")


CHANGES_ITS_ARGUMENT = """
def softmax(z):
    z = np.asarray(z, dtype=float)
    z -= z.max(axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
"""


def run(notebook: NotebookNode, folder: Path) -> dict[str, NotebookNode]:
    """Run every cell, whatever fails, and give the code cells by their ids."""
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True, resources=resources).execute()
    return {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}


def error(cell: NotebookNode) -> str:
    """Give what Jupyter shows of the error in a cell; empty where there is none."""
    return "\n".join("\n".join(output.traceback) for output in cell.outputs if output.output_type == "error")


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_runs_to_its_end_and_says_that_checks_passed(name: str, tmp_path: Path) -> None:
    origin = source.read_source(source.source_path(SOLUTIONS / name))
    cells = run(solution_notebook(origin, "es"), tmp_path)
    assert [error(cell) for cell in cells.values() if error(cell)] == []
    for question in origin.questions():
        shown = cells[f"check-{question}-1"].outputs[-1].data["text/plain"]
        assert "visible checks passed / comprobaciones visibles superadas" in shown


@pytest.mark.parametrize("name", NAMES)
def test_the_starter_fails_the_check_of_each_question_with_one_readable_message(name: str, tmp_path: Path) -> None:
    origin = source.read_source(source.source_path(SOLUTIONS / name))
    cells = run(student_notebook(origin, "en"), tmp_path)
    for question in origin.questions():
        message = error(cells[f"check-{question}-1"])
        assert re.fullmatch(r"(.+) is not written yet\.\n\1 aún no está escrita\.", message)


def test_a_wrong_answer_is_told_what_it_gave_and_a_nudge(tmp_path: Path) -> None:
    origin = source.read_source(source.source_path(SOLUTIONS / "softmax"))
    answer = "def softmax(z):\n    return np.zeros_like(z)\n"
    message = error(run(variant_notebook(origin, "en", {"softmax": answer}), tmp_path)["check-softmax-1"])
    assert message.splitlines()[:5] == [
        "softmax([4, 8, 3]) is not right yet / aún no es correcto",
        "got / obtenido:",
        "[0 0 0]   shape (3,), int64",
        "wanted / esperado:",
        "[0.018 0.976 0.007]   shape (3,), float64",
    ]
    assert "compute with floats" in message
    assert "calcula con flotantes" in message


def test_a_function_that_changes_its_argument_is_told_so(tmp_path: Path) -> None:
    origin = source.read_source(source.source_path(SOLUTIONS / "softmax"))
    answer = CHANGES_ITS_ARGUMENT
    message = error(run(variant_notebook(origin, "en", {"softmax": answer}), tmp_path)["check-softmax-1"])
    assert message.splitlines()[0].endswith("changed its argument: work on a copy.")
