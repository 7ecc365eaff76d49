"""What is drawn of a submission: each function of one variable over a public grid, beside the textbook's."""

from __future__ import annotations

import numpy as np

from autograder.grading.figures import attempt, curve

Z = np.linspace(-5, 5, 81)
SLOPE = 0.2  # for the functions that take one
FUNCTIONS = {
    **dict.fromkeys(("step", "sign", "sigmoid", "d_sigmoid", "tanh", "d_tanh", "relu", "d_relu"), ()),
    **dict.fromkeys(("leaky_relu", "d_leaky_relu", "elu", "d_elu"), (SLOPE,)),
}


def draw(student, reference, baseline):
    """Yield a curve for each function that gives a number for every input."""
    for name, parameters in FUNCTIONS.items():
        seen = attempt(getattr(student, name), Z, *parameters)
        yield curve(name, Z, seen, getattr(reference, name)(Z, *parameters))
