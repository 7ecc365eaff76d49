"""The hidden grader: what authors import to write one, and what runs it on submissions.

Only light names are imported here, because the pytest plugin below this package loads in every run of pytest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.grading.variants import equivalent, misconception

if TYPE_CHECKING:
    from autograder.grading import expect  # `from autograder.grading import expect` finds the module by itself

__all__ = ["equivalent", "expect", "misconception"]
