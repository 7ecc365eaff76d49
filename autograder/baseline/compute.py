"""Compute the cases of one assignment with TensorFlow, in a process that `recording` starts.

    python -m autograder.baseline.compute FOLDER OUT DEVICE free|deterministic

It writes OUT and ends with 0, or prints on standard output what is wrong and ends with 1. Where TensorFlow has no
deterministic way to compute a case, it ends with INDETERMINATE.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import platform
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.baseline.archive import DTYPES, FORMAT_VERSION, Provenance, write_baseline
from autograder.baseline.cases import Case, Cases, load_cases
from autograder.errors import BaselineError

__all__ = ["INDETERMINATE", "SEED", "generator", "main", "named_arrays"]

INDETERMINATE = 3
SEED = 20_270_201
_THREADS = 1  # sums are split by the number of threads, so that every number would give results of its own


def main() -> int:
    """Serve the command line of this process."""
    folder, out, device, mode = sys.argv[1:]
    try:
        with contextlib.redirect_stdout(sys.stderr):  # Keras and the cases may print
            _compute(Path(folder), Path(out), device, deterministic=mode == "deterministic")
    except _Indeterminate:
        return INDETERMINATE
    except BaselineError as error:
        print(error)  # noqa: T201 - read by the process that started this one
        return 1
    return 0


class _Indeterminate(Exception):
    """A case needs what TensorFlow refuses as long as it is to be deterministic."""


def generator(name: str) -> np.random.Generator:
    """Return the random numbers of a case; adding or removing a case does not change those of the others."""
    return np.random.default_rng([SEED, int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")])


def named_arrays(name: str, result: object) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield what a case returned as arrays; raises BaselineError unless it is a dict of names and real numbers."""
    if not isinstance(result, Mapping) or not result:
        raise BaselineError(f"case {name!r} returned {type(result).__name__}; return a dict: name -> array")
    for key, value in result.items():
        if not isinstance(key, str) or not key.isidentifier() or key.startswith("_"):
            raise BaselineError(
                f"case {name!r} calls an array {key!r}; use a name as of a variable, without _ before it"
            )
        array = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
        if array.dtype.kind not in "biuf":
            raise BaselineError(f"case {name!r}: {key} has dtype {array.dtype}; real numbers can be recorded")
        yield key, array


def _compute(folder: Path, out: Path, device: str, *, deterministic: bool) -> None:
    tf = _tensorflow(device, deterministic=deterministic)
    cases = load_cases(folder)
    arrays: dict[str, NDArray[Any]] = {}
    places: set[str] = set()
    for name, function in cases.functions.items():
        for dtype in DTYPES:
            result = _ask(tf, cases, (name, function), dtype, deterministic=deterministic)
            arrays |= {f"{name}/{dtype}/{key}": array for key, array in named_arrays(name, result)}
            places |= {value.device for value in result.values() if _floating(tf, value)}
            places.add(_product_device(tf, dtype))
    used = "GPU" if all("device:GPU" in place for place in places) else "CPU"
    if device == "gpu" and used != "GPU":
        raise BaselineError(f"--device gpu: TensorFlow sees a GPU, and computed elsewhere: {', '.join(sorted(places))}")
    write_baseline(out, arrays, _provenance(tf, cases, used, tuple(sorted(places)), deterministic=deterministic))


def _tensorflow(device: str, *, deterministic: bool) -> Any:
    """Import TensorFlow and set it up; its settings hold for the whole process."""
    tf: Any = importlib.import_module("tensorflow")  # only this process ever loads it, and it has no types
    if device == "gpu" and not tf.config.list_physical_devices("GPU"):
        seen = ", ".join(found.name.removeprefix("/physical_device:") for found in tf.config.list_physical_devices())
        raise BaselineError(
            f"--device gpu: TensorFlow {tf.__version__} sees no GPU, only {seen or 'nothing'}. "
            "If `nvidia-smi` shows one: pip install 'tensorflow[and-cuda]'. Else use --device cpu."
        )
    tf.config.threading.set_intra_op_parallelism_threads(_THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(_THREADS)
    tf.config.experimental.enable_tensor_float_32_execution(False)
    if deterministic:
        tf.keras.utils.set_random_seed(SEED)
        tf.config.experimental.enable_op_determinism()
    return tf


def _ask(tf: Any, cases: Cases, named: tuple[str, Case], dtype: str, *, deterministic: bool) -> Mapping[str, Any]:
    name, function = named
    tf.keras.config.set_floatx(dtype)  # Keras casts what it is given to this, also float64 to float32
    tf.keras.utils.set_random_seed(SEED)
    try:
        return function(tf, generator(name), dtype)
    except Exception as error:
        if deterministic and "determini" in str(error):
            raise _Indeterminate from error
        raise _failed(cases, name, dtype, error) from error


def _failed(cases: Cases, name: str, dtype: str, error: Exception) -> BaselineError:
    trace, line = error.__traceback__, 0
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == str(cases.path) else line
        trace = trace.tb_next
    return BaselineError(f"{cases.path}:{line}: case {name!r} in {dtype} raised {type(error).__name__}: {error}")


def _floating(tf: Any, value: object) -> bool:
    """Return whether a value is a tensor of floats; TensorFlow keeps small whole numbers on the CPU by design."""
    return isinstance(value, (tf.Tensor, tf.Variable)) and bool(value.dtype.is_floating)


def _product_device(tf: Any, dtype: str) -> str:
    matrix = tf.ones((8, 8), dtype)
    return str((matrix @ matrix).device)


def _provenance(tf: Any, cases: Cases, device: str, places: tuple[str, ...], *, deterministic: bool) -> Provenance:
    build = tf.sysconfig.get_build_info() if device == "GPU" else {}
    return Provenance(
        format_version=FORMAT_VERSION,
        assignment=cases.path.parent.name,
        device=device,
        devices=places,
        hardware=_hardware(tf, device),
        tensorflow=tf.__version__,
        keras=tf.keras.__version__,
        cuda=build.get("cuda_version"),
        cudnn=build.get("cudnn_version"),
        deterministic=deterministic,
        numpy=np.__version__,
        python=platform.python_version(),
        platform=platform.platform(),
        seed=SEED,
        source_sha256=cases.sha256,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _hardware(tf: Any, device: str) -> str:
    if device == "GPU":
        details = tf.config.experimental.get_device_details(tf.config.list_physical_devices("GPU")[0])
        return str(details.get("device_name", "unknown"))
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(
            line.partition(":")[2].strip() for line in [*lines, ":unknown"] if line.startswith(("model name", ":"))
        )
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main())
