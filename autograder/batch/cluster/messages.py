"""What a worker on another machine needs of a course: one record of bytes, named by its hash."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from autograder.batch.hashing import folder_files
from autograder.batch.local.messages import Failed, Setup, pack, unpack
from autograder.course import Assignment
from autograder.errors import ClusterError
from autograder.report import Report
from autograder.submission import Job

__all__ = ["WorkerReply", "make_bundle", "pack_answer", "pack_jobs", "unpack_answer", "unpack_bundle", "unpack_jobs"]

_SECRET = ".autograder-secret"  # noqa: S105 - the name of a file
_COMPUTED = "computed"  # the folder for results of TensorFlow that are not those of the assignments' folders


class _Bundle(msgspec.Struct, frozen=True):
    """`setup` as it is sent to a fork server, with paths relative to where `files` will lie; `margin` in seconds."""

    setup: bytes
    secret: bytes
    files: dict[str, bytes]
    margin: float


class WorkerReply(msgspec.Struct, frozen=True):
    """What became of some jobs: their reports in any order, or why this worker cannot grade.

    `printed` is what grading processes printed meanwhile. `absent`: the bundle is not, or no longer, there.
    """

    reports: tuple[Report, ...] = ()
    failed: Failed | None = None
    printed: str = ""
    absent: bool = False


_encoder = msgspec.msgpack.Encoder()
_bundles = msgspec.msgpack.Decoder(_Bundle)
_answers = msgspec.msgpack.Decoder(WorkerReply)
_jobs = msgspec.msgpack.Decoder(tuple[Job, ...])


def make_bundle(setup: Setup, margin: float) -> tuple[str, bytes]:
    """Pack what grading under `setup` needs, the course's secret included: its hash in hexadecimal, and its bytes.

    Equal courses give equal bytes, whatever machine they lie on.
    """
    files = {}
    assignments = []
    for each in setup.assignments:
        files.update({f"solutions/{each.name}/{name}": data for name, data in folder_files(each.folder)})
        baseline = None
        if each.baseline is not None:
            baseline = Path(_COMPUTED) / f"{each.name}.npz"
            files[str(baseline)] = each.baseline.read_bytes()
        folder = Path("solutions") / each.name
        assignments.append(msgspec.structs.replace(each, folder=folder, baseline=baseline))
    course = msgspec.structs.replace(
        setup.course,
        path=Path("course.yml"),
        root=Path(),
        secret_source=f"file:{_SECRET}",
        assignments=tuple(assignments),
    )
    moved = Setup(course, tuple(assignments), setup.level)
    data = _encoder.encode(_Bundle(pack(moved), setup.course.secret, files, margin))
    return hashlib.sha256(data).hexdigest(), data


def unpack_bundle(data: bytes, folder: Path) -> tuple[Setup, float]:
    """Unpack a bundle into an empty folder that nobody else can read; give the setup, and the margin in seconds.

    Raises ClusterError if it is damaged.
    """
    try:
        bundle = _bundles.decode(data)
        setup = unpack(bundle.setup)
    except msgspec.DecodeError as error:
        raise ClusterError(
            f"the course arrived damaged ({error}): run again, with the same version everywhere"
        ) from None
    if not isinstance(setup, Setup):
        raise ClusterError("what arrived is no course: run again, with the same version everywhere")
    for name, content in ((_SECRET, bundle.secret), *bundle.files.items()):
        _write_new(folder / _inside(name), content)
    assignments = tuple(_rebased(setup, folder))
    course = msgspec.structs.replace(
        setup.course, path=folder / setup.course.path, root=folder, assignments=assignments
    )
    return Setup(course, assignments, setup.level), bundle.margin


def _rebased(setup: Setup, root: Path) -> Iterator[Assignment]:
    for each in setup.assignments:
        baseline = root / each.baseline if each.baseline is not None else None
        yield msgspec.structs.replace(each, folder=root / each.folder, baseline=baseline)


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ClusterError(f"the course arrived damaged: {name!r} lies outside of it")
    return path


def _write_new(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def pack_jobs(jobs: Sequence[Job]) -> bytes:
    """Encode jobs for their way."""
    return _encoder.encode(tuple(jobs))


def unpack_jobs(data: bytes) -> tuple[Job, ...]:
    """Decode jobs; raises msgspec.DecodeError on anything else."""
    return _jobs.decode(data)


def pack_answer(answer: WorkerReply) -> bytes:
    """Encode an answer for its way."""
    return _encoder.encode(answer)


def unpack_answer(data: bytes) -> WorkerReply:
    """Decode an answer; raises msgspec.DecodeError on anything else."""
    return _answers.decode(data)
