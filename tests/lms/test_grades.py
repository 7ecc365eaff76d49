"""Grades: the late policy, and five standings of which only one has a score."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lms_class as c
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lms_class import CLASS, DUE, MOST, NAME, Pupil

from autograder.course import LatePolicy
from autograder.errors import LmsError
from autograder.lms.columns import ColumnQuery, Sheet
from autograder.lms.gradebook import GradeFileFiller
from autograder.lms.grades import MOST_COMMENT, Grade, GradeTerms, Standing, grades_of
from autograder.lms.ledger import HandIn
from autograder.lms.registry import grade_files
from autograder.lms.roster import Person, roster_of_table
from autograder.lms.table import Table
from autograder.report import QuestionResult, Report, Status, TestResult, report_json

ADA = CLASS[0]


def one(tmp_path: Path, person: Pupil = ADA, course=None, **terms) -> Grade:
    c.write_reports(tmp_path, {"ada": person})
    [grade] = grades_of(course or c.course(), NAME, tmp_path, GradeTerms(**terms))
    return grade


def came(when: datetime | None, late: bool | None = None) -> dict[str, HandIn]:
    return {"ada": HandIn(member=Person(student="ada"), lms="canvas", submitted_at=when, late=late)}


@pytest.mark.parametrize(
    ("after", "score", "days"),
    [
        (timedelta(hours=-1), 17.5, 0),
        (timedelta(minutes=15), 17.5, 0),
        (timedelta(minutes=16), 15.75, 1),
        (timedelta(days=1, minutes=16), 14.0, 2),
        (timedelta(days=5), 8.75, 5),
        (timedelta(days=5, minutes=16), 0.0, 6),
    ],
)
def test_the_late_policy_of_the_course(after, score, days, tmp_path):
    grade = one(tmp_path, hand_ins=came(DUE + after))
    assert (grade.score, grade.late_days, grade.raw_score) == (score, days, 17.5)
    assert grade.penalty == 17.5 - score
    assert ("retraso de" in grade.comment) == (score < 17.5)
    assert grade.comment.startswith(f"{score:g} de {MOST:g} puntos")


def test_late_by_nobody_knows_how_much_is_never_guessed(tmp_path):
    grade = one(tmp_path, hand_ins=came(None, late=True))
    assert (grade.standing, grade.score) == (Standing.PENDING, None)
    assert "timestamp.txt" in grade.reason
    assert one(tmp_path, hand_ins=came(None, late=True), late_policy=False).score == 17.5
    harmless = msgspec.structs.replace(c.course(), late_policy=LatePolicy())
    assert one(tmp_path, course=harmless, hand_ins=came(None, late=True)).score == 17.5
    assert one(tmp_path, hand_ins=came(None, late=False)).score == 17.5


def test_a_time_that_the_instructor_wrote_counts(tmp_path):
    place = tmp_path / "submitted" / "ada" / NAME
    place.mkdir(parents=True)
    (place / "timestamp.txt").write_text(f"{(DUE + timedelta(hours=30)).astimezone(UTC):%Y-%m-%d %H:%M:%S UTC}\n")
    grade = one(tmp_path, hand_ins=came(None, late=True), submitted=tmp_path / "submitted")
    assert (grade.score, grade.late_days) == (14.0, 2)


def test_no_reports_is_an_error(tmp_path):
    with pytest.raises(LmsError, match="holds no reports of softmax"):
        grades_of(c.course(), NAME, tmp_path)


def test_a_damaged_report_is_an_error_not_a_missing_grade(tmp_path):
    c.write_reports(tmp_path, {"ada": ADA})
    (tmp_path / "reports" / NAME / "x.json").write_text("{}")
    with pytest.raises(LmsError, match=r"x\.json is no report of softmax"):
        grades_of(c.course(), NAME, tmp_path)


def test_who_handed_in_and_has_no_report_is_missing(tmp_path):
    c.write_reports(tmp_path, {"ada": ADA})
    hand_ins = {"ben": HandIn(member=Person(student="ben"), lms="canvas")}
    found = {grade.student: grade for grade in grades_of(c.course(), NAME, tmp_path, GradeTerms(hand_ins=hand_ins))}
    assert (found["ben"].standing, found["ben"].score) == (Standing.MISSING, None)


def test_a_comment_has_an_end(tmp_path):
    test = TestResult(id="a", criterion="x", passed=False, points=0.0, max_points=1.0, message="long " * 20_000)
    report = msgspec.structs.replace(c.report("ada", ADA), questions=(QuestionResult("q", 17.5, MOST, tests=(test,)),))
    (tmp_path / "reports" / NAME).mkdir(parents=True)
    (tmp_path / "reports" / NAME / "ada.json").write_bytes(report_json(report))
    [grade] = grades_of(c.course(), NAME, tmp_path)
    assert MOST_COMMENT < len(grade.comment) < MOST_COMMENT + 100


REPORTS = st.builds(
    lambda status, score: Report(
        student="",
        assignment=NAME,
        status=status,
        score=None if status in ("error", "missing") else score,
        max_score=20.0,
    ),
    st.sampled_from(Status),
    st.one_of(st.none(), st.floats(0, 20), st.just(0.0)),
)  # fmt: skip
MAKERS = {
    "canvas": (c.canvas_csv, "SIS Login ID"),
    "moodle-worksheet": (c.moodle_worksheet, "Email address"),
    "blackboard": (c.blackboard_file, "Username"),
    "d2l": (c.brightspace_csv, "Username"),
}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reports=st.fixed_dictionaries({person.login: REPORTS for person in CLASS}),
    excused=st.frozensets(st.sampled_from([person.login for person in CLASS])),
    target=st.sampled_from(sorted(MAKERS)),
)
def test_nothing_becomes_zero_and_nothing_else_changes(tmp_path, reports, excused, target):
    folder = tmp_path / "reports" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    key = "email" if target == "moodle-worksheet" else "login"
    names = {person.login: getattr(person, key) for person in CLASS}
    for login, report in reports.items():
        (folder / f"{login}.json").write_bytes(report_json(msgspec.structs.replace(report, student=names[login])))
    found = grades_of(c.course(), NAME, tmp_path, GradeTerms(excused=frozenset(names[login] for login in excused)))
    make, column = MAKERS[target]
    raw = make(tmp_path / "template").read_bytes()
    table = Table(raw)
    sheet = grade_files()[target](table, ColumnQuery(assignment=NAME))
    filled = GradeFileFiller(table, sheet, roster_of_table(table, tmp_path / "template")).fill(found, {})
    after = Table(filled.data)
    where = table.header.index(column)
    by_name = {grade.student: grade for grade in found}
    assert len(after.rows) == len(table.rows)
    for row, cells in enumerate(table.rows):
        grade = by_name.get(table.value(row, where).removeprefix("#"))
        for index, cell in enumerate(cells):
            now = after.rows[row][index]
            if index == sheet.score.index and grade and grade.score is not None and is_open(sheet, row, cell.value):
                assert grade.standing is Standing.GRADED
                assert float(now.value) == grade.score
            elif index == sheet.score.index and now.value != cell.value:
                assert (now.value, grade.standing) == ("EX", Standing.EXCUSED)
            elif index != sheet.feedback or not grade or grade.standing is not Standing.GRADED:
                assert after._text[now.start : now.end] == table._text[cell.start : cell.end]
    for told in filled.told:
        grade = by_name[told.student]
        if grade.standing is not Standing.GRADED:
            assert told.after in ("", "EX")
            assert (grade.score, grade.raw_score) == (None, None)


def is_open(sheet: Sheet, row: int, value: str) -> bool:
    return row not in sheet.locked and value != "EX"


def test_a_comma_in_a_file_that_has_commas():
    rows = [["Username", "softmax [Total Pts: 20 Score] |1"], ["ana", ""], ["ben", "3,5"], ["cy", "7"]]
    table = Table(c.table(rows, ";").encode())
    found = [
        Grade(student="ana", standing=Standing.GRADED, score=17.5, raw_score=17.5, max_score=20.0),
        Grade(student="ben", standing=Standing.GRADED, score=3.5, raw_score=3.5, max_score=20.0),
    ]
    sheet = grade_files()["blackboard"](table, ColumnQuery(assignment=NAME))
    filled = GradeFileFiller(table, sheet, roster_of_table(table, Path("x"))).fill(found, {})
    done = list(csv.reader(io.StringIO(filled.data.decode()), delimiter=";"))
    assert [row[1] for row in done[1:]] == ["17,5", "3,5", "7"]
    assert filled.notes == ("students with a score in the file and without a report here: 1; they keep it",)


def test_a_grade_goes_nowhere_if_the_ids_disagree():
    rows = [["Username", "Student ID", "softmax [Total Pts: 20 Score] |1"], ["ana", "1", ""], ["ben", "2", ""]]
    table = Table(c.table(rows).encode())
    member = Person(student="ana", login="ana", number="2")
    grade = Grade(student="ana", standing=Standing.GRADED, score=1.0, raw_score=1.0, max_score=20.0)
    sheet = grade_files()["blackboard"](table, ColumnQuery(assignment=NAME))
    hand_ins = {"ana": HandIn(member=member, lms="blackboard")}
    filled = GradeFileFiller(table, sheet, roster_of_table(table, Path("x"))).fill([grade], hand_ins)
    assert filled.lost == 1
    assert filled.data == c.table(rows).encode()


def test_two_grades_for_one_line_are_both_held_back():
    rows = [["Username", "softmax [Total Pts: 20 Score] |1"], ["ana", ""]]
    table = Table(c.table(rows).encode())
    found = [
        Grade(student=name, standing=Standing.GRADED, score=1.0, raw_score=1.0, max_score=20.0)
        for name in ("ana", "ANA")
    ]
    sheet = grade_files()["blackboard"](table, ColumnQuery(assignment=NAME))
    filled = GradeFileFiller(table, sheet, roster_of_table(table, Path("x"))).fill(found, {})
    assert filled.lost == 2
    assert filled.data == c.table(rows).encode()
