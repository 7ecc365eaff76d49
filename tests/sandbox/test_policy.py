"""The shipped seccomp programs are the compiled policy."""

from __future__ import annotations

import pytest

from autograder.sandbox.policy import ARCHITECTURES, compile_filter, shipped

pyseccomp = pytest.importorskip("pyseccomp", reason="needs libseccomp", exc_type=Exception)


@pytest.mark.parametrize("threads", [True, False])
@pytest.mark.parametrize("writable", [True, False])
@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_shipped_filter_is_current(architecture: str, writable: bool, threads: bool) -> None:
    fresh = compile_filter(architecture, writable=writable, threads=threads)
    assert shipped(architecture, writable=writable, threads=threads) == fresh, (
        "run `python -m autograder.sandbox.policy`"
    )
