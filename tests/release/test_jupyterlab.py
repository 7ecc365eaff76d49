"""Released notebooks as students meet them: opened in JupyterLab with a real browser, and run from the menu.

Each test leaves pictures in its tmp_path; `pytest --basetemp=DIR` says where to look.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from browser import CHROMIUM, CHROMIUM_OPTIONS, HERE, PATIENCE, SECONDS, end, free_port
from nbformat import NotebookNode
from nbformat.reader import NotJSONError

from autograder.course import load_course
from autograder.release import source
from autograder.release.cells import Source
from autograder.release.notebook import serialise, solution_notebook, student_notebook

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e '.[dev]'")
from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
NAMES = tuple(assignment.name for assignment in load_course(ROOT / "course.yml").assignments)
SOME, OTHERS = (NAMES[0], *NAMES[-2:]), NAMES[1:-2]

IN_FRONT = ".jp-NotebookPanel:not(.lm-mod-hidden)"
ERROR = "[data-mime-type='application/vnd.jupyter.error']"
# A formula that is not drawn stands as it was typed, one that cannot be read is an error, an unknown command is red.
AS_TYPED = re.compile(r"\$\$|\\(operatorname|frac|sum|partial|cdot)\b")
WRONG_FORMULA = "mjx-merror, mjx-container [style*='color: red']"

LAB_OPTIONS = (
    "--no-browser",
    "--allow-root",
    f"--ServerApp.ip={HERE}",
    "--LabApp.core_mode=True",  # without the extensions that happen to be installed here
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)
SETTINGS: dict[str, dict[str, bool | str]] = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # As JupyterLab has it by default since 4.5; before, the page held only the cells in view.
    "notebook-extension/tracker": {"windowingMode": "contentVisibility"},
}

pytestmark = [
    # What Jupyter and Playwright say about sockets, loops and their own past is not ours to mend.
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
    pytest.mark.skipif(
        importlib.util.find_spec("jupyterlab") is None, reason="JupyterLab is not installed: pip install -e '.[dev]'"
    ),
]


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: where it answers, what it asks for, and the folder that it shows."""

    url: str
    token: str
    folder: Path


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start JupyterLab in folders of its own, so that neither a person's settings nor their kernels matter."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    token = secrets.token_hex(16)
    environment = lab_environment(home) | {"JUPYTER_TOKEN": token}
    options = [*LAB_OPTIONS, f"--ServerApp.port={free_port()}", f"--ServerApp.root_dir={folder}"]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], cwd=home, env=environment, stdout=log, stderr=log
        )
    try:
        yield Lab(url=address(server, home), token=token, folder=folder)
    finally:
        end(server)


def lab_environment(home: Path) -> dict[str, str]:
    """Give the server an environment in which it finds, keeps and tells nothing outside its own folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("JUPYTER", "IPYTHON", "MNIST", "PYTEST")) and "PROXY" not in name.upper()
    }
    for plugin, values in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    return kept | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }


def address(server: subprocess.Popen[bytes], home: Path) -> str:
    """Wait for the file in which the server says where it listens."""
    about = home / "runtime" / f"jpserver-{server.pid}.json"
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return str(json.loads(about.read_text(encoding="utf-8"))["url"])
        except (FileNotFoundError, json.JSONDecodeError):
            time.sleep(0.1)
    log = (home / "server.log").read_text(encoding="utf-8", errors="replace")
    pytest.fail(f"JupyterLab does not answer after {SECONDS} s:\n{log[-3000:]}")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Start one browser for all tests; its cache spares each of them a second of compiling."""
    home = tmp_path_factory.mktemp("browser")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            home / "profile",
            executable_path=CHROMIUM,
            args=CHROMIUM_OPTIONS,
            env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)},
            timeout=PATIENCE,
            viewport={"width": 1280, "height": 900},
            locale="en-US",
        )
        context.set_default_timeout(PATIENCE)
        yield context
        context.close()


@pytest.fixture
def page(browser: BrowserContext, lab: Lab, tmp_path: Path) -> Iterator[Page]:
    """Open a page that notes where requests go; at the end, none may have left this machine."""
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda websocket: asked.append(websocket.url))
    yield page
    page.screenshot(path=tmp_path / "last.png")
    page.close()
    end_kernels(browser, lab)
    assert len(asked) > 10, "the requests were not noted"
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))} == {HERE}


def end_kernels(browser: BrowserContext, lab: Lab) -> None:
    """End the kernels that a closed page leaves running, before they add up."""
    credentials = {"Authorization": f"token {lab.token}"}
    for session in browser.request.get(f"{lab.url}api/sessions", headers=credentials).json():
        browser.request.delete(f"{lab.url}api/sessions/{session['id']}", headers=credentials)


def put(lab: Lab, name: str, document: NotebookNode) -> Path:
    path = lab.folder / name
    path.write_text(serialise(document), encoding="utf-8")
    return path


