"""What one submission may use."""

from __future__ import annotations

from typing import Annotated

import msgspec

__all__ = ["Limits"]

Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]
Memory = Annotated[int, msgspec.Meta(ge=128, le=65536)]
Disk = Annotated[int, msgspec.Meta(ge=1, le=4096)]
Processes = Annotated[int, msgspec.Meta(ge=1, le=4096)]
Printed = Annotated[int, msgspec.Meta(ge=1, le=65536)]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of one submission. The ranges hold where msgspec converts to this record, as `course.load` does.

    cell_seconds        seconds that one cell may run; more than 0, at most 3600
    call_seconds        seconds that one call of a student's function may take; more than 0, at most 3600
    submission_seconds  seconds for all cells and calls together; more than 0, at most 3600
    memory_mb           MB (2**20 bytes) of address space; 128 to 65536: NumPy alone needs about 100
    disk_mb             MB (2**20 bytes) that one file may have; 1 to 4096
    processes           threads of the one process that a submission is, 1 to 4096; with 1 none can be started,
                        a larger number is enforced in user namespaces only (elsewhere memory bounds it)
    output_kb           KB (2**10 bytes) of printed text that are kept; 1 to 65536
    """

    cell_seconds: Seconds = 10.0
    call_seconds: Seconds = 5.0
    submission_seconds: Seconds = 120.0
    memory_mb: Memory = 1024
    disk_mb: Disk = 32
    processes: Processes = 1
    output_kb: Printed = 64
