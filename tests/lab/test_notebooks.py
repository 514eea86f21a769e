"""The shipped notebooks: they run offline from top to bottom, and as committed they read on the web without a personal value."""

import csv
import gzip
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
BOOKS = sorted(p.name for p in (ROOT / "notebooks").glob("*.ipynb"))
sys.path.insert(0, str(Path(__file__).parent))


def people():
    """Return e-mail addresses, phone numbers and the like of both sample cases."""
    found = set()
    for path in (ROOT / "sample_data").glob("*/*.csv*"):
        opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
        with opened as file:
            for row in csv.DictReader(file):
                found |= {v for k, v in row.items() if v and len(v) > 6 and any(w in k for w in ("email", "phone", "ssn"))}
    return found


@pytest.fixture(scope="module")
def canaries():
    found = people()
    assert len(found) > 3000
    return found


def outputs(book):
    return "\n".join(str(o.data) for c in book.cells if c.cell_type == "code" for o in c.outputs if "data" in o)


def leaked(text, canaries):
    words = set(text.replace("'", " ").replace('"', " ").replace("\\n", " ").split())
    return [c for c in canaries if (c in text if " " in c or "@" in c else c in words)]


@pytest.mark.parametrize("name", BOOKS)
def test_a_committed_notebook_reads_on_the_web(name, canaries):
    book = nbformat.read(ROOT / "notebooks" / name, 4)
    nbformat.validate(book)
    assert book.cells[0].source.startswith("# ")
    code = [c for c in book.cells if c.cell_type == "code"]
    assert all(c.outputs for c in code[1:] if "Workbench" not in c.source)
    assert {k for c in code for o in c.outputs for k in o.data} <= {"text/plain", "text/markdown"}
    assert not leaked(outputs(book), canaries)
    assert (ROOT / "notebooks" / name).stat().st_size < 200_000


@pytest.mark.heavy
@pytest.mark.parametrize("name", [b for b in BOOKS if not b.startswith("01")])  # the tour has a test of its own
def test_a_notebook_runs_offline_from_top_to_bottom(name, tmp_path, canaries, monkeypatch):
    from save_notebooks import run

    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # whatever tried to reach the network would fail
    book = run(name, tmp_path)
    assert not leaked(outputs(book), canaries)
    for cell in book.cells:
        assert cell.cell_type != "code" or cell.outputs or "dk.open" in cell.source, cell.source
    assert not (tmp_path / ".dataeng_kit" / "ledger.jsonl").exists()
