"""A made-up class as five LMSs would give it: archives and grade files, with every nuisance of a name."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from autograder import course as courses
from autograder.course import Course
from autograder.report import QuestionResult, Report, Status, TestResult, report_json

ROOT = Path(__file__).parents[2]
NAME = "softmax"
MOST = 20.0
DUE = datetime.fromisoformat("2027-02-12T23:59:00-05:00")  # of softmax in course.yml; so is the zone


class Pupil(NamedTuple):
    """A student, with the ids of five LMSs; `hours` after the due date, `score` None for no hand-in."""

    first: str
    last: str
    login: str
    number: str
    user_id: int
    participant: int
    score: float | None
    hours: float = -5.0
    status: Status = Status.GRADED

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def sortable(self) -> str:
        return f"{self.last}, {self.first}"

    @property
    def email(self) -> str:
        return f"{self.login}@example.org"

    @property
    def late(self) -> bool:
        return self.hours > 0

    @property
    def when(self) -> datetime:
        return DUE + timedelta(hours=self.hours)

    @property
    def final(self) -> float | None:
        """The score after the late policy of course.yml: a tenth per day begun, nothing after five days."""
        if self.score is None or self.status is not Status.GRADED:
            return None
        days = max(0, -(-int(self.hours * 60 - 15) // 1440)) if self.hours > 0.25 else 0
        return 0.0 if days > 5 else round(self.score * (1 - 0.1 * days) + 1e-9, 2)


CLASS = (
    Pupil("Ada", "Lovelace", "alovelace", "S1001", 123, 4, 17.5),
    Pupil("Seán", "O'Brien-Núñez", "sobrien", "000124", 124, 1, 12.25, hours=30),
    Pupil("Wei_Wei", "Li", "w_li", "000007", 125, 2, 20.0),
    Pupil("John", "Smith", "jsmith", "S1004", 126, 7, 3.0),
    Pupil("John", "Smith", "jsmith2", "S1005", 127, 8, 0.0),
    Pupil("Raúl", "Zuñiga, hijo", "rzuniga", "S1006", 1, 123, 9.0, hours=0.2),
    Pupil("=1+1", "Formula", "formula", "S1007", 2, 5, 8.0, hours=150),
    Pupil("María José", "Ibáñez_1_2", "mji", "0", 3, 6, 15.0),
    Pupil("No", "Handin", "nohandin", "S1009", 130, 9, None),
    Pupil("Pen", "Ding", "pending", "S1010", 131, 10, 5.0, status=Status.PENDING),
    Pupil("Err", "Or", "error", "S1011", 132, 11, 5.0, status=Status.ERROR),
    Pupil("Ex", "Cused", "excused", "S1012", 133, 12, 6.0),
)
"""John Smith is there twice; ids of one kind look like those of another; the last four have no score to send."""

OLDER = {"alovelace", "w_li"}
"""Who has an earlier attempt as well, where an LMS keeps those."""


def course() -> Course:
    return courses.load_course(ROOT / "course.yml")


def work(person: Pupil, attempt: str = "last") -> bytes:
    """A notebook that belongs to nobody else."""
    return f'{{"cells": [], "metadata": {{"who": "{person.login}", "attempt": "{attempt}"}}}}'.encode()


def write_reports(results: Path, students: dict[str, Pupil], name: str = NAME) -> None:
    """Write what `autograder grade` would: a report per student, None staying None."""
    folder = results / "reports" / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, (student, person) in enumerate(students.items()):
        if person.score is not None:
            (folder / f"{number}.json").write_bytes(report_json(report(student, person, name)))


def report(student: str, person: Pupil, name: str = NAME) -> Report:
    known = person.status is not Status.ERROR
    test = TestResult(
        id="a", criterion="Each row adds up to 1.", passed=False, points=person.score, max_points=MOST,
        message="=cmd|'/C calc'!A0 <script>alert(1)</script>\x1b[31m, \"quoted\"", hint="Divide by the sum.",
    )  # fmt: skip
    return Report(
        student=student, assignment=name, status=person.status, score=person.score if known else None,
        max_score=MOST if known else None, reason="" if known else "the machine broke down",
        questions=(QuestionResult("softmax", person.score, MOST, tests=(test,)),) if known else (), lang="es",
    )  # fmt: skip


def zipped(path: Path, members: dict[str, tuple[bytes, datetime | None]]) -> Path:
    """Pack members with their times, as in the zone of the due date."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, (data, when) in members.items():
            local = when.astimezone(DUE.tzinfo) if when else datetime(1980, 1, 1, tzinfo=UTC)
            file.writestr(zipfile.ZipInfo(name, local.timetuple()[:6]), data)
    return path


