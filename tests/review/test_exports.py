"""Exports: each format reads as its readers want it, holds no syntax of the case, and equals its golden file."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import dataeng_kit as dk
from dataeng_kit.cli import main
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Choices, ColumnProfile, Profile, TableProfile, Verdict
from dataeng_kit.review import write_review
from dataeng_kit.review.brief import brief
from dataeng_kit.review.exports import formats, registers
from dataeng_kit.review.files import FINDING

GOLDEN = Path(__file__).parents[1] / "golden" / "exports"
EVIL = "'\"; {{ 7*7 }} \\ -- }\n=1+1 <b> `x` | # ]"


def test_an_unknown_format_is_told_before_anything_is_measured(tmp_path, capsys):
    (tmp_path / "orders.csv").write_text("id\n1\n2\n")
    with pytest.raises(KitError, match="Did you mean 'xlsx'"):
        dk.open(str(tmp_path)).review(tmp_path / "r.html", export=("xslx",))
    assert main(["review", str(tmp_path), "--export", "md,xslx", "--out", str(tmp_path / "r.html")]) == 2
    assert "Did you mean 'xlsx'" in (said := capsys.readouterr()).err
    assert "reading" not in said.err
    assert [p.name for p in tmp_path.iterdir()] == ["orders.csv"]


def written(made, folder, evidence=None, choices=None, export=("csv", "xlsx", "sarif", "dbml", "dbt", "adr")):
    evidence = evidence or made.evidence
    out = folder / "r.html"
    page = brief(evidence, made.advice)
    write_review(evidence, made.advice, out=out, choices=choices or Choices(), brief=page, export=export)
    return folder


def steady(text):
    """Without what differs between two runs: times, hashes, versions."""
    text = re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?", "TIME", text)
    return re.sub(r'\b[0-9a-f]{16}\b|(?<="semanticVersion": ")[^"]+', "HASH", text)


def unlabelled(evidence):
    """Without what the profile's own tests hold steady."""
    tables = tuple(replace(t, columns=tuple(replace(c, label=None) for c in t.columns)) for t in evidence.profile.tables)
    return replace(evidence, profile=replace(evidence.profile, tables=tables))


@pytest.mark.parametrize("name", ["r.sarif.json", "r.dbml", "r.dbt.yml", "r.findings.csv", "r.adr/0001-*.md"])
def test_golden(made, tmp_path, name):
    (path,) = written(made, tmp_path, unlabelled(made.evidence)).glob(name)
    assert steady(path.read_text("utf-8")) == (GOLDEN / path.name).read_text("utf-8")


def test_an_unknown_format_is_named_with_the_nearest():
    assert formats(("md", "sarif", "md")) == ("md", "sarif")
    with pytest.raises(KitError, match="sarif"):
        formats(("sarf",))


def test_sarif_holds_what_a_reader_requires(made, tmp_path):
    first = made.evidence.findings[0].id
    choices = Choices(verdicts=(Verdict(first, "accepted", "ada", "known"),))
    log = json.loads((written(made, tmp_path, choices=choices) / "r.sarif.json").read_text("utf-8"))
    (run,) = log["runs"]
    rules = [r["id"] for r in run["tool"]["driver"]["rules"]]
    assert log["version"] == "2.1.0"
    assert len(rules) == len(set(rules))
    for result, finding in zip(run["results"], sorted_register(made), strict=True):
        assert result["ruleId"] in rules
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        assert result["partialFingerprints"] == {"findingId/v1": finding.id}
        assert ("suppressions" in result) == (finding.id == first)
        for place in result.get("locations", ()):
            assert place["physicalLocation"]["artifactLocation"]["uri"] == f"{finding.table}.csv"


def sorted_register(made):
    from dataeng_kit.nouns.finding import SEVERITIES

    return sorted(made.evidence.findings, key=lambda f: (-SEVERITIES.index(f.severity), -f.rank))


def hostile(made):
    column = ColumnProfile(EVIL, "text", "VARCHAR", 0, 3, 0, 3)
    table = TableProfile(EVIL, 3, (column,), primary_key=(EVIL,), grain=EVIL)
    found = replace(made.evidence.findings[0], id=EVIL, table=EVIL, column=EVIL, condition=EVIL, query=f"SELECT '{EVIL}'")
    return replace(made.evidence, name=EVIL, profile=Profile((table,)), findings=(found,), tables=(), claims=())


def test_hostile_names_stay_values(made, tmp_path):
    yaml = pytest.importorskip("yaml")
    folder = written(made, tmp_path, hostile(made))
    result = json.loads((folder / "r.sarif.json").read_text("utf-8"))["runs"][0]["results"][0]
    assert result["message"]["text"].startswith(EVIL[:3])
    (source,) = yaml.safe_load((folder / "r.dbt.yml").read_text("utf-8"))["sources"]
    assert source["tables"][0]["name"].startswith("'\";")
    assert "{{" not in (folder / "r.dbt.yml").read_text("utf-8")
    dbml = (folder / "r.dbml").read_text("utf-8")
    assert dbml.count("{\n") == dbml.count("\n}")
    with (folder / "r.findings.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert row["condition"][:8] == EVIL[:8]


def test_the_workbook_holds_four_registers_and_no_formula(made, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(written(made, tmp_path, replace(hostile(made), name="x")) / "r.xlsx")
    assert book.sheetnames == ["findings", "questions", "decisions", "dictionary"]
    assert [c.value for c in book["findings"][1]] == [*FINDING, "status", "owner"]
    assert not [c for sheet in book for row in sheet for c in row if c.data_type == "f"]


def test_registers_say_the_status(made):
    from dataeng_kit.review import take_snapshot
    from dataeng_kit.review.links import Links
    from dataeng_kit.review.page import Page

    first = made.evidence.findings[0].id
    choices = Choices(verdicts=(Verdict(first, "accepted", "ada", "known", "2026-01-01"),))
    page = Page(take_snapshot(made.evidence, made.advice, made.brief, choices), choices, Links({}), "")
    header, rows = registers(page)["findings"]
    assert dict(zip(header, rows[0], strict=True))["status"] == "accepted (ada, 2026-01-01): known"


def test_two_reviews_of_one_case_are_the_same(made, tmp_path):
    export = ("md", "ipynb", "csv", "sarif", "dbml", "dbt", "adr")
    one, other = (written(made, tmp_path / n, export=export) for n in "ab")
    for path in (p for p in one.rglob("*") if p.is_file()):
        left, right = (re.sub(r"in \d+\.\d s", "", steady(p.read_text("utf-8"))) for p in (path, other / path.relative_to(one)))
        assert left == right, path.name
