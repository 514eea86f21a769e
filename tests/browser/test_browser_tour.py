"""The tour as a new user meets it: run all, insert advised code, run it; the pictures of the README come from here."""

import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy
TOUR = Path(__file__).parents[2] / "notebooks" / "01_tour.ipynb"
DDL = "model.normalised.duckdb.ddl"


def shoot(notebook, shots, name, index):
    notebook.page.evaluate(
        "(i) => { const n = window.jupyterapp.shell.currentWidget.content; n.activeCellIndex = i; return n.scrollToItem(i, 'start').then(() => 0); }",
        index,
    )
    notebook.page.wait_for_timeout(1200)
    notebook.page.screenshot(path=shots / f"{name}.png")


def test_tour(notebook, shots):  # noqa: PLR0915  # one walk, in the order a person takes it
    shutil.copy(TOUR, notebook.root / "01_tour.ipynb")
    notebook.page.set_viewport_size({"width": 1280, "height": 860})
    notebook.open("01_tour.ipynb")
    notebook.page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area').then(() => 0)")
    notebook.run_all()
    last = len(notebook.cells) - 1
    notebook.page.evaluate(
        "(i) => { const n = window.jupyterapp.shell.currentWidget.content; n.activeCellIndex = i; return n.scrollToItem(i).then(() => 0); }",
        last,
    )
    notebook.until(lambda n: n.cells[last]["outputs"], 300)
    notebook.page.locator(".dk").first.wait_for()
    notebook.until(
        lambda n: n.page.evaluate("() => document.querySelector('.dk-status')?.textContent ?? ''").startswith("Done"), 120
    )
    notebook.no_error()
    assert all(c["outputs"] for c in notebook.cells[2:] if c["type"] == "code")
    top = "(i) => window.jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start').then(() => 0)"
    notebook.page.evaluate(top, last)
    notebook.page.wait_for_timeout(600)
    notebook.page.screenshot(path=shots / "workbench-project.png")
    for title in ("Data", "Findings"):
        notebook.page.locator(f"role=tab[name='{title}']").click()
        notebook.page.wait_for_timeout(400)
        notebook.page.evaluate(top, last)
        notebook.page.wait_for_timeout(600)
        notebook.page.screenshot(path=shots / f"workbench-{title.lower()}.png")
    notebook.page.locator("role=tab[name='Data']").click()
    notebook.page.locator("details[data-key='table orders'] > summary").click()
    notebook.page.evaluate("() => document.querySelector(\"details[data-key='table orders']\").scrollIntoView({block: 'start'})")
    shoot(notebook, shots, "workbench-columns", last)
    notebook.page.locator("role=tab[name='Advice']").click()
    notebook.page.locator(".dk section:not([hidden]) button:has-text('Model')").first.click()
    notebook.page.locator(f"details[data-key='cell {DDL}'] > summary").click()
    notebook.page.screenshot(path=shots / "workbench-advice.png")
    notebook.page.locator(f"details[data-key='cell {DDL}'] button:text-is('Insert')").click()
    notebook.until(lambda n: "1 cell inserted below" in n.status())
    cells = notebook.cells
    assert [c["source"].splitlines()[0] for c in cells[last:]] == ["dk.Workbench(case)", f"%%run {DDL}"]
    notebook.run(last + 1)
    notebook.until(lambda n: n.cells[last + 1]["outputs"], 120)
    assert "ran on duckdb" in notebook.cells[last + 1]["outputs"][0]["data"]["text/plain"]
    notebook.page.screenshot(path=shots / "workbench-inserted.png")
    notebook.no_error()
    for index, cell in enumerate(notebook.cells[:last]):
        if cell["type"] == "code":
            shoot(notebook, shots, f"tour-{index:02}", index)
    notebook.no_error()
    theme = "(t) => window.jupyterapp.commands.execute('apputils:change-theme', {theme: t}).then(() => 0)"
    notebook.page.evaluate(theme, "JupyterLab Dark")
    notebook.page.locator("role=tab[name='Data']").click()
    shoot(notebook, shots, "workbench-dark", last)
    notebook.page.evaluate(theme, "JupyterLab Light")
    for name, width, height in (("workbench-zoom-200", 640, 430), ("projector", 1024, 576)):
        notebook.page.set_viewport_size({"width": width, "height": height})
        notebook.page.locator("role=tab[name='Findings']").click()
        shoot(notebook, shots, name, last)
        body = "() => { const b = document.querySelector('.dk-body'); return b.scrollWidth - b.clientWidth; }"
        assert notebook.page.evaluate(body) <= 1, name
    notebook.no_error()
