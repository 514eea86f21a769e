"""Cells on their way into the notebook: run, the difference, replace, undo; the review panel; how fast the first panel and Stop are."""

import pytest

pytestmark = pytest.mark.heavy

OPEN = "from made_case import MadeCase\nimport dataeng_kit as dk\ncase = MadeCase('.')"
TAB = "role=tab[name='{}']"
PYTHON = "details[data-key='cell load/python']"
APPEARS = """([selector, words]) => new Promise((done) => { const began = performance.now();
    const look = () => [...document.querySelectorAll(selector)].some((e) => e.textContent.includes(words));
    const watch = new MutationObserver(() => look() && (watch.disconnect(), done(performance.now() - began)));
    watch.observe(document.body, {childList: true, subtree: true, characterData: true}); __ACT__ })"""


def timed(notebook, act, selector, words):
    """Return the milliseconds in the page from *act* (JavaScript) until an element of *selector* holds *words*."""
    return notebook.page.evaluate(APPEARS.replace("__ACT__", act), [selector, words])


def advised(notebook, name):
    notebook.write(name, OPEN, "dk.Workbench(case, 'advice')", "'after'").run_all()
    notebook.page.locator(".dk button:has-text('Model')").click()
    notebook.page.locator(".dk button:has-text('Insert all cells')").wait_for()
    notebook.page.locator(f"{PYTHON} > summary").click()
    return notebook


def button(notebook, name):
    return notebook.page.locator(f".dk >> role=button[name='{name}']")


def check_cells(notebook, name, axe=None, shots=None):
    """Insert and run, edit, see the difference, replace, undo twice: the notebook is as it was."""
    advised(notebook, name)
    button(notebook, "Insert and run: Count the orders").click()
    notebook.until(lambda n: n.status() == "1 cell ran: see below.")
    assert [c["source"] for c in notebook.cells[3:]] == ["print('from the advised cell', 6 * 7)", "'after'"]
    assert notebook.cells[3]["outputs"][0]["text"] == "from the advised cell 42\n"
    notebook.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.context.model.sharedModel.cells[3].setSource(\"print('mine')\\n\")"
    )
    button(notebook, "Insert: Count the orders").click()
    notebook.until(lambda n: "see the difference" in n.status())
    assert "-print('mine')" in notebook.page.locator(f"{PYTHON} .dk-stale pre").text_content()
    assert notebook.cells[3]["source"] == "print('mine')\n"
    if axe:
        assert axe(notebook.page, ".dk") == []
        notebook.page.screenshot(path=shots / "made-difference.png")
    button(notebook, "Replace in the notebook: Count the orders").click()
    notebook.until(lambda n: "replaced where it stood" in n.status())
    assert notebook.cells[3]["source"] == "print('from the advised cell', 6 * 7)"
    button(notebook, "Insert: Count the orders").click()
    notebook.until(lambda n: "in the notebook already" in n.status())
    notebook.page.locator(".dk-undo").click()
    notebook.until(lambda n: n.cells[3]["source"] == "print('mine')\n")
    notebook.until(lambda n: n.status().startswith("Taken back"))
    notebook.page.locator(".dk-undo").click()  # the cell holds other text than was inserted: it is the user's now
    notebook.until(lambda n: "edited since" in n.status())
    assert notebook.cells[3]["source"] == "print('mine')\n"


def test_run_difference_replace_and_undo(notebook, axe, shots):
    check_cells(notebook, "cells.ipynb", axe, shots)
    notebook.no_error()


def test_undo_takes_the_setup_cell_too(notebook):
    advised(notebook, "undo.ipynb")
    before = [c["source"] for c in notebook.cells]
    notebook.page.locator(".dk button:has-text('Insert all cells')").click()
    notebook.until(lambda n: len(n.cells) == len(before) + 3)
    notebook.page.locator(".dk-undo").click()
    notebook.until(lambda n: n.status().startswith("Taken back"))
    assert [c["source"] for c in notebook.cells] == before
    notebook.no_error()


def test_pictures_are_inserted_and_drawn(notebook, shots):
    notebook.write("pictures.ipynb", OPEN, "dk.Workbench(case, 'data')").run_all()
    notebook.page.locator(".dk svg").wait_for()
    notebook.page.locator(".dk svg g:has-text('customers')").first.click()
    notebook.until(lambda n: n.status() == "Focus: customers.")
    assert notebook.page.locator(".dk svg g").count() == 2
    notebook.page.screenshot(path=shots / "made-focus.png")
    notebook.page.locator(".dk button:has-text('Insert the picture')").click()
    notebook.until(lambda n: "inserted below" in n.status())
    assert notebook.cells[3]["source"] == "dk.pictures.er(case.profile, 'customers')"
    notebook.run(3)
    notebook.page.locator(".jp-RenderedMermaid").wait_for()
    notebook.page.locator("details[data-key=missing] > summary").click()
    notebook.page.locator(".dk button:has-text('Insert the chart')").click()
    notebook.until(lambda n: len(n.cells) == 5)
    notebook.run(4)
    notebook.page.locator(".jp-OutputArea-output .vega-embed canvas, .jp-OutputArea-output .vega-embed svg").first.wait_for()
    notebook.no_error()


