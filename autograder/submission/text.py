"""Bytes that somebody uploaded -> text in UTF-8, or the reason why they are none."""

from __future__ import annotations

import codecs
import json

from autograder.errors import SubmissionError
from autograder.submission.records import MAX_FILE_BYTES
from autograder.words import N_, Word

__all__ = ["utf8"]

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


def utf8(data: bytes) -> bytes:
    """Check an uploaded file and give its text as UTF-8 without a byte order mark.

    UTF-16 and UTF-32 are converted. Raises SubmissionError for what is empty, too large, of another kind, damaged, or
    in no encoding of Unicode.
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
            "the file was damaged on its way (it holds NUL bytes): download it from Jupyter and submit it again"
        )
    return text


def _refuse_foreign(data: bytes) -> None:
    kind = next((kind for magic, kind in _FOREIGN if data.startswith(magic)), None)
    if data[:200].lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith((b"<!doctype", b"<html")):
        kind = _WEB_PAGE
    if kind:
        raise SubmissionError(
            "the file is {kind}, not a notebook: in Jupyter choose File > Download, and submit the .ipynb file",
            kind=Word(kind),
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
