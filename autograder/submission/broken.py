"""What is wrong with a file that is not JSON, in words for the student who saved it."""

from __future__ import annotations

import re

from autograder.errors import SubmissionError

__all__ = ["json", "not_a_notebook", "without_half_pairs", "without_nan"]

MAX_REPAIRS = 100_000

_BYTE = re.compile(r"\(byte (\d+)\)")
_CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
# Possessive throughout: what was passed over once is never looked at again, so the time is linear in the length.
_STRING = rb'"(?:[^"\\]++|\\.)*+"?'
_NOT_FINITE = re.compile(rb"-?Infinity|NaN")
_PAIR = rb"u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_WHOLE = re.compile(rb"(?:[^\\]++|\\(?:" + _PAIR + rb"|(?!u[dD][89a-fA-F]).))*+", re.DOTALL)
_FINITE = re.compile(rb'(?:[^"NI-]++|' + _STRING + rb"|-(?!Infinity)|N(?!aN)|I(?!nfinity))*+", re.DOTALL)


def json(text: bytes, said: str) -> SubmissionError:
    """Word what msgspec `said` of a text that is not JSON."""
    if found := _CONFLICT.search(text):
        return SubmissionError(
            "the file holds conflict marks of git (line {line}): resolve the conflict, save, and submit again",
            line=_line(text, found.start()),
        )
    if "truncated" in said:
        return SubmissionError(
            "the file ends in the middle of the notebook: it was not saved or uploaded completely; submit it again"
        )
    position = _BYTE.search(said)
    return SubmissionError(
        "the file is not a notebook (it is not JSON, line {line}): open it in Jupyter, save it, and submit it again",
        line=_line(text, int(position[1]) if position else 0),
    )


def not_a_notebook() -> SubmissionError:
    """Word that a file is JSON, and nothing more."""
    return SubmissionError(
        "the file is not a notebook (it is JSON without a list of cells): submit the .ipynb file that Jupyter saved"
    )


def without_nan(text: bytes) -> bytes:
    """Replace NaN, Infinity and -Infinity outside of strings by null, MAX_REPAIRS of them at most."""
    return _repaired(text, _FINITE, _NOT_FINITE, b"null")


def without_half_pairs(text: bytes) -> bytes:
    r"""Replace escapes of lone surrogates, such as \ud800, by that of NUL, MAX_REPAIRS of them at most."""
    return _repaired(text, _WHOLE, _HALF, rb"\u0000")


def _repaired(text: bytes, fine: re.Pattern[bytes], odd: re.Pattern[bytes], by: bytes) -> bytes:
    """Replace what `odd` matches wherever `fine`, which passes over everything else, stops."""
    parts: list[bytes] = []
    start = 0
    while len(parts) < 2 * MAX_REPAIRS:
        passed = fine.match(text, start)
        end = passed.end() if passed else start
        found = odd.match(text, end)
        if found is None:
            break
        parts += [text[start:end], by]
        start = found.end()
    return b"".join([*parts, text[start:]])


def _line(text: bytes, position: int) -> int:
    return text.count(b"\n", 0, position) + 1