def test_the_review_is_written_shown_and_compared(notebook, axe, shots):
    folder = notebook.root / "shop"
    folder.mkdir()
    people = "".join(f"{i},person{i}@example.org\n" for i in range(1, 40))
    (folder / "customers.csv").write_text("id,email\n" + people)
    (folder / "orders.csv").write_text("id,customer_id,total\n" + "".join(f"{i},{i % 45 + 1},{i * 2.5}\n" for i in range(1, 200)))
    (folder / "CLAUDE.md").write_text("# Shop\n\nEvery order has a customer.\n")
    notebook.write(
        "review.ipynb", "import dataeng_kit as dk\ncase = dk.open('shop')", "dk.Workbench(case, 'findings', 'review')"
    ).run_all()
    finding = notebook.page.locator("details[data-key^='finding ']").first
    finding.locator("summary").first.click()
    finding.locator("button:text-is('Measure again')").click()
    finding.locator("text=as before").wait_for()
    notebook.page.locator(TAB.format("Review")).click()
    notebook.page.locator("input[name=verify]").check()
    assert axe(notebook.page, ".dk") == []
    notebook.page.locator(".dk button:has-text('Write the review')").click()
    notebook.until(lambda n: n.status().startswith("Written"), 120)
    line = notebook.page.locator(".dk-line").text_content()
    assert line == "case.review('review.html', verify=True)"
    text = (notebook.root / "review.html").read_text("utf-8")
    assert "person7@example.org" not in text
    assert notebook.page.locator("input[name=verify]").is_checked()
    notebook.page.frame_locator(".dk iframe").locator("h1").first.wait_for()
    notebook.page.screenshot(path=shots / "made-review.png")
    notebook.page.locator("select[name=compare]").select_option("review.json")
    notebook.page.locator("input[name=out]").fill("second.html")
    notebook.page.locator(".dk button:has-text('Write the review')").click()
    notebook.until(lambda n: (n.root / "second.html").is_file() and n.status().startswith("Written"), 120)
    assert "compare='review.json'" in notebook.page.locator(".dk-line").text_content()
    assert axe(notebook.page, ".dk") == []
    notebook.no_error()
    notebook.page.goto((notebook.root / "second.html").as_uri())
    assert axe(notebook.page, "html") == []


def test_the_first_panel_of_the_sample_case_within_two_seconds(notebook):
    notebook.write("fast.ipynb", "import dataeng_kit as dk\ncase = dk.open('ecommerce')", "dk.Workbench(case)")
    notebook.run(0)
    notebook.until(
        lambda n: n.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets[0].model.executionCount") == 1
    )
    run = "window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1; window.jupyterapp.commands.execute('notebook:run-cell');"
    shown = []
    for _ in range(2):  # the better of two: a machine that runs other tests beside this one stutters
        notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.outputs.clear()")
        shown.append(timed(notebook, run, ".dk section", "What CLAUDE.md says"))
    print(f"the first panel stood after {shown[0]:.0f} and {shown[1]:.0f} ms")
    assert min(shown) < 2000


def test_stop_within_300_milliseconds_while_another_cell_runs(notebook):
    notebook.write("stopped.ipynb", OPEN, "case.seconds = 60\nbench = dk.Workbench(case, 'data')\nbench",
                   'for _ in range(400): __import__("time").sleep(.05)').run_all()  # fmt: skip
    notebook.page.locator(".dk-stop:visible").wait_for()
    notebook.page.wait_for_timeout(1000)  # the subshell is asked for when work begins
    took = timed(notebook, "document.querySelector('.dk-stop').click();", ".dk-status", "Stopped.")
    print(f"Stop was heard and done after {took:.0f} ms")
    assert not notebook.cells[2]["outputs"]  # that cell still runs, for twenty seconds in all
    assert took <= 300


def test_notebook_7_inserts_runs_and_undoes_the_same(notebook7, browser, page_of):
    url, root = notebook7
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    book = page_of(page, url, root, "notebooks")
    check_cells(book, "seven.ipynb")
    own = ("reading 'schema'", "Not same Y.Doc")  # Notebook 7 logs these without us
    assert not [e for e in book.errors if not any(o in e for o in own)]
    page.close()
