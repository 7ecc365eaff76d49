"""What is sent to and from a worker on another machine: the course as one bundle, jobs, replies."""

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

__all__ = ["WorkerReply", "make_bundle", "pack_jobs", "pack_reply", "unpack_bundle", "unpack_jobs", "unpack_reply"]

_SECRET = ".autograder-secret"  # noqa: S105 - a file name
_COMPUTED = "computed"  # the folder for baselines that were computed for this run


class _Bundle(msgspec.Struct, frozen=True):
    """`setup` as it is sent to a fork server, with paths relative to the folder of `files`; `margin` in seconds."""

    setup: bytes
    secret: bytes
    files: dict[str, bytes]
    margin: float


class WorkerReply(msgspec.Struct, frozen=True):
    """The reply to some jobs: their reports in any order, or why this worker cannot grade.

    `printed` is the output of grading processes since the last reply. `absent`: the worker does not have the bundle.
    """

    reports: tuple[Report, ...] = ()
    failed: Failed | None = None
    printed: str = ""
    absent: bool = False


_encoder = msgspec.msgpack.Encoder()
_bundles = msgspec.msgpack.Decoder(_Bundle)
_replies = msgspec.msgpack.Decoder(WorkerReply)
_jobs = msgspec.msgpack.Decoder(tuple[Job, ...])


def make_bundle(setup: Setup, margin: float) -> tuple[str, bytes]:
    """Pack what grading needs, including the course's secret; return the bundle's hash in hexadecimal, and the bundle.

    Equal courses have equal bundles on every machine.
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
    """Unpack a bundle into an empty private folder; return the setup, and the margin in seconds.

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
        raise ClusterError("what arrived is not a course: run again, with the same version everywhere")
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
        raise ClusterError(f"the course arrived damaged: {name!r} is outside its folder")
    return path


def _write_new(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def pack_jobs(jobs: Sequence[Job]) -> bytes:
    """Encode jobs."""
    return _encoder.encode(tuple(jobs))


def unpack_jobs(data: bytes) -> tuple[Job, ...]:
    """Decode jobs; raises msgspec.DecodeError on anything else."""
    return _jobs.decode(data)


def pack_reply(reply: WorkerReply) -> bytes:
    """Encode a reply."""
    return _encoder.encode(reply)


def unpack_reply(data: bytes) -> WorkerReply:
    """Decode a reply; raises msgspec.DecodeError on anything else."""
    return _replies.decode(data)
