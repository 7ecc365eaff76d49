"""When a submission came: the timestamp.txt that nbgrader keeps beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.batch.find import read_bounded

__all__ = ["FILE", "handed_in"]

FILE = "timestamp.txt"
_LIMIT = 200  # bytes


def handed_in(submitted: Path, student: str, assignment: str) -> datetime | None:
    """Read when a submission came that lies in nbgrader's layout; None if nothing says so, or it cannot be read.

    The text is like `2027-02-05 23:58:01 UTC`. The zone is a name of the time-zone database or an offset; without one
    it is UTC, as nbgrader has it.
    """
    if Path(student).name != student:  # no folder of submissions has such a name
        return None
    try:
        text = read_bounded(submitted / student / assignment / FILE, _LIMIT)[:_LIMIT].decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return None
    clock, _, zone = text.rpartition(" ")
    for moment, name in ((text, ""), (clock, zone)):
        try:
            when = datetime.fromisoformat(moment)
            return when if when.tzinfo else when.replace(tzinfo=ZoneInfo(name) if name else UTC)
        except (ValueError, ZoneInfoNotFoundError, OSError):
            continue
    return None
