"""What the course of one assignment is called among otter's own files; no otter is needed to know it."""

from __future__ import annotations

__all__ = ["BUNDLE"]

BUNDLE = "autograder-course.zip"
