"""Grading on a Dask cluster of real processes: the same results as on this machine, whatever is lost."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest
from dask import config as dask_config
from dask_processes import Dask, Wire
from distributed.batched import BatchedSend
from distributed.security import Security
from tiny_class import ONE_ONLY, RIGHT, SLOW, SQUARED, alive, descendants, eventually, hand_in

import autograder as autograder_package
from autograder import __version__
from autograder.batch.cluster.connection import ClusterSpec, in_the_clear
from autograder.batch.cluster.workers import inspect_workers
from autograder.batch.run import GradeOptions, RunResult, grade
from autograder.doctor import CheckStatus, examine_cluster
from autograder.errors import ClusterError
from autograder.report import Report, Status
from autograder.results.store import reports_in

PACKAGE = Path(autograder_package.__file__).parent
POINTS = [(RIGHT, 3.0), (SQUARED, 0.0), (ONE_ONLY, 1.0)]


class Watching:
    """Progress that calls a function after a given number of reports."""

    def __init__(self, after: int = 0, act=lambda: None) -> None:
        self._left, self._act = after, act

    def start(self, total: int) -> None: ...

    def step(self, report: Report) -> None:
        self._left -= 1
        if not self._left:
            self._act()

    def stop(self) -> None: ...


@pytest.fixture(scope="module")
def dask(tmp_path_factory) -> Iterator[Dask]:
    """A cluster of two workers, each replaced by its nanny if it dies."""
    cluster = Dask(tmp_path_factory.mktemp("dask"))
    for _ in range(2):
        cluster.start_worker()
    yield cluster
    cluster.close()


@pytest.fixture
def many(submitted) -> dict[str, float]:
    """A class that takes a while to grade, with the expected scores."""
    pause = SLOW.format(seconds=0.1)
    hand_in(submitted, {f"s{i:02}": pause + POINTS[i % 3][0] for i in range(36)})
    return {f"s{i:02}": POINTS[i % 3][1] for i in range(36)}


@pytest.fixture
def order(submitted, tmp_path, dask) -> GradeOptions:
    return GradeOptions(submitted=submitted, out=tmp_path / "out", assignments=("twice",), cluster=dask.address)


def run(course, order: GradeOptions, watching: Watching | None = None, **changes: object) -> RunResult:
    return grade(course, msgspec.structs.replace(order, **changes), watching or Watching())


def scores(out: Path) -> dict[str, float | None]:
    return {report.student: report.score for _, report in reports_in(out) if report}


def grading(dask: Dask) -> list[int]:
    """List the processes of Dask's workers that have a fork server, that is, those that grade."""
    found = []
    for worker in dask.workers:
        for pid in descendants(worker.pid):
            try:
                children = psutil.Process(pid).children()
                if any("autograder.batch.local.worker" in child.cmdline() for child in children):
                    found.append(pid)
            except psutil.Error:
                continue
    return [pid for pid in found if "autograder.batch.local.worker" not in psutil.Process(pid).cmdline()]


def left_over(dask: Dask) -> list[Path]:
    return list(dask.folder.glob("worker*/**/course-*"))


def test_the_same_reports_as_from_this_machine(course, order, many):
    there = run(course, order)
    here = run(course, order, out=order.out.with_name("here"), cluster="")
    here_out = order.out.with_name("here")
    assert scores(order.out) == scores(here_out) == many
    assert (there.graded, here.graded) == (36, 36)
    for path, report in reports_in(order.out):
        same = msgspec.json.decode((here_out / path.relative_to(order.out)).read_bytes())
        assert report.content_hash == same["content_hash"]
        assert report.isolation == same["isolation"]
        assert [test.id for question in report.questions for test in question.tests]


def test_workers_keep_the_course_private_and_forget_it(course, order, many, dask):
    seen = []

    def look() -> None:
        seen.extend((folder, folder.stat().st_mode & 0o777) for folder in left_over(dask))
        seen.extend(path.stat().st_mode & 0o777 for folder, _ in seen[:1] for path in folder.glob(".autograder-secret"))

    run(course, order, Watching(5, look))
    assert [mode for _, mode in seen[:-1]] == [0o700, 0o700]
    assert seen[-1] == 0o600
    eventually(lambda: not left_over(dask) and not grading(dask))


