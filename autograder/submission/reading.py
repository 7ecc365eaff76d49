"""The one way in: any bytes -> a submission, or the reason why not."""

from __future__ import annotations

from autograder.i18n import N_
from autograder.submission import notebook, script
from autograder.submission.decoding import decode_utf8
from autograder.submission.model import Remark, Submission

__all__ = ["read_submission"]

_RENAMED = N_("the file is named .py and holds a notebook; it was read as a notebook")


def read_submission(data: bytes, filename: str) -> Submission:
    """Read what a student handed in: a notebook (format 3 or 4) or a Python script, with `# %%` cells or without.

    `filename` tells a script (.py) from a notebook (any other name) and may name the language: softmax.es.ipynb.
    Nothing is run or parsed as Python. Raises SubmissionError, and nothing else, whatever the bytes are.
    """
    text = decode_utf8(data)
    if not filename.lower().endswith(".py"):
        return notebook.parse_notebook(text, filename)
    if text.lstrip().startswith(b"{") and b'"nbformat"' in text:
        found = notebook.parse_notebook(text, filename)
        return Submission(found.cells, found.lang, found.assignment, found.answers, (Remark(_RENAMED), *found.remarks))
    return script.parse_script(text, filename)
