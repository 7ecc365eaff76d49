"""`autograder lms push` and `lms check` as an instructor types them, and where the secrets are not."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from push_site import SECRETS, Site

from autograder.cli import main
from autograder.lms.registry import push_services
from autograder.report import QuestionResult, Report, Status, report_json

ROOT = Path(__file__).parents[3]
LINES = {
    "ana": (Status.GRADED, 17.5),
    "bo": (Status.GRADED, 0.0),
    "cyd": (Status.PENDING, 12.0),
    "dee": (Status.ERROR, None),
    "eve": (Status.MISSING, None),
}


def results_of(folder: Path, lines: dict[str, tuple[Status, float | None]]) -> Path:
    place = folder / "results" / "reports" / "softmax"
    place.mkdir(parents=True, exist_ok=True)
    for student, (status, score) in lines.items():
        most = None if score is None else 20.0
        written = QuestionResult("why", None, 5.0, manual=True)
        asked = (written,) if status is Status.PENDING else ()
        report = Report(
            student=student, assignment="softmax", status=status, score=score, max_score=most, questions=asked
        )
        (place / f"{student}.json").write_bytes(report_json(report))
    return folder / "results"


def settings_of(site: Site, folder: Path) -> Path:
    """Write lms.yml for all three, as the guide shows it."""
    url = site.fake.url
    path = folder / "lms.yml"
    path.write_text(
        "format_version: 1\njoin: login\n"
        f"canvas: {{url: '{url}', course: 7, assignments: {{softmax: 815}}}}\n"
        f"moodle: {{url: '{url}', course: 12, assignments: {{softmax: 41}}}}\n"
        f"ags:\n  line_items: {url}/lineitems\n  memberships: {url}/members\n  token_url: {url}/token\n"
        "  audience: the-platform\n  client_id: client-1\n  key_id: key-1\n  assignments: {softmax: hw1}\n"
    )
    return path


def call(site: Site, folder: Path, command: str, *words: str):
    fixed = ["--via", site.via, "--assignment", "softmax", "--course", str(ROOT / "course.yml")]
    fixed += ["--settings", str(settings_of(site, folder))]
    return CliRunner().invoke(main, ["lms", command, *fixed, *words])


def test_check_then_look_then_write_then_nothing(site, tmp_path):
    results = str(results_of(tmp_path, {name: line for name, line in LINES.items() if name != "dee"}))
    checked = call(site, tmp_path, "check", "--results", results)
    assert checked.exit_code == 0, checked.output
    assert "7 students, 0 with a grade" in checked.stdout
    looked = call(site, tmp_path, "push", "--results", results)
    assert looked.exit_code == 0, looked.output
    assert "students by login" in looked.stdout
    assert "  new            ana  – -> 17.5" in looked.stdout
    assert "  new            bo  – -> 0" in looked.stdout
    assert "2 new, 1 pending, 1 missing" in looked.stdout
    assert looked.stdout.endswith("nothing was written: add --yes to write\n")
    assert site.fake.writes == 0
    written = call(site, tmp_path, "push", "--results", results, "--yes")
    assert written.exit_code == 0, written.output
    assert "2 of 2 sent, read back, and equal" in written.stdout
    assert (site.score("ana"), site.score("bo"), site.score("cyd"), site.score("eve")) == (17.5, 0.0, None, None)
    assert "17.5" in site.comments("ana")[0]
    writes = site.fake.writes
    again = call(site, tmp_path, "push", "--results", results, "--yes")
    assert again.exit_code == 0
    assert "2 same, 1 pending, 1 missing\n0 of 0 sent" in again.stdout
    assert site.fake.writes == writes


def test_a_failed_grading_is_no_success(site, tmp_path):
    results = str(results_of(tmp_path, LINES))
    written = call(site, tmp_path, "push", "--results", results, "--yes", "--json")
    assert written.exit_code == 1
    said = json.loads(written.stdout)
    assert {row["student"]: row["move"] for row in said["plan"]["rows"]} == {
        "ana": "new",
        "bo": "new",
        "cyd": "pending",
        "dee": "failed",
        "eve": "missing",
    }
    assert {each["student"]: each["result"] for each in said["outcomes"]} == {"ana": "agreed", "bo": "agreed"}
    assert said["agreed"] is False
    assert site.score("dee") is None


def test_a_drop_stops_it(site, tmp_path):
    results = str(results_of(tmp_path, {"ana": (Status.GRADED, 17.5), "bo": (Status.GRADED, 5.0)}))
    assert call(site, tmp_path, "push", "--results", results, "--yes").exit_code == 0
    results_of(tmp_path, {"ana": (Status.GRADED, 16.0), "bo": (Status.GRADED, 6.0)})
    stopped = call(site, tmp_path, "push", "--results", results, "--yes")
    assert stopped.exit_code == 1
    assert "STOP: 1 grade would drop by more than 0 points, at most by 1.5" in stopped.stdout
    assert (site.score("ana"), site.score("bo")) == (17.5, 5.0)
    assert call(site, tmp_path, "push", "--results", results, "--yes", "--max-drop", "1.5").exit_code == 0
    assert (site.score("ana"), site.score("bo")) == (16.0, 6.0)


def test_excused_by_the_instructor(site, tmp_path):
    results = str(results_of(tmp_path, {"ana": (Status.GRADED, 17.5), "bo": (Status.GRADED, 5.0)}))
    words = ["--results", results, "--yes", "--excused", "ana"]
    done = call(site, tmp_path, "push", *words)
    assert done.exit_code == 0, done.output
    assert (site.score("ana"), site.score("bo")) == (None, 5.0)


def test_check_names_what_is_in_the_way(moodle, tmp_path):
    moodle.fake.allowed.remove("mod_assign_save_grades")
    results = str(results_of(tmp_path, LINES | {"ghost": (Status.GRADED, 5.0)}))
    checked = call(moodle, tmp_path, "check", "--results", results)
    assert checked.exit_code == 1
    assert "LACKING: the function mod_assign_save_grades in the token's service" in checked.stdout
    assert "  unknown        ghost  (nobody in the course is called this (login))" in checked.stdout
    said = json.loads(call(moodle, tmp_path, "check", "--json").stdout)
    assert said["holds"] is False
    assert (said["students"], said["maximum"]) == (7, 20.0)


def test_no_secret_is_printed_logged_or_written(site, tmp_path, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    results = str(results_of(tmp_path, LINES))
    said = [call(site, tmp_path, command, *words) for command, words in commands_with(results)]
    site.fake.answer = echo_of
    said += [call(site, tmp_path, command, *words) for command, words in commands_with(results)]
    assert {result.exit_code for result in said[-3:]} == {1}
    texts = [result.output + repr(result.exception) for result in said] + [caplog.text]
    texts += [path.read_text() for path in tmp_path.rglob("*") if path.is_file() and path.name != "key.pem"]
    assert (tmp_path / "results" / "pushed.json").is_file()
    for secret in SECRETS:
        assert not [text for text in texts if secret in text], "a secret is where people read"
    assert caplog.text


def commands_with(results: str) -> list[tuple[str, list[str]]]:
    return [("check", []), ("push", ["--results", results]), ("push", ["--results", results, "--yes"])]


def echo_of(request):
    """Answer as a careless server does: with all that it was sent."""
    from lms_platform import Response

    return Response(400, {"error": "bad", "headers": request.headers, "body": request.body.decode()})


@pytest.mark.parametrize("via", list(push_services()))
def test_without_a_secret_it_says_where_to_put_it(via, tmp_path, monkeypatch):
    import keyring
    import keyring.backends.null

    for name in ("AUTOGRADER_CANVAS_TOKEN", "AUTOGRADER_MOODLE_TOKEN", "AUTOGRADER_LTI_KEY"):
        monkeypatch.delenv(name, raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.null.Keyring())
    words = ["--via", via, "--assignment", "softmax", "--url", "https://lms.example.edu", "--lms-course", "1"]
    words += ["--line-items", "https://lms.example.edu/l", "--memberships", "https://lms.example.edu/m"]
    words += ["--token-url", "https://lms.example.edu/t", "--client-id", "c", "--key-id", "k"]
    words += ["--course", str(ROOT / "course.yml")]
    try:
        result = CliRunner().invoke(main, ["lms", "check", *words])
    finally:
        keyring.set_keyring(before)
    assert result.exit_code == 1
    assert "lms.example.edu. Set AUTOGRADER_" in result.stderr
    assert "keyring set nn-autograder lms.example.edu" in result.stderr


def test_secrets_are_no_options():
    for command in ("push", "check"):
        text = CliRunner().invoke(main, ["lms", command, "--help"]).output
        assert "--token " not in text
        assert "--key " not in text
        assert "--password" not in text


def test_a_process_that_is_killed_in_the_middle_loses_nothing(ags, tmp_path):
    lines = {name: (Status.GRADED, 4.0 + number) for number, name in enumerate(["ana", "bo", "cyd", "dee", "eve"])}
    results, children = str(results_of(tmp_path, lines)), []
    real = ags.fake.answer

    def deadly(request):
        response = real(request)
        if len(ags.fake.posted) == 3:
            children[0].kill()
        return response

    ags.fake.answer = deadly
    words = ["--via", "ags", "--assignment", "softmax", "--course", ROOT / "course.yml", "--results", results]
    words += ["--settings", settings_of(ags, tmp_path), "--yes"]
    program = Path(sys.executable).with_name("autograder")
    children.append(subprocess.Popen([program, "lms", "push", *words], stdout=subprocess.DEVNULL))
    assert children[0].wait(60) == -signal.SIGKILL
    ags.fake.answer = real
    assert [ags.score(name) for name in lines] == [4.0, 5.0, 6.0, None, None]
    ended = call(ags, tmp_path, "push", "--results", results, "--yes")
    assert ended.exit_code == 0, ended.output
    assert "2 of 2 sent, read back, and equal" in ended.stdout
    assert [ags.score(name) for name in lines] == [4.0, 5.0, 6.0, 7.0, 8.0]
    assert len(ags.fake.posted) == 5
