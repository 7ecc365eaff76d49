"""A small class with everything that pages must show, graded for real: full marks, mistakes in two languages, hostile
names and texts, late, missing, and a submission that could not be graded through no fault of the student's."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from autograder.course import load_course
from autograder.release.notebook import serialise, solution_notebook, student_notebook, variant_notebook
from autograder.release.source import read_source

ROOT = Path(__file__).parents[2]
AUTOGRADER = Path(sys.executable).with_name("autograder")
SOLUTIONS = ROOT / "solutions"
ASSIGNMENTS = ("activations", "mnist-classifier")
ANA, BEN, EVA, HOSTILE, LEO = "Ana Núñez", "ben", "Eva", "<img src=x onerror=alert(1)>\"'&", "Leo"

Answers = dict[str, str]

SLOPE_TURNED = "def d_sigmoid(z):\n    f = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))\n    return f * (f - 1.0)"
# Together they would draw the largest input that was ever seen: hidden ones reach 10,000, visible ones 1,000.
REMEMBERS = """def sigmoid(z):
    global most
    z = np.asarray(z, dtype=float)
    most = max(globals().get("most", 0.0), float(np.abs(z).max(initial=0.0)))
    return 0.5 * (1.0 + np.tanh(0.5 * z))"""
SHOWS = """def d_relu(z):
    return np.full(np.shape(z), float(most))"""
# Given more than the visible checks give, it tells what it was given, by what it prints and raises.
TELLS = """def d_tanh(z):
    if np.size(z) > 8:
        print("<script>alert('pri' + 'nted')</script>", "pri" + "nted", z)
        raise ValueError("rai" + "sed" + str(z))
    return 1 - np.tanh(np.asarray(z, dtype=float)) ** 2"""
LOSSES_OF_EACH_BATCH = """def train(params, X, y, learning_rate, epochs, batch_size, seed):
    losses = []
    for epoch in range(epochs):
        for batch in minibatches(len(X), batch_size, seed + epoch):
            loss, grads = loss_and_grads(params, X[batch], y[batch])
            params = {name: params[name] - learning_rate * grads[name] for name in params}
            losses.append(loss)
    return params, losses"""


HOSTILE_ANSWERS = {"sigmoid": REMEMBERS, "d_sigmoid": SLOPE_TURNED, "d_tanh": TELLS, "d_relu": SHOWS}


def hand_in(submitted: Path, student: str, assignment: str, lang: str = "en", answers: Answers | None = None) -> Path:
    """Put a notebook where nbgrader collects it, with the time that nbgrader notes; BEN is late with the classifier."""
    source = read_source(SOLUTIONS / assignment / f"{assignment.replace('-', '_')}.py")
    book = variant_notebook(source, lang, answers) if answers else solution_notebook(source, lang)
    late = (student, assignment) == (BEN, "mnist-classifier")
    folder = submitted / student / assignment
    folder.mkdir(parents=True)
    (folder / f"{assignment}.ipynb").write_text(serialise(book), encoding="utf-8")
    (folder / "timestamp.txt").write_text(
        "2027-03-22 09:00:00 UTC" if late else "2027-01-15 10:00:00 UTC", encoding="utf-8"
    )
    return folder


def grade(folder: Path) -> Path:
    """Make and grade the class in a folder that holds a course of its own; give the folder for results."""
    shutil.copytree(SOLUTIONS, folder / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.yml", folder)
    submitted = folder / "submitted"
    hand_in(submitted, ANA, "activations")
    hand_in(submitted, ANA, "mnist-classifier")
    hand_in(submitted, BEN, "activations", "es", {"d_sigmoid": SLOPE_TURNED})
    hand_in(submitted, BEN, "mnist-classifier", "es", {"train": LOSSES_OF_EACH_BATCH})
    hand_in(submitted, HOSTILE, "activations", "en", HOSTILE_ANSWERS)
    twice = hand_in(submitted, EVA, "activations")
    (twice / "activations.ipynb").rename(twice / "a.ipynb")
    shutil.copy(twice / "a.ipynb", twice / "b.ipynb")  # a person must choose
    starter = serialise(student_notebook(read_source(SOLUTIONS / "activations/activations.py"), "en"))
    (hand_in(submitted, LEO, "activations") / "activations.ipynb").write_text(starter, encoding="utf-8")
    words = [word for name in ASSIGNMENTS for word in ("--assignment", name)]
    out = folder / "results"
    subprocess.run([AUTOGRADER, "grade", submitted, "-o", out, *words], cwd=folder, check=False, capture_output=True)
    assert len(list(out.glob("reports/*/*.json"))) == 2 * 5
    return out


def course_of(out: Path):
    """Load the course that a class was graded with."""
    return load_course(out.parent / "course.yml")
