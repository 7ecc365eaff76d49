"""A submitted file that nobody trusts -> the cells to run and the answers to read: bounded, repaired where harmless."""

from autograder.submission.job import Job
from autograder.submission.reading import read
from autograder.submission.records import Remark, Submission

__all__ = ["Job", "Remark", "Submission", "read"]
