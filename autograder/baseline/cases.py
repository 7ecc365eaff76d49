"""The file baseline.py of an assignment: functions that compute with TensorFlow."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from autograder.errors import BaselineError

__all__ = ["SOURCE", "Case", "Cases", "case", "load_cases", "source_hash"]

SOURCE = "baseline.py"
"""What the file is called in an assignment's folder."""

Case = Callable[[Any, Any, str], Mapping[str, Any]]
Function = TypeVar("Function", bound=Case)

_ATTRIBUTE = "__autograder_case__"


@dataclass(frozen=True)
class Cases:
    """The cases of one file in their order there, by name, and the SHA-256 of the file."""

    path: Path
    sha256: str
    functions: Mapping[str, Case]


def case(function: Function) -> Function:
    """Mark a function of baseline.py as a case: `def softmax_batch(tf, rng, dtype)`.

    It draws inputs from `rng` (numpy.random.Generator, the same numbers each time), computes with TensorFlow in
    `dtype` ("float64" or "float32") and returns a dict of inputs and outputs: name -> array, tensor or number.
    """
    setattr(function, _ATTRIBUTE, True)
    return function


def load_cases(folder: Path) -> Cases:
    """Run baseline.py of an assignment's folder; raises BaselineError if it cannot be run or holds no case."""
    path = folder / SOURCE
    data = _bytes(path)
    name = f"autograder_baseline_{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise BaselineError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and inspect look there
    try:
        exec(compile(data, str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - the course's own code
    except Exception as error:
        raise BaselineError(
            f"{path} cannot be imported: {type(error).__name__}: {error}. Run it to see where."
        ) from error
    found = {name: value for name, value in vars(module).items() if getattr(value, _ATTRIBUTE, False)}
    if not found:
        raise BaselineError(f"{path} holds no case. Put @case over a function: def some_case(tf, rng, dtype).")
    return Cases(path, hashlib.sha256(data).hexdigest(), found)


def source_hash(folder: Path) -> str:
    """Return the SHA-256 of the current baseline.py; raises BaselineError if there is none."""
    return hashlib.sha256(_bytes(folder / SOURCE)).hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BaselineError(
            f"{path} does not exist, so there is nothing to ask TensorFlow. Write cases there: "
            "from autograder.baseline import case"
        ) from None
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read ({error.strerror}). Make it readable.") from error
