"""course.yml: the records read from it, and the error for every mistake in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course import Assignment, Course, LatePolicy, PenaltyBase, builtin_course, files, load_course, loading
from autograder.course.document import _EXAMPLES
from autograder.course.files import grader_paths, is_grader, solution_path
from autograder.errors import CourseError
from autograder.sandbox.limits import Limits

ROOT = Path(__file__).parents[2]
DAY = 86_400
COURSE = """\
format_version: 1
course:
  id: nn101
  title: {en: Networks, es: Redes}
languages: [en, es]
secret: file:.autograder-secret
assignments:
  - name: softmax
    due: 2027-02-12T23:59:00-05:00
    weight: 2
  - name: mlp
    late_policy: {per_day: 0.5}
late_policy:
  per_day: 0.1
  max_days: 5
sandbox:
  memory_mb: 512
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Create the folder of a course with two assignments; `write` writes course.yml."""
    for name in ("softmax", "mlp"):
        (tmp_path / "solutions" / name).mkdir(parents=True)
    return tmp_path


def write(folder: Path, text: str | bytes = COURSE) -> Path:
    path = folder / "course.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def complaint(folder: Path, text: str | bytes) -> str:
    """Load a course that must be refused; return the message without the folder."""
    with pytest.raises(CourseError) as caught:
        load_course(write(folder, text))
    return str(caught.value).replace(str(folder) + os.sep, "")


def test_a_course_is_read_into_records(folder):
    path = write(folder)
    course = load_course(path)
    due = datetime(2027, 2, 12, 23, 59, tzinfo=timezone(timedelta(hours=-5)))
    own = LatePolicy(per_day=0.5)
    assert course == Course(
        path=path,
        root=folder,
        id="nn101",
        title={"en": "Networks", "es": "Redes"},
        languages=("en", "es"),
        secret_source="file:.autograder-secret",  # noqa: S106 - where the secret is, not the secret
        assignments=(
            Assignment("softmax", folder / "solutions" / "softmax", due, 2.0),
            Assignment("mlp", folder / "solutions" / "mlp", None, 1.0, own),
        ),
        late_policy=LatePolicy(per_day=0.1, max_days=5),
        sandbox=Limits(memory_mb=512),
    )
    assert [course.policy(assignment) for assignment in course.assignments] == [course.late_policy, own]
    assert (course.title_in("es"), course.title_in("fr")) == ("Redes", "Networks")


def test_the_course_of_this_repository_is_the_builtin_one():
    course = builtin_course()
    assert course.path == ROOT / "course.yml"
    assert {assignment.name for assignment in course.assignments} >= {"dot-product", "softmax"}


def test_an_installed_package_finds_its_course_in_the_share_folder(folder, monkeypatch):
    write(folder)
    monkeypatch.setattr(files, "_CHECKOUT", folder / "site-packages")
    monkeypatch.setattr(files, "SHARE", folder)
    assert builtin_course().root == folder
    (folder / "course.yml").unlink()
    with pytest.raises(CourseError, match=r"Install nn-autograder again"):
        builtin_course()


def test_a_course_is_found_from_the_folders_below_it(folder, monkeypatch):
    path = write(folder)
    monkeypatch.chdir(folder / "solutions" / "softmax")
    assert load_course().path == path
    assert load_course(folder).path == path
    assert load_course(Path("../../course.yml")).path.samefile(path)


def test_without_a_course_the_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError) as caught:
        load_course()
    assert str(caught.value).startswith(f"no course.yml in {tmp_path} or in a folder above it. ")
    assert "--course PATH" in str(caught.value)
    with pytest.raises(CourseError, match=r"nowhere\.yml: no such file\. Name the course"):
        load_course(tmp_path / "nowhere.yml")


# What is replaced in COURSE, by what, and the complaint.
MISTAKES = {
    "unknown key": ("weight:", "wieght:", "10: `assignments[0].wieght`: this key is unknown. Did you mean `weight`?"),
    "unknown key, nothing near": (
        "memory_mb:",
        "zzz:",
        "17: `sandbox.zzz`: this key is unknown. Known keys: cell_seconds, call_seconds, submission_seconds, "
        "memory_mb, disk_mb, processes, output_kb.",
    ),
    "unknown key in an override": (
        "{per_day: 0.5}",
        "{perday: 0.5}",
        "12: `assignments[1].late_policy.perday`: this key is unknown. Did you mean `per_day`?",
    ),
    "unknown key of the file": (
        "languages:",
        "language:",
        "5: `language`: this key is unknown. Did you mean `languages`?",
    ),
    "missing key": (
        "  id: nn101\n",
        "",
        "2: `course`: `id` is missing here. Add it, as in `id: nn101`.",
    ),
    "missing name": (
        "- name: mlp\n    late",
        "- late",
        "11: `assignments[1]`: `name` is missing here. Add it, as in `name: softmax`.",
    ),
    "wrong type": (
        "weight: 2",
        "weight: heavy",
        "10: `assignments[0].weight`: expected a number, got text. Write it as in `weight: 1`.",
    ),
    "yes for a number": (
        "max_days: 5",
        "max_days: yes",
        "15: `late_policy.max_days`: expected a whole number or nothing, got true or false. "
        "Write it as in `max_days: 5`.",
    ),
    "title is text": (
        "title: {en: Networks, es: Redes}",
        "title: Networks",
        "4: `course.title`: expected a mapping of keys, got text. "
        "Write it as in `title: {en: Neural networks, es: Redes neuronales}`.",
    ),
    "title of a number": (
        "en: Networks",
        "en: 7",
        "4: `course.title`: expected text, got a whole number. "
        "Write it as in `title: {en: Neural networks, es: Redes neuronales}`.",
    ),
    "no title": (
        "{en: Networks, es: Redes}",
        "{}",
        "4: `course.title`: the course has no title. Write at least one, as in `title: {en: Neural networks}`.",
    ),
    "negative weight": (
        "weight: 2",
        "weight: -1",
        "10: `assignments[0].weight`: expected a number >= 0.0. Write it as in `weight: 1`.",
    ),
    "weight that is no number": (
        "weight: 2",
        "weight: .nan",
        "10: `assignments[0].weight`: expected a number >= 0.0. Write it as in `weight: 1`.",
    ),
    "endless weight": (
        "weight: 2",
        "weight: .inf",
        "10: `assignments[0].weight`: expected a number <= 1000000.0. Write it as in `weight: 1`.",
    ),
    "penalty above one": (
        "per_day: 0.1",
        "per_day: 10",
        "14: `late_policy.per_day`: expected a number <= 1.0. Write it as in `per_day: 0.1`.",
    ),
    "no time zone": (
        "T23:59:00-05:00",
        "T23:59:00",
        "9: `assignments[0].due`: expected a date with time with a timezone component. "
        "Write it as in `due: 2027-02-05T23:59:00-05:00`.",
    ),
    "date alone": (
        "2027-02-12T23:59:00-05:00",
        "2027-02-12",
        "9: `assignments[0].due`: expected a date with time or nothing, got a date without time. "
        "Write it as in `due: 2027-02-05T23:59:00-05:00`.",
    ),
    "no such day": (
        "2027-02-12T",
        "2027-02-30T",
        "9: `2027-02-30T23:59:00-05:00` cannot be read (day is out of range for month). "
        "Correct it, or quote it if it is text.",
    ),
    "words for a date": (
        "2027-02-12T23:59:00-05:00",
        "tomorrow",
        "9: `assignments[0].due`: invalid RFC3339 encoded datetime. Write it as in `due: 2027-02-05T23:59:00-05:00`.",
    ),
    "key twice": (
        "    weight: 2",
        "    weight: 2\n    weight: 3",
        "11: the key `weight` is a duplicate (first in line 10). Remove one.",
    ),
    "assignment twice": (
        "name: mlp",
        "name: softmax",
        "11: `assignments[1].name`: there is already an assignment 'softmax', in line 8. Rename or remove one.",
    ),
    "assignment twice but for a capital": (
        "name: mlp",
        "name: Softmax",
        "11: `assignments[1].name`: there is already an assignment 'Softmax', in line 8. Rename or remove one.",
    ),
    "no assignments": (
        COURSE[COURSE.index("assignments") : COURSE.index("late_policy:\n")],
        "assignments: []\n",
        "7: `assignments`: expected a list of length >= 1. Write it as in `assignments: [{name: softmax}]`.",
    ),
    "no languages": (
        "[en, es]",
        "[]",
        "5: `languages`: expected a list of length >= 1. Write it as in `languages: [en, es]`.",
    ),
    "unsupported language": (
        "[en, es]",
        "[en, fr]",
        "5: `languages[1]`: language 'fr' is not supported. Choose from: en, es.",
    ),
    "language twice": ("[en, es]", "[en, en]", "5: `languages[1]`: language 'en' is listed twice. Remove one."),
    "unsupported title": (
        "es: Redes",
        "fr: R",
        "4: `course.title.fr`: language 'fr' is not supported. Choose from: en, es.",
    ),
    "newer format": (
        "format_version: 1",
        "format_version: 2\nnovelty: true",
        "1: `format_version`: this file has format 2, but this nn-autograder supports formats up to 1. "
        "Update nn-autograder: pip install --upgrade nn-autograder",
    ),
    "older format": (
        "format_version: 1",
        "format_version: 0",
        "1: `format_version`: there is no format 0. Write `format_version: 1`.",
    ),
    "no format": (
        "format_version: 1\n",
        "",
        "1: `format_version` is missing here. Add it, as in `format_version: 1`.",
    ),
    "anchor": (
        "name: softmax",
        "name: &a softmax",
        "8: the anchor or alias `a` is not allowed here. Write the value itself; quote it if it starts with "
        "& or *.",
    ),
    "alias": (
        "name: mlp",
        "name: *a",
        "11: the anchor or alias `a` is not allowed here. Write the value itself; quote it if it starts with "
        "& or *.",
    ),
    "python tag": (
        "name: mlp",
        "name: !!python/object/apply:os.system [id]",
        "11: the tag `tag:yaml.org,2002:python/object/apply:os.system` is not allowed here. Remove it.",
    ),
    "unknown scalar tag": (
        "name: mlp",
        "name: !secret mlp",
        "11: could not determine a constructor for the tag '!secret'. Correct the YAML here.",
    ),
    "key that is no text": (
        "  id: nn101",
        "  yes: nn101",
        "3: YAML does not read `yes` as a key as text. Quote the key.",
    ),
    "bad indentation": (
        "  id: nn101",
        "  id: nn101\n id: 3",
        "4: expected <block end>, but found '<block mapping start>'. Correct the YAML here.",
    ),
    "path of the secret": (
        "file:.autograder-secret",
        "file:../secret",
        "6: `secret`: expected the plain name of a file beside the course file, as in "
        "`secret: file:.autograder-secret`.",
    ),
    "secret in the course file": (
        "file:.autograder-secret",
        "file:course.yml",
        "6: `secret`: the course file itself is not secret. Write `secret: file:.autograder-secret`.",
    ),
    "odd variable": (
        "file:.autograder-secret",
        "env:A B",
        "6: `secret`: expected the name of a variable, as in `secret: env:AUTOGRADER_SECRET`.",
    ),
    "memory": (
        "memory_mb: 512",
        "memory_mb: 16",
        "17: `sandbox.memory_mb`: expected a whole number >= 128. Write it as in `memory_mb: 1024`.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_an_error_has_its_line_its_key_and_the_remedy(folder, mistake):
    old, new, said = MISTAKES[mistake]
    assert COURSE.count(old) >= 1
    assert complaint(folder, COURSE.replace(old, new, 1)) == f"course.yml:{said}"


@pytest.mark.parametrize("text", ["hunter2hunter2hunter2", "File:x", "", "file", "https://example.org/secret"])
def test_a_literal_secret_is_refused_because_it_would_be_committed(folder, text):
    said = complaint(folder, COURSE.replace("file:.autograder-secret", f"'{text}'"))
    assert said.startswith("course.yml:6: `secret`: a secret written here would be committed with this file")
    assert text not in said or not text or text in "file"


@pytest.mark.parametrize(
    "name",
    ["../softmax", "..", ".", "/etc", "a/b", "a\\\\b", "a b", "softmax\\n", "-rf", ".git", "ñ", "a\\0", "x" * 65],
)
def test_a_name_that_is_not_a_plain_folder_name_is_refused(folder, name):
    said = complaint(folder, COURSE.replace("name: mlp", f'name: "{name}"'))
    assert re.match(
        r"course\.yml:11: `assignments\[1\]\.name`: '.*' cannot be the name of a folder\. Use letters", said
    )
    assert said.isprintable()


def test_an_assignment_without_a_folder_is_refused(folder):
    (folder / "solutions" / "mlp").rmdir()
    said = complaint(folder, COURSE)
    remedy = "Add it, or remove the assignment from this file."
    assert said == f"course.yml:11: `assignments[1].name`: there is no folder solutions{os.sep}mlp. {remedy}"


def test_bytes_that_are_not_text_are_refused_with_their_line(folder):
    said = complaint(folder, COURSE.replace("Redes", "Años").encode("latin-1"))
    assert said == "course.yml:4: this is not UTF-8 text. Save the file with the encoding UTF-8."
    assert complaint(folder, COURSE + "\x07") == "course.yml:18: character 0x0007 is not allowed in text. Remove it."


def test_a_byte_order_mark_is_fine(folder):
    assert load_course(write(folder, COURSE.encode("utf-8-sig"))).id == "nn101"


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "words\n"])
def test_a_file_that_is_not_a_mapping_is_refused(folder, text):
    wanted = "course.yml:1: a course file is a mapping of keys. Start it with `format_version: 1`."
    assert complaint(folder, text) == wanted


def test_aliases_deep_nesting_and_huge_files_are_refused(folder):
    bomb = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}]\n" for n in range(20))
    assert "anchor or alias `a`" in complaint(folder, bomb)
    assert "nested too deep" in complaint(folder, "a: " + "[" * 5_000)
    assert "more than 256 KB" in complaint(folder, b"#" * (loading.MAX_BYTES + 1))


def test_two_documents_in_a_file_are_refused(folder):
    assert "expected a single document in the stream, but found another document." in complaint(
        folder, f"{COURSE}---\n{COURSE}"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="a file that not even root can read")
def test_a_file_that_cannot_be_read_is_named():
    with pytest.raises(CourseError, match=r"^/proc/self/mem: cannot be read \(Input/output error\)\. Make it readable"):
        load_course(Path("/proc/self/mem"))


def test_an_unknown_assignment_suggests_similar_names(folder):
    course = load_course(write(folder))
    assert course.assignment("mlp").folder == folder / "solutions" / "mlp"
    with pytest.raises(CourseError, match=r"has no assignment 'sofmax'\. Did you mean softmax\?$"):
        course.assignment("sofmax")
    with pytest.raises(CourseError, match=r"has no assignment 'zzz'\. It has: softmax, mlp\.$"):
        course.assignment("zzz")


def test_every_key_has_an_example_and_every_example_is_valid():
    fields = {name for record in loading._KEYS.values() for name in record.__struct_fields__}
    assert set(_EXAMPLES) == fields
    assert all(example.startswith(f"{name}: ") for name, example in _EXAMPLES.items())


@given(st.text(max_size=300) | st.text("ab:{}[]-&*!'\"\n #|>?%@0", max_size=60))
@settings(max_examples=300, deadline=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_course_or_refused_with_its_place(tmp_path, text):
    path = tmp_path / "course.yml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(CourseError) as caught:
        load_course(path)
    assert re.match(rf"{re.escape(str(path))}:\d+: ", str(caught.value))


# The secret.


def test_the_secret_is_created_at_first_use_and_not_before(folder):
    course = load_course(write(folder))
    path = folder / ".autograder-secret"
    assert not path.exists()
    made = course.secret
    assert re.fullmatch(rb"[0-9a-f]{64}", made)
    assert path.read_bytes() == made + b"\n"
    assert load_course(folder).secret == course.secret == made
    assert sorted(entry.name for entry in folder.iterdir()) == [".autograder-secret", "course.yml", "solutions"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_only_its_owner_can_read_the_secret_whatever_the_umask(folder):
    before = os.umask(0)
    try:
        assert load_course(write(folder)).secret
    finally:
        os.umask(before)
    assert (folder / ".autograder-secret").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree_on_one_secret(folder):
    write(folder)
    command = (
        "import sys; from autograder.course import load_course; course = load_course()\n"
        "print('ready', flush=True); sys.stdin.read(); print(course.secret.decode())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", command], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.stdin.close()
    said = {process.stdout.read() for process in started}
    for process in started:
        process.stdout.close()
        assert process.wait() == 0
    assert said == {(folder / ".autograder-secret").read_text()}


def test_a_new_secret_never_replaces_one_that_another_process_created(folder):
    path = folder / ".autograder-secret"
    path.write_text("the other process was faster")
    files._create_secret(path)
    assert path.read_text() == "the other process was faster"
    assert [entry.name for entry in folder.iterdir() if entry.name.startswith(".")] == [path.name]


def test_a_short_secret_is_refused(folder):
    (folder / ".autograder-secret").write_text("abc\n")
    with pytest.raises(CourseError, match=r"fewer than 16 bytes\. Delete the file"):
        load_course(write(folder)).secret  # noqa: B018 - it is read when it is asked for


def test_a_secret_that_cannot_be_read_is_named_with_the_remedy(folder):
    (folder / ".autograder-secret").mkdir()
    with pytest.raises(CourseError, match=r"autograder-secret: the course's secret cannot be read or created"):
        load_course(write(folder)).secret  # noqa: B018 - it is read when it is asked for


def test_a_secret_may_come_from_the_environment(folder, monkeypatch):
    text = COURSE.replace("file:.autograder-secret", "env:NN_TEST_SECRET")
    monkeypatch.setenv("NN_TEST_SECRET", "0123456789abcdef")
    assert load_course(write(folder, text)).secret == b"0123456789abcdef"
    monkeypatch.setenv("NN_TEST_SECRET", "short")
    with pytest.raises(CourseError, match="NN_TEST_SECRET, which contains the course's secret, is too short"):
        load_course(folder).secret  # noqa: B018 - it is read when it is asked for
    monkeypatch.delenv("NN_TEST_SECRET")
    with pytest.raises(CourseError, match=r"secret, is not set\. Set it to at least 16 random characters"):
        load_course(folder).secret  # noqa: B018 - it is read when it is asked for
    assert not (folder / ".autograder-secret").exists()


def test_the_installed_course_keeps_its_secret_in_the_users_own_folder(folder, tmp_path_factory, monkeypatch):
    state = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    monkeypatch.setattr(files, "SHARE", folder)
    made = load_course(write(folder)).secret
    assert (state / "nn-autograder" / ".autograder-secret").read_bytes().strip() == made
    assert not (folder / ".autograder-secret").exists()


# Late submissions.


@pytest.mark.parametrize(
    ("policy", "seconds", "lost"),
    [
        (LatePolicy(), 10 * DAY, 0.0),
        (LatePolicy(per_day=0.1), -1, 0.0),
        (LatePolicy(per_day=0.1), 0, 0.0),
        (LatePolicy(per_day=0.1), 1, 0.8),
        (LatePolicy(per_day=0.1), DAY, 0.8),
        (LatePolicy(per_day=0.1), DAY + 1, 1.6),
        (LatePolicy(per_day=0.1, of=PenaltyBase.MAX_SCORE), 1, 1.0),
        (LatePolicy(per_day=0.5, of=PenaltyBase.MAX_SCORE), 2 * DAY, 8.0),
        (LatePolicy(per_day=0.1, grace_minutes=15), 900, 0.0),
        (LatePolicy(per_day=0.1, grace_minutes=15), 901, 0.8),
        (LatePolicy(per_day=0.1, grace_minutes=15), DAY + 900, 0.8),
        (LatePolicy(per_day=0.1, max_days=2), 2 * DAY, 1.6),
        (LatePolicy(per_day=0.1, max_days=2), 2 * DAY + 1, 8.0),
        (LatePolicy(max_days=0), 1, 8.0),
        (LatePolicy(max_days=0, grace_minutes=1), 60, 0.0),
        (LatePolicy(per_day=1), 1, 8.0),
    ],
)
def test_a_penalty_on_eight_points_of_ten(policy, seconds, lost):
    assert policy.penalty(8.0, 10.0, seconds) == pytest.approx(lost)


POLICIES = st.builds(
    LatePolicy,
    per_day=st.floats(0, 1),
    max_days=st.none() | st.integers(0, 366),
    grace_minutes=st.floats(0, 10_080),
    of=st.sampled_from(PenaltyBase),
)
POINTS, LATENESS = st.floats(0, 1e6), st.floats(-400 * DAY, 400 * DAY)


@given(POLICIES, st.tuples(POINTS, POINTS), LATENESS, LATENESS)
def test_a_penalty_is_part_of_the_score_and_never_decreases_with_lateness(policy, points, one, other):
    score, most = sorted(points)
    sooner, later = (policy.penalty(score, most, seconds) for seconds in sorted((one, other)))
    assert 0 <= sooner <= later <= score


@given(POLICIES, POINTS, POINTS, st.floats(-1e9, 0))
def test_a_submission_in_time_loses_nothing(policy, score, most, seconds):
    assert policy.penalty(score, most, seconds) == 0
    assert policy.penalty(score, most, 60 * policy.grace_minutes) == 0


@given(POLICIES, st.floats(-1e6, 0), POINTS, LATENESS)
def test_a_score_of_zero_has_no_penalty(policy, score, most, seconds):
    assert policy.penalty(score, most, seconds) == 0


@given(POLICIES, POINTS, POINTS)
def test_after_the_last_day_the_penalty_is_the_whole_score(policy, score, most):
    if policy.max_days is not None:
        end = 60 * policy.grace_minutes + DAY * policy.max_days
        assert policy.penalty(score, most, end + 1) == score


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("position", range(3))
def test_a_penalty_needs_finite_numbers(wrong, position):
    values = [1.0, 2.0, 3.0]
    values[position] = wrong
    with pytest.raises(ValueError, match="no penalty for"):
        LatePolicy().penalty(*values)


# Limits.


@pytest.mark.parametrize("name", Limits.__struct_fields__)
@pytest.mark.parametrize("value", [0, -1, 10**9, float("nan"), True, "1"])
def test_every_limit_has_a_range(name, value):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({name: value}, Limits)


def test_every_limit_is_described_with_its_unit():
    for name in Limits.__struct_fields__:
        assert re.search(rf"^    {name} +\S", Limits.__doc__, re.MULTILINE), name


def test_limits_pass_through_json():
    assert msgspec.json.decode(msgspec.json.encode(Limits()), type=Limits) == Limits()
    assert json.loads(msgspec.json.encode(Limits()))["memory_mb"] == 1024


def test_a_due_date_keeps_its_time_zone(folder):
    due = load_course(write(folder)).assignment("softmax").due
    assert due is not None
    assert due.astimezone(UTC) == datetime(2027, 2, 13, 4, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("files", "solution"),
    [
        ((), "cross_entropy.py"),
        (("cross_entropy.py",), "cross_entropy.py"),
        (("cross-entropy.py",), "cross-entropy.py"),
        (("test_cross_entropy.py", "misconceptions.py"), "cross_entropy.py"),
    ],
)
def test_one_rule_finds_the_source_of_an_assignment(tmp_path: Path, files: tuple[str, ...], solution: str):
    folder = tmp_path / "cross-entropy"
    folder.mkdir()
    for name in files:
        (folder / name).touch()
    assert solution_path(folder) == folder / solution
    assert is_grader(folder / "test_cross_entropy.py") == (solution in files)
    assert not is_grader(folder / "misconceptions.py")
    assert [path.name for path in grader_paths(folder)] == [name for name in files if name.startswith("test_")]


def test_release_grading_and_proof_use_that_rule():
    """No other module of the package turns dashes into underscores for a path."""
    package = ROOT / "autograder"
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"""name\.replace\((["'])-\1""", path.read_text(encoding="utf-8"))
    }
    assert found == {"course/files.py"}
