"""Out of an LMS and back into it: every student's score ends in that student's line, and nothing else changes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import lms_class as c
import pytest
from lms_class import CLASS, DUE, MOST, NAME, Pupil

from autograder.errors import LmsError, TemplateRefused
from autograder.lms import ledger as ledger_module
from autograder.lms.extraction import ImportOptions, ImportResult, import_archive
from autograder.lms.feedback import write_feedback
from autograder.lms.gradebook import ExportOptions, FillStatus, export_grades
from autograder.lms.grades import GradeSource, Standing
from autograder.report import Status


class Lms(NamedTuple):
    """One LMS's archive and grade file, and how its file is read."""

    archive: Callable[[Path], Path]
    roster: Callable[[Path], Path]
    target: str
    encoding: str
    delimiter: str
    key: Callable[[list[str]], str]
    score: int
    comment: int | None
    dated: bool = True


def by_login(person: Pupil) -> str:
    return person.login


LMSS = {
    "canvas": (Lms(c.canvas_zip, c.canvas_csv, "canvas", "utf-8-sig", ",", lambda row: row[3], 6, None, dated=False)),
    "moodle": Lms(
        c.moodle_zip, c.moodle_worksheet, "moodle-worksheet", "utf-8-sig", ",", lambda row: row[2].split("@")[0], 4, 9
    ),
    "blackboard": Lms(c.blackboard_zip, c.blackboard_file, "blackboard", "utf-16", "\t", lambda row: row[2], 6, 10),
    "brightspace": Lms(
        c.brightspace_zip, c.brightspace_csv, "d2l", "utf-8", ",", lambda row: row[1].removeprefix("#"), 4, None
    ),
}
ARCHIVES = {name: (lms.archive, lms.roster) for name, lms in LMSS.items()} | {
    "gradescope": (c.gradescope_zip, c.gradescope_csv)
}


def brought_in(folder: Path, name: str, **options) -> ImportResult:
    archive, roster = ARCHIVES[name]
    source = ImportOptions(
        archive=archive(folder / "a.zip"), roster=roster(folder / "roster.csv"), assignment=NAME, **options
    )
    return import_archive(c.course(), source, folder / "submitted")


def authors(folder: Path) -> dict[str, Pupil]:
    """Who wrote the notebook in each student's folder, by what is in it."""
    people = {person.login: person for person in CLASS}
    found = {}
    for path in folder.glob(f"*/{NAME}/{NAME}.ipynb"):
        told = json.loads(path.read_bytes())["metadata"]
        assert told["attempt"] == "last"
        found[path.parent.parent.name] = people[told["who"]]
    return found


def rows_of(data: bytes, lms: Lms) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(lms.encoding), newline=""), delimiter=lms.delimiter))


@pytest.mark.parametrize("name", ARCHIVES)
def test_everybody_who_handed_in_has_their_own_work(name, tmp_path):
    imported = brought_in(tmp_path, name)
    assert imported.lms == name
    assert not imported.unmatched, imported.lines
    found = authors(tmp_path / "submitted")
    assert {person.login for person in found.values()} == {person.login for person in c.handed_in()}
    assert len(found) == len(c.handed_in())
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert sorted(line.path for line in imported.lines) == sorted(map(c.composed, file.namelist()))
    ledger = ledger_module.read_ledger(tmp_path / "submitted").of(NAME)
    assert ledger.keys() == found.keys()
    for student, person in found.items():
        known = ledger[student]
        if name == "canvas":
            assert (known.submitted_at, known.late) == (None, person.late)
        else:
            assert abs((known.submitted_at - person.when).total_seconds()) < 60
        assert person.number in (known.member.number, "") or not known.member.number


def graded(folder: Path, name: str) -> GradeSource:
    brought_in(folder, name)
    c.write_reports(folder / "results", authors(folder / "submitted"))
    return GradeSource(assignment=NAME, results=folder / "results")


@pytest.mark.parametrize("name", LMSS)
def test_every_score_comes_back_to_its_student(name, tmp_path):
    lms = LMSS[name]
    basis = graded(tmp_path, name)
    template = tmp_path / "roster.csv"
    filled = export_grades(
        c.course(), ExportOptions(basis=basis, target=lms.target, template=template), tmp_path / "back.csv"
    )
    assert not filled.lost
    before, after = rows_of(template.read_bytes(), lms), rows_of((tmp_path / "back.csv").read_bytes(), lms)
    people = {person.login: person for person in CLASS}
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        person = people.get(lms.key(old))
        for index, (was, now) in enumerate(zip(old, new, strict=True)):
            if index == lms.score and person and written(person, lms):
                assert float(now) == person.final, person
            elif index == lms.comment and person and written(person, lms) and was == "":
                check_comment(now, person, html=name == "moodle" or person.login == "alovelace")
            else:
                assert now == was, person
    standings = {told.student: told.standing for told in filled.told}
    counts = {standing: list(standings.values()).count(standing) for standing in Standing}
    unknown = 2 if name == "canvas" else 0  # late, and Canvas does not say by how much: never a guess
    assert counts[Standing.PENDING] == 1 + unknown + (name == "canvas")
    assert (counts[Standing.FAILED], counts[Standing.MISSING]) == (1, 0)


