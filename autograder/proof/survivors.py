"""Mutants that no test can kill, because they do what the reference does: survivors.yml lists each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import yaml

from autograder.errors import CourseError
from autograder.proof.mutation import Mutant

__all__ = ["FILE", "Survivor", "as_yaml", "entry", "read", "stale"]

FILE = "survivors.yml"
_Text = Annotated[str, msgspec.Meta(min_length=1)]


class Survivor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An equivalent mutant: the function, its line as it was and as the mutant has it, and why nothing can tell."""

    function: _Text
    was: _Text
    now: _Text
    reason: _Text


def read(folder: Path) -> tuple[Survivor, ...]:
    """Read an assignment's survivors.yml; none if there is no such file. Raises CourseError naming the entry."""
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=tuple[Survivor, ...])
    except (msgspec.DecodeError, msgspec.ValidationError, yaml.YAMLError) as error:
        raise CourseError(f"{path}: {error}. Write a list of function, was, now, reason.") from error


def entry(mutant: Mutant, known: Sequence[Survivor]) -> Survivor | None:
    """Find the entry for a mutant."""
    key = (mutant.function, mutant.was, mutant.now)
    return next((each for each in known if (each.function, each.was, each.now) == key), None)


def stale(known: Sequence[Survivor], surviving: Sequence[Mutant]) -> Iterator[Survivor]:
    """Give the entries that no surviving mutant answers to."""
    alive = {(mutant.function, mutant.was, mutant.now) for mutant in surviving}
    return (each for each in known if (each.function, each.was, each.now) not in alive)


def as_yaml(mutant: Mutant) -> str:
    """Write the entry for a mutant, its reason left to a person."""
    fields = {"function": mutant.function, "was": mutant.was, "now": mutant.now, "reason": "..."}
    return str(yaml.safe_dump([fields], sort_keys=False, allow_unicode=True, width=1000))
