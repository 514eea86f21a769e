"""The lab in a real kernel without a page (nbclient): ordinary outputs, magics, and the plain sentence where nothing can be inserted."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

HERE = Path(__file__).parent
CELLS = (
    "%reload_ext dataeng_kit\nimport dataeng_kit as dk\nfrom made_case import MadeCase\ncase = MadeCase('.')",
    "case.context",
    "case.findings",
    "case.profile",
    "(1, 2)",
    "case.advise('nonsense')",
    "%consult model",
    "%consult nonsense",
    "%insert load/python",
    "%insert nothing/like/this",
    "bench = dk.Workbench(case)\nbench",
    "bench.worker.wait(30)\nbench.do('advise', ['model'], {})\nbench.worker.wait(30)\nbench.do('insert', ['ddl/orders'], {})",
    "import time\ntime.sleep(6)\nprint(bench.panel._status['text'])",
    "from dataeng_kit.lab import pictures\npictures.er(case.profile)",
    "pictures.distribution(case.profile, 'orders', 'status')",
    "%unload_ext dataeng_kit\ncase.context",
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    shutil.copy(HERE / "made_case.py", folder)
    (folder / "CLAUDE.md").write_text("web shop\n")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    NotebookClient(
        book,
        timeout=120,
        kernel_name="python3",
        allow_error_names=["UsageError", "KitError"],
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    nbformat.validate(book)
    return {c.source: c.outputs for c in book.cells}


def data(outputs, source):
    return next(o["data"] for o in outputs[source] if "data" in o)


def at(words):
    return next(c for c in CELLS if words in c)


def said(outputs, source):
    return "".join(o.get("text", "") for o in outputs[source])


@pytest.mark.heavy
def test_nouns_are_ordinary_outputs(outputs):
    for source, words in (
        ("case.context", "CLAUDE.md:4"),
        ("case.findings", "12 orders belong to no customer"),
        ("%consult model", "What identifies an order?"),
    ):
        bundle = data(outputs, source)
        assert words in bundle["text/html"]
        assert words.replace(".", "") in bundle["text/markdown"].replace("\\", "").replace(".", "")
        assert words in bundle["text/plain"]
    assert data(outputs, "(1, 2)") == {"text/plain": "(1, 2)"}
    assert "text/html" not in data(outputs, CELLS[-1])


@pytest.mark.heavy
def test_magics_end_in_one_line_when_something_is_wrong(outputs):
    assert "Unknown topic 'nonsense'" in said(outputs, "%consult nonsense")
    assert len(outputs["case.advise('nonsense')"][0]["traceback"]) == 1
    assert "Unknown cell 'nothing/like/this'" in said(outputs, "%insert nothing/like/this")


@pytest.mark.heavy
def test_no_page_means_a_plain_sentence_and_a_readable_record(outputs):
    assert "Not inserted: no answer from the front end." in said(outputs, at("time.sleep(6)"))
    html = "".join(o["data"].get("text/html", "") for o in outputs[at("bench = dk")] if "data" in o)
    assert "Record of this workbench" in html
    assert "12 orders belong to no customer" in html
    assert "What identifies an order?" in html


@pytest.mark.heavy
def test_pictures_carry_text(outputs):
    drawn = data(outputs, at("pictures.er"))
    assert drawn["text/vnd.mermaid"].startswith("erDiagram")
    assert "orders.customer_id" in drawn["text/plain"]
    chart = data(outputs, at("distribution"))
    assert chart["application/vnd.vegalite.v5+json"]["mark"]["type"] == "bar"
    assert "shipped" in chart["text/plain"]


@pytest.mark.heavy
def test_outputs_hide_values_and_say_names(outputs):
    from made_case import CANARY

    whole = "".join(str(o) for cell in outputs.values() for o in cell)
    assert "customers" in whole
    assert CANARY not in whole
