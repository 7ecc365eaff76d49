"""What pages say about a class that was graded for real."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import graded_class
import msgspec
import pytest
from click.testing import CliRunner
from graded_class import ANA, BEN, EVA, HOSTILE, LEO

from autograder.cli import main
from autograder.errors import OutputError
from autograder.explain import next_steps
from autograder.pages.build import BuildOptions, build_pages
from autograder.pages.plots import weight_strip
from autograder.report import Curve, Figures, Report, Status, read_report, report_json
from autograder.results.store import Store
from autograder.text import safe_name


def text_of(path: Path) -> str:
    """Give what stands on a page, without tags and style."""
    page = re.sub(r"<(style|script)>.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def feedback(site: Path, student: str, assignment: str = "activations") -> Path:
    return site / "feedback" / assignment / f"{safe_name(student)}.html"


def report_of(results: Path, student: str, assignment: str = "activations") -> Report:
    return read_report(results / "reports" / assignment / f"{safe_name(student)}.json")


def test_a_failure_of_ours_is_what_one_reads_first(site):
    said = text_of(site / "report/index.html")
    assert "Not graded because of a grader error: 1" in said
    assert said.index("Not graded because of a grader error: 1") < said.index("Submissions")
    assert f"{EVA} · activations:" in said


def test_missing_late_failed_pending_and_zero_are_five_things(site, results):
    said = text_of(site / "report/students.html")
    assert [report_of(results, name).status for name in (EVA, ANA, LEO)] == [
        Status.ERROR,
        Status.PENDING,
        Status.PENDING,
    ]
    row = {name: said[said.index(name) :][:90] for name in (EVA, LEO)}
    assert "not graded: grader error missing" in row[EVA]
    assert re.match(rf"{LEO} 0 % 0 missing", row[LEO])
    assert "late: 3 d" in text_of(site / "report/assignments/mnist-classifier.html")


def test_without_times_nobody_is_called_late_or_in_time(results, tmp_path):
    build_pages(graded_class.course_of(results), BuildOptions(results, tmp_path, "en"))
    said = text_of(tmp_path / "report/index.html")
    assert "unknown Late" in said or "Late unknown" in said


def test_all_ways_in_which_a_question_failed_are_grouped(site):
    said = text_of(site / "report/assignments/activations.html")
    start = said.index("d_sigmoid", said.index("How it failed"))
    part = said[start : said.index("tanh", start)]
    assert re.search(r"2 The slope has the wrong sign\. Misconception", part)
    assert re.search(r"1 not attempted", part)
    assert "The slope has the wrong sign." in text_of(site / "report/index.html")


def test_a_student_reads_points_reason_hint_and_what_to_do(site, results):
    said = text_of(feedback(site, HOSTILE))
    report = report_of(results, HOSTILE)
    assert f"{report.score:g} of 20 points" in said
    assert "The slope has the wrong sign." in said
    assert "f (1 - f), not f (f - 1)" in said
    assert all(" ".join(step.split()) in said for step in next_steps(report))
    assert "yours" in said


def test_feedback_is_in_the_language_of_the_report(site):
    page = feedback(site, BEN).read_text(encoding="utf-8")
    assert '<html lang="es">' in page
    assert "La pendiente tiene el signo contrario." in page
    assert "Qué hacer ahora" in page


def test_nothing_hidden_is_on_a_students_page(site, results):
    for assignment in graded_class.ASSIGNMENTS:
        grader = (results.parent / f"solutions/{assignment}/test_{assignment.replace('-', '_')}.py").read_text("utf-8")
        names = re.findall(r"def (test_\w+)", grader)
        for path in (site / "feedback" / assignment).glob("*.html"):
            page = path.read_text(encoding="utf-8")
            assert not [name for name in names if name in page]
            assert "alert('printed')" not in html.unescape(page)
            assert "alert('raised')" not in html.unescape(page)


def test_a_picture_shows_nothing_of_hidden_inputs(results):
    """What the curve draws is the largest input that the function has ever met."""
    curves = {curve.question: curve for curve in report_of(results, HOSTILE).figures.curves}
    assert 0 < max(curves["d_relu"].seen) <= 1000
    assert report_of(results, HOSTILE).cell_errors, "the visible checks saw it as well"


def test_grading_alone_loads_nothing_of_the_pages():
    loaded = "autograder.cli.grade, autograder.batch.run, autograder.batch.local.worker"
    code = f"import sys, {loaded}; print(sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert "'autograder.batch.run'" in shown
    assert not [name for name in ("jinja2", "autograder.pages") if f"'{name}'" in shown]


def test_a_folder_of_submissions_that_is_not_there(results, tmp_path):
    with pytest.raises(OutputError, match="no folder"):
        build_pages(graded_class.course_of(results), BuildOptions(results, tmp_path, "en", tmp_path / "nowhere"))


def test_nobody_else_is_on_a_students_page(site):
    assert ANA not in feedback(site, BEN).read_text(encoding="utf-8")
    assert "students.html" not in feedback(site, BEN).read_text(encoding="utf-8")


def test_learning_curves_stand_beside_tensorflows_with_its_device(site):
    said = text_of(site / "report/assignments/mnist-classifier.html")
    assert re.search(r"TensorFlow 2\.\d+\.\d+ on CPU \(", said)
    assert "GPU" not in said
    assert "2 of 2 gave something to show" in said
    assert "TensorFlow" in text_of(feedback(site, ANA, "mnist-classifier"))
    assert "data:image/png" in feedback(site, ANA, "mnist-classifier").read_text(encoding="utf-8")


def test_the_figures_of_a_report_are_small_and_real(results):
    learnt = report_of(results, ANA, "mnist-classifier").figures.training
    assert len(learnt.losses) == 12
    assert learnt.losses[0] > learnt.losses[-1]
    assert learnt.accuracy > 0.8
    assert sum(map(sum, learnt.confusion)) == 300
    assert sum(row[i] for i, row in enumerate(learnt.confusion)) == round(300 * learnt.accuracy)
    assert len(weight_strip(learnt.weights, learnt.side)) < 12_000
    wrong = report_of(results, BEN).figures.curves
    assert [curve.question for curve in wrong] == ["d_sigmoid"]
    assert all(a == pytest.approx(-b, abs=1e-3) for a, b in zip(wrong[0].seen, wrong[0].right, strict=True))
    assert len((results / "reports/mnist-classifier" / f"{safe_name(ANA)}.json").read_bytes()) < 40_000


def test_a_report_without_figures_as_earlier_ones_are_can_still_be_read(results):
    document = json.loads((results / "reports/activations/ben.json").read_bytes())
    del document["figures"]
    assert read_report(json.dumps(document).encode()).figures is None


def test_a_report_with_too_many_numbers_is_refused(results):
    report = report_of(results, BEN)
    many = Curve("d_sigmoid", (0.0,) * 300, (0.0,) * 300, (0.0,) * 300)
    with pytest.raises(msgspec.ValidationError):
        read_report(report_json(msgspec.structs.replace(report, figures=Figures((many,)))))


def test_a_file_that_is_no_report_is_named_and_spoils_nothing(results, tmp_path):
    (tmp_path / "reports/activations").mkdir(parents=True)
    (tmp_path / "reports/activations/x.json").write_text("{")
    with Store(tmp_path) as store:
        store.save(report_of(results, BEN))
    done = CliRunner().invoke(main, ["report", str(tmp_path), "--course", str(results.parent / "course.yml")])
    assert done.exit_code == 1
    assert "not a report: activations/x.json" in done.stderr
    assert "activations/x.json : this file is no report" in text_of(tmp_path / "report/index.html")


def test_pages_of_students_who_are_gone_go_and_other_files_stay(results, tmp_path):
    with Store(tmp_path) as store:
        store.save(report_of(results, BEN))
        store.save(report_of(results, ANA))
    course = graded_class.course_of(results)
    build_pages(course, BuildOptions(tmp_path, tmp_path))
    (tmp_path / "feedback/activations/mine.html").write_text("<p>kept</p>")
    (tmp_path / "reports/activations/ben.json").unlink()
    build_pages(course, BuildOptions(tmp_path, tmp_path))
    left = sorted(path.name for path in tmp_path.rglob("*.html") if path.parent.name in ("activations", "students"))
    assert left == sorted([f"{safe_name(ANA)}.html"] * 2 + ["mine.html"])


def test_a_folder_without_reports(results, tmp_path):
    with pytest.raises(OutputError, match="holds no reports"):
        build_pages(graded_class.course_of(results), BuildOptions(tmp_path, tmp_path))


def test_the_command_speaks_to_programs(results, tmp_path):
    words = ["report", str(results), "-o", str(tmp_path), "--lang", "es", "--json"]
    done = CliRunner().invoke(main, [*words, "--course", str(results.parent / "course.yml")])
    said = json.loads(done.stdout)
    assert (said["students"], said["errors"], done.exit_code) == (5, 1, 0)
    assert Path(said["index"]).is_file()
    assert '<html lang="es">' in Path(said["index"]).read_text(encoding="utf-8")
