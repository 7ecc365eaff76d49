"""otter's plugin: student code runs in our sandbox and never in otter's kernel, which gets an empty notebook."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from otter.plugins import AbstractOtterPlugin
from otter.run.run_autograder.utils import OtterRuntimeError
from otter.test_files import GradingResults
from otter.test_files.ottr_test import OttrTestFile

from autograder.batch.single import grade_one
from autograder.course import Course, load_course
from autograder.course.model import ShowWhen, Visibility
from autograder.errors import AutograderError
from autograder.explain import cell_text, question_text, report_text
from autograder.hosts.otter.release import BUNDLE
from autograder.report import QuestionResult, Report, Status

__all__ = ["Explained", "SandboxPlugin"]


_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


class Explained(OttrTestFile):
    """A question's result that is told in our words instead of otter's."""

    text = ""

    def summary(self, public_only: bool = False) -> str:
        """Return the result; criteria that are not shown yet are included only if it asks for everything."""
        hidden = any(case.hidden for case in self.test_cases)
        return f"{self.name}: –" if public_only and hidden else f"{self.name}: {self.text}"


class SandboxPlugin(AbstractOtterPlugin):
    """Takes the place of execution: `assignment` and `level` come from the plugin's configuration.

    A submission that could not be graded through no fault of its author ends `otter run` with an error, and
    results.json says so.
    """

    _report: Report | None = None
    _visibility = Visibility()

    def before_grading(self, config: Any) -> None:  # noqa: ARG002 - otter's signature
        """Go where the submission is alone: what else was handed in could be imported, or loaded as a pickle."""
        here = os.getcwd()  # noqa: PTH109 - a text, as sys.path has it
        sys.path[:] = [entry for entry in sys.path if entry not in ("", ".", here)]
        alone = Path(tempfile.mkdtemp(prefix="submission-", dir=Path(here).parent))
        submission = Path(self.submission_path)
        shutil.copyfile(submission, alone / submission.name, follow_symlinks=False)
        (alone / "tests").mkdir()
        os.chdir(alone)

    def before_execution(self, submission: Any) -> NotebookNode:  # noqa: ARG002 - otter's signature
        """Grade the submission, and give otter nothing to execute."""
        try:
            self._grade()
        except AutograderError as error:
            raise OtterRuntimeError(f"{error} This is no fault of the submission's.") from error
        empty: NotebookNode = nbformat.v4.new_notebook(metadata={"kernelspec": _KERNEL})
        return empty

    def after_grading(self, results: Any) -> None:
        """Put our results in the place of otter's."""
        report = self._graded()
        results._catastrophic_error = None  # the kernel had nothing to do, so nothing it met counts
        results.clear_results()
        found = GradingResults.from_ottr_json(json.dumps(_as_ottr(report, self._visibility)))
        for question in _automatic(report):
            results.results[question.name] = _explained(found.get_result(question.name), question, report.lang)
        results.set_output(
            "\n".join(
                [report.reason, *report.notes, *(cell_text(error, report.lang) for error in report.cell_errors)]
            ).strip()
        )

    def generate_report(self) -> str:
        """Return the report as text, for otter's log."""
        return report_text(self._graded())

    def _grade(self) -> None:
        submission = Path(self.submission_path)
        packed = submission.parent.parent / "source" / "files" / BUNDLE
        with tempfile.TemporaryDirectory(prefix="autograder-") as scratch:
            course = _unpacked(packed, Path(scratch))
            name = self.plugin_config["assignment"]
            self._visibility = course.seen(course.assignment(name))
            report = grade_one(Path.cwd(), name, course=course, level=self.plugin_config.get("level", "best"))
        if report.status in (Status.ERROR, Status.MISSING):
            raise OtterRuntimeError(f"not graded: {report.reason}")
        self._report = report

    def _graded(self) -> Report:
        if self._report is None:
            raise OtterRuntimeError("the submission was not graded")
        return self._report


def _unpacked(packed: Path, folder: Path) -> Course:
    try:
        with zipfile.ZipFile(packed) as archive:  # of our own making
            archive.extractall(folder)
    except (OSError, zipfile.BadZipFile) as error:
        raise OtterRuntimeError(f"{packed}: {error}. Release the assignment again, and run `otter assign`.") from error
    return load_course(folder / "course.yml")


def _explained(found: Any, question: QuestionResult, lang: str) -> Explained:
    explained = Explained(found.name, found.path, found.test_cases, all_or_nothing=False)
    explained.test_case_results = found.test_case_results
    explained.text = question_text(question, lang)
    explained.update_score(question.score or 0.0)
    return explained


def _automatic(report: Report) -> list[QuestionResult]:
    return [question for question in report.questions if not question.manual]


def _as_ottr(report: Report, visibility: Visibility) -> dict[str, Any]:
    """Return the criteria in the form in which otter takes results; it holds no test's source."""
    return {
        "test_file_results": [
            {
                "filename": f"{question.name}.py",
                "points": None,
                "test_case_results": [
                    {
                        "passed": test.passed,
                        "error": None,
                        "test_case": {
                            "name": test.criterion,
                            "code": "",
                            "hidden": visibility.when(question.name) is not ShowWhen.VISIBLE,
                            "points": test.max_points,
                            "success_message": None,
                            "failure_message": "\n\n".join(filter(None, (test.message, test.hint))) or None,
                        },
                    }
                    for test in question.tests
                ],
            }
            for question in _automatic(report)
        ]
    }
