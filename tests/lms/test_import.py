"""Bringing archives in: refused whole or fully listed, nobody's work is lost or given to somebody else."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import stat
import struct
import zipfile
from datetime import timedelta
from pathlib import Path

import lms_class as c
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lms_class import CLASS, DUE, NAME

from autograder.batch import discovery
from autograder.errors import ArchiveRefused, LmsError, OutputError
from autograder.lms import brightspace, roster
from autograder.lms import ledger as ledger_module
from autograder.lms.archive import open_archive
from autograder.lms.extraction import EARLIER, ImportOptions, ImportResult, import_archive
from autograder.lms.intake import MemberStatus
from autograder.lms.registry import archive_formats, choose_format

ADA, SEAN = CLASS[0], CLASS[1]
GOOD = f"lovelaceada_{ADA.user_id}_4567_softmax.ipynb"


def run(folder: Path, members: dict[str, bytes], *, lms: str = "canvas", **options) -> ImportResult:
    rosters = {"canvas": c.canvas_csv, "moodle": c.moodle_worksheet, "blackboard": c.blackboard_file}
    archive = c.zipped(folder / "a.zip", {name: (data, options.get("when")) for name, data in members.items()})
    options.pop("when", None)
    people = rosters[lms](folder / "roster.csv")
    return import_archive(
        c.course(), ImportOptions(archive=archive, roster=people, assignment=NAME, **options), folder / "submitted"
    )


def fates(imported: ImportResult) -> dict[str, tuple[str, str]]:
    return {line.path: (line.fate.value, line.student) for line in imported.lines}


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(folder: Path, data: bytes, said: str) -> None:
    (folder / "bad.zip").write_bytes(data)
    source = ImportOptions(archive=folder / "bad.zip", roster=c.canvas_csv(folder / "roster.csv"), assignment=NAME)
    with pytest.raises(ArchiveRefused, match=said):
        import_archive(c.course(), source, folder / "submitted")
    assert not (folder / "submitted").exists()


def packed(*members: zipfile.ZipInfo | str, data: bytes = b"{}") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member in members:
            archive.writestr(member, data)
    return file.getvalue()


def info(name: str, mode: int = 0, method: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr, made.compress_type = 3, mode << 16, method
    return made


@pytest.mark.parametrize("name", ["/etc/x.ipynb", "../x.ipynb", "a/../../x.ipynb", "C:\\x.ipynb", "..\\x.ipynb", "\\x"])
def test_a_path_that_leads_elsewhere_refuses_all(name, tmp_path):
    refused(tmp_path, packed(GOOD, name), "absolute path|leaves the folder")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_refuse_all(kind, tmp_path):
    refused(tmp_path, packed(GOOD, info("lovelaceada_123_4568_x.ipynb", kind | 0o777)), "a link or a device")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_refuse_all(tmp_path):
    refused(tmp_path, packed(GOOD, GOOD), "two members of this name")
    refused(tmp_path, packed("a_1_2_é.ipynb", "a_1_2_é.ipynb"), "two members of this name")


def test_names_in_an_unknown_encoding_refuse_all(tmp_path):
    data = packed("lovelaceada_123_4567_XXXX.ipynb")
    refused(tmp_path, data.replace(b"XXXX", b"\xe9\xff\xfe\xe8"), "not in UTF-8")


def test_utf8_that_does_not_say_so_is_read(tmp_path):
    data = packed("lovelaceada_123_4567_XX.ipynb").replace(b"XX", "é".encode())
    (tmp_path / "a.zip").write_bytes(data)
    with open_archive(tmp_path / "a.zip") as archive:
        assert archive.items[0].path == "lovelaceada_123_4567_é.ipynb"


def test_a_nul_in_a_name_refuses_all(tmp_path):
    refused(tmp_path, packed("lovelaceada_123_4567_XX.ipynb").replace(b"XX", b"\0x"), "NUL")


def test_encrypted_members_refuse_all(tmp_path):
    data = bytearray(packed(GOOD))
    data[6] |= 1
    central = data.rindex(b"PK\x01\x02")
    data[central + 8] |= 1
    refused(tmp_path, bytes(data), "encrypted")


def test_other_ways_of_packing_refuse_all(tmp_path):
    refused(tmp_path, packed(info(GOOD, method=zipfile.ZIP_BZIP2)), "a way of packing")


def test_thousands_of_members_refuse_all_unless_said(tmp_path):
    members = {f"lovelaceada_{number}_1_softmax.ipynb": b"" for number in range(5001)}
    file = packed(*members, data=b"")
    refused(tmp_path, file, "5001 members, more than 5000. .*--max-members")


def test_a_bomb_refuses_all(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"lovelaceada_{number}_1_softmax.ipynb", b"\0" * 2_000_000)
    data = bytearray(file.getvalue())
    position = 0
    while (position := data.find(b"PK\x01\x02", position)) >= 0:  # each says that it is 100 MB
        struct.pack_into("<I", data, position + 24, 100_000_000)
        position += 4
    refused(tmp_path, bytes(data), "would unpack to")


def test_a_member_that_lies_about_its_size_refuses_all(tmp_path):
    data = bytearray(packed(GOOD, data=b"{}" * 500))
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, 10)
    refused(tmp_path, bytes(data), "damaged|not as long")


def test_a_damaged_member_refuses_all(tmp_path):
    data = packed("lovelaceada_123_4567_a.ipynb", f"o_{SEAN.user_id}_1_a.ipynb", data=b"{'precious'}")
    broken = data[: data.rindex(b"precious")] + b"Precious" + data[data.rindex(b"precious") + 8 :]
    refused(tmp_path, broken, "damaged")


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04 not at all", b"\x00" * 1000])
def test_what_is_no_zip_is_refused(data, tmp_path):
    refused(tmp_path, data, "is not a readable zip archive")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_mangled_archive_is_refused_or_fully_listed(tmp_path, data):
    folder = tmp_path / os.urandom(8).hex()
    folder.mkdir()
    whole = bytearray(c.canvas_zip(folder / "a.zip").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (folder / "a.zip").write_bytes(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))])
    people = c.canvas_csv(folder / "r.csv")
    try:
        imported = import_archive(
            c.course(), ImportOptions(archive=folder / "a.zip", roster=people, assignment=NAME), folder / "s"
        )
    except ArchiveRefused:
        assert not list(folder.glob("s/*/*/*.ipynb"))
        return
    with open_archive(folder / "a.zip") as archive:
        assert sorted(line.path for line in imported.lines) == sorted(item.path for item in archive.items)


NAMES = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\:"), min_size=1, max_size=30),
        st.sampled_from([
            GOOD, "lovelaceada_123_1_b.ipynb", "x_999_888_123_4567_softmax.ipynb", "anon_aB3_1_softmax.ipynb",
            "a_b_attempt_2020-01-01-00-00-00_x.ipynb", "A_4_assignsubmission_file/x.ipynb",
            "1-2 - A - May 1, 2026 110 AM/x.py",
        ]),
    ), max_size=8, unique_by=c.composed,
)  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=NAMES, lms=st.sampled_from(["canvas", "moodle", "blackboard", "brightspace"]))
def test_every_member_of_any_archive_has_one_fate(tmp_path, names, lms):
    folder = tmp_path / os.urandom(8).hex()
    folder.mkdir()
    archive = c.zipped(folder / "a.zip", {name: (name.encode(), DUE) for name in names})
    people = c.canvas_csv(folder / "r.csv")
    source = ImportOptions(archive=archive, roster=people, assignment=NAME, format=lms)
    try:
        imported = import_archive(c.course(), source, folder / "s")
    except ArchiveRefused:
        assert not (folder / "s").exists()
        return
    assert sorted(line.path for line in imported.lines) == sorted(map(c.composed, names))
    taken = [line for line in imported.lines if line.fate is MemberStatus.TAKEN]
    assert {line.student for line in taken} == set(imported.written)
    for line in taken:
        assert (folder / "s" / line.student / NAME).is_dir()


def test_nobody_becomes_somebody_else_by_a_name(tmp_path):
    """A student called "x_124_888", and one who calls a file so."""
    evil = f"x_{SEAN.user_id}_888_{ADA.user_id}_4567_softmax.ipynb"
    named = f"lovelaceada_{ADA.user_id}_4568_{SEAN.user_id}_9_softmax.ipynb"
    assert fates(run(tmp_path, {evil: b"1"}))[evil][0] == "unmatched"
    assert fates(run(tmp_path, {named: b"2"}))[named] == ("taken", "alovelace")


def test_a_receipt_that_a_student_forged_is_not_believed(tmp_path):
    stem = "hw_mji_attempt_2027-02-01-00-00-00"
    other = "hw_sobrien_attempt_2027-02-02-00-00-00_softmax.ipynb"
    receipt = f"Name: Sean (sobrien)\nFiles:\n\tFilename: {other}\n".encode()
    imported = run(tmp_path, {f"{stem}.txt": receipt, f"{stem}_softmax.ipynb": b"1"}, lms="blackboard")
    assert fates(imported)[f"{stem}_softmax.ipynb"] == ("taken", "mji")


def test_user_names_with_underscores_need_the_receipt(tmp_path):
    stem = "HW_1_w_li_attempt_2027-02-01-00-00-00"
    imported = run(tmp_path, {f"{stem}_softmax.ipynb": b"1"}, lms="blackboard")
    assert fates(imported)[f"{stem}_softmax.ipynb"] == ("taken", "w_li")


def test_the_latest_attempt_counts(tmp_path):
    imported = import_archive(
        c.course(),
        ImportOptions(
            archive=c.blackboard_zip(tmp_path / "a.zip"), roster=c.blackboard_file(tmp_path / "r"), assignment=NAME
        ),
        tmp_path / "submitted",
    )
    superseded = [line for line in imported.lines if line.fate is MemberStatus.SUPERSEDED]
    assert {line.student for line in superseded} == c.OLDER
    assert all("counts" in line.reason for line in superseded)
    ledger = ledger_module.read_ledger(tmp_path / "submitted").of(NAME)
    assert ledger["alovelace"].attempt == f"{ADA.when:%Y-%m-%d-%H-%M-%S}"


def test_again_the_same_changes_nothing_and_newer_work_replaces(tmp_path):
    first = run(tmp_path, {GOOD: b"1", f"obriennúñezseán_{SEAN.user_id}_2_softmax.ipynb": b"2"})
    before = everything(tmp_path / "submitted")
    again = run(tmp_path, {GOOD: b"1", f"obriennúñezseán_{SEAN.user_id}_2_softmax.ipynb": b"2"})
    assert (first.written, again.written) == (("alovelace", "sobrien"), ())
    assert everything(tmp_path / "submitted") == before
    newer = run(tmp_path, {f"lovelaceada_{ADA.user_id}_9_softmax-1.ipynb": b"new"})
    assert newer.written == ("alovelace",)
    [kept] = newer.kept
    assert kept.startswith(f"{EARLIER}/alovelace/")
    assert (tmp_path / "submitted" / kept).read_bytes() == b"1"
    assert (tmp_path / f"submitted/alovelace/{NAME}/{NAME}.ipynb").read_bytes() == b"new"
    assert (tmp_path / f"submitted/sobrien/{NAME}/{NAME}.ipynb").read_bytes() == b"2"
    assert ledger_module.read_ledger(tmp_path / "submitted").of(NAME).keys() == {"alovelace", "sobrien"}


def test_an_older_archive_replaces_nothing(tmp_path):
    name = "Ada Lovelace_4_assignsubmission_file/softmax.ipynb"
    run(tmp_path, {name: b"new"}, lms="moodle", when=DUE)
    old = run(tmp_path, {name: b"old"}, lms="moodle", when=DUE - timedelta(days=1))
    assert fates(old)[name][0] == "superseded"
    assert (tmp_path / f"submitted/{ADA.email}/{NAME}/{NAME}.ipynb").read_bytes() == b"new"


def test_a_time_that_a_person_wrote_stays_with_its_attempt(tmp_path):
    run(tmp_path, {GOOD: b"1"})
    stamp = tmp_path / f"submitted/alovelace/{NAME}/timestamp.txt"
    stamp.write_text("2027-02-14 10:00:00 UTC")
    run(tmp_path, {GOOD: b"1"})
    assert stamp.read_text() == "2027-02-14 10:00:00 UTC"
    newer = run(tmp_path, {GOOD: b"2"})
    assert not stamp.exists()  # Canvas tells no time, and that of the earlier attempt is not this one's
    assert len(newer.kept) == 2


@pytest.mark.parametrize(
    "text",
    [
        b"- a\n- b\n",
        b"submission_1: !ruby/object:Foo {}\n",
        b"\xff\xfe",
        b"[" * 200_000,
        b"x: &a [1]\ny: &b [*a, *a]\nsubmission_1: {':submitters': [{':name': *b}]}\n",
    ],
)
def test_a_list_of_submissions_that_is_none(text, tmp_path):
    members = {"submission_metadata.yml": (text, None), "submission_1/softmax.ipynb": (b"1", None)}
    archive, people = c.zipped(tmp_path / "a.zip", members), c.gradescope_csv(tmp_path / "r.csv")
    source = ImportOptions(archive=archive, roster=people, assignment=NAME)
    if b":submitters" in text:  # it can be read, but a name in it is none
        assert import_archive(c.course(), source, tmp_path / "submitted").unmatched == 1
        return
    with pytest.raises(ArchiveRefused, match="submission_metadata"):
        import_archive(c.course(), source, tmp_path / "submitted")
    assert not (tmp_path / "submitted").exists()


def test_a_script_replaces_a_notebook_that_would_count_instead(tmp_path):
    run(tmp_path, {GOOD: b"1"})
    imported = run(tmp_path, {f"lovelaceada_{ADA.user_id}_9_softmax.py": b"2"})
    folder = tmp_path / f"submitted/alovelace/{NAME}"
    assert [path.name for path in folder.iterdir()] == [f"{NAME}.py"]
    assert len(imported.kept) == 1


def test_several_notebooks_need_a_person(tmp_path):
    one, two = f"lovelaceada_{ADA.user_id}_1_a.ipynb", f"lovelaceada_{ADA.user_id}_2_b.ipynb"
    imported = run(tmp_path, {one: b"1", two: b"2"})
    assert {fate for fate, _ in fates(imported).values()} == {"unmatched"}
    assert "more than one notebook" in imported.lines[0].reason
    right = f"lovelaceada_{ADA.user_id}_3_softmax (2).ipynb"
    assert fates(run(tmp_path, {one: b"1", two: b"2", right: b"3"}))[right] == ("taken", "alovelace")


def test_an_archive_in_the_archive_is_shown(tmp_path):
    imported = run(tmp_path, {f"lovelaceada_{ADA.user_id}_1_work.zip": b"PK"})
    assert imported.unmatched == 1
    assert "unpack it" in imported.lines[0].reason


def test_two_who_claim_to_be_one_are_both_shown(tmp_path):
    a, b = (f"{number}-7 - Ada Lovelace - Feb 1, 2027 110 AM/softmax.ipynb" for number in (1, 2))
    archive = c.zipped(tmp_path / "a.zip", {a: (b"1", None), b: (b"2", None)})
    people = c.brightspace_csv(tmp_path / "r.csv")
    imported = import_archive(
        c.course(), ImportOptions(archive=archive, roster=people, assignment=NAME), tmp_path / "submitted"
    )
    assert imported.unmatched == 2
    assert "--map" in imported.lines[0].reason


def test_the_instructor_says_whose_it_is(tmp_path):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("archive,student\nanon_aB3xZ,alovelace\n")
    name = "anon_aB3xZ_4567_softmax.ipynb"
    assert fates(run(tmp_path, {name: b"1"}))[name][0] == "unmatched"
    assert fates(run(tmp_path, {name: b"1"}, pairs=pairs))[name] == ("taken", "alovelace")
    pairs.write_text("archive,student\nanon_aB3xZ,nobody\n")
    with pytest.raises(LmsError, match=r"pairs\.csv:2: the roster has nobody"):
        run(tmp_path, {name: b"1"}, pairs=pairs)


def test_otters_layout(tmp_path):
    run(tmp_path, {GOOD: b"1"}, layout="otter")
    assert sorted(path.name for path in (tmp_path / "submitted").glob("[!.]*")) == ["alovelace.ipynb", "lms.json"]


def test_nbgraders_layout_has_the_time_and_a_folder_for_everybody(tmp_path):
    run(tmp_path, {"Ada Lovelace_4_assignsubmission_file/softmax.ipynb": b"1"}, lms="moodle", when=DUE)
    folder = tmp_path / "submitted"
    stamp = (folder / ADA.email / NAME / "timestamp.txt").read_text()
    assert stamp == "2027-02-13 04:59:00.000000 UTC"
    assert discovery.submission_time(folder, ADA.email, NAME) == DUE
    assert (folder / SEAN.email).is_dir()


def test_a_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "submitted").mkdir()
    from autograder.results.store import locked

    lock = locked(tmp_path / "submitted" / ".lock")
    try:
        with pytest.raises(OutputError, match="in use"):
            run(tmp_path, {GOOD: b"1"})
    finally:
        os.close(lock)


def test_a_run_that_was_stopped_is_made_whole_by_the_next(tmp_path, monkeypatch):
    other = f"obriennúñezseán_{SEAN.user_id}_2_softmax.ipynb"
    copy, done = shutil.copyfile, []

    def full(source, target):
        done.append(target)
        if len(done) > 1:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        return copy(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(LmsError, match="No space left on device"):
            run(tmp_path, {GOOD: b"1", other: b"2"})
    whole = {path.read_bytes() for path in (tmp_path / "submitted").rglob("*.ipynb")}
    assert whole <= {b"1", b"2"}
    assert not (tmp_path / "submitted" / ".import").exists()
    again = run(tmp_path, {GOOD: b"1", other: b"2"})
    assert len(again.written) + len(again.unchanged) == 2
    assert ledger_module.read_ledger(tmp_path / "submitted").of(NAME).keys() == {"alovelace", "sobrien"}


def test_a_damaged_ledger_is_not_written_over(tmp_path):
    (tmp_path / "submitted").mkdir()
    (tmp_path / "submitted" / ledger_module.FILE).write_text('{"assignments": 3}')
    with pytest.raises(LmsError, match="is damaged"):
        run(tmp_path, {GOOD: b"1"})
    assert json.loads((tmp_path / "submitted" / ledger_module.FILE).read_text()) == {"assignments": 3}


@pytest.mark.parametrize("name", archive_formats())
def test_each_lms_is_recognised(name, tmp_path):
    makers = [c.canvas_zip, c.moodle_zip, c.blackboard_zip, c.brightspace_zip, c.gradescope_zip]
    make = dict(zip(archive_formats(), makers, strict=True))[name]
    with open_archive(make(tmp_path / "a.zip")) as archive:
        assert name == choose_format(archive)


def test_a_flat_archive_of_moodle_is_recognised(tmp_path):
    with open_archive(c.moodle_zip(tmp_path / "a.zip", folders=False)) as archive:
        assert choose_format(archive) == "moodle"


def test_what_no_lms_wrote_is_not_guessed(tmp_path):
    refused(tmp_path, packed("a.ipynb", "b.ipynb"), "does not look like an archive of one LMS.*--format")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nov 28, 2025 110 AM", "2025-11-28 01:10"),
        ("Jul 30, 2026 1053 PM", "2026-07-30 22:53"),
        ("14 de agosto de 2026 2334", "2026-08-14 23:34"),
        ("Nov 28, 2025 1205 AM", "2025-11-28 00:05"),
        ("28 November, 2025 905 a. m.", "2025-11-28 09:05"),
        ("sometime 110", "None"),
        ("Feb 31, 2026 110 AM", "None"),
    ],
)
def test_the_times_of_brightspace(text, expected):
    assert str(brightspace.moment(text))[:16] == expected


def test_keys_stay_when_the_roster_grows_worse(tmp_path):
    people = roster.read_roster(c.canvas_csv(tmp_path / "r.csv"))
    assert (people.key, people.members[1].student, people.members[1].number) == ("login", "sobrien", "000124")
    (tmp_path / "r.csv").write_text("Student,ID,SIS Login ID,Section\nA,1,ana,x\nB,2,,x\n")
    worse = roster.read_roster(tmp_path / "r.csv", "login")
    assert [member.student for member in worse.members] == ["ana", "2"]


def test_a_student_keeps_the_folder_whatever_the_roster_is_like(tmp_path):
    run(tmp_path, {GOOD: b"1"})
    name = "Ada Lovelace_4_assignsubmission_file/softmax.ipynb"
    people = "Identifier,Full name,Email address,ID number\nParticipant 4,Ada Lovelace,ada@elsewhere.org,S1001\n"
    (tmp_path / "w.csv").write_text(people)
    archive = c.zipped(tmp_path / "m.zip", {name: (b"2", DUE)})
    imported = import_archive(
        c.course(), ImportOptions(archive=archive, roster=tmp_path / "w.csv", assignment="mse"), tmp_path / "submitted"
    )
    assert imported.written == ("alovelace",)
    (tmp_path / "w.csv").write_text(people.replace("S1001", "S1001\nParticipant 5,Other,o@example.org,S1002"))
    other = "Other_5_assignsubmission_file/softmax.ipynb"
    archive = c.zipped(tmp_path / "m.zip", {other: (b"3", DUE)})
    imported = import_archive(
        c.course(), ImportOptions(archive=archive, roster=tmp_path / "w.csv", assignment="mse"), tmp_path / "submitted"
    )
    assert imported.written == ("S1002",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no column says who"),
        ("Username\n", "no line is about a student"),
        ("Username\nana\nANA\n", "more than one line is about"),
        ("", "no column says who"),
    ],
)
def test_a_roster_that_says_too_little(text, said, tmp_path):
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(LmsError, match=said):
        roster.read_roster(tmp_path / "r.csv")


@pytest.mark.parametrize("name", ["..", ".x", "a/b", "D\\u", "-x", "x" * 300, "a\nb", "\u202ex", ""])
def test_an_id_is_never_a_path(name):
    made = roster.folder_name(name)
    assert "/" not in made
    assert "\\" not in made
    assert not made.startswith((".", "-"))
    assert made.isprintable()
    assert len(made) <= 200


def test_a_worksheet_in_another_language(tmp_path):
    rows = [["Kennung", "Voller Name", "Status", "Bewertung", "Bestwertung", "Bewertung kann geändert werden"]]
    rows += [[f"Teilnehmer {number}", "x", "ok", "", "20,00", "Ja"] for number in (1, 2)]
    (tmp_path / "r.csv").write_text(c.table(rows))
    people = roster.read_roster(tmp_path / "r.csv")
    assert [member.participant for member in people.members] == ["1", "2"]
