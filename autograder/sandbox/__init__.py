"""Runs untrusted code and knows nothing of grading: cells in, plain values out.

Names are loaded at first use: who only reads limits, or has yet to start a zygote, need not wait for NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.sandbox.guest.values import Opaque, ValueProblem
    from autograder.sandbox.limits import Limits
    from autograder.sandbox.process import CellFailure, StudentProcess, Timing
    from autograder.sandbox.sandbox import Sandbox, available_levels

__all__ = ["CellFailure", "Limits", "Opaque", "Sandbox", "StudentProcess", "Timing", "ValueProblem", "available_levels"]

_HOMES = {
    "guest.values": ("Opaque", "ValueProblem"),
    "limits": ("Limits",),
    "sandbox": ("Sandbox", "available_levels"),
    "process": ("CellFailure", "StudentProcess", "Timing"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
