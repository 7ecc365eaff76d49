"""The sandbox's contract, at every level that works here: values in and out, limits, revival, nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from autograder.errors import FunctionMissing, IsolationUnavailable, LimitExceeded, NotAttempted, StudentRaised
from autograder.sandbox import Limits, Opaque, Sandbox
from autograder.sandbox.levels import LEVELS

SMALL = Limits(cell_seconds=1, call_seconds=0.5, submission_seconds=20, memory_mb=256, disk_mb=4, output_kb=1)
STRONG = [
    pytest.param(level, marks=pytest.mark.skipif(bool(LEVELS[level].obstacle()), reason=LEVELS[level].obstacle()))
    for level in ("namespaces", "landlock")
]


@pytest.fixture(scope="module", params=LEVELS)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    if LEVELS[request.param].obstacle():
        pytest.skip(LEVELS[request.param].obstacle())
    with Sandbox(SMALL, request.param) as box:
        yield box


@pytest.mark.parametrize(
    "value",
    [None, True, -7, 2**80, 1.5, float("inf"), 1 + 2j, "ñ", b"\x00", [1, [2.0, "x"]], (1, (2,)), {"a": [1]}, {1, 2}],
    ids=repr,
)
def test_plain_values_cross_both_ways(sandbox: Sandbox, value: object) -> None:
    with sandbox.run(["def same(x): return x"]) as student:
        result, _ = student.call("same", [value])
        assert result == value
        assert type(result) is type(value)


@pytest.mark.parametrize("dtype", ["?", "i1", "u2", "i8", "f2", "f4", "f8", "c8", "c16", ">f8"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (5, 3)])
def test_numeric_arrays_cross_exactly(sandbox: Sandbox, dtype: str, shape: tuple[int, ...]) -> None:
    array = np.asarray(np.random.default_rng(0).normal(size=shape) * 3).astype(dtype)
    with sandbox.run(["def same(x): return x"]) as student:
        result, _ = student.call("same", [array])
    assert type(result) is np.ndarray
    assert result.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(result, array)


def test_large_read_only_arrays_are_sent_once_and_stay_fresh(sandbox: Sandbox) -> None:
    array = np.zeros((500, 400))
    array.flags.writeable = False
    with sandbox.run(["def spoil(x):\n    before = float(x.sum())\n    x[:] = 1\n    return before"]) as student:
        assert [student.call("spoil", [array])[0] for _ in range(3)] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "code", ["object()", "lambda: 1", "np.ma.masked_array([1.0])", "{1: 2}", "np.array(['a'])", "int"]
)
def test_whatever_is_not_plain_arrives_opaque(sandbox: Sandbox, code: str) -> None:
    with sandbox.run(["import numpy as np", f"def f(): return {code}"]) as student:
        assert type(student.call("f", [])[0]) is Opaque


def test_arguments_come_back_as_the_call_left_them(sandbox: Sandbox) -> None:
    with sandbox.run(["def f(z):\n    z += 1\n    return z.sum()"]) as student:
        z = np.arange(3.0)
        result, after = student.call("f", [z], want_arguments=True)
        assert after is not None
        np.testing.assert_array_equal(after[0], [1, 2, 3])
        np.testing.assert_array_equal(z, [0, 1, 2])
        assert result == 6


def test_a_failing_cell_leaves_the_others_alone(sandbox: Sandbox) -> None:
    cells = ["x = 1", "def broken(:", "y = 1 / 0", "%time 1", "!ls", "print('a' * 5000)", "def f(): return x"]
    with sandbox.run(cells) as student:
        assert [failure.cell for failure in student.cell_errors] == [2, 3]
        assert student.cell_errors[1].params["code"] == "y = 1 / 0"
        assert len(student.output[5]) == 1024
        assert student.call("f", [])[0] == 1


def test_half_a_surrogate_pair_ends_nothing(sandbox: Sandbox) -> None:
    cells = [
        "kept = 1\nprint('\\ud800')",
        "raise ValueError('\\ud800 <b>')",
        "def f(x): return '\\ud800' if x else kept",
    ]
    with sandbox.run(cells) as student:
        assert student.output[0] == "\\ud800\n"
        (failure,) = student.cell_errors
        assert failure.params["text"] == "\\ud800 <b>"
        assert student.call("f", [0])[0] == 1
        assert isinstance(student.call("f", [1])[0], Opaque)


def test_modules_that_were_not_loaded_before_can_be_imported(sandbox: Sandbox) -> None:
    with sandbox.run(["import numpy.ma, numpy.testing, decimal, xml.dom.minidom, sqlite3, asyncio"]) as student:
        assert student.cell_errors == ()


def test_top_level_await_runs(sandbox: Sandbox) -> None:
    with sandbox.run(["import asyncio", "await asyncio.sleep(0)\nx = 4", "def f(): return x"]) as student:
        assert student.cell_errors == ()
        assert student.call("f", [])[0] == 4


def test_how_calls_fail(sandbox: Sandbox) -> None:
    cells = [
        "def todo():\n    raise NotImplementedError",
        "def wrong(z):\n    return z / len(z) - undefined",
        "class Own(Exception): pass\ndef own(): raise type('x42', (Own,), {})(1)",
        "import sys\ndef leave(): sys.exit(3)",
    ]
    with sandbox.run(cells) as student:
        with pytest.raises(NotAttempted, match="todo is not attempted"):
            student.call("todo", [])
        with pytest.raises(FunctionMissing, match="nowhere is not defined"):
            student.call("nowhere", [])
        with pytest.raises(StudentRaised, match=r"wrong raised NameError in its line: return z / len\(z\) - undefined"):
            student.call("wrong", [np.ones(2)])
        with pytest.raises(StudentRaised, match="own raised an exception of its own"):
            student.call("own", [])
        with pytest.raises(StudentRaised, match="leave raised SystemExit"):
            student.call("leave", [])


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ("while True: pass", "time"),
        ("while True:\n        try:\n            while True: pass\n        except BaseException: pass", "time"),
        ("import time; time.sleep(60)", "time"),
        ("import os; os._exit(0)", "exit"),
        ("import os; os._exit(99)", "exit"),
        (
            "import builtins\n    for name in ('len', 'isinstance', 'type', 'str'): setattr(builtins, name, None)",
            "exit",
        ),
        ("import ctypes; ctypes.string_at(0)", "crash"),
        ("import os; os.write(max(int(n) for n in os.listdir('/proc/self/fd') if int(n) < 12), b'x' * 99)", "protocol"),
        ("while True: print('flood' * 1000)", "output"),
        ("return bytearray(3 << 30)", "memory"),
    ],
    ids=[
        "loop",
        "stubborn",
        "sleep",
        "exit",
        "exit like an error",
        "patched builtins",
        "segfault",
        "garbage",
        "flood",
        "memory",
    ],
)
def test_a_limit_ends_the_call_and_the_rest_is_graded(sandbox: Sandbox, body: str, limit: str) -> None:
    if sandbox.level == "process" and limit == "protocol":
        pytest.skip("the pipe has another number there")
    with sandbox.run(["def good(): return 5", f"def bad():\n    {body}"]) as student:
        with pytest.raises(LimitExceeded) as caught:
            student.call("bad", [])
        assert caught.value.limit == limit
        assert student.call("good", [])[0] == 5


def test_a_fatal_cell_is_left_out_of_the_revival(sandbox: Sandbox) -> None:
    with sandbox.run(["def f(): return 1", "import os; os._exit(1)", "def g(): return 2"]) as student:
        assert student.call("f", [])[0] + student.call("g", [])[0] == 3
        assert [(failure.cell, failure.template) for failure in student.cell_errors] == [(2, "{what} ended Python")]


def test_cells_that_end_python_again_and_again_do_not_take_for_ever(sandbox: Sandbox) -> None:
    cells = ["def f(): return 1", *["import os; os._exit(1)"] * 30]
    with sandbox.run(cells) as student:
        assert student.call("f", [])[0] == 1
        assert student.timing.children < 10
        assert "was not run" in student.cell_errors[-1].template


def test_after_two_limits_a_function_is_not_called_again(sandbox: Sandbox) -> None:
    with sandbox.run(["import time\ndef f(): time.sleep(9)"]) as student:
        for _ in range(2):
            with pytest.raises(LimitExceeded):
                student.call("f", [])
        with pytest.raises(LimitExceeded, match="was not called again"):
            student.call("f", [])


@pytest.mark.parametrize("level", STRONG)
def test_nothing_survives_a_submission(level: str) -> None:
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    with Sandbox(SMALL, level) as box:
        folder = Path(box._zygote._folder)
        for _ in range(3):
            with box.run(["import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()"]):
                pass
        left = {p.pid for p in psutil.Process().children(recursive=True)} - before
        assert len(left) <= 3  # bubblewrap, its init, the zygote; no student
    assert {p.pid for p in psutil.Process().children(recursive=True)} <= before
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors
    assert not folder.exists()


@pytest.mark.parametrize("level", STRONG)
def test_a_killed_zygote_is_replaced(level: str) -> None:
    with Sandbox(SMALL, level) as box:
        victim = box._zygote._process
        assert victim is not None
        below = psutil.Process(victim.pid).children(recursive=True)  # at `namespaces` the zygote itself is among them
        victim.kill()
        victim.wait()
        assert psutil.wait_procs(below, timeout=30)[1] == []
        with box.run(["def f(): return 1"]) as student:
            assert student.call("f", [])[0] == 1


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(IsolationUnavailable, match="choose from best, namespaces, landlock, process"):
        Sandbox(SMALL, "docker")


def test_what_happens_in_a_rehearsal_counts_for_nothing(sandbox: Sandbox) -> None:
    cells = ["def stuck(x):\n    while x > 1: pass\n    return x"]
    with sandbox.run(cells) as student:
        left = student._end
        with student.rehearsal():
            for _ in range(2):
                with pytest.raises(LimitExceeded):
                    student.call("stuck", [2])
            with pytest.raises(LimitExceeded, match="was not called again"):
                student.call("stuck", [2])
        assert student.call("stuck", [1]) == (1, None)
        assert student._end - left >= 2 * SMALL.call_seconds, "the time is given back"
        with pytest.raises(LimitExceeded, match="did not finish"):
            student.call("stuck", [2])
        assert student.call("stuck", [0]) == (0, None), "one limit met is not yet one too many"


def test_a_cell_that_replaces_builtins_is_left_out(sandbox: Sandbox) -> None:
    lies = "import builtins\nbuiltins.isinstance = lambda *args: True\nbuiltins.type = lambda *args: float"
    with sandbox.run(["def kind(x): return type(x) is float or isinstance(x, str)", lies]) as student:
        assert student.call("kind", [3])[0] is False
        assert [(failure.cell, failure.template) for failure in student.cell_errors] == [(2, "{what} ended Python")]
