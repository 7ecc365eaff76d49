"""Runs untrusted code and knows nothing of grading: cells in, plain values out."""

from autograder.sandbox.box.values import Opaque, ValueProblem
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox, available
from autograder.sandbox.student import CellFailure, StudentProcess, Timing

__all__ = ["CellFailure", "Limits", "Opaque", "Sandbox", "StudentProcess", "Timing", "ValueProblem", "available"]
