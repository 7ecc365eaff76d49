"""One piece of work for a grader."""

from __future__ import annotations

import msgspec

__all__ = ["Job"]


class Job(msgspec.Struct, frozen=True):
    """One submission to grade: whose, of which assignment, and the bytes of its file."""

    student: str
    assignment: str
    filename: str
    data: bytes
    content_hash: str = ""
    lang: str | None = None