def test_unchanged_work_is_not_graded_again_wherever_it_was_graded(course, order, many):
    assert run(course, order, cluster="").graded == 36
    again = run(course, order)
    assert (again.graded, again.reused) == (0, 36)


def test_no_work_needs_no_cluster(course, order):
    assert run(course, order, cluster="tcp://127.0.0.1:9").graded == 0


def test_the_jobs_of_a_lost_worker_are_graded_elsewhere(course, order, many, dask):
    lost: list[int] = []

    def kill() -> None:
        lost.append(grading(dask)[0])
        os.kill(lost[0], signal.SIGKILL)

    outcome = run(course, order, Watching(6, kill))
    assert scores(order.out) == many
    assert outcome.graded == 36
    assert not alive(lost[0])
    assert "was lost with" in (order.out / "workers.log").read_text()


KILLER = """
import os, signal
def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
pid = os.getpid()
while b"autograder.batch.local.worker" not in open(f"/proc/{pid}/cmdline", "rb").read():
    pid = parent(pid)
while b"autograder.batch.local.worker" in open(f"/proc/{pid}/cmdline", "rb").read():
    pid = parent(pid)
os.kill(pid, signal.SIGKILL)
"""


def test_only_the_submission_that_kills_workers_gets_an_error(course, order, many):
    hand_in(order.submitted, {"s15-killer": KILLER})
    outcome = run(course, order, level="process")
    found = {report.student: report for report in outcome.reports}
    assert found.pop("s15-killer").status is Status.ERROR
    assert {student: report.score for student, report in found.items()} == many
    killer = next(report for report in outcome.reports if report.student == "s15-killer")
    assert killer.score is None
    assert "tried 2 times: the worker of the cluster that graded it alone" in killer.reason
    assert (order.out / "workers.log").read_text().count("was lost with") == 2


def test_dask_does_not_keep_messages_with_submissions(course, order, many):
    kept = []

    def look() -> None:
        kept.extend(len(each.recent_message_log) for each in gc.get_objects() if type(each) is BatchedSend)

    run(course, order, Watching(30, look))
    assert 0 < max(kept) <= 8


SILENT = """
import time
from autograder.batch.cluster import remote
remote.RemotePool.grade = lambda self, jobs: time.sleep(600)
"""


def test_a_worker_that_never_answers_is_rejected_and_its_jobs_are_graded_elsewhere(course, order, many, tmp_path):
    hasty = msgspec.structs.replace(course, sandbox=msgspec.structs.replace(course.sandbox, submission_seconds=5))
    (tmp_path / "silent.py").write_text(SILENT)
    (tmp_path / "dask").mkdir()
    cluster = Dask(tmp_path / "dask")
    try:
        cluster.start_worker("--no-nanny", "--preload", str(tmp_path / "silent.py"))
        cluster.start_worker("--no-nanny")
        assert run(hasty, order, cluster=cluster.address, margin=4.0).graded == 36
    finally:
        cluster.close()
    assert scores(order.out) == many
    assert (order.out / "workers.log").read_text().count("is not used: it is connected, but has not answered") == 1


def test_a_lost_connection_is_made_again(course, order, many, dask):
    wire = Wire(int(dask.address.rpartition(":")[2]))
    try:
        outcome = run(course, order, Watching(6, wire.cut), cluster=f"tcp://127.0.0.1:{wire.port}")
    finally:
        wire.close()
    assert outcome.graded == 36
    assert scores(order.out) == many
    assert "was lost" in (order.out / "workers.log").read_text()


def test_a_broken_grader_gives_the_same_reports_as_on_this_machine(course, order, many):
    grader = course.assignment("twice").folder / "test_twice.py"
    grader.write_text("import nothing_of_this_name\n" + grader.read_text())
    reports = tuple(run(course, order).reports)
    assert {report.status for report in reports} == {Status.ERROR}
    assert "nothing_of_this_name" in reports[0].reason


def test_an_error_of_every_worker_is_raised(course, order, many):
    with pytest.raises(Exception, match="no isolation level 'none'"):
        run(course, order, level="none")
    assert scores(order.out) == {}


