"""'Change' and 'stale' on real files: what the panel offers is what the data then is."""

import html
import json
import re

import pytest

import dataeng_kit as dk
from dataeng_kit.lab.action import Action
from dataeng_kit.lab.workbench import Workbench

SALES = "id;when;amount;mail\n" + "".join(
    f"{i};0{i % 8 + 1}/0{i % 5 + 2}/2024;{i},5;person{i}@example.org\n" for i in range(1, 30)
)


@pytest.fixture
def bench(tmp_path):
    (tmp_path / "sales.csv").write_text(SALES)
    (tmp_path / "CLAUDE.md").write_text("# Shop\n\nWe use PostgreSQL.\nWe do not use Kafka.\n")
    made = Workbench(dk.open(str(tmp_path)))
    settle(made)
    yield made
    made.case.data.close()


def settle(bench):
    bench.load()
    assert bench.worker.wait(60)


def click(bench, label, values=None, panel="data"):
    """Click the first button of a panel called *label*."""
    found = re.search(rf'data-do="([^"]*)"[^>]*>{label}<', getattr(bench.panel, f"view_{panel}"))
    do = json.loads(html.unescape(found[1]))
    bench.do(do["verb"], do["args"], values or {})
    assert bench.worker.wait(60)


def first(bench, column):
    data = bench.case.data
    return data.rows(f'SELECT "{column}" FROM {data.relation("sales")} ORDER BY id LIMIT 1')[0][0]


def test_ambiguous_dates_are_asked_and_each_answer_changes_the_table(bench):
    assert "1 problem" in bench.panel.view_data
    assert first(bench, "when") == "02/03/2024"
    click(bench, "Dates are day first")
    assert bench.case.choices.inputs.readings == {"sales.csv": {"dates": "day first"}}
    assert (first(bench, "when").month, first(bench, "when").day) == (3, 2)
    assert "day first: as you said" in bench.panel.view_data
    click(bench, "Read it so", {"dates": "month first"})
    assert (first(bench, "when").month, first(bench, "when").day) == (2, 3)
    assert not bench.moved
    click(bench, "Take back")
    assert bench.case.choices.inputs.readings == {}
    assert first(bench, "when") == "02/03/2024"


def test_the_shown_line_does_what_the_click_did(bench):
    asked = (
        "readings",
        "sales.csv",
        {"encoding": "$encoding", "delimiter": "$delimiter", "header": "$header?", "dates": "$dates"},
    )
    line = Action("override", asked).filled({"encoding": "", "delimiter": "\t", "header": "no", "dates": ""}).line
    assert line == "case.override('readings', 'sales.csv', {'delimiter': '\\t', 'header': False})"
    click(bench, "Read it so", {"header": "no", "delimiter": ";"})
    clicked = [c.name for c in bench.case.data.tables[0].columns]
    assert clicked == ["column_1", "column_2", "column_3", "column_4"]
    bench.case.override("readings", "sales.csv", "")
    eval("case.override('readings', 'sales.csv', {'delimiter': ';', 'header': False})", {"case": bench.case})
    assert [c.name for c in bench.case.data.tables[0].columns] == clicked


def test_type_label_and_key_in_one_click(bench):
    click(bench, "Set the type", {"column": "sales.id", "type": "text"})
    assert first(bench, "id") == "1"
    assert bench.got["profile"].tables[0].column("id").type == "text"
    assert bench.case.profile.tables[0].column("mail").label.name == "email"
    data = bench.case.data
    click(bench, "not so")
    assert bench.case.profile.tables[0].column("mail").label is None
    assert bench.case.data is data  # a label re-reads no file
    click(bench, "Use it as the key", {"key": "when"})
    assert bench.case.choices.inputs.keys == {"sales": ("when",)}
    assert "What you set: 3" in bench.panel.view_data


def test_a_type_that_loses_values_is_said_and_can_be_taken_back(bench):
    click(bench, "Set the type", {"column": "sales.mail", "type": "integer"})
    assert "are no integer" in bench.panel.view_data
    click(bench, "Take back")
    assert "are no integer" not in bench.panel.view_data
    assert bench.panel._status["state"] == "done"


def test_a_changed_file_marks_what_stands_on_it_and_one_click_measures_again(bench, tmp_path):
    bench.do("advise", ["model"], {})
    assert bench.worker.wait(60)
    bench.look()
    assert not bench.moved
    with (tmp_path / "sales.csv").open("a") as out:
        out.write("1;01/01/2024;2,5;x@example.org\n")
    bench.look()
    assert "context" not in bench.moved
    assert bench.moved["findings"] == ("sales.csv",)
    assert "Stale: changed since this was made: sales.csv" in bench.panel.view_findings
    assert "Advise again" in bench.panel.view_advice
    bench.do("findings", [], {})
    assert bench.worker.wait(60)
    assert bench.got["profile"].tables[0].rows == 30
    assert set(bench.moved) == {"advise:model"}  # advice is made again only when asked
    bench.do("advise", ["model"], {})
    assert bench.worker.wait(60)
    assert not bench.moved


def test_a_changed_document_marks_what_was_read_from_it_and_no_table(bench, tmp_path):
    (tmp_path / "CLAUDE.md").write_text("# Shop\n\nWe use MySQL.\n")
    bench.look()
    assert "Stale" in bench.panel.view_project
    assert "Stale" not in bench.panel.view_data
    bench.do("context", [], {})
    assert bench.worker.wait(60)
    assert "mysql" in bench.panel.view_project
    assert not bench.moved


def test_what_is_not_in_use_is_shown_as_such_with_its_line(bench):
    assert "Mentioned, not in use" in bench.panel.view_project
    assert "CLAUDE.md:4" in bench.panel.view_project
    assert "<th" in bench.panel.view_project


def test_the_panel_holds_no_raw_value(bench):
    assert "person3@example.org" not in bench.panel.view_data


def test_verdicts_go_where_the_case_keeps_its_choices(bench, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    bench.case.choices_path = elsewhere / "dataeng_kit.toml"
    bench.do("accept", ["some finding"], {})
    assert "some finding" in (elsewhere / "dataeng_kit.toml").read_text("utf-8")
    assert "in the folder elsewhere" in bench.panel.view_ledger


def test_a_technology_is_corrected_with_one_click_on_its_chip(bench):
    click(bench, "it is in use", panel="project")
    assert bench.case.context.names("databases") == ("postgresql",)
    assert "kafka" in bench.case.context.names("processing")
    assert "you said it is in use" in bench.panel.view_project
    click(bench, "Take back", panel="project")
    assert "kafka" in {m.name for m in bench.case.context.not_used}
