"""What the tests of other graders share."""

from __future__ import annotations

import pytest
from nbgrader_course import NbCourse


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> NbCourse:
    """A course with one assignment, generated and released."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[nbgrader]'")
    made = NbCourse(tmp_path_factory.mktemp("nbgrader"))
    made.release("softmax")
    made.nbgrader("generate_assignment", "softmax")
    return made