def written(person: Pupil, lms: Lms) -> bool:
    if person.final is None or (not lms.dated and person.late):
        return False
    return person.login != "excused" or lms.target not in ("canvas", "moodle-worksheet")  # EX; locked


def check_comment(text: str, person: Pupil, *, html: bool) -> None:
    assert f"{person.final:g} de {MOST:g} puntos" in text
    assert ("retraso" in text) == (person.final != person.score)
    assert text.startswith("<p>") == html
    assert "\x1b" not in text
    assert ("<script>" in text) != html


def test_the_same_again_changes_nothing(tmp_path):
    basis = graded(tmp_path, "moodle")
    order = ExportOptions(basis=basis, target="moodle-worksheet", template=tmp_path / "roster.csv")
    export_grades(c.course(), order, tmp_path / "one.csv")
    again = ExportOptions(basis=basis, target="moodle-worksheet", template=tmp_path / "one.csv")
    filled = export_grades(c.course(), again, tmp_path / "two.csv")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert not any(told.outcome is FillStatus.WRITTEN for told in filled.told)


def test_a_comment_of_somebody_else_is_kept_and_ours_is_renewed(tmp_path):
    basis = graded(tmp_path, "moodle")
    order = ExportOptions(basis=basis, target="moodle-worksheet", template=tmp_path / "roster.csv")
    filled = export_grades(c.course(), order, tmp_path / "one.csv")
    assert [t.student for t in filled.told if "somebody else's" in t.reason] == ["jsmith2@example.org"]
    export_grades(
        c.course(),
        ExportOptions(basis=basis, target=order.target, template=order.template, again=True),
        tmp_path / "2.csv",
    )
    assert b"see me" in (tmp_path / "one.csv").read_bytes()
    assert b"see me" not in (tmp_path / "2.csv").read_bytes()


def test_blind_marking_goes_by_the_participants_numbers(tmp_path):
    archive, roster = c.moodle_zip(tmp_path / "a.zip", blind=True), c.moodle_worksheet(tmp_path / "r.csv", blind=True)
    imported = import_archive(
        c.course(), ImportOptions(archive=archive, roster=roster, assignment=NAME), tmp_path / "submitted"
    )
    assert not imported.unmatched
    found = authors(tmp_path / "submitted")
    assert found.keys() == {f"participant-{person.participant}" for person in c.handed_in()}
    c.write_reports(tmp_path / "results", found)
    order = ExportOptions(
        basis=GradeSource(assignment=NAME, results=tmp_path / "results"), target="moodle-worksheet", template=roster
    )
    export_grades(c.course(), order, tmp_path / "back.csv")
    lms = LMSS["moodle"]
    for row in rows_of((tmp_path / "back.csv").read_bytes(), lms)[1:]:
        person = next(p for p in CLASS if row[0] == f"Participant {p.participant}")
        assert row[2] == (f"{person.final:g}" if written(person, lms) else "")


@pytest.mark.parametrize("name", ["canvas", "moodle"])
def test_feedback_goes_back_under_the_names_that_it_came_with(name, tmp_path):
    basis = graded(tmp_path, name)
    sent = write_feedback(c.course(), basis, name, tmp_path / "a.zip", tmp_path / "back.zip")
    ledger = ledger_module.read_ledger(tmp_path / "submitted").of(NAME)
    people = authors(tmp_path / "submitted")
    with zipfile.ZipFile(tmp_path / "back.zip") as file:
        pages = {info.filename: file.read(info).decode() for info in file.infolist()}
    assert len(pages) == sum(bool(each.path) for each in sent) >= 5
    for each in sent:
        person = people[each.student]
        if not each.path:
            assert each.lost == (person.login == "mji"), each  # Canvas would give her page to student 1
            continue
        page = pages[each.path]
        assert f"<b>{person.final:g}</b> <span>de 20 puntos</span>" in page
        assert "<script>alert" not in page
        assert "\x1b" not in page
        if name == "canvas":
            digits = [token for token in each.path.removesuffix(".html").split("_") if token.isdigit()]
            assert digits[0] == str(person.user_id)
            assert each.path.removesuffix(".html") + ".ipynb" == ledger[each.student].path
        else:
            assert each.path.split("_")[1:3] == [str(person.participant), "assignsubmission"]


