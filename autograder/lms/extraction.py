"""From an archive to a folder of submissions: whole files only, again and again without harm."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from autograder.atomic import replace_file, replacing
from autograder.course import Course
from autograder.errors import LmsError
from autograder.lms import ledger as ledger_module
from autograder.lms import roster
from autograder.lms.archive import MAX_MEMBERS, Archive, open_archive
from autograder.lms.intake import MemberResult, MemberStatus
from autograder.lms.ledger import HandIn, Ledger
from autograder.lms.matching import ChosenWork, ImportPlan, guess_assignment, plan_import
from autograder.lms.registry import archive_formats, choose_format
from autograder.lms.roster import Person, Roster
from autograder.results.store import locked
from autograder.text import printable

__all__ = ["EARLIER", "ImportOptions", "ImportResult", "import_archive"]

EARLIER = ".earlier"
"""The folder in that of the submissions that keeps what was replaced: <student>/<assignment>/<digest>-<name>."""

_STAGE = ".import"


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to import. `format` is "auto" or a name of `archive_formats()`, `layout` nbgrader or otter.

    pairs   who handed in where the archive and the roster do not tell: a CSV with the columns `archive` (a path or a
            name as the listing shows it) and `student`; several lines with the same `archive` are a team
    zone    the time zone of the LMS's server; None takes that of the assignment's due date
    """

    archive: Path
    roster: Path
    assignment: str = ""
    format: str = "auto"
    layout: str = "nbgrader"
    pairs: Path | None = None
    zone: tzinfo | None = None
    most_members: int = MAX_MEMBERS


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an import: a line for every member of the archive, and who of the roster has nothing there."""

    lms: str
    assignment: str
    lines: tuple[MemberResult, ...]
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def unmatched(self) -> int:
        """How many members a person has to look at."""
        return sum(line.fate is MemberStatus.UNMATCHED for line in self.lines)


def import_archive(course: Course, source: ImportOptions, out: Path) -> ImportResult:
    """Write the submissions of an archive into the folder `out`, and what is known of them into its lms.json.

    A file that is there already stays if it is the same. An older attempt than the one that is there is left out, and a
    file that is replaced is kept in .earlier. Raises LmsError (roster, lms.json), ArchiveRefused, OutputError (`out` is
    in use), and then nothing was written.
    """
    with open_archive(source.archive, source.most_members) as archive:
        ledger = ledger_module.read_ledger(out)
        people = ledger_module.settle_folders(roster.read_roster(source.roster, ledger.key), ledger)
        form = archive_formats()[choose_format(archive, source.format)]
        reading = form.read(archive)
        name = source.assignment or guess_assignment(reading, [each.name for each in course.assignments])
        if not name and len(course.assignments) == 1:
            name = course.assignments[0].name
        if not name:
            raise LmsError(f"{archive.name} may belong to any assignment: say which with --assignment.")
        place = course.assignment(name)
        zone = source.zone or (place.due.tzinfo if place.due else None) or UTC
        decided = plan_import(reading, form, people, place.name, _pairs(source.pairs, people))
        for pick in decided.picks:
            archive.read(pick.entry.item)  # a damaged member refuses all, before anything is written
        try:
            place_in = _Place(out, place.name, source.layout, zone, archive.name, decided.lms)
            return _Placing(place_in, ledger, people).all(archive, decided)
        except OSError as error:
            where = printable(str(error.filename or out))
            raise LmsError(f"cannot write {where}: {error.strerror}. Make room, then run the same again.") from None


class _Place(msgspec.Struct, frozen=True):
    """Where submissions go, and where they come from."""

    out: Path
    assignment: str
    layout: str
    zone: tzinfo
    archive: str
    lms: str

    def target(self, student: str, suffix: str) -> Path:
        if self.layout == "otter":
            return self.out / f"{student}{suffix}"
        return self.out / student / self.assignment / f"{self.assignment}{suffix}"

    def hand_in(self, pick: ChosenWork, member: Person, digest: str) -> HandIn:
        entry = pick.entry
        when = entry.when.replace(tzinfo=entry.when.tzinfo or self.zone) if entry.when else None
        return HandIn(
            member=member,
            lms=self.lms,
            archive=self.archive,
            path=entry.item.path,
            source=pick.source,
            attempt=entry.attempt,
            submitted_at=when,
            late=entry.late,
            team=pick.team,
            digest=digest,
        )


class _Placing:
    """One import on its way to the disk."""

    def __init__(self, where: _Place, ledger: Ledger, people: Roster) -> None:
        self._where, self._out, self._assignment = where, where.out, where.assignment
        self._ledger, self._people = ledger, people
        self._known = dict(ledger.of(where.assignment))
        self._written: list[str] = []
        self._unchanged: list[str] = []
        self._kept: list[str] = []
        self._outdated: dict[str, str] = {}

    def all(self, archive: Archive, decided: ImportPlan) -> ImportResult:
        self._out.mkdir(parents=True, exist_ok=True)
        lock = locked(self._out / ".lock")
        stage = self._out / _STAGE
        try:
            shutil.rmtree(stage, ignore_errors=True)  # of a run that was killed: nobody else can be writing
            stage.mkdir()
            staged = [(pick, *self._staged(archive, pick, stage / str(n))) for n, pick in enumerate(decided.picks)]
            for pick, path, digest in staged:  # only now, when every member was read without an error
                for member in pick.members:
                    self._place(pick, member, path, digest)
            absent = self._folders()
            assignments = {**self._ledger.assignments, self._assignment: self._known}
            Ledger(key=self._people.key, assignments=assignments).write(self._out)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
            os.close(lock)
        return ImportResult(
            lms=decided.lms,
            assignment=self._assignment,
            lines=tuple(map(self._corrected, decided.lines)),
            written=tuple(self._written),
            unchanged=tuple(self._unchanged),
            kept=tuple(self._kept),
            absent=tuple(absent),
        )

    def _staged(self, archive: Archive, pick: ChosenWork, path: Path) -> tuple[Path, str]:
        data = archive.read(pick.entry.item)
        path.write_bytes(data)
        return path, hashlib.sha256(data).hexdigest()

    def _place(self, pick: ChosenWork, member: Person, path: Path, digest: str) -> None:
        student = member.student
        hand_in = self._where.hand_in(pick, member, digest)
        before = self._known.get(student)
        if before and before.submitted_at and hand_in.submitted_at and before.submitted_at > hand_in.submitted_at:
            reason = f"a newer attempt is there already, from {before.archive}"
            self._outdated[pick.entry.item.path] = reason
            return
        target = self._where.target(student, PurePosixPath(pick.entry.file).suffix.casefold())
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_file() and not target.is_symlink() and _digest(target) == digest:
            self._unchanged.append(student)
        else:
            self._set_aside(student, target)
            with replacing(target) as draft:
                shutil.copyfile(path, draft)  # a team's file goes to each of its members
            self._written.append(student)
        stamp = target.with_name("timestamp.txt")
        if self._where.layout == "nbgrader" and hand_in.submitted_at and not stamp.exists():  # a person's word stays
            replace_file(stamp, ledger_module.format_timestamp(hand_in.submitted_at).encode())
        self._known[student] = hand_in

    def _set_aside(self, student: str, target: Path) -> None:
        """Keep what is replaced, with its time, and a submission of the other kind, which would count instead."""
        paths = [self._where.target(student, suffix) for suffix in (".ipynb", ".py")]
        if self._where.layout == "nbgrader":
            paths.append(target.with_name("timestamp.txt"))
        for path in paths:
            if path.is_symlink() or path.is_file():
                folder = self._out / EARLIER / student / self._assignment
                folder.mkdir(parents=True, exist_ok=True)
                kept = folder / f"{_digest(path)[:16] if not path.is_symlink() else 'link'}-{path.name}"
                path.replace(kept)
                self._kept.append(str(kept.relative_to(self._out)))

    def _folders(self) -> list[str]:
        """Make a folder for each student of the roster, so that a student without work is reported as missing."""
        absent = [each.student for each in self._people.members if each.student not in self._known]
        if self._where.layout == "nbgrader":
            for student in absent:
                (self._out / student).mkdir(exist_ok=True)
        return absent

    def _corrected(self, line: MemberResult) -> MemberResult:
        reason = self._outdated.get(line.path)
        if reason is None or line.fate is not MemberStatus.TAKEN:
            return line
        return msgspec.structs.replace(line, fate=MemberStatus.SUPERSEDED, reason=reason)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pairs(path: Path | None, people: Roster) -> Mapping[str, Sequence[Person]]:
    """Read who handed in what, as the instructor says it; raises LmsError on a student who is not in the roster."""
    if path is None:
        return {}
    found: dict[str, list[Person]] = {}
    for line, (archived, student) in _pair_lines(path):
        member = people.one("student", student) or people.one("login", student) or people.one("email", student)
        member = member or people.one("number", student) or people.one("user_id", student)
        if member is None:
            where = f"{printable(str(path))}:{line}"
            raise LmsError(f"{where}: the roster has nobody, or more than one, of the name {printable(student)!r}.")
        found.setdefault(archived, []).append(member)
    return found


def _pair_lines(path: Path) -> Iterator[tuple[int, tuple[str, str]]]:
    table = roster.read_table(path)
    header: list[Any] = [text.strip().casefold() for text in table.header]
    if not {"archive", "student"} <= set(header):
        raise LmsError(f"{printable(str(path))}: the first line must name the columns archive and student.")
    columns = header.index("archive"), header.index("student")
    for row in range(1, len(table.rows)):
        archived, student = (table.value(row, column).strip() for column in columns)
        if archived and student:
            yield table.line(row), (archived, student)
