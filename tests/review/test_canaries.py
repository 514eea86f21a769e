"""No planted value stands in any file of a review: canaries of many shapes, through every writer."""

import importlib.util
import json
import os
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import dataeng_kit as dk
from dataeng_kit.nouns import Choices, Inputs, Label
from dataeng_kit.review import write_review
from dataeng_kit.show import html, markdown, text

from_data = "person7@example.org"
EVERY = ("md", "ipynb", "csv", "xlsx", "sarif", "dbml", "dbt", "adr")


def content(path):
    """All text of a file; a workbook is a zip of XML."""
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as book:
        return "\n".join(book.read(n).decode() for n in book.namelist())


def personal(made):
    """The case with its e-mail column labelled, and a finding that repeats a value in its words and in its query."""
    label = Label("email", 1.0, ("shape", f"like '{from_data}'"), True)
    tables = tuple(
        replace(t, columns=tuple(replace(c, label=label if c.name == "email" else Label("other")) for c in t.columns))
        for t in made.evidence.profile.tables
    )
    profile = replace(made.evidence.profile, tables=tables)
    first = made.evidence.findings[0]
    query = f"SELECT customer_id FROM customers WHERE email = '{from_data}'"
    talking = replace(
        first, id="talks customers.email", table="customers", column="email", query=query, condition=f"'{from_data}' repeats",
        recommendation=f"ask '{from_data}'", consequence=f"mail to {from_data} is lost", rank=9999.0,
    )  # fmt: skip
    return replace(made, evidence=replace(made.evidence, profile=profile, findings=(talking, *made.evidence.findings)))


def files(made, out, choices):
    return write_review(made.evidence, made.advice, out=out, choices=choices, brief=made.brief, data=made.data, export=EVERY,
                        exceptions=out.parent / "rows", verify=True)  # fmt: skip


def test_nothing_personal_leaves(made, tmp_path):
    case = personal(made)
    talked = 0
    for path in files(case, tmp_path / "r.html", Choices()):
        assert "@example.org" not in content(path), path.name
        talked += "talks customers.email" in content(path)
    assert talked >= 6
    assert "GDPR 4(1)" in (tmp_path / "r.html").read_text("utf-8")


def test_what_the_project_allows_is_shown_and_said(made, tmp_path):
    allowed = Choices(Inputs(policy={"customers.email": "values"}))
    files(personal(made), tmp_path / "r.html", allowed)
    written = (tmp_path / "r.html").read_text("utf-8")
    assert "Shown in full by choice of the project: customers.email" in written
    assert "person0@example.org" in written


