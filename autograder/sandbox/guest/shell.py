"""Runs a student's cells as IPython would, with what a sandbox cannot have taken out."""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import os
import re
import sys
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

__all__ = ["FLOOD_EXIT", "Output", "Shell", "encodable", "redirected"]

_PROMPT = re.compile(r"\s*In ?\[").match  # valid Python, but IPython takes it for a pasted prompt
FLOOD_EXIT = 77  # how a child ends that printed far beyond its limit
_WARM_UP = (
    "print(1)",
    "%time 1",
    "import numpy as np; np.random.seed(0); (np.random.rand(9, 9) @ np.random.rand(9, 9)).sum(axis=0)",
    "np.exp([1.0, 2.0]).mean(axis=-1, keepdims=True), np.allclose(np.zeros(3), 0), np.array_equal([1], [1])",
    "np.linalg.norm(np.random.default_rng(0).normal(size=(3, 2))), np.max([1, 2]), np.round([0.5], 2), f'{1.5:.2f}'",
    "np.asarray([1], dtype=float)",
    "def warm(z):\n    'Doc.'\n    raise NotImplementedError('write me')\nwarm(1)",
    "1 / 0",
    "assert np.shape([1]) == (2,), 'shape'",
)


class Output(io.TextIOBase):
    """What a student prints: the first `keep` characters are kept; a flood ends the process."""

    def __init__(self, keep: int) -> None:
        self._parts: list[str] = []
        self._kept, self._keep, self._total = 0, keep, 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._total += len(text)
        if self._kept < self._keep:
            part = text[: self._keep - self._kept]
            self._parts.append(part)
            self._kept += len(part)
        elif self._total > 256 * self._keep:
            os._exit(FLOOD_EXIT)
        return len(text)

    def text(self) -> str:
        return encodable("".join(self._parts))


def encodable(text: str) -> str:
    """Write halves of surrogate pairs, which no encoding has and no frame could carry, as Python escapes them."""
    return str.encode(text, "utf-8", "backslashreplace").decode()


def _nothing(*_: Any, **__: Any) -> None:
    pass


def _no_command(*_: Any) -> None:
    print("[shell commands do not run while grading]")  # noqa: T201 - it stands in the student's own output


def _no_output(*_: Any, **__: Any) -> list[str]:
    return []


class Shell:
    """One IPython shell and the numbers of the cells whose code it ran."""

    def __init__(self) -> None:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        class SandboxShell(InteractiveShell):
            """Without windows, processes and printed tracebacks: errors travel back as records."""

            enable_gui = showtraceback = showsyntaxerror = _nothing
            system = system_piped = system_raw = _no_command
            getoutput = _no_output

        config = Config()
        config.HistoryManager.enabled = False  # history starts a thread, and a threaded process must not fork
        config.InteractiveShell.colors = "nocolor"
        self._shell: Any = SandboxShell.instance(config=config)
        self._shell.builtin_trap.activate()  # `display` and `get_ipython` as in any notebook
        self.namespace: dict[str, Any] = self._shell.user_ns
        self._files: dict[str, int] = {}

    def warm_up(self, sources: Sequence[str] = _WARM_UP) -> None:
        """Run typical cells, so that no child pays for first use."""
        with redirected(Output(1 << 16)):
            for source in sources:
                with contextlib.suppress(Exception):
                    self.run(0, source)
        self._shell.reset(new_session=False)
        self._files.clear()

    def run(self, number: int, source: str) -> None:
        """Run one cell as IPython does: magics, top-level await, the last expression displayed."""
        shell = self._shell
        name = f"<cell {number}>"
        self._files[name] = number
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)  # for inspect.getsource
        tree = shell.transform_ast(self._parse(source, name))
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            body, last = ast.Module(tree.body[:-1], []), ast.Interactive([tree.body[-1]])
            self._execute(body, name, "exec")
            self._execute(last, name, "single")
        else:
            self._execute(tree, name, "exec")

    def _parse(self, source: str, name: str) -> ast.Module:
        """Parse a cell; IPython's transformers cost more than parsing, so they see only what is no plain Python."""
        try:
            if not _PROMPT(source):
                return ast.parse(source, name)
        except SyntaxError:
            pass
        tree: ast.Module = self._shell.compile.ast_parse(self._shell.transform_cell(source), filename=name)
        return tree

    def _execute(self, tree: ast.AST, name: str, mode: str) -> None:
        compiler = self._shell.compile
        with compiler.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
            code = compiler(tree, name, mode)
        if code.co_flags & 0x180:  # CO_COROUTINE | CO_ASYNC_GENERATOR: a cell with `await` at its top level
            self._shell.loop_runner(eval(code, self.namespace))  # noqa: S307 - running students' code is the job
        else:
            exec(code, self.namespace)  # noqa: S102 - as above

    def place(self, error: BaseException) -> tuple[int, int]:
        """Return cell and line of the innermost cell frame in the traceback of `error`; (0, 0) if there is none."""
        if isinstance(error, SyntaxError) and error.filename in self._files:
            return self._files[error.filename], error.lineno or 0
        place, trace = (0, 0), error.__traceback__
        while trace is not None:
            place = self._step(trace, place)
            trace = trace.tb_next
        return place

    def _step(self, trace: TracebackType, place: tuple[int, int]) -> tuple[int, int]:
        number = self._files.get(trace.tb_frame.f_code.co_filename)
        return place if number is None else (number, trace.tb_lineno)


@contextlib.contextmanager
def redirected(output: Output) -> Iterator[None]:
    """Send stdout and stderr to `output`."""
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = output
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