def test_a_team_shares_the_score(tmp_path):
    ada, sean, *_ = CLASS
    roster = c.moodle_worksheet(tmp_path / "r.csv")
    archive = c.zipped(tmp_path / "a.zip", {"Team A_7_assignsubmission_file/softmax.ipynb": (c.work(ada), ada.when)})
    source = ImportOptions(archive=archive, roster=roster, assignment=NAME)
    refused = import_archive(c.course(), source, tmp_path / "submitted")
    assert refused.unmatched == 1  # 7 is John Smith as a participant, but this is group 7
    assert authors(tmp_path / "submitted") == {}
    pairs = tmp_path / "teams.csv"
    pairs.write_text(f"archive,student\nTeam A,{ada.email}\nTeam A,{sean.email}\n")
    told = ImportOptions(archive=archive, roster=roster, assignment=NAME, pairs=pairs)
    assert import_archive(c.course(), told, tmp_path / "submitted").unmatched == 0
    members = authors(tmp_path / "submitted")
    assert members.keys() == {ada.email, sean.email}
    c.write_reports(tmp_path / "results", members)
    basis = GradeSource(assignment=NAME, results=tmp_path / "results")
    filled = export_grades(
        c.course(), ExportOptions(basis=basis, target="moodle-worksheet", template=roster), tmp_path / "b.csv"
    )
    assert {t.student: t.after for t in filled.told} == {ada.email: "17.5", sean.email: "17.5"}
    sent = write_feedback(c.course(), basis, "moodle", archive, tmp_path / "back.zip")
    assert {each.path for each in sent} == {
        f"Participant_{who.participant}_assignfeedback_file/feedback.html" for who in (ada, sean)
    }


def test_another_maximum_is_refused(tmp_path):
    basis = graded(tmp_path, "canvas")
    template = tmp_path / "roster.csv"
    template.write_bytes(template.read_bytes().replace(b"20.00", b"10.00"))
    with pytest.raises(TemplateRefused, match="out of 10 in the LMS, and out of 20 here"):
        export_grades(c.course(), ExportOptions(basis=basis, target="canvas", template=template), tmp_path / "back.csv")
    assert not (tmp_path / "back.csv").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"softmax (4711)", b"other (4711)", "no columns are called 'softmax'.*'Old .99.', 'other .4711.'"),
        (b"Old (99)", b"Softmax (99)", "2 columns are called 'softmax'"),
        (b"Student,ID", b"Who,What", "not a gradebook of Canvas"),
    ],
)
def test_a_column_that_cannot_be_told_is_refused(old, new, said, tmp_path):
    basis = graded(tmp_path, "canvas")
    template = tmp_path / "other.csv"
    template.write_bytes((tmp_path / "roster.csv").read_bytes().replace(old, new))
    with pytest.raises(TemplateRefused, match=said):
        export_grades(c.course(), ExportOptions(basis=basis, target="canvas", template=template), tmp_path / "back.csv")


def test_a_named_column(tmp_path):
    basis = graded(tmp_path, "canvas")
    template = tmp_path / "other.csv"
    template.write_bytes((tmp_path / "roster.csv").read_bytes().replace(b"Old (99)", b"softmax (99)"))
    for column in ("4711", "softmax (4711)"):
        order = ExportOptions(basis=basis, target="canvas", template=template, column=column)
        assert export_grades(c.course(), order, tmp_path / "back.csv").column == "softmax"


def test_scores_of_people_who_are_not_in_the_file_are_told(tmp_path):
    basis = graded(tmp_path, "canvas")
    template = tmp_path / "short.csv"
    lines = (tmp_path / "roster.csv").read_bytes().splitlines(keepends=True)
    template.write_bytes(b"".join(line for line in lines if b"alovelace" not in line))
    filled = export_grades(
        c.course(), ExportOptions(basis=basis, target="canvas", template=template), tmp_path / "back.csv"
    )
    assert [told.student for told in filled.told if told.outcome is FillStatus.LOST] == ["alovelace"]
    assert filled.lost == 1


def test_the_template_is_never_overwritten(tmp_path):
    basis = graded(tmp_path, "canvas")
    template = tmp_path / "roster.csv"
    with pytest.raises(LmsError, match="the template itself"):
        export_grades(c.course(), ExportOptions(basis=basis, target="canvas", template=template), template)