def handed_in() -> list[Pupil]:
    return [person for person in CLASS if person.score is not None]


def table(rows: list[list[str]], delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL, end: str = "\n") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
    return text.getvalue()


def canvas_name(person: Pupil) -> str:
    name = re.sub(r"\W", "", person.sortable.lower())
    return f"{name}_{'LATE_' if person.late else ''}{person.user_id}"


def canvas_zip(path: Path) -> Path:
    members: dict[str, tuple[bytes, datetime | None]] = {"__MACOSX/._x": (b"", None)}
    for number, person in enumerate(handed_in()):
        file = ["softmax.ipynb", "softmax-1.ipynb", "softmax (1).ipynb", "my_work_1_2.ipynb"][number % 4]
        members[f"{canvas_name(person)}_{4560 + number}_{file}"] = (work(person), None)
    members[f"{canvas_name(CLASS[0])}_9999_notes.txt"] = (b"dear grader", None)
    return zipped(path, members)


def canvas_csv(path: Path) -> Path:
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Old (99)", f"{NAME} (4711)", "Final Score"]
    rows = [head, ["    Points Possible", "", "", "", "", "10.00", "20.00", "(read only)"]]
    for person in CLASS:
        name = f'="{person.sortable}"' if person.sortable.startswith("=") else person.sortable
        cell = {"excused": "EX", "jsmith": "3.00"}.get(person.login, "")
        rows.append([name, str(person.user_id), person.number, person.login, "NN 1", "007.50", cell, "12.3"])
    path.write_bytes(table(rows, end="\r\n").encode("utf-8-sig"))
    return path


def moodle_name(person: Pupil) -> str:
    return re.sub(r"[^\w .-]", "", person.full.replace("_", " "))


def moodle_zip(path: Path, *, blind: bool = False, folders: bool = True) -> Path:
    members = {}
    for number, person in enumerate(handed_in()):
        name = "Participant" if blind else moodle_name(person)
        file = ["softmax.ipynb", "sub/réponse.ipynb", "softmax (1).ipynb"][number % 3]
        folder = f"{name}_{person.participant}_assignsubmission_file{'/' if folders else '_'}"
        members[folder + file] = (work(person), person.when)
        members[f"{name}_{person.participant}_assignsubmission_onlinetext/onlinetext.html"] = (b"<p>hi", person.when)
    return zipped(path, members)


def moodle_worksheet(path: Path, *, blind: bool = False) -> Path:
    who = [] if blind else ["Full name", "Email address"]
    rows = [[
        "Identifier", *who, "Status", "Grade", "Maximum grade", "Grade can be changed",
        "Last modified (submission)", "Last modified (grade)", "Feedback comments",
    ]]  # fmt: skip
    for person in CLASS:
        ids = [] if blind else [person.full, person.email]
        kept = "see me" if person.login == "jsmith2" else ""
        status = "Submitted for grading - " if person.score is not None else "No submission - "
        ids = [f"Participant {person.participant}", *ids, status, "", "20.00"]
        changeable = "No" if person.login == "excused" else "Yes"
        rows.append([*ids, changeable, "Friday, 20 November 2026, 11:50 PM", "-", kept])
    path.write_bytes(table(rows).encode("utf-8-sig"))
    return path


