"""Replace files in one step."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["PREFIX", "replace_file", "replacing"]

PREFIX = ".tmp-"
"""How the names of drafts begin: what a killed process left, whoever owns the folder may remove."""

_numbers = itertools.count()


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a draft beside `path` that replaces it in the end: readers see either the old file or the new one.

    After an error there is no draft, and `path` is as it was. Raises OSError.
    """
    draft = path.with_name(f"{PREFIX}{os.getpid()}-{next(_numbers)}")
    try:
        yield draft
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def replace_file(path: Path, data: bytes) -> None:
    """Write a file in one step, as `replacing`."""
    with replacing(path) as draft:
        draft.write_bytes(data)
