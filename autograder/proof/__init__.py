"""Proves an assignment: its starter, its solution, its hidden grader, and what students get of it."""

from autograder.proof.model import Problem, Proof, ProofLine, Verdict
from autograder.proof.proving import Extent, prove

__all__ = ["Extent", "Problem", "Proof", "ProofLine", "Verdict", "prove"]