def blackboard_zip(path: Path) -> Path:
    members = {}
    for person in handed_in():
        attempts = [("old", person.when - timedelta(days=2))] if person.login in OLDER else []
        for attempt, when in [*attempts, ("last", person.when)]:
            local = when.astimezone(DUE.tzinfo)
            stem = f"HW_1_{person.login}_attempt_{local:%Y-%m-%d-%H-%M-%S}"
            receipt = f"Name: {person.full} ({person.login})\nAssignment: HW_1\n\nFiles:\n\tFilename: {stem}_x.ipynb\n"
            members[f"{stem}.txt"] = (receipt.encode(), when)
            members[f"{stem}_mine.ipynb"] = (work(person, attempt), when)
    return zipped(path, members)


def blackboard_file(path: Path) -> Path:
    rows = [["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability",
             f"{NAME} [Total Pts: 20 Score] |664617", "Weighted Total [Total Pts: up to 20 Score] |1",
             "Grading Notes", "Notes Format", "Feedback to Learner", "Feedback Format"]]  # fmt: skip
    rows += [
        [p.last, p.first, p.login, p.number, "2027-02-01", "Yes", "", "0", "", "", "",
         "HTML" if p.login == "alovelace" else ""]
        for p in CLASS
    ]  # fmt: skip
    path.write_bytes(table(rows, "\t", csv.QUOTE_ALL, "\r\n").encode("utf-16"))
    return path


def brightspace_zip(path: Path) -> Path:
    members = {"index.html": (b"<html>", DUE)}
    for number, person in enumerate(handed_in()):
        attempts = [("old", person.when - timedelta(days=2))] if person.login in OLDER else []
        for attempt, when in [*attempts, ("last", person.when)]:
            local = when.astimezone(DUE.tzinfo)
            clock = f"{local:%b} {local.day}, {local.year} {int(local.strftime('%I'))}{local:%M %p}"
            name = f"{person.login} {person.full}" if person.full == "John Smith" else person.full
            members[f"{10001 + number}-20001 - {name} - {clock}/softmax.ipynb"] = (work(person, attempt), when)
    return zipped(path, members)


def brightspace_csv(path: Path) -> Path:
    item = f"{NAME} Points Grade <Numeric MaxPoints:20 Weight:10 Category:Homework CategoryWeight:20>"
    rows = [["OrgDefinedId", "Username", "Last Name", "First Name", item, "End-of-Line Indicator"]]
    rows += [[f"#{p.number}", f"#{p.login}", p.last, p.first, "", "#"] for p in CLASS]
    path.write_bytes(table(rows, end="\r\n").encode())
    return path


def gradescope_zip(path: Path) -> Path:
    lines, members = [], {}
    for number, person in enumerate(handed_in()):
        key = f"submission_{456 + number}"
        sid = f"\n    :sid: '{person.number}'" if number % 2 else ""
        lines.append(
            f'{key}:\n  :submitters:\n  - :name: "{person.full}"{sid}\n    :email: {person.email}\n'
            f"  :created_at: {person.when.astimezone(UTC):%Y-%m-%d %H:%M:%S}.000000000 Z\n  :score: 1.0\n"
        )
        members[f"assignment_9_export/{key}/softmax.ipynb"] = (work(person), None)
    members["assignment_9_export/submission_metadata.yml"] = ("---\n" + "".join(lines)).encode(), None
    return zipped(path, members)


def gradescope_csv(path: Path) -> Path:
    rows = [["First Name", "Last Name", "SID", "Email", "Sections", "HW1", "HW1 - Max Points"]]
    rows += [[p.first, p.last, p.number, p.email, "", "", "20.0"] for p in CLASS]
    path.write_bytes(table(rows).encode())
    return path


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
