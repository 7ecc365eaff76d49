"""Who is in the course: the people of a grade file, with every id that the LMS gives them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec

from autograder.errors import LmsError, TemplateRefused
from autograder.lms.table import MAX_BYTES, Table
from autograder.text import is_text, printable, safe_name

__all__ = [
    "ID_FIELDS",
    "KEY_FIELDS",
    "Person",
    "Roster",
    "fold_name",
    "folder_name",
    "id_columns",
    "read_roster",
    "read_table",
    "roster_of_table",
]

KEY_FIELDS = ("student", "login", "number", "email", "user_id", "participant")
"""What a student's folder is named after: the first of these that everybody in the roster has and nobody shares."""

ID_FIELDS = ("user_id", "integration_id", "login", "number", "email", "participant")
"""What may join a person of one file with the same person of another; all are text, leading zeros included."""

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "student": ("student_id",),
    "name": ("student", "full name", "name", "nombre completo", "nombre completo del usuario"),
    "first_name": ("first name", "first_name", "nombre"),
    "last_name": ("last name", "last_name", "apellido(s)", "apellidos"),
    "user_id": ("id", "user id", "lms_user_id"),
    "number": ("sis user id", "id number", "orgdefinedid", "student id", "sid", "número de id", "número id"),
    "login": ("sis login id", "username", "nombre de usuario"),
    "integration_id": ("integration id",),
    "email": (
        "email", "email address", "e-mail", "dirección de correo", "dirección de correo electrónico",
        "correo electrónico",
    ),
    "participant": ("identifier", "identificador"),
    "section": ("section", "sections"),
    "team": ("group", "grupo", "team"),
}  # fmt: skip
_FOLDED = ("login", "email")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One person of a roster. Ids are text as the LMS writes them; empty where the file has none.

    student         the name of the person's folder or file of submissions, and of the reports
    user_id         the LMS's own number for the user (Canvas: ID)
    number          student number (Canvas: SIS User ID, Moodle: ID number, Brightspace: OrgDefinedId, Gradescope: SID)
    login           user name (Canvas: SIS Login ID)
    participant     Moodle's number of a participant in one assignment: the digits of "Participant 4"
    team            the group that the file names, if it does
    row             the index of the person's line in the file; the header is 0
    """

    student: str
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    user_id: str = ""
    integration_id: str = ""
    number: str = ""
    login: str = ""
    email: str = ""
    participant: str = ""
    section: str = ""
    team: str = ""
    row: int = 0

    def ids(self) -> dict[str, str]:
        """Return the ids that the person has."""
        return {field: value for field in ID_FIELDS if (value := getattr(self, field))}


class Roster(msgspec.Struct, frozen=True, dict=True):
    """The people of one file; `key` is the field that their folders are named after."""

    members: tuple[Person, ...]
    key: str

    def all(self, field: str, value: str) -> list[Person]:
        """Find everybody with this value; capitals count in neither user names nor email addresses."""
        return self._index[field].get(_comparable(field, value), [])

    def one(self, field: str, value: str) -> Person | None:
        """Find the only person with this value; None if there is nobody, or more than one."""
        found = self.all(field, value)
        return found[0] if len(found) == 1 else None

    def called(self, name: str) -> list[Person]:
        """Find everybody whom a site may show as `name`: in either order, some put the user name in front."""
        return self._names.get(fold_name(name), [])

    @cached_property
    def _names(self) -> dict[str, list[Person]]:
        names: dict[str, list[Person]] = {}
        for member in self.members:
            for name in _names(member):
                names.setdefault(name, []).append(member)
        return names

    @cached_property
    def _index(self) -> dict[str, dict[str, list[Person]]]:
        index: dict[str, dict[str, list[Person]]] = {field: {} for field in ("student", *ID_FIELDS)}
        for member in self.members:
            for field, value in {"student": member.student, **member.ids()}.items():
                index[field].setdefault(_comparable(field, value), []).append(member)
        return index


def read_roster(path: Path, key: str = "") -> Roster:
    """Read the people of a grade file of any LMS, or of a plain CSV with columns such as `name`, `email`, `student_id`.

    `key` names the field of KEY_FIELDS that folders are named after; somebody without it is named after the next one.
    Raises LmsError if the file cannot be read, has no column with ids, or cannot tell two people apart.
    """
    return roster_of_table(read_table(path), path, key)


def read_table(path: Path) -> Table:
    """Read a delimited file; raises LmsError, naming it, if that is not possible."""
    try:
        with path.open("rb") as file:
            return Table(file.read(MAX_BYTES + 1))
    except OSError as error:
        raise LmsError(f"cannot read {printable(str(path))}: {error.strerror}.") from None
    except TemplateRefused as error:
        raise TemplateRefused(f"{printable(str(path))}: {error}") from None


def roster_of_table(table: Table, path: Path, key: str = "", rows: Container[int] | None = None) -> Roster:
    """Find the people in a table, or in some of its lines; otherwise as `read`."""
    columns = _participants(table) | id_columns(table.header)
    where = printable(str(path))
    if not set(columns) & set(KEY_FIELDS):
        headers = ", ".join(printable(name) for name in table.header[:12]) or "nothing"
        raise LmsError(
            f"{where}: no column says who a line is about; its first line has: {headers}. Give a grade file of the "
            "LMS, or a CSV with one of the columns student_id, username, email."
        )
    people = [each for each in _people(table, columns) if rows is None or int(each["row"]) in rows]
    if not people:
        raise LmsError(f"{where}: no line is about a student. Export it again, with all students.")
    chosen = key if key in KEY_FIELDS and any(person.get(key) for person in people) else _key(people)
    members = tuple(_member(person, chosen) for person in people)
    _distinct(members, where)
    return Roster(members, chosen)


def folder_name(text: str) -> str:
    """Make an id the name of a folder: as it is where that is harmless, else percent-encoded."""
    text = unicodedata.normalize("NFC", text)
    harmless = is_text(text) and text.isprintable() and not text.startswith((".", "-", "~")) and text == text.strip()
    return text if harmless and not set(text) & set('/\\:*?"<>|%') and len(text.encode()) <= 100 else safe_name(text)


@lru_cache(maxsize=20_000)
def fold_name(name: str) -> str:
    """Fold a name for comparison: letters and digits only, no accents, no capitals."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(char for char in decomposed if char.isalnum()).casefold()


