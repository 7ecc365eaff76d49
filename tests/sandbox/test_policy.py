"""The shipped seccomp programs are the compiled policy."""

from __future__ import annotations

import pytest

from autograder.sandbox.policy import ARCHITECTURES, compile_filter, shipped

pyseccomp = pytest.importorskip("pyseccomp", reason="needs libseccomp", exc_type=Exception)


@pytest.mark.parametrize("writable", [True, False])
@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_shipped_filter_is_current(architecture: str, writable: bool) -> None:
    assert shipped(architecture, writable=writable) == compile_filter(architecture, writable=writable), (
        "run `python -m autograder.sandbox.policy`"
    )
