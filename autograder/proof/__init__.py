"""Proves an assignment: its starter, its solution, its hidden grader, and what students get of it."""

from autograder.proof.proving import Extent, prove
from autograder.proof.records import Line, Problem, Proof, Verdict

__all__ = ["Extent", "Line", "Problem", "Proof", "Verdict", "prove"]