def id_columns(header: list[str]) -> dict[str, int]:
    """Find the columns that identify a student: field of a Person -> index."""
    found: dict[str, int] = {}
    for position, text in enumerate(header):
        label = " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split()).casefold()
        for field, labels in _HEADERS.items():
            if label in labels:
                found.setdefault(field, position)
    return found


def _participants(table: Table) -> dict[str, int]:
    """Recognise the Identifier of a Moodle worksheet in another language: the same word and a number in every line."""
    words = {re.sub(r"[0-9]+$", "", table.value(row, 0)) for row in range(1, len(table.rows))}
    return {"participant": 0} if len(words) == 1 and re.fullmatch(r"[^\W\d_]+ ", words.pop()) else {}


def _people(table: Table, columns: Mapping[str, int]) -> Iterator[dict[str, str]]:
    """Yield the lines that are about somebody: Canvas also writes lines about the assignments."""
    for row in range(1, len(table.rows)):
        person = {field: _cleaned(field, table.value(row, column)) for field, column in columns.items()}
        if "points possible" in table.value(row, 0).casefold() or not any(person.get(field) for field in KEY_FIELDS):
            continue
        yield person | {"row": str(row)}


def _cleaned(field: str, value: str) -> str:
    value = value.strip()
    if value.startswith('="') and value.endswith('"'):  # how Canvas guards a name that a spreadsheet would compute
        return value[2:-1].replace('""', '"')
    if field == "participant":
        digits = re.search(r"([0-9]+)$", value)
        return digits[1] if digits else ""
    return value.removeprefix("#") if field in ("number", "login", "email") else value  # Brightspace's guard


def _key(people: list[dict[str, str]]) -> str:
    for field in KEY_FIELDS:
        values = [folder_name(person.get(field, "")).casefold() for person in people]
        if all(values) and len(set(values)) == len(values):
            return field
    return next(field for field in KEY_FIELDS if any(person.get(field) for person in people))


def _member(person: dict[str, str], key: str) -> Person:
    field = next(field for field in (key, *KEY_FIELDS) if person.get(field))
    name = person.get("name") or " ".join(filter(None, (person.get("first_name"), person.get("last_name"))))
    student = f"participant-{person[field]}" if field == "participant" else folder_name(person[field])
    rest = {field: value for field, value in person.items() if field not in ("student", "name", "row")}
    return Person(student=student, name=name, row=int(person["row"]), **rest)


def _distinct(members: tuple[Person, ...], where: str) -> None:
    counts = Counter(member.student.casefold() for member in members)
    shared = sorted({member.student for member in members if counts[member.student.casefold()] > 1})
    if shared:
        named = ", ".join(printable(student) for student in shared[:5])
        raise LmsError(f"{where}: more than one line is about {named}. Remove one, or export a file with user names.")


def _names(member: Person) -> set[str]:
    full = (member.name, f"{member.first_name} {member.last_name}", f"{member.last_name} {member.first_name}")
    named = {fold_name(each) for each in full if each.strip()}
    if member.login:
        named |= {fold_name(member.login) + name for name in named} | {fold_name(member.login)}
    return named - {""}


def _comparable(field: str, value: str) -> str:
    value = unicodedata.normalize("NFC", value.strip())
    return value.casefold() if field in _FOLDED else value
