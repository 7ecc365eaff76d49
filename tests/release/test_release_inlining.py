"""Visible checks that a source imports are written into the notebook."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.errors import ReleaseError
from autograder.release.inlining import with_visible_checks

PATH = Path("solutions/twice/twice.py")
MODULE = "autograder.release.visible_checks"


def inlined(text: str) -> str:
    return with_visible_checks(PATH, 7, text)


def test_a_cell_without_that_import_stays_as_it_is() -> None:
    text = "import numpy as np\n\n%matplotlib inline\ncheck = 3"
    assert inlined(text) == text


def test_what_a_check_calls_comes_along_and_nothing_else() -> None:
    text = inlined(f"import numpy as np\n\nfrom {MODULE} import check\n\nseed = 3")
    assert text.startswith("import numpy as np\n\n\nclass CheckFailed(AssertionError):")
    assert [line.partition("(")[0] for line in text.split("\n") if line.startswith("def ")] == [
        "def brief",
        "def shown",
        "def check",
    ]
    assert text.endswith("\n\n\nseed = 3")
    assert "autograder" not in text


def test_imports_are_joined_as_formatters_write_them() -> None:
    text = inlined(
        f"import gzip\nfrom pathlib import Path\n\nimport numpy as np\n\nfrom {MODULE} import check_parts, draw\n"
    )
    assert text.startswith(
        "import copy\nimport gzip\nimport sys\nfrom pathlib import Path\n\nimport numpy as np\n\n\nclass"
    )


def test_a_check_may_be_given_another_name() -> None:
    namespace: dict[str, object] = {}
    exec(inlined(f"import numpy as np\n\nfrom {MODULE} import check_parts as check"), namespace)  # noqa: S102 - ours
    assert "check_parts" not in namespace
    check = namespace["check"]
    check(lambda x: {"y": 2.0 * x}, np.ones(2), want={"y": [2.0, 2.0]}, en="Twice.", es="El doble.", name="twice")
    with pytest.raises(AssertionError, match="twice: y is not right yet"):
        check(lambda x: {"y": x}, np.ones(2), want={"y": [2.0, 2.0]}, en="Twice.", es="El doble.", name="twice")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"from {MODULE} import chek",
            r"twice\.py:7: .* has no 'chek'\. Choose from CheckFailed, brief, .*check_parts",
        ),
        (f"import {MODULE}", r"twice\.py:7: the cell names .*, but not in an import at its top\. Begin the cell with"),
        (f"x = 1\nfrom {MODULE} import check", r"not in an import at its top"),
        (f"from {MODULE} import check\n%matplotlib inline", r"the cell is no Python: .*\. Move magics to another cell"),
    ],
)
def test_an_import_that_cannot_be_written_out_is_refused_with_the_remedy(text: str, message: str) -> None:
    with pytest.raises(ReleaseError, match=message):
        inlined(text)
