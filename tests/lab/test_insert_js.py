"""The page's half without a page: hosts that give a widget no notebook, or a dummy one, are told apart and said (needs node)."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

INSERT = Path(__file__).parents[2] / "dataeng_kit" / "lab" / "static" / "insert.js"
STUB = """
const cell = (source, meta = {}) => { let s = source; const id = Math.random().toString(36);
  return { cell_type: 'code', getId: () => id, getSource: () => s, setSource: (t) => { s = t; }, getOutputs: () => [],
           getMetadata: (k) => k ? meta[k] : meta }; };
const shared = (cells) => ({ cells, transact: (f) => f(), deleteCell: (i) => cells.splice(i, 1),
  insertCell: (i, made) => { const c = cell(made.source, made.metadata); cells.splice(i, 0, c); return c; } });
const model = (context, ids = []) => ({ widget_manager: { context }, get: (k) => k === '_cells' ? ids : 'me' });
const made = { cell_type: 'code', source: 'print(1)', metadata: { dataeng_kit: { cell: 'a', case: 'x' } } };
const vscode = insert(model({ model: { sharedModel: shared([]) } }), null, { req: 1, cells: [made] });
const none = insert(model(undefined), null, { req: 1, cells: [made] });
const dummy = insert(model({ path: 'n.ipynb', model: { sharedModel: shared([]) } }), null, { req: 1, cells: [made] });
const own = cell('dk.Workbench(case)'), book = shared([own, cell('after')]), m = model({ path: 'n', model: { sharedModel: book } }, [own.getId()]);
const first = insert(m, null, { req: 2, cells: [made] }), twice = insert(m, null, { req: 2, cells: [made] });
const same = insert(m, null, { req: 3, cells: [made] });
book.cells[1].setSource('mine');
const asked = insert(m, null, { req: 4, cells: [made] }), beside = insert(m, null, { req: 5, cells: [made], mode: 'beside' });
const after = book.cells.map((c) => c.getSource());
undo(m, { req: 6, added: beside.added, replaced: beside.replaced });
const kept = undo(m, { req: 7, added: first.added, replaced: [] });
console.log(JSON.stringify({ vscode, none, dummy, first, twice, same, asked, after, kept, end: book.cells.map((c) => c.getSource()) }));
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    script = tmp_path_factory.mktemp("js") / "insert.mjs"
    script.write_text(INSERT.read_text("utf-8") + STUB)
    return json.loads(subprocess.run([node, script], capture_output=True, text=True, check=True, timeout=60).stdout)


def test_a_host_without_a_notebook_is_told_apart(said):
    assert said["vscode"]["why"] == said["none"]["why"] == "this front end gives widgets no notebook"
    assert said["dummy"]["why"] == "the workbench's own cell was not found"


def test_a_cell_is_inserted_once_asked_about_and_taken_back(said):
    assert said["first"]["index"] == 1
    assert said["twice"]["again"]
    assert said["same"]["added"] == []
    assert said["asked"]["differ"] == [{"cell": "a", "source": "mine"}]
    assert said["after"] == ["dk.Workbench(case)", "mine", "print(1)", "after"]
    assert "edited since" in said["kept"]["why"]
    assert said["end"] == ["dk.Workbench(case)", "mine", "after"]
