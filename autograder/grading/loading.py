"""Import the files of an assignment by path, each as a module of its own."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType

from autograder.errors import GraderError

__all__ = ["forget_below", "load_module"]

_PREFIX = "autograder_loaded_"


def load_module(path: Path) -> ModuleType:
    """Run a Python file as a module of its own and return it; sys.path stays as it is.

    The module's name is made from the whole path, so that two assignments never share an entry of sys.modules. The
    source is compiled anew each time: a cached .pyc may be older than a file edited within the same second.

    Raises:
        GraderError: the file is missing or raises.
    """
    name = f"{_PREFIX}{hashlib.blake2b(str(path.resolve()).encode(), digest_size=8).hexdigest()}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or not path.is_file():
        raise GraderError(f"{path} does not exist; an assignment needs it")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and inspect look there
    try:
        # A notebook's own prints must not reach the standard output that a worker may use for its results.
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - the course's own code
    except Exception as error:
        del sys.modules[name]
        raise GraderError(f"{path} cannot be imported: {type(error).__name__}: {error}; run it to see where") from error
    return module


def forget_below(folder: Path) -> None:
    """Drop modules that pytest imported from a folder, so that a later session reads the files anew."""
    for name, module in tuple(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and Path(file).parent == folder and not name.startswith(_PREFIX):
            del sys.modules[name]
