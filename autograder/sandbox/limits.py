"""What one submission may use."""

from __future__ import annotations

import msgspec

__all__ = ["Limits"]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of one submission: seconds of processor time, MB, KB of printed text."""

    cell_seconds: float = 10.0
    call_seconds: float = 5.0
    submission_seconds: float = 120.0
    memory_mb: int = 1024
    disk_mb: int = 32
    processes: int = 64
    output_kb: int = 64
