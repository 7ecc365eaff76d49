"""Submissions beside the reports that they get: full marks, a misconception, an unfinished one, a crash.

Each folder of scenarios/reports holds a submission and report.json. After a change of texts or criteria that is meant,
`pytest tests/grading/test_reports.py --renew-reports` writes the reports again; `git diff` shows what changed.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.batch.run import GradeOptions, NoProgress, grade
from autograder.course import load_course

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "tests" / "scenarios" / "reports").iterdir())
KINDS = ("full-marks", "misconception", "unfinished", "crash")
SEED = "what the reports of the scenarios are drawn from"
LEFT_OUT = ("student", "started", "seconds", "isolation", "content_hash", "key", "grader_version")


def assignment_of(scenario: Path) -> str:
    [submission] = scenario.glob("*.py")
    return submission.name.partition(".")[0]


def timeless(value: Any) -> Any:
    """Leave out what differs between two runs or two machines."""
    if isinstance(value, dict):
        return {name: timeless(each) for name, each in value.items() if name not in LEFT_OUT}
    return [timeless(each) for each in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Grade all scenarios in one run, each as the work of a student of its name."""
    folder = tmp_path_factory.mktemp("scenarios")
    for scenario in SCENARIOS:
        ignored = shutil.ignore_patterns("report.json")
        shutil.copytree(scenario, folder / "submitted" / scenario.name / assignment_of(scenario), ignore=ignored)
    course = msgspec.structs.replace(load_course(ROOT / "course.yml"), secret_source="env:SEED_OF_SCENARIOS")  # noqa: S106 - a name
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEED_OF_SCENARIOS", SEED)
        result = grade(course, GradeOptions(submitted=folder / "submitted", out=folder / "out"), NoProgress())
    found = {report.student: timeless(json.loads(msgspec.json.encode(report))) for report in result.reports}
    return {name: report for name, report in found.items() if report["status"] != "missing"}


def test_every_assignment_has_a_scenario_of_each_kind():
    names = [assignment.name for assignment in load_course(ROOT / "course.yml").assignments]
    assert {path.name for path in SCENARIOS} == {f"{name}-{kind}" for name in names for kind in KINDS}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)
def test_a_submission_gets_the_report_beside_it(reports, scenario, request):
    expected = scenario / "report.json"
    found = reports[scenario.name]
    if request.config.getoption("--renew-reports"):
        expected.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(expected.read_text(encoding="utf-8"))
