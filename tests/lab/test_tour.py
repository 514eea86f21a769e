"""The tour from top to bottom without a browser, as a saved notebook: no error, everything readable, no personal value in it."""

import csv
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tour")
    shutil.copy(ROOT / "notebooks" / "01_tour.ipynb", folder)
    book = nbformat.read(folder / "01_tour.ipynb", 4)
    book.cells.append(
        nbformat.v4.new_code_cell(
            "import gc\nfrom dataeng_kit.lab.workbench import Workbench\n"
            "[b] = [o for o in gc.get_objects() if isinstance(o, Workbench)]\nb.worker.wait(120)"
        )
    )
    NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    nbformat.validate(book)
    return book, folder


@pytest.mark.heavy
def test_every_cell_shows_something_that_reads_without_a_kernel(saved):
    book, folder = saved
    for cell in book.cells[2:-1]:
        if cell.cell_type == "code":
            assert cell.outputs, cell.source
            for output in cell.outputs:
                assert output.output_type in ("execute_result", "display_data"), output
                assert output.data.get("text/plain"), cell.source
    whole = nbformat.writes(book)
    for words in ("CLAUDE.md:12", "what you did not know", "ran on duckdb", "Record of this workbench", "Bus matrix"):
        assert words in whole
    assert (folder / "orders-profile.html").is_file()
    assert len(whole) < 3_000_000


@pytest.mark.heavy
def test_a_saved_tour_holds_no_personal_value(saved):
    book, folder = saved
    with (ROOT / "sample_data" / "ecommerce" / "customers.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    canaries = {p[c] for p in people for c in ("email", "phone") if len(p.get(c) or "") > 6}
    assert len(canaries) > 1000
    for text in (nbformat.writes(book), (folder / "orders-profile.html").read_text("utf-8")):
        assert not [c for c in canaries if c in text]
