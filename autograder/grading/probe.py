"""Ask only whether an answer passes: stop at its first failed criterion, and name no mistake."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.grading.engine import Engine
from autograder.grading.outcome import Cells, message
from autograder.grading.scoring import Paper, Verdict
from autograder.report import Report
from autograder.submission import read

__all__ = ["Probe"]


class Probe(Engine):
    """An engine for many nearly right answers: a report holds the first failed criterion, or all if none failed.

    The criterion that failed last is tried first: neighbouring answers tend to fail the same one.
    """

    _last_failed: pytest.Item | None = None

    def _graded(self, paper: Paper, grader: Any) -> Report:
        submission = read(paper.job.data, paper.job.filename)
        items = sorted(grader.items, key=lambda item: item is not self._last_failed)
        with self._sandbox.run(submission.cells) as process:
            for item in items:
                outcome = self._run_item(item, process)
                if outcome.error is None:
                    continue
                self._last_failed = item
                cells = Cells(submission.cells, process.cell_errors)
                said = message(item, outcome, lambda item=item: grader.diagnosis.reference(item), cells)  # type: ignore[misc]
                return paper.graded([Verdict(grader.items[item], said, seconds=outcome.seconds)], [])
        return paper.graded([Verdict(declared) for declared in grader.items.values()], [])
