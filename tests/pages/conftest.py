"""One graded class for all tests of pages."""

from __future__ import annotations

from pathlib import Path

import graded_class
import pytest

from autograder.pages.build import BuildOptions, build_pages


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder for results of a graded class."""
    return graded_class.grade(tmp_path_factory.mktemp("class"))


@pytest.fixture(scope="session")
def site(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build its pages in English, times of submission known."""
    target = tmp_path_factory.mktemp("site")
    build_pages(graded_class.course_of(results), BuildOptions(results, target, "en", results.parent / "submitted"))
    return target