def choose(page: Page, menu: str, item: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=re.compile(rf"^{item}")).first.click()


def cells(page: Page) -> Locator:
    """Find the cells of the notebook in front."""
    return page.locator(f"{IN_FRONT} .jp-Cell")


def run_all(page: Page, filename: str, document: NotebookNode) -> None:
    """Choose Run > Run All Cells when the notebook is in front and its kernel is there; sooner, JupyterLab drops it."""
    cells(page).nth(len(document.cells) - 1).wait_for(state="attached")
    page.locator(f"{IN_FRONT} .jp-Toolbar-kernelName", has_text="Python 3 (ipykernel)").wait_for()
    ready = re.compile(rf"Python 3 \(ipykernel\) \| Idle.*{re.escape(filename)}")
    page.locator("#jp-main-statusbar", has_text=ready).wait_for()
    choose(page, "Run", "Run All Cells")


def wait_for_formulas(page: Page) -> None:
    """Wait until formulas are drawn and none is left as it was typed."""
    cells(page).locator("mjx-container").first.wait_for(state="attached")
    page.locator(".jp-RenderedMarkdown", has_text=AS_TYPED).first.wait_for(state="detached")
    assert page.locator(WRONG_FORMULA).evaluate_all("found => found.map(element => element.outerHTML)") == []


def index(document: NotebookNode, wanted: str) -> int:
    return next(i for i, cell in enumerate(document.cells) if cell.id == wanted)


def see_the_starter_fail(page: Page, lab: Lab, origin: Source, lang: str, pictures: Path) -> None:
    """Open the student's notebook by its address, run it, and read what its first check says."""
    document = student_notebook(origin, lang)
    filename = f"{origin.assignment}.{lang}.ipynb"
    put(lab, filename, document)
    page.goto(f"{lab.url}lab/tree/{filename}?token={lab.token}&reset")
    run_all(page, filename, document)
    failed = cells(page).nth(index(document, f"check-{origin.questions()[0]}-1"))
    shown = failed.locator(".jp-OutputArea-output")
    shown.wait_for()  # complains of more than one
    wait_for_formulas(page)
    shown.scroll_into_view_if_needed()
    page.screenshot(path=pictures / "failed-check.png")
    assert re.fullmatch(r"(.+) is not written yet\.\n\1 aún no está escrita\.", shown.inner_text().strip())
    cells(page).first.scroll_into_view_if_needed()
    page.screenshot(path=pictures / "top.png")


def see_the_solution_run(page: Page, lab: Lab, origin: Source, pictures: Path) -> None:
    """Open the solved notebook beside the other, run it to its end, and read what JupyterLab saves."""
    document = solution_notebook(origin, "en")
    filename = f"{origin.assignment}.solution.ipynb"
    path = put(lab, filename, document)
    choose(page, "File", "Open from Path")
    page.get_by_role("dialog").get_by_role("textbox").fill(filename)
    page.get_by_role("dialog").get_by_role("button", name="Open").click()
    run_all(page, filename, document)
    last = cells(page).nth(max(i for i, cell in enumerate(document.cells) if cell.cell_type == "code"))
    error = cells(page).locator(ERROR)
    last.get_by_text(re.compile(r"^\[\d+\]:")).or_(error).first.wait_for(state="attached")
    wait_for_formulas(page)
    last.scroll_into_view_if_needed()
    choose(page, "File", "Save Notebook")
    codes = [cell for cell in saved(path).cells if cell.cell_type == "code"]
    assert [output for cell in codes for output in cell.outputs if output.output_type == "error"] == []
    assert [cell.execution_count for cell in codes] == [*range(1, len(codes) + 1)]


def saved(path: Path) -> NotebookNode:
    """Wait for JupyterLab to write the notebook with its outputs; give it."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with suppress(NotJSONError):  # JupyterLab is in the midst of writing
            document: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
            if any(cell.get("outputs") for cell in document.cells):
                return document
        time.sleep(0.2)
    pytest.fail(f"{path.name} was not saved within {SECONDS} s")


@pytest.mark.parametrize("name", [*SOME, *(pytest.param(name, marks=pytest.mark.thorough) for name in OTHERS)])
def test_the_starter_says_what_is_missing_and_the_solution_runs(
    name: str, page: Page, lab: Lab, tmp_path: Path
) -> None:
    origin = source.read_source(source.source_path(SOLUTIONS / name))
    see_the_starter_fail(page, lab, origin, "en", tmp_path)
    see_the_solution_run(page, lab, origin, tmp_path)


def test_the_starter_in_spanish_says_what_is_missing(page: Page, lab: Lab, tmp_path: Path) -> None:
    origin = source.read_source(source.source_path(SOLUTIONS / NAMES[-1]))
    see_the_starter_fail(page, lab, origin, "es", tmp_path)
