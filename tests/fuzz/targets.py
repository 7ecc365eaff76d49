"""What is fuzzed: each target takes any bytes, and raises if something happens that may not.

Shared by the normal tests, which try the kept seeds and a few mutations of them, and by run.py, which searches on.
"""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import msgspec

from autograder.course import load_course
from autograder.errors import ArchiveRefused, CourseError, SubmissionError, TemplateRefused
from autograder.lms.archive import open_archive
from autograder.lms.table import Table
from autograder.report import read_report, report_json
from autograder.sandbox.guest.values import ValueProblem, encode_value
from autograder.sandbox.guest.wire import MAGIC, PREFIX, REPLIES, REQUESTS, Carrier, PipePair, ProtocolError
from autograder.submission import read_submission

SEEDS = Path(__file__).with_name("seeds")
PIPE = 1 << 15  # bytes that a pipe takes without a reader
FILENAMES = ("softmax.ipynb", "softmax.es.ipynb", "softmax.py", "")
MOST_READ = 1 << 20  # bytes of a member
SECONDS = 60.0  # far more than anything takes; it is for what grows without bounds


def wire(data: bytes) -> None:
    """A hostile process writes: on either side of the pipe it is a value, a breach, or the end of the stream.

    The first byte chooses the side, and whether what follows gets a prefix that is right: a length and a header.
    """
    mode, rest = (data[0] if data else 0), data[1:PIPE]
    if mode & 2:
        size = min(int.from_bytes(rest[:2], "big"), max(0, len(rest) - 2))
        rest = PREFIX.pack(MAGIC, size, max(0, len(rest) - 2 - size)) + rest[2:]
    reads, their_writes = os.pipe()
    their_reads, writes = os.pipe()
    os.write(their_writes, rest)
    os.close(their_writes)
    channel = PipePair(reads, writes, *((REQUESTS, REPLIES) if mode & 1 else (REPLIES, REQUESTS)))
    try:
        with contextlib.suppress(ProtocolError, EOFError):
            while True:
                frame = channel.receive(time.monotonic() + SECONDS)
                with contextlib.suppress(ValueProblem):
                    encode_value(
                        frame.value if isinstance(frame, Carrier) else None, []
                    )  # what came in can go out again, or is refused
    finally:
        channel.close()
        os.close(their_reads)


def notebook(data: bytes) -> None:
    """A student hands in anything: it is read, or refused in words that a report can hold; quickly in either case."""
    filename = FILENAMES[data[0] % len(FILENAMES)] if data else ""
    started = time.process_time()
    try:
        found = read_submission(data[1:], filename)
    except SubmissionError as error:
        words = [str(error)]
    else:
        words = [*found.cells, *found.answers.values(), *found.notes_in("en"), *found.notes_in("es")]
    for text in words:
        text.encode()
    assert time.process_time() - started < SECONDS


@functools.cache
def _course_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-course-"))
    (folder / "solutions" / "softmax").mkdir(parents=True)
    return folder


def course(data: bytes) -> None:
    """Somebody writes a course file: it is a course, or a CourseError that names the file."""
    path = _course_folder() / "course.yml"
    path.write_bytes(data)
    started = time.process_time()
    try:
        found = load_course(path)
    except CourseError as error:
        assert str(path) in str(error)  # noqa: PT017 - for any bytes
    else:
        assert [each.name for each in found.assignments] == ["softmax"]
        assert found.title_in("es")
        msgspec.json.encode(found, enc_hook=str)
    assert time.process_time() - started < SECONDS


def report(data: bytes) -> None:
    """Something lies where a report belongs: it is one, and is written as one, or it is refused."""
    try:
        found = read_report(data)
    except (msgspec.DecodeError, ValueError):
        return
    assert report_json(read_report(report_json(found))) == report_json(found)


@functools.cache
def _archive_file() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-archive-")) / "submissions.zip"


def archive(data: bytes) -> None:
    """An LMS's zip, or anything: members with harmless names and of the size they say, or it is refused."""
    path = _archive_file()
    path.write_bytes(data)
    try:
        with open_archive(path) as found:
            for item in found.items:
                parts = PurePosixPath(item.path).parts
                assert parts
                assert not {"..", "/"} & set(parts)
                if item.size < MOST_READ:
                    assert len(found.read(item)) == item.size
    except ArchiveRefused as error:
        str(error).encode()


def table(data: bytes) -> None:
    """A grade file, or anything: without an edit the same bytes are written, with one it can be read again."""
    try:
        found = Table(data)
    except TemplateRefused as error:
        str(error).encode()
        return
    assert found.replaced({}) == data
    last = len(found.rows) - 1
    if last < 0 or not found.rows[last]:
        return
    assert found.line(last) >= 1
    try:
        edited = found.replaced({(last, 0): "5"})
    except TemplateRefused:
        return
    again = Table(edited)
    if again.encoding != found.encoding:
        return  # the only cell that told the encoding was the edited one
    assert again.value(last, 0) == "5"
    assert [[cell.value for cell in row] for row in again.rows[:last]] == [
        [cell.value for cell in row] for row in found.rows[:last]
    ]


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (wire, notebook, course, report, archive, table)
}


def seeds(target: str) -> list[Path]:
    """List what a target is known to have trouble with, or to find interesting."""
    return sorted(path for path in (SEEDS / target).iterdir() if path.is_file())
