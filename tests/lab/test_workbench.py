"""The workbench without a browser or a kernel: panels, lines, clicks, Stop, refusals in words."""

import re
import time

import pytest

import dataeng_kit as dk
from dataeng_kit.errors import KitError
from dataeng_kit.lab.action import Action
from dataeng_kit.lab.panels import PANELS
from dataeng_kit.lab.workbench import Workbench


def ready(bench):
    bench.load()
    assert bench.worker.wait(20)
    return bench


def status(bench):
    return bench.panel._status


def test_every_panel_shows_what_the_case_says(made):
    bench = ready(Workbench(made))
    assert "postgresql" in bench.panel.view_project
    assert "CLAUDE.md:4" in bench.panel.view_project
    assert "contradicted" in bench.panel.view_project
    assert "customer_id" in bench.panel.view_data
    assert "<svg" in bench.panel.view_data
    assert "1 sensitive" in bench.panel.view_data
    assert "12 orders belong to no customer" in bench.panel.view_findings
    assert "case.advise(&#x27;model&#x27;)" in bench.panel.view_advice
    assert "Nothing was sent" in bench.panel.view_ledger


def test_one_panel_alone(made):
    bench = ready(Workbench(made, "findings"))
    assert [p["id"] for p in bench.panel._panels] == ["findings"]
    assert set(bench.got) == {"findings"}
    with pytest.raises(KitError, match="Did you mean 'findings'"):
        Workbench(made, "finding")


def test_a_click_and_its_line_do_the_same(made, tmp_path):
    bench = ready(Workbench(made))
    bench.do("accept", ["orphans orders.customer_id", "$reason"], {"reason": "known since May"})
    line = status(bench)["line"]
    assert line == "case.accept('orphans orders.customer_id', 'known since May')"
    clicked = made.choices.verdicts
    eval(line, {"case": made})
    again = made.choices.verdicts[-1]
    assert (again.id, again.status, again.reason) == (clicked[-1].id, "accepted", "known since May")
    assert "known since May" in bench.panel.view_findings
    assert "known since May" in bench.panel.view_ledger


def test_every_button_holds_a_line_that_python_reads(made):
    bench = ready(Workbench(made))
    bench.do("advise", ["model"], {})
    assert bench.worker.wait(20)
    views = "".join(getattr(bench.panel, f"view_{p}") for p in PANELS)
    lines = set(re.findall(r'data-line="([^"]*)"', views))
    assert len(lines) > 15
    for line in lines:
        text = line.replace("&#x27;", "'").replace("&quot;", '"')
        if not text.startswith("%"):
            compile(text, "line", "exec")


def test_advice_offers_cells_and_says_when_the_page_cannot_insert(made, monkeypatch):
    monkeypatch.setattr("dataeng_kit.lab.inserter.TIMEOUT", 0.05)
    bench = ready(Workbench(made, "advice"))
    bench.do("advise", ["model"], {})
    assert bench.worker.wait(20)
    assert "ran on duckdb 2.0.0" in bench.panel.view_advice
    bench.do("insert", ["ddl/orders"], {})
    time.sleep(0.5)
    assert status(bench)["state"] == "error"
    assert "Not inserted: no answer from the front end" in status(bench)["text"]
    assert status(bench)["line"] == "%insert ddl/orders"


def test_acknowledged_insertion(made, monkeypatch):
    bench = ready(Workbench(made, "advice"))
    bench.do("advise", ["model"], {})
    assert bench.worker.wait(20)
    sent = []
    monkeypatch.setattr(bench.panel, "send", sent.append)
    bench.do("insert", ["ddl/orders", "load/python"], {})
    message = next(m for m in sent if m["kind"] == "insert")
    assert message["cells"][0]["source"].startswith("%%run ddl/orders\nCREATE TABLE")
    assert message["cells"][1]["source"] == "print('from the advised cell', 6 * 7)"
    provenance = message["cells"][0]["metadata"]["dataeng_kit"]
    assert provenance["check"] == {"level": "ran", "engine": "duckdb", "version": "2.0.0"}
    assert provenance["kit"] == dk.__version__
    assert f"case = {made.line}" in message["setup"]["cell"]["source"]
    bench.panel._heard(None, {"kind": "ack", "req": message["req"], "ok": True, "ids": ["a", "b"]}, [])
    assert status(bench)["text"].startswith("2 cells inserted below")


def test_errors_are_sentences(made):
    bench = ready(Workbench(made))
    for verb, args, words in (
        ("advise", ["modle"], "Unknown topic 'modle'. Did you mean 'model'?"),
        ("roles", [], "No domain card fits. Name one."),
        ("explode", [], "Unknown action 'explode'"),
        ("insert", ["x"], "Unknown cell 'x'"),
    ):
        bench.do(verb, args, {})
        assert bench.worker.wait(20)
        assert status(bench)["state"] == "error"
        assert words in status(bench)["text"]
        assert "Traceback" not in status(bench)["text"]


def test_stop_ends_the_running_step(made):
    made.seconds = 30
    bench = Workbench(made, "data")
    bench.load()
    time.sleep(0.4)
    began = time.monotonic()
    bench.panel.stop()
    assert bench.worker.wait(5)
    assert time.monotonic() - began < 0.3
    assert status(bench)["state"] == "stopped"
    assert "profile" not in bench.got


def test_start_panel_opens_and_prints_its_line(tmp_path, monkeypatch):
    bench = Workbench()
    assert bench.panel._active == "start"
    assert "Open a case first" in bench.panel.view_findings
    bench.do("open", ["$data", "$context"], {"data": "/nowhere/at/all", "context": ""})
    assert "'/nowhere/at/all' does not exist" in status(bench)["text"]
    bench.do("open", ["$data", "$context"], {"data": "", "context": ""})
    assert "Nothing to open" in status(bench)["text"]
    assert Action("open", ("data/", "docs/CLAUDE.md")).line == "case = dk.open('data/', context='docs/CLAUDE.md')"
    assert Action("open", ("@frame",)).line == "case = dk.open(frame)"


def test_upload_keeps_inside_its_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bench = Workbench()
    bench._upload("../../evil.csv", b"a,b\n1,2\n", False)
    assert (tmp_path / "uploads" / "evil.csv").read_bytes() == b"a,b\n1,2\n"


def test_five_hundred_columns_are_searched_one_by_one(made, monkeypatch):
    from made_case import CUSTOMERS, FACTS, _column

    from dataeng_kit.nouns import Profile, TableProfile

    columns = tuple(_column(f"column_{i}", i, histogram=((0, 1, 5), (1, 2, 9))) for i in range(500))
    wide = Profile((TableProfile("wide", 1200, columns, ("column_0",)), CUSTOMERS), (), facts=FACTS)
    monkeypatch.setattr(made, "_profile", lambda run: wide)
    view = ready(Workbench(made, "data")).panel.view_data
    assert view.count('<tr data-find="wide column_') == 500
    assert len(view) < 1_000_000
