"""One JupyterLab and one Chromium per test session; a page per test, whose console errors fail it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

import pytest

QUIET = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
READY = """() => { const k = window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel;
                   return k?.connectionStatus === 'connected' && k.status === 'idle'; }"""
CELLS = """() => window.jupyterapp.shell.currentWidget.context.model.sharedModel.cells.map(c => ({id: c.getId(), source: c.getSource(),
            type: c.cell_type, meta: c.getMetadata(), outputs: c.cell_type === 'code' ? c.getOutputs() : []}))"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => 0)"
RUN_AT = """(i) => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = i;
               return window.jupyterapp.commands.execute('notebook:run-cell').then(() => 0); }"""
ROOT = Path(__file__).parents[2]


def unused_port():
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def missing(what, how):
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}: {how}")
    pytest.skip(f"{what}: {how}")


@pytest.fixture(scope="session")
def shots(tmp_path_factory):
    """Return the folder for screenshots: DATAENG_KIT_SHOTS, or a temporary one."""
    folder = Path(os.environ.get("DATAENG_KIT_SHOTS") or tmp_path_factory.mktemp("shots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def served(kind, tmp_path_factory):
    """Yield (url, root) of a running JupyterLab or Notebook 7 whose kernel can import the kit and the made-up case."""
    home, root = tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("root")
    settings = home / "config" / "labconfig"
    settings.mkdir(parents=True)
    (settings / "default_setting_overrides.json").write_text(json.dumps(QUIET))
    shutil.copy(ROOT / "tests" / "lab" / "made_case.py", root / "made_case.py")
    port, log = unused_port(), (home / "log").open("w")
    folders = {
        f"{k}_DIR": str(home / k.lower())
        for k in ("JUPYTER_DATA", "JUPYTER_RUNTIME", "JUPYTERLAB_SETTINGS", "JUPYTERLAB_WORKSPACES")
    }
    env = dict(os.environ, **folders, JUPYTER_CONFIG_DIR=str(home / "config"), IPYTHONDIR=str(home / "ipython"))
    app = {"lab": "LabApp", "notebook": "JupyterNotebookApp"}[kind]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter", kind, "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root", "--ServerApp.port_retries=0",
         "--IdentityProvider.token=", f"--ServerApp.root_dir={root}", f"--{app}.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"],
        env=env, stdout=log, stderr=log)  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    for _ in range(240):
        with suppress(OSError):
            urllib.request.urlopen(f"{url}/api/status", timeout=2)
            break
        time.sleep(0.5)
    else:
        server.kill()
        pytest.fail((home / "log").read_text()[-2000:])
    yield url, root
    server.terminate()
    server.wait(20)
    log.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Return (url, root) of a running JupyterLab."""
    yield from served("lab", tmp_path_factory)


@pytest.fixture(scope="session")
def notebook7(tmp_path_factory):
    """Return (url, root) of a running Notebook 7."""
    yield from served("notebook", tmp_path_factory)


@pytest.fixture(scope="session")
def browser():
    """Return a headless Chromium of the system."""
    from playwright.sync_api import sync_playwright

    path = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
    if path is None:
        missing("no Chromium", "apt-get install -y chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


class Notebook:
    """One notebook open in JupyterLab, or in Notebook 7 when *at* says so."""

    def __init__(self, page, url, root, at="lab/tree"):
        self.at = at
        self.page, self.url, self.root, self.errors = page, url, root, []
        page.set_default_timeout(int(os.environ.get("DATAENG_KIT_WAIT", "120_000")))
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))

    def write(self, name, *sources):
        import nbformat

        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources], metadata=KERNEL)
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(book, self.root / name)
        return self.open(name)

    def open(self, name):
        self.page.goto(f"{self.url}/{self.at}/{name}?reset")
        self.page.wait_for_function(READY)
        return self

    def run_all(self):
        self.page.evaluate(RUN_ALL)
        return self

    def run(self, index):
        self.page.evaluate(RUN_AT, index)

    @property
    def cells(self):
        return self.page.evaluate(CELLS)

    def until(self, condition, seconds=60):
        """Wait until *condition* of this notebook holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition(self):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"still not so after {seconds} s; status: {self.status()}")

    def status(self):
        found = self.page.locator(".dk-status [role=status]")
        return found.first.text_content() if found.count() else ""

    def no_error(self):
        assert not self.errors
        for cell in self.cells:
            assert not [o for o in cell["outputs"] if o["output_type"] == "error"], cell


@pytest.fixture(scope="session")
def page_of():
    """Return the class that drives one notebook."""
    return Notebook


@pytest.fixture
def notebook(lab, browser):
    """Return a fresh Notebook; the test fails when the page logged an error."""
    url, root = lab
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    book = Notebook(page, url, root)
    yield book
    page.close()
    assert not book.errors


@pytest.fixture(scope="session")
def axe():
    """Return a function that lists axe-core's violations inside a selector; without axe-core the test is skipped, never passed."""
    import importlib.util

    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or not found.origin:
        missing("axe-core is not installed", "pip install axe-playwright-python")
    source = (Path(found.origin).parent / "axe.min.js").read_text()

    def violations(page, selector):
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(source)
        found = page.evaluate(
            "(s) => axe.run(s).then(r => r.violations.map(v => [v.id, v.nodes.map(n => [n.html.slice(0, 200), n.failureSummary])]))",
            selector,
        )
        return found

    return violations
