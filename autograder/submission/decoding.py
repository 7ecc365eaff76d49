"""Decode an uploaded file to UTF-8 text, and explain what is wrong with one that is not JSON."""

from __future__ import annotations

import codecs
import json
import re

from autograder.errors import SubmissionError
from autograder.i18n import N_, TranslatedTerm
from autograder.submission.model import MAX_FILE_BYTES

__all__ = ["decode_utf8", "json_problem", "not_a_notebook", "without_half_pairs", "without_nan"]


_FOREIGN = (
    (b"%PDF", N_("a PDF document")),
    (b"PK\x03\x04", N_("a zip archive or an office document")),
    (b"\x1f\x8b", N_("a compressed archive")),
    (b"Rar!", N_("a compressed archive")),
    (b"7z\xbc\xaf", N_("a compressed archive")),
    (b"\x89PNG", N_("an image")),
    (b"\xff\xd8\xff", N_("an image")),
    (b"{\\rtf", N_("a text document")),
    (b"\xd0\xcf\x11\xe0", N_("a text document")),
)
_WEB_PAGE = N_("a web page")


def decode_utf8(data: bytes) -> bytes:
    """Check an uploaded file and return its text as UTF-8 without a byte order mark.

    UTF-16 and UTF-32 are converted. Raises SubmissionError for a file that is empty, too large, of another type,
    damaged, or not Unicode.
    """
    if len(data) > MAX_FILE_BYTES:
        raise SubmissionError(
            "the file has more than {limit} MB: clear the outputs of all cells, save, and submit again",
            limit=MAX_FILE_BYTES >> 20,
        )
    _refuse_foreign(data)
    text = _decoded(data)
    if not text.strip():
        raise SubmissionError("the file is empty: save the notebook in Jupyter and submit it again")
    if b"\0" in text:
        raise SubmissionError(
            "the file was damaged in transfer (it contains NUL bytes): download it from Jupyter and submit it again"
        )
    return text


def _refuse_foreign(data: bytes) -> None:
    kind = next((kind for magic, kind in _FOREIGN if data.startswith(magic)), None)
    if data[:200].lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith((b"<!doctype", b"<html")):
        kind = _WEB_PAGE
    if kind:
        raise SubmissionError(
            "the file is {kind}, not a notebook: in Jupyter choose File > Download, and submit the .ipynb file",
            kind=TranslatedTerm(kind),
        )


def _decoded(data: bytes) -> bytes:
    encoding = json.detect_encoding(data)
    try:
        if encoding == "utf-8":
            data.decode()
            return data
        return data.decode(encoding).encode()
    except UnicodeDecodeError as error:
        raise SubmissionError(
            "the file is not valid text in {encoding} (byte {byte}): "
            "open it in Jupyter, save it, and submit it again; an editor may have changed its encoding",
            encoding=encoding.removesuffix("-sig").upper(),
            byte=error.start + 1,
        ) from None


MAX_REPAIRS = 100_000

_BYTE = re.compile(r"\(byte (\d+)\)")
_CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
# Possessive quantifiers throughout: no backtracking, so the time is linear in the length.
_STRING = rb'"(?:[^"\\]++|\\.)*+"?'
_NOT_FINITE = re.compile(rb"-?Infinity|NaN")
_PAIR = rb"u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_WHOLE = re.compile(rb"(?:[^\\]++|\\(?:" + _PAIR + rb"|(?!u[dD][89a-fA-F]).))*+", re.DOTALL)
_FINITE = re.compile(rb'(?:[^"NI-]++|' + _STRING + rb"|-(?!Infinity)|N(?!aN)|I(?!nfinity))*+", re.DOTALL)


def json_problem(text: bytes, message: str) -> SubmissionError:
    """Return the error for text that is not JSON; `message` is msgspec's."""
    if found := _CONFLICT.search(text):
        return SubmissionError(
            "the file contains git conflict markers (line {line}): resolve the conflict, save, and submit again",
            line=_line(text, found.start()),
        )
    if "truncated" in message:
        return SubmissionError(
            "the file ends in the middle of the notebook: it was not saved or uploaded completely; submit it again"
        )
    position = _BYTE.search(message)
    return SubmissionError(
        "the file is not a notebook (it is not JSON, line {line}): open it in Jupyter, save it, and submit it again",
        line=_line(text, int(position[1]) if position else 0),
    )


def not_a_notebook() -> SubmissionError:
    """Return the error for JSON that is not a notebook."""
    return SubmissionError(
        "the file is not a notebook (it is JSON without a list of cells): submit the .ipynb file that Jupyter saved"
    )


def without_nan(text: bytes) -> bytes:
    """Replace NaN, Infinity and -Infinity outside of strings by null, MAX_REPAIRS of them at most."""
    return _repaired(text, _FINITE, _NOT_FINITE, b"null")


def without_half_pairs(text: bytes) -> bytes:
    r"""Replace escapes of lone surrogates, such as \ud800, by that of NUL, MAX_REPAIRS of them at most."""
    return _repaired(text, _WHOLE, _HALF, rb"\u0000")


def _repaired(text: bytes, good: re.Pattern[bytes], bad: re.Pattern[bytes], by: bytes) -> bytes:
    """Replace what `bad` matches at each place where `good`, which matches everything else, stops."""
    parts: list[bytes] = []
    start = 0
    while len(parts) < 2 * MAX_REPAIRS:
        matched = good.match(text, start)
        end = matched.end() if matched else start
        found = bad.match(text, end)
        if found is None:
            break
        parts += [text[start:end], by]
        start = found.end()
    return b"".join([*parts, text[start:]])


def _line(text: bytes, position: int) -> int:
    return text.count(b"\n", 0, position) + 1
