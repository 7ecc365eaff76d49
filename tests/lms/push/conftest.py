"""A platform for each test, served on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fake_ags
import fake_canvas
import fake_moodle
import pytest
from lms_platform import Clock
from push_site import Site, make

from autograder.lms.registry import push_services


@pytest.fixture
def secrets_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "key.pem"
    key.write_text(fake_ags.PEM)
    key.chmod(0o600)
    monkeypatch.setenv("AUTOGRADER_CANVAS_TOKEN", fake_canvas.TOKEN)
    monkeypatch.setenv("AUTOGRADER_MOODLE_TOKEN", fake_moodle.TOKEN)
    monkeypatch.setenv("AUTOGRADER_LTI_KEY", str(key))


@pytest.fixture(params=list(push_services()))
def site(request: pytest.FixtureRequest, tmp_path: Path, secrets_set: None) -> Iterator[Site]:
    """Serve each platform in turn."""
    clock = Clock()
    with make(request.param, clock).serving() as fake:
        yield Site(request.param, fake, clock, tmp_path)


def _serving(via: str, folder: Path) -> Iterator[Site]:
    clock = Clock()
    with make(via, clock).serving() as fake:
        yield Site(via, fake, clock, folder)


@pytest.fixture
def canvas(tmp_path: Path, secrets_set: None) -> Iterator[Site]:
    yield from _serving("canvas", tmp_path)


@pytest.fixture
def moodle(tmp_path: Path, secrets_set: None) -> Iterator[Site]:
    yield from _serving("moodle", tmp_path)


@pytest.fixture
def ags(tmp_path: Path, secrets_set: None) -> Iterator[Site]:
    yield from _serving("ags", tmp_path)
