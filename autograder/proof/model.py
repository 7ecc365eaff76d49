"""The result of a proof: one line for each thing that must hold, and for each problem what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

import msgspec

__all__ = ["Listener", "Problem", "Proof", "ProofLine", "Verdict", "proof_line"]


class Verdict(StrEnum):
    """The outcome of one line; only `fail` fails the whole proof."""

    OK = "ok"
    WARNING = "warning"
    FAIL = "fail"


class Problem(msgspec.Struct, frozen=True):
    """What is wrong, where, and what to do next."""

    what: str
    remedy: str


class ProofLine(msgspec.Struct, frozen=True):
    """One thing that must hold: `what` is its name, `detail` what was seen."""

    what: str
    verdict: Verdict
    detail: str
    problems: tuple[Problem, ...] = ()


class Proof(msgspec.Struct, frozen=True):
    """All lines of one assignment, or of the course where `assignment` is empty."""

    assignment: str
    lines: tuple[ProofLine, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        """Return whether no line failed."""
        return all(each.verdict is not Verdict.FAIL for each in self.lines)


class Listener(Protocol):
    """Follows the progress of a proof."""

    def start(self, assignment: str, what: str, total: int) -> None:
        """Note that `total` answers are about to be graded for one line."""

    def step(self) -> None:
        """Note that one of them is done."""

    def line(self, assignment: str, found: ProofLine) -> None:
        """Receive a line once it is established."""


def proof_line(what: str, wanted: str, problems: Iterable[Problem], *, otherwise: Verdict = Verdict.FAIL) -> ProofLine:
    """Build a line: ok if there are no problems, else `otherwise`; `wanted` is what holds where there are none."""
    found = tuple(problems)
    return ProofLine(what, otherwise if found else Verdict.OK, f"wanted: {wanted}" if found else wanted, found)