def test_a_client_that_is_killed_loses_nothing(autograder, order, many, dask):
    words = ["grade", order.submitted, "-o", order.out, "--assignment", "twice", "--cluster", dask.address]
    client = autograder(*words)
    eventually(lambda: len(scores(order.out)) >= 3, seconds=200)
    client.kill()
    client.wait()
    kept = {path: path.stat().st_mtime_ns for path in order.out.glob("reports/twice/*.json")}
    assert 3 <= len(kept) < 36
    again = autograder(*words)
    _, errors = again.communicate(timeout=300)
    assert again.returncode == 0, errors
    assert scores(order.out) == many
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_a_lost_scheduler_is_reported_and_finished_reports_are_kept(course, order, many, tmp_path):
    (tmp_path / "dask").mkdir()
    cluster = Dask(tmp_path / "dask")
    try:
        cluster.start_worker("--no-nanny")
        quick = dask_config.set({"distributed.comm.timeouts.connect": "3s"})
        with (
            quick,
            pytest.raises(ClusterError, match=r"the connection to the scheduler was lost.*what is graded is kept"),
        ):
            run(course, order, Watching(6, cluster.scheduler.kill), cluster=cluster.address)
    finally:
        cluster.close()
    kept = scores(order.out)
    assert 6 <= len(kept) < 36
    assert len((order.out / "grades.csv").read_text().splitlines()) == len(kept) + 1
    again = run(course, order)
    assert (again.reused, again.graded) == (len(kept), 36 - len(kept))
    assert scores(order.out) == many


def test_what_each_worker_offers(dask):
    seen = inspect_workers(ClusterSpec(dask.address))
    assert len(seen) == 2
    for worker in seen:
        assert worker.problem == ""
        assert worker.offer is not None
        assert (worker.offer.version, worker.offer.threads) == (__version__, 1)
        assert worker.offer.cores >= 1
        assert worker.levels["process"] == ""


def test_the_doctor_checks_workers(dask, course):
    checks = examine_cluster(dask.address)
    assert {check.verdict for check in checks} <= {CheckStatus.OK, CheckStatus.WARNING}
    assert all(f"nn-autograder {__version__}" in check.detail for check in checks)
    (check,) = examine_cluster("tcp:127.0.0.1")
    assert check.verdict is CheckStatus.ERROR
    assert "does not name a cluster" in check.detail


def another_package(folder: Path, text: str) -> Path:
    """Copy this package with another `__init__`, for a worker that finds it first."""
    shutil.copytree(PACKAGE, folder / "autograder", ignore=shutil.ignore_patterns("__pycache__", "hostile"))
    (folder / "autograder" / "__init__.py").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('__version__ = "0.0.9"\n', rf"version 0\.0\.9 there, {re.escape(__version__)} here"),
        ("raise ImportError('not for this machine')\n", "cannot run this version of nn-autograder"),
    ],
    ids=["another version", "no package"],
)
@pytest.mark.usefixtures("many")
def test_a_worker_with_another_version_is_rejected(course, order, tmp_path, text, words):
    other = another_package(tmp_path / "other", text)
    (tmp_path / "dask").mkdir()
    cluster = Dask(tmp_path / "dask")
    try:
        cluster.start_worker("--no-nanny", PYTHONPATH=str(other))
        with pytest.raises(ClusterError, match=words):
            run(course, order, cluster=cluster.address)
        (check,) = examine_cluster(cluster.address)
        assert check.verdict is CheckStatus.ERROR
        assert re.search(words, check.detail)
    finally:
        cluster.close()
    assert scores(order.out) == {}
    assert not left_over(cluster)