PERSONS = {
    "full_name": "Zephyrine Quackenbush",
    "email": "zephyrine.q@canary.example",
    "phone": "+44 20 7946 0958",
    "iban": "GB33BUKB20201555555555",
    "note": "met Zephyrine at the harbour, owes 40",
}
OTHERS = {"reference": "AAA-00-CANARY", "amount": "8675309.42", "score": "-7654321", "seen_on": "2031-12-29"}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A folder in which one row of 150 holds the smallest, largest, longest or oddest value of every column."""
    folder = tmp_path_factory.mktemp("planted")
    head = ["person_id", *PERSONS, *OTHERS]
    rows = [",".join(head)]
    for i in range(150):
        plain = [f"Ann{i} Lee{i % 7}", f"ann{i}@mail.example", f"+44 20 7000 {1000 + i}", f"GB82WEST123456987654{i:02}"[:22]]
        plain += [f"asked about item {i}", f"BBB-{i:02}-X{i}", f"{i + 1}.50", str(i), f"2024-{i % 12 + 1:02}-{i % 28 + 1:02}"]
        rows.append(",".join([str(i), *(plain if i != 77 else [f'"{v}"' for v in (*PERSONS.values(), *OTHERS.values())])]))
    (folder / "people.csv").write_text("\n".join(rows) + "\n")
    visits = "".join(f"{v},{v * 7 % 170},2024-02-{v % 28 + 1:02}\n" for v in range(300))
    (folder / "visits.csv").write_text("visit_id,person_id,visited_on\n" + visits)
    (folder / "CLAUDE.md").write_text("# Practice\nPostgreSQL. GDPR applies.\n\n- Every `visits.person_id` exists in `people`.\n")
    return dk.open(str(folder)), folder


def leaks(said, values):
    return [v for v in values if v in said or v.replace("-", "") in said.replace("-", "")]


def test_planted_values_stand_in_no_file_by_default(planted, tmp_path):
    case, _ = planted
    written = case.review(tmp_path / "r.html", export=EVERY, verify=True)
    assert len(written) > len(EVERY)
    found = {p.name: leaks(content(p), [*PERSONS.values(), *OTHERS.values()]) for p in written}
    assert not any(found.values()), {k: v for k, v in found.items() if v}
    assert not leaks(
        case.snapshot(tmp_path / "s.json").to_json().__repr__() + (tmp_path / "s.json").read_text(), PERSONS.values()
    )


def test_failing_rows_hold_no_person(planted, tmp_path):
    case, _ = planted
    for path in case.exceptions(tmp_path):
        assert not leaks(content(path), PERSONS.values()), path.name


def test_what_is_compared_holds_no_value(planted, tmp_path):
    case, _ = planted
    case.snapshot(tmp_path / "old.json")
    moved = case.compare(tmp_path / "old.json")
    assert moved.count("unchanged") == len(case.findings)
    for form in (html, markdown, text):
        assert not leaks(form(moved), [*PERSONS.values(), *OTHERS.values()])


def test_a_request_holds_no_value(planted):
    pytest.importorskip("anthropic")
    case, _ = planted
    assert not leaks(case.preview("which columns hold persons?"), [*PERSONS.values(), *OTHERS.values()])


def test_the_ledger_of_a_question_holds_no_value(planted, monkeypatch):
    """Neither the question, nor what tools answered, nor what the model said stands in the file: sizes, names and hashes do."""
    pytest.importorskip("anthropic")
    spec = importlib.util.spec_from_file_location("fake_service", Path(__file__).parents[1] / "agent" / "fake_anthropic.py")
    monkeypatch.setitem(sys.modules, "fake_service", fake := importlib.util.module_from_spec(spec))
    spec.loader.exec_module(fake)
    case, folder = planted
    values = [*PERSONS.values(), *OTHERS.values()]
    spoken = {"claims": [{"text": f"It is {values[0]}.", "kind": "measured", "facts": [], "lines": []}]}
    looked = {"sql": "SELECT * FROM t1 ORDER BY 1 LIMIT 100", "why": f"who is {values[1]}"}
    script = [fake.reply(fake.tool_use("query", looked)), fake.reply(fake.tool_use("answer", spoken, "toolu_2"))]
    for name in [n for n in os.environ if n.startswith("ANTHROPIC") or n.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    with fake.FakeAnthropic([*script, fake.reply(fake.tool_use("answer", spoken, "toolu_3"))]) as service:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", service.url)
        case.ask(f"Where does {values[0]} with {values[3]} live?", "claude")
        sent = [json.dumps(body) for _, _, body in service.requests]
    told = (folder / ".dataeng_kit" / "ledger.jsonl").read_text("utf-8")
    assert len(sent) >= 2
    assert len(told.splitlines()) >= len(sent)
    assert "people.email" in told
    assert not leaks(told, values)
    answered = [b["content"] for m in json.loads(sent[1])["messages"][2:3] for b in m["content"]]
    assert answered
    assert not leaks(json.dumps(answered), values)


@pytest.mark.heavy
def test_a_sample_report_holds_no_person(planted, tmp_path):
    pytest.importorskip("ydata_profiling")
    case, _ = planted
    assert not leaks(case.report("people", out=tmp_path / "people.html").read_text("utf-8"), PERSONS.values())
