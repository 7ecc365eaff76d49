"""The gradebook in PostgreSQL: Debian's server, started here on a socket of its own, with nothing left behind."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader_course import NbCourse, text_of
from test_nbgrader import FULL, RIGHT

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[nbgrader]'")
pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'psycopg[binary]'")

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path(), key=lambda path: int(path.parent.name))
WANTED = ("initdb", "postgres")


def _server_user() -> str:
    """PostgreSQL refuses to run as root."""
    try:
        return pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else ""
    except KeyError:
        return ""


@pytest.fixture
def database() -> Iterator[str]:
    """Start a server that listens on no port; give the URL of an empty database."""
    if not all((PROGRAMS / name).exists() for name in WANTED):
        pytest.skip("no PostgreSQL server on this machine: apt-get install postgresql")
    user = _server_user()
    if os.geteuid() == 0 and not user:
        pytest.skip("root needs the user `postgres` to run the server")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path may have 107 bytes
    as_user = {"user": user, "group": user, "extra_groups": []} if user else {}
    if user:
        shutil.chown(folder, user, user)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    init = [PROGRAMS / "initdb", "-D", folder / "data", "-U", "grader", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(init, check=True, capture_output=True, env=environment, cwd=folder, **as_user)
    command = [PROGRAMS / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-F"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log, **as_user)
    try:
        deadline = time.monotonic() + 30
        while not (folder / ".s.PGSQL.5432").exists():
            assert time.monotonic() < deadline, (folder / "log").read_text()
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        yield f"postgresql+psycopg://grader@/postgres?host={folder}"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


def test_the_gradebook_may_be_postgresql(database: str, tmp_path: Path) -> None:
    course = NbCourse(tmp_path)
    course.release("softmax")
    config = course.directory / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}c.CourseDirectory.db_url = {database!r}\n", encoding="utf-8")
    course.nbgrader("generate_assignment", "softmax")
    course.hand_in("ana", text_of(course.answered(RIGHT)))
    course.hand_in("Núñez, Ben", text_of(course.answered({})))
    course.nbgrader("autograde", "softmax")
    course.nbgrader("generate_feedback", "softmax")
    course.nbgrader("export", "--to=grades.csv")
    from nbgrader.api import Gradebook

    with Gradebook(database) as book:
        ana, ben = (
            {grade.name: grade.auto_score for grade in book.find_submission_notebook("softmax", "softmax", who).grades}
            for who in ("ana", "Núñez, Ben")
        )
    assert {name: ana[name] for name in FULL} == FULL
    assert {ben[name] for name in FULL} == {0.0}
    assert not (course.directory / "gradebook.db").exists()
    assert '"Núñez, Ben"' in (course.directory / "grades.csv").read_text(encoding="utf-8")