def test_excusing_somebody(tmp_path):
    brought_in(tmp_path, "canvas")
    c.write_reports(tmp_path / "results", authors(tmp_path / "submitted"))
    basis = GradeSource(assignment=NAME, results=tmp_path / "results", excused=frozenset({"alovelace"}))
    export_grades(
        c.course(), ExportOptions(basis=basis, target="canvas", template=tmp_path / "roster.csv"), tmp_path / "b.csv"
    )
    cells = {row[3]: row[6] for row in rows_of((tmp_path / "b.csv").read_bytes(), LMSS["canvas"])}
    assert (cells["alovelace"], cells["excused"], cells["jsmith2"]) == ("EX", "EX", "0")
    assert cells["pending"] == cells["error"] == cells["nohandin"] == ""


def test_moodles_gradebook_file(tmp_path):
    basis = graded(tmp_path, "moodle")
    head = ["First name", "Last name", "ID number", "Email address", "Assignment: softmax (Real)", "softmax (Real)",
            "softmax (Feedback)"]  # fmt: skip
    rows = [head, *([p.first, p.last, "", p.email, "-", "12,00" if p.login == "w_li" else "-", ""] for p in CLASS)]
    template = tmp_path / "grades.csv"
    template.write_text(c.table(rows, ";"), encoding="utf-8")
    order = ExportOptions(basis=basis, target="moodle-csv", template=template, column="Assignment: softmax (Real)")
    with pytest.raises(TemplateRefused, match="use --to moodle-worksheet"):
        export_grades(c.course(), order, tmp_path / "b.csv")
    order = ExportOptions(basis=basis, target="moodle-csv", template=template, column="softmax (Real)")
    export_grades(c.course(), order, tmp_path / "b.csv")
    done = list(csv.reader(io.StringIO((tmp_path / "b.csv").read_text(encoding="utf-8")), delimiter=";"))
    cells = {row[3].split("@")[0]: row[4:6] for row in done[1:]}
    assert (cells["alovelace"], cells["w_li"], cells["error"]) == (["-", "17,5"], ["-", "20"], ["-", "-"])


def test_nbgraders_export(tmp_path):
    basis = graded(tmp_path, "blackboard")
    head = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
            "late_submission_penalty", "score", "max_score"]  # fmt: skip
    lines = [",".join(head)]  # nbgrader quotes nothing
    for name in ("mse", NAME):
        lines += [f"{name},,,{p.login},{p.last},{p.first},,0.0,0.0,0.0,20.0" for p in CLASS]
    template = tmp_path / "nb.csv"
    template.write_text("\n".join(lines) + "\n", encoding="utf-8")
    filled = export_grades(
        c.course(), ExportOptions(basis=basis, target="nbgrader-csv", template=template), tmp_path / "b.csv"
    )
    done = (tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()
    assert done[: len(CLASS) + 1] == lines[: len(CLASS) + 1]
    assert "softmax,,,alovelace,Lovelace,Ada,,17.5,0.0,17.5,20.0" in done
    assert "softmax,,,sobrien,O'Brien-Núñez,Seán,,12.25,2.45,9.8,20.0" in done
    assert "softmax,,,nohandin,Handin,No,,0.0,0.0,0.0,20.0" in done
    assert next(told for told in filled.told if told.student == "rzuniga").reason.startswith("the line has more cells")


def test_the_five_standings_stay_apart(tmp_path):
    people = authors_of_five()
    c.write_reports(tmp_path / "results", people)
    roster = c.canvas_csv(tmp_path / "roster.csv")
    basis = GradeSource(assignment=NAME, results=tmp_path / "results", excused=frozenset({"excused"}))
    filled = export_grades(c.course(), ExportOptions(basis=basis, target="canvas", template=roster), tmp_path / "b.csv")
    told = {each.student: (each.standing, each.after) for each in filled.told}
    assert told["jsmith2"] == (Standing.GRADED, "0")
    assert told["pending"] == (Standing.PENDING, "")
    assert told["error"] == (Standing.FAILED, "")
    assert told["excused"] == (Standing.EXCUSED, "")
    assert "nohandin" not in told
    assert any("no times of submission" in note for note in filled.notes)


def authors_of_five() -> dict[str, Pupil]:
    return {p.login: p for p in CLASS if p.login in ("jsmith2", "pending", "error", "excused", "nohandin")}


def test_the_class_has_what_the_tests_are_about():
    assert {person.status for person in CLASS} == {Status.GRADED, Status.PENDING, Status.ERROR}
    assert DUE.tzinfo is not None
    assert any(person.final == 0.0 != person.score for person in CLASS)
    assert [person.final for person in CLASS[:2]] == [17.5, 9.8]
