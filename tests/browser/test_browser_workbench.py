"""The workbench in a real JupyterLab: insert below its own cell, Stop while a cell runs, axe, light and dark."""

import time
from contextlib import closing

import pytest

pytestmark = pytest.mark.heavy

OPEN = "from made_case import MadeCase\nimport dataeng_kit as dk\ncase = MadeCase('.')"
TAB = "role=tab[name='{}']"


def opened(notebook, name, *more):
    notebook.write(name, OPEN, *more).run_all()
    notebook.page.locator(".dk").first.wait_for()
    return notebook


def advised(notebook, name, *more):
    opened(notebook, name, "dk.Workbench(case)", *more)
    notebook.page.locator(TAB.format("Advice")).click()
    notebook.page.locator(".dk button:has-text('Model')").click()
    notebook.page.locator(".dk button:has-text('Insert all cells')").wait_for()
    return notebook


def test_insert_lands_below_the_widgets_cell_and_runs(notebook, shots):
    advised(notebook, "insert.ipynb", "'after'")
    notebook.page.screenshot(path=shots / "made-advice.png")
    notebook.page.locator("details[data-key='cell load/python'] > summary").click()
    notebook.page.locator("details[data-key='cell load/python'] >> role=button[name='Insert: Count the orders']").click()
    notebook.until(lambda n: "inserted below" in n.status())
    cells = notebook.cells
    assert [c["source"] for c in cells[-2:]] == ["print('from the advised cell', 6 * 7)", "'after'"]
    assert cells[1]["source"] == "dk.Workbench(case)"
    assert cells[2]["source"].startswith("%reload_ext dataeng_kit")
    assert cells[3]["meta"]["dataeng_kit"]["cell"] == "load/python"
    assert cells[3]["meta"]["dataeng_kit"]["check"]["level"] == "ran"
    notebook.run(3)
    notebook.until(lambda n: n.cells[3]["outputs"])
    assert notebook.cells[3]["outputs"][0]["text"] == "from the advised cell 42\n"
    notebook.no_error()


def test_stop_is_heard_while_another_cell_runs(notebook):
    opened(notebook, "stop.ipynb", "case.seconds = 60\nbench = dk.Workbench(case, 'data')\nbench")
    notebook.page.locator(".dk-stop:visible").wait_for()
    notebook.page.evaluate("""() => { const s = window.jupyterapp.shell.currentWidget.context.model.sharedModel;
        s.insertCell(s.cells.length, {cell_type: 'code', source: 'for _ in range(200): __import__("time").sleep(.05)\\nprint("ended")'}); }""")
    notebook.page.evaluate(
        "() => { const w = window.jupyterapp.shell.currentWidget; w.content.activeCellIndex = 2; "
        "window.jupyterapp.commands.execute('notebook:run-cell'); }"
    )
    notebook.until(
        lambda n: n.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status") == "busy"
    )
    began = time.monotonic()
    notebook.page.locator(".dk-stop").click()
    notebook.until(lambda n: n.status().startswith("Stopped"), 5)
    assert time.monotonic() - began < 3
    assert not notebook.cells[2]["outputs"]  # that cell still runs, for ten seconds in all
    notebook.until(lambda n: n.cells[2]["outputs"])
    notebook.no_error()


def theme(notebook, name):
    notebook.page.evaluate("(t) => window.jupyterapp.commands.execute('apputils:change-theme', {theme: t}).then(() => 0)", name)
    notebook.page.wait_for_timeout(800)


def each_panel(notebook):
    for title in ("Project", "Data", "Findings", "Advice", "Ledger"):
        notebook.page.locator(TAB.format(title)).click()
        notebook.page.evaluate(
            "() => document.querySelectorAll('.dk section:not([hidden]) details').forEach(d => { d.open = true; })"
        )
        yield title.lower()


@pytest.mark.parametrize("look", ["Light", "Dark"])
def test_every_panel_has_no_accessibility_violation(notebook, axe, shots, look):
    advised(notebook, f"axe-{look.lower()}.ipynb")
    theme(notebook, f"JupyterLab {look}")
    for panel in each_panel(notebook):
        assert axe(notebook.page, ".dk") == [], panel
        notebook.page.screenshot(path=shots / f"made-{panel}-{look.lower()}.png")
    theme(notebook, "JupyterLab Light")
    notebook.no_error()


def test_keyboard_alone_reaches_every_panel_and_keeps_the_notebook_quiet(notebook):
    opened(notebook, "keys.ipynb", "dk.Workbench(case)")
    notebook.page.locator(TAB.format("Project")).focus()
    for title in ("Data", "Findings"):
        notebook.page.keyboard.press("ArrowRight")
        assert notebook.page.locator(TAB.format(title)).get_attribute("aria-selected") == "true"
    before = len(notebook.cells)
    box = notebook.page.locator("input[data-key='find-findings']")
    box.focus()
    notebook.page.keyboard.type("dab high")  # d, a and b are commands of the notebook outside of a field
    assert len(notebook.cells) == before
    box.fill("high")
    assert notebook.page.locator("details[data-key^='finding ']:visible").count() == 1
    notebook.no_error()