def test_tls_end_to_end(course, order, many, tmp_path):
    made = Security.temporary()
    files = {name: tmp_path / f"{name}.pem" for name in ("ca", "cert", "key")}
    files["ca"].write_text(made.tls_ca_file)
    files["cert"].write_text(made.tls_scheduler_cert)
    files["key"].write_text(made.tls_scheduler_key)
    (tmp_path / "dask").mkdir()
    cluster = Dask(
        tmp_path / "dask", "--tls-ca-file", files["ca"], "--tls-cert", files["cert"], "--tls-key", files["key"]
    )
    tls = "distributed.comm.tls"
    names = {f"{tls}.ca-file": "ca", f"{tls}.client.cert": "cert", f"{tls}.client.key": "key"}
    configured = {key: str(files[name]) for key, name in names.items()}
    try:
        cluster.start_worker("--no-nanny")
        with dask_config.set(configured):
            assert run(course, order, cluster=cluster.address).graded == 36
        with (
            dask_config.set({"distributed.comm.timeouts.connect": "2s"}),
            pytest.raises(ClusterError, match=r"no scheduler answers at tls://.*distributed\.comm\.tls"),
        ):
            run(course, order, cluster=cluster.address, force=True)
    finally:
        cluster.close()
    assert scores(order.out) == many


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("here", "does not name a cluster. Use one of tcp://"),
        ("local:0", "does not name a cluster"),
        ("tcp://127.0.0.1", "does not name a cluster"),
        ("tcp://127.0.0.1:1", "no scheduler answers at"),
        ("nothing_of_this_name:Cluster", "Install what provides it"),
        ("distributed:NoCluster", "Install what provides it"),
        ("distributed:Security", "could not be started|no scheduler answers"),
        ("dask", "Dask's configuration names no cluster"),
    ],
)
def test_a_cluster_that_does_not_exist(course, order, many, spec, words):
    with dask_config.set({"distributed.comm.timeouts.connect": "1s"}), pytest.raises(ClusterError, match=words):
        run(course, order, cluster=spec)


def test_a_cluster_from_dasks_own_configuration(course, order, many, dask):
    with dask_config.set({"scheduler-address": dask.address}):
        assert run(course, order, cluster="dask").graded == 36


def test_only_addresses_on_a_network_are_in_the_clear():
    assert in_the_clear("tcp://10.0.0.1:8786")
    assert in_the_clear("tcp://localhost.example:8786")
    for spec in ("tcp://127.0.0.1:8786", "tcp://localhost:8786", "tls://10.0.0.1:8786", "local:2"):
        assert not in_the_clear(spec)


def test_a_cluster_of_this_machine_ends_with_the_command(autograder, order, many):
    client = autograder("grade", order.submitted, "-o", order.out, "--assignment", "twice", "--cluster", "local:2")
    eventually(lambda: len(scores(order.out)) >= 3, seconds=200)
    below = descendants(client.pid)
    assert len(below) > 4
    _, errors = client.communicate(timeout=300)
    assert client.returncode == 0, errors
    assert scores(order.out) == many
    eventually(lambda: not any(map(alive, below)))


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGKILL])
def test_a_cluster_of_this_machine_ends_with_its_client(autograder, order, many, signal_):
    client = autograder("grade", order.submitted, "-o", order.out, "--assignment", "twice", "--cluster", "local:1")
    eventually(lambda: len(scores(order.out)) >= 3, seconds=200)
    below = descendants(client.pid)
    client.send_signal(signal_)
    _, errors = client.communicate(timeout=300)
    if signal_ != signal.SIGKILL:
        assert client.returncode == 130, errors
        assert "To continue, run the same command again." in errors
        assert "Traceback" not in errors
    eventually(lambda: not any(map(alive, below)))
    assert scores(order.out).items() <= many.items()


def test_workers_cannot_be_set_for_a_cluster_that_has_its_own(autograder, order):
    client = autograder("grade", order.submitted, "-o", order.out, "--cluster", "local:2", "--workers", "3")
    _, errors = client.communicate(timeout=300)
    assert client.returncode == 2
    assert "--workers is for MODULE:CLASS" in errors


LOADED = """
import sys
from autograder.cli import main
try:
    main(sys.argv[1:], standalone_mode=False)
finally:
    print([name for name in sys.modules if name.partition(".")[0] in ("dask", "distributed", "tornado")])
"""


def test_without_a_cluster_nothing_of_dask_is_loaded(course_file, order, many):
    words = ["grade", order.submitted, "-o", order.out, "--assignment", "twice", "--course", course_file]
    command = [sys.executable, "-c", LOADED, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "36 graded" in done.stdout, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
