"""What an archive means for a class: whose work is taken, and what becomes of every other member."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath

import msgspec

from autograder.lms.intake import ArchiveContents, ArchiveEntry, MemberResult, MemberStatus, StudentMatch
from autograder.lms.registry import ArchiveFormat
from autograder.lms.roster import Person, Roster, fold_name

__all__ = ["ChosenWork", "ImportPlan", "guess_assignment", "plan_import"]

_LEFT = "not a notebook"
_SUFFIXES = (".ipynb", ".py")
_ADDED = re.compile(r"(?: ?\([0-9]{1,3}\)|[-_ ](?:[0-9]{1,2}|final|copy|copia|v[0-9]{1,2}))$", re.IGNORECASE)


class ChosenWork(msgspec.Struct, frozen=True):
    """The work that counts, and everybody whose it is."""

    entry: ArchiveEntry
    members: tuple[Person, ...]
    team: str = ""
    source: str = ""


class ImportPlan(msgspec.Struct, frozen=True):
    """What will be taken, and a line for every member of the archive."""

    lms: str
    picks: tuple[ChosenWork, ...]
    lines: tuple[MemberResult, ...]


def plan_import(
    reading: ArchiveContents,
    form: ArchiveFormat,
    roster: Roster,
    assignment: str,
    known: Mapping[str, Sequence[Person]],
) -> ImportPlan:
    """Decide for every member of an archive: taken, superseded, ignored or unmatched.

    known  what the instructor said: the archive's name for who handed in, or a path -> whose it is
    """
    groups: dict[tuple[str, ...], list[tuple[ArchiveEntry, StudentMatch]]] = {}
    lines = list(reading.rest)
    for entry in reading.entries:
        match = _told(entry, known) or form.match(entry, roster)
        if match.members:
            groups.setdefault((match.source or entry.source, *_students(match.members)), []).append((entry, match))
        else:
            lines.append(MemberResult(path=entry.item.path, fate=MemberStatus.UNMATCHED, reason=match.reason))
    claims: dict[str, set[tuple[str, ...]]] = {}
    for key in groups:
        for student in key[1:]:
            claims.setdefault(student, set()).add(key)
    picks = []
    for key, found in groups.items():
        contested = next((student for student in key[1:] if len(claims[student]) > 1), "")
        if contested:
            reason = f"more than one person or group in the archive fits {contested}: say whose it is with --map"
            lines += [_line(each, MemberStatus.UNMATCHED, "", reason) for each, _ in found]
            continue
        pick, said = _settled(found, assignment)
        picks += pick
        lines += said
    return ImportPlan(reading.lms, tuple(picks), tuple(sorted(lines, key=lambda line: line.path)))


def guess_assignment(reading: ArchiveContents, names: Iterable[str]) -> str:
    """Guess the assignment by the names of the notebooks; empty unless they speak of exactly one."""
    by_name = {fold_name(name): name for name in names}
    stems = [_stems(entry.file) for entry in reading.entries if _suffix(entry.file)]
    found = {by_name[fold_name(stem)] for both in stems for stem in both if fold_name(stem) in by_name}
    return found.pop() if len(found) == 1 else ""


def _told(entry: ArchiveEntry, known: Mapping[str, Sequence[Person]]) -> StudentMatch | None:
    members = known.get(entry.item.path) or known.get(entry.source) or (known.get(entry.name) if entry.name else None)
    return StudentMatch(tuple(members), team=entry.name if len(members) > 1 else "") if members else None


def _students(members: Iterable[Person]) -> list[str]:
    return sorted(member.student for member in members)


def _settled(
    found: Sequence[tuple[ArchiveEntry, StudentMatch]], assignment: str
) -> tuple[list[ChosenWork], list[MemberResult]]:
    """Choose among the files of one person or team: the latest attempt with a notebook, and the notebook in it."""
    match = found[0][1]
    who = ", ".join(member.student for member in match.members)
    attempts: dict[str, list[ArchiveEntry]] = {}
    for entry, _ in found:
        attempts.setdefault(entry.attempt, []).append(entry)
    candidates = {name: entries for name, entries in attempts.items() if any(_usable(each) for each in entries)}
    if not candidates:
        return [], [_line(entry, fate, who, reason) for entry, _ in found for fate, reason in [_useless(entry)]]
    times = {name: entries[0].when for name, entries in attempts.items()}
    latest = _latest(candidates, times)
    if latest is None:
        reason = "more than one attempt, and their times cannot be read: keep the latest in the archive"
        return [], [_line(entry, MemberStatus.UNMATCHED, who, reason) for entry, _ in found]
    chosen, problem = _chosen(candidates[latest], assignment)
    lines = []
    for name, entries in attempts.items():
        for entry in entries:
            if name != latest:
                fate, reason = _other_attempt(entry, times[latest], latest)
            elif entry is chosen:
                fate, reason = MemberStatus.TAKEN, match.reason
            else:
                fate, reason = _other_file(entry, chosen, problem)
            lines.append(_line(entry, fate, who, reason))
    source = match.source or found[0][0].source
    return ([ChosenWork(chosen, match.members, match.team, source)] if chosen else []), lines


def _latest(candidates: Iterable[str], times: Mapping[str, datetime | None]) -> str | None:
    names = list(candidates)
    if len(names) == 1:
        return names[0]
    known = {name: moment for name in names if (moment := times[name])}
    if len(known) < len(names) or len(set(known.values())) < len(names):
        return None
    return max(known, key=lambda name: known[name])


def _other_attempt(entry: ArchiveEntry, latest: datetime | None, name: str) -> tuple[MemberStatus, str]:
    if not (entry.when and latest and entry.when > latest):
        return MemberStatus.SUPERSEDED, f"the attempt of {name} counts"
    fate, reason = _useless(entry)
    return fate, f"a later attempt without a notebook that can be read ({reason}): that of {name} is taken"


def _other_file(entry: ArchiveEntry, chosen: ArchiveEntry | None, problem: str) -> tuple[MemberStatus, str]:
    if chosen:
        return MemberStatus.IGNORED, f"{PurePosixPath(chosen.file).name} is the submission" if _usable(entry) else _LEFT
    return (MemberStatus.UNMATCHED, problem) if _usable(entry) else _useless(entry)


def _chosen(entries: Sequence[ArchiveEntry], assignment: str) -> tuple[ArchiveEntry | None, str]:
    """Choose the notebook of an attempt: (it, "") or (None, why nothing tells which)."""
    for suffix in _SUFFIXES:
        usable = [entry for entry in entries if _usable(entry) and _suffix(entry.file) == suffix]
        wanted = fold_name(assignment)
        for choice in (
            [each for each in usable if PurePosixPath(each.file).name == f"{assignment}{suffix}"],
            [each for each in usable if fold_name(_stems(each.file)[0]) == wanted],
            [each for each in usable if fold_name(_stems(each.file)[1]) == wanted],
            usable,
        ):
            if len(choice) == 1:
                return choice[0], ""
        if usable:
            return None, f"more than one notebook, and none is called {assignment}{suffix}: keep the right one"
    return None, ""


def _stems(file: str) -> tuple[str, str]:
    """Return a file's stem without what browsers and languages add to it: "hw1 (1).es.ipynb" -> "hw1"."""
    stem = PurePosixPath(file).stem
    short = stem.partition(".")[0].strip()
    while (shorter := _ADDED.sub("", short).strip()) != short:
        short = shorter
    return stem, short


def _suffix(file: str) -> str:
    suffix = PurePosixPath(file).suffix.casefold()
    return suffix if suffix in _SUFFIXES else ""


def _usable(entry: ArchiveEntry) -> bool:
    return bool(_suffix(entry.file)) and not entry.item.too_large


def _useless(entry: ArchiveEntry) -> tuple[MemberStatus, str]:
    """Return the status and the reason of a file that is not used; one that may hold a notebook needs a person."""
    if entry.item.too_large and _suffix(entry.file):
        return MemberStatus.UNMATCHED, "a notebook of more than 64 MB"
    if PurePosixPath(entry.file).suffix.casefold() in (".zip", ".7z", ".rar", ".gz", ".tar"):
        return (
            MemberStatus.UNMATCHED,
            "an archive in the archive: unpack it, and put the notebook into the student's folder",
        )
    return MemberStatus.IGNORED, _LEFT


def _line(entry: ArchiveEntry, fate: MemberStatus, student: str, reason: str) -> MemberResult:
    return MemberResult(path=entry.item.path, fate=fate, student=student, reason=reason)