def test_a_verdict_is_written_and_survives_a_reload(notebook):
    opened(notebook, "verdict.ipynb", "dk.Workbench(case, 'findings', 'ledger')")
    finding = notebook.page.locator("details[data-key='finding orphans orders.customer_id']")
    finding.locator("summary").first.click()
    finding.locator("input[name=reason]").fill("known since May")
    finding.locator("button:has-text('Accept')").click()
    notebook.until(lambda n: n.status() == "Noted.")
    assert notebook.page.locator(".dk-line").text_content() == "case.accept('orphans orders.customer_id', 'known since May')"
    assert "known since May" in (notebook.root / "dataeng_kit.toml").read_text("utf-8")
    assert finding.get_attribute("open") is not None
    notebook.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save').then(() => 0)")
    notebook.open("verdict.ipynb")
    notebook.page.locator(".dk summary:has-text('accepted')").first.wait_for()
    notebook.no_error()


def test_insertion_after_a_reload_and_with_cells_added_above(notebook):
    advised(notebook, "reload.ipynb", "'after'")
    notebook.page.evaluate("""() => { const m = window.jupyterapp.shell.currentWidget.context.model.sharedModel;
        m.insertCell(0, {cell_type: 'markdown', source: '# above'}); m.insertCell(0, {cell_type: 'code', source: '1'}); }""")
    notebook.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save').then(() => 0)")
    notebook.open("reload.ipynb")
    notebook.page.locator(".dk button:has-text('Insert all cells')").click()
    notebook.until(lambda n: "inserted below" in n.status())
    sources = [c["source"] for c in notebook.cells]
    at = sources.index("dk.Workbench(case)")
    assert sources[at + 1].startswith("%reload_ext")
    assert sources[at + 2].startswith("%%run ddl/orders\n")
    assert sources[at + 4] == "'after'"
    notebook.page.locator(".dk button:has-text('Insert a summary')").click()
    notebook.until(lambda n: "1 cell inserted below" in n.status())
    assert notebook.cells[at + 4]["type"] == "markdown"
    assert notebook.cells[at + 5]["source"] == "'after'"
    notebook.no_error()


def test_start_panel_opens_a_sample_and_says_the_line(notebook, axe, shots):
    notebook.write(
        "start.ipynb",
        "import pandas as pd\nsales = pd.DataFrame({'id': [1, 2], 'amount': [3.5, 4]})",
        "import dataeng_kit as dk\ndk.Workbench()",
    )
    notebook.run_all().page.locator(".dk").first.wait_for()
    assert axe(notebook.page, ".dk") == []
    notebook.page.screenshot(path=shots / "start.png")
    notebook.page.locator(".dk input[name=data]").fill("no/such/folder")
    notebook.page.locator(".dk button:text-is('Open')").click()
    notebook.until(lambda n: n.status().startswith("'no/such/folder' does not exist"))
    notebook.page.locator(".dk button:text-is('sales')").click()
    notebook.until(lambda n: n.page.locator(".dk-head").text_content() == "Workbench · DataFrame")
    notebook.page.locator("role=tab[name='Data']").click()
    notebook.page.locator("text=amount").first.wait_for()
    notebook.page.locator("role=tab[name='Start']").click()
    notebook.page.locator(".dk button:text-is('ecommerce')").click()
    notebook.until(lambda n: n.page.locator(".dk-head").text_content() == "Workbench · ecommerce")
    notebook.page.locator("text=postgresql").first.wait_for()
    notebook.page.locator("role=tab[name='Data']").click()
    notebook.page.locator(".dk svg").wait_for()
    notebook.no_error()


def test_change_and_stale_on_a_real_file(notebook, axe, shots):
    folder = notebook.root / "real"
    folder.mkdir()
    rows = "".join(f"{i};0{i % 8 + 1}/0{i % 5 + 2}/2024\n" for i in range(1, 30))
    (folder / "sales.csv").write_text(f"id;sold\n{rows}")
    notebook.write("change.ipynb", "import dataeng_kit as dk\ncase = dk.open('real')", "dk.Workbench(case, 'data')").run_all()
    reading = notebook.page.locator("details[data-key='reading sales']")
    notebook.page.locator("details[data-key='reading'] > summary").click()
    reading.locator("summary").first.click()
    assert axe(notebook.page, ".dk") == []
    notebook.page.screenshot(path=shots / "change.png")
    reading.locator("select[name=dates]").select_option("month first")
    reading.locator("button:has-text('Read it so')").click()
    reading.locator("text=month first: as you said").first.wait_for()
    assert reading.locator("select[name=dates]").input_value() == "month first"
    assert "month first" in (folder / "dataeng_kit.toml").read_text("utf-8")
    notebook.until(lambda n: n.status().startswith("Done"))
    (folder / "sales.csv").write_text(f"id;sold\n{rows}30;01/01/2024\n")
    notebook.page.wait_for_timeout(3200)
    notebook.page.locator("input[data-key='find-data']").focus()
    notebook.page.locator(".dk-stale").wait_for()
    assert axe(notebook.page, ".dk") == []
    notebook.page.screenshot(path=shots / "stale.png")
    notebook.page.locator(".dk-stale button").click()
    notebook.page.locator("text=30 rows").first.wait_for()
    notebook.page.locator(".dk-stale").wait_for(state="detached")
    notebook.no_error()


def test_a_projector_still_shows_the_panel(lab, browser, page_of, shots):
    url, root = lab
    with closing(browser.new_page(viewport={"width": 700, "height": 500}, device_scale_factor=2)) as page:
        book = opened(page_of(page, url, root), "projector.ipynb", "dk.Workbench(case, 'findings')")
        page.screenshot(path=shots / "projector.png")
        box = page.locator(".dk").bounding_box()
        assert box["width"] > 300
        assert page.evaluate("() => { const b = document.querySelector('.dk-body'); return b.scrollWidth <= b.clientWidth + 1; }")
        book.no_error()
