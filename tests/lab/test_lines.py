"""Every panel's printed line, run in a fresh IPython, gives what the click gave."""

import html
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dataeng_kit as dk
from dataeng_kit.lab import cells
from dataeng_kit.lab.action import Action
from dataeng_kit.lab.panels import PANELS
from dataeng_kit.lab.workbench import Workbench

HERE = Path(__file__).parent
VALUES = {"question": "How many orders are there?", "out": "review.html", "focus": "orders", "reason": "as agreed", "key": "id",
          "column": "orders.total", "type": "text", "label": "none"}  # fmt: skip
ALONE = ("replace", "beside", "undo", "open", "ask", "preview")
"""Verbs that need a page, stand on the start panel, or are tested on their own."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("lines")
    (made / "customers.csv").write_text("id,email\n" + "".join(f"{i},person{i}@example.org\n" for i in range(1, 40)))
    rows = "".join(f"{i},{i % 45 + 1},{i * 2.5 if i % 9 else ''}\n" for i in range(1, 200))
    (made / "orders.csv").write_text("id,customer_id,total\n" + rows)
    (made / "CLAUDE.md").write_text("# Shop\n\nWe use PostgreSQL 16. Every order has a customer.\n")
    return made


def buttons(bench):
    """Return one action per panel and verb (and kind of override), as its first button does it with VALUES filled in."""
    found = {}
    for panel in PANELS:
        for given in re.findall(r'data-do="([^"]*)"', getattr(bench.panel, f"view_{panel}")):
            do = json.loads(html.unescape(given))
            if do["verb"] == "insert" and len(do["args"]) > 1:
                continue  # a front end puts one cell at a time; the magic says so
            kind = do["args"][0] if do["verb"] in ("override", "picture") else ""
            found.setdefault((panel, do["verb"], kind), (do["verb"], do["args"]))
    kept = {k: v for k, v in found.items() if v[0] not in ALONE}
    return dict(sorted(kept.items(), key=lambda item: item[1][0] == "override"))  # what changes the findings comes last


def fresh(folder, opening, lines):
    """Return what each line gives in a fresh IPython."""
    ran = subprocess.run([sys.executable, HERE / "fresh.py"], input=json.dumps({"opening": opening, "lines": lines}),
                         capture_output=True, text=True, cwd=folder, timeout=300, check=False)  # fmt: skip
    assert "\n@@" in ran.stdout, ran.stdout[-3000:] + ran.stderr[-3000:]
    return json.loads(ran.stdout.split("\n@@")[1])


@pytest.mark.heavy
def test_what_a_click_did_its_line_does_in_a_fresh_kernel(folder, tmp_path, monkeypatch):
    sys.path.insert(0, str(HERE))
    from fresh import digest

    monkeypatch.chdir(tmp_path)
    case = dk.open(str(folder))
    bench = Workbench(case)
    bench.load()
    bench.do("advise", ["model"], {})
    bench.do("brief", [], {})
    assert bench.worker.wait(200)
    assert not bench.failed
    clicked, texts = {}, {}
    for verb, args in buttons(bench).values():
        action = Action(verb, tuple(args)).filled(VALUES)
        line = action.line
        if verb in ("insert", "run"):
            texts[line] = "\n\n".join(cells.source(c) for c in bench.cells if c.id in action.args)
        bench.do(verb, args, VALUES)
        assert bench.worker.wait(200)
        assert verb in ("insert", "run", "picture", "summary") or bench.panel._status["state"] == "done", bench.panel._status
        clicked[line] = verb
        if verb in ("picture", "focus", "measure"):  # now: an override that follows changes what they show
            texts[line] = json.loads(json.dumps(digest(eval(line, {"case": case, "dk": dk}))))
    verdicts = [v.id for v in case.choices.verdicts]
    assert {"insert", "run", "summary", "picture", "focus", "check", "measure", "review", "advise", "accept", "reject", "defer", "fix",
            "override", "report", "findings"} <= set(clicked.values())  # fmt: skip
    assert "case.review('review.html')" in clicked

    again = tmp_path / folder.name
    shutil.copytree(folder, again)
    (again / "dataeng_kit.toml").unlink()
    (tmp_path / "desk").mkdir()
    given = fresh(tmp_path / "desk", f"case = dk.open({str(again)!r})", list(clicked))
    assert [v["id"] for v in tomllib.loads((again / "dataeng_kit.toml").read_text())["verdicts"]] == verdicts
    ours, theirs = (tomllib.loads((f / "dataeng_kit.toml").read_text()) for f in (folder, again))
    assert {k: v for k, v in ours.items() if k != "verdicts"} == {k: v for k, v in theirs.items() if k != "verdicts"}
    reopened = dk.open(str(again))
    for line, verb in clicked.items():
        if verb in ("insert", "run"):
            assert given[line] == texts[line], line
        elif verb in ("picture", "focus", "measure"):
            assert given[line] == texts[line], line
        elif verb in ("advise", "check", "summary", "brief"):
            assert len(given[line]) > 100, line
    assert (tmp_path / "desk" / "review.html").is_file()
    before = [f.condition for f in case.findings]
    assert [f.condition for f in reopened.findings] == before
