"""The workbench in a real JupyterLab: insert below its own cell, Stop while a cell runs, axe, light and dark."""

import time

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
    opened(
        notebook,
        "stop.ipynb",
        "case.seconds = 60\nbench = dk.Workbench(case, 'data')\nbench",
        "import time\nfor _ in range(80): time.sleep(.1)",
    )
    notebook.until(lambda n: n.page.locator(".dk-stop:visible").count() > 0)
    began = time.monotonic()
    notebook.page.locator(".dk-stop").click()
    notebook.until(lambda n: n.status().startswith("Stopped"), 3)
    assert time.monotonic() - began < 2  # the cell below runs for eight seconds
    notebook.no_error()
