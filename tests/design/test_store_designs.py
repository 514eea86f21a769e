"""Designs for stores beside SQL: what the numbers decide, what moves them, lineage, privacy; golden files of the shop."""

import importlib.util
import json
import os
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit import design
from dataeng_kit.checks import cql, elastic
from dataeng_kit.design import access, search, stream
from dataeng_kit.design.cells import cells
from dataeng_kit.design.reading import read
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Context, Mention, Statement, TimeProfile
from dataeng_kit.technologies.kafka import Kafka

KINDS = ("document", "wide_column", "key_value", "search", "stream")
GOLDEN = Path(__file__).parent.parent / "golden"
spec = importlib.util.spec_from_file_location("kit_hurt", Path(__file__).parent / "test_names_that_hurt.py")
hurt = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hurt)


def grown(evidence, table, times, most=None):
    """The evidence with *times* as many rows of a table a day, and the fullest parent of *most* rows."""
    profile = evidence.profile
    tables = tuple(
        replace(t, rows=t.rows * times, time=t.time and replace(t.time, rows_per_day=t.time.rows_per_day * times))
        if t.name == table
        else t
        for t in profile.tables
    )
    keys = tuple(
        replace(k, children_max=most or k.children_max * times, children_p50=k.children_p50 * times) if k.table == table else k
        for k in profile.foreign_keys
    )
    return replace(evidence, profile=replace(profile, tables=tables, foreign_keys=keys))


@pytest.mark.parametrize("kind", KINDS)
def test_a_design_begins_with_whether_it_is_needed_and_shows_its_arithmetic(shop, kind):
    made = design.find(kind)(shop[1])
    assert "is not needed here: 7 tables" in made.warnings[0]
    assert "Simpler: " in made.warnings[0]
    assert made.steps
    assert made.alternatives
    assert all(any(c.isdigit() for c in line) for line in made.sizing)
    named = replace(shop[1], context=Context(databases=(Mention(made.technology, "CLAUDE.md", 4, "x"),)))
    assert "is named (CLAUDE.md:4)" in design.find(kind)(named).warnings[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_source_and_no_value_enters_the_text(shop, kind):
    made = design.find(kind)(shop[1])
    for e in made.entities:
        assert e.sources
        assert all(a.lineage for a in e.attributes), e.name
    text = made.to_json() if isinstance(made.to_json(), str) else json.dumps(made.to_json(), default=str)
    assert not any(value in text for value in ("Ghent", "Porto", "Customer 1", "Name3"))


@pytest.mark.parametrize("kind", ["document", "wide_column", "key_value"])
def test_protected_fields_are_named_and_hashed(shop, kind):
    made = design.find(kind)(shop[1])
    assert any("sensitive fields (customers.customer_name" in r for r in made.risks)
    customer = next(e for e in made.entities if e.sources[0] == "customers")
    assert any(a.note == "protected: keyed hash" for a in customer.attributes)


def test_parts_of_a_whole_are_embedded_until_one_whole_has_too_many(shop):
    made = design.find("document")(shop[1])
    assert made.entity("orders").detail["parts"][0][1] == "order_lines"
    assert {e.name for e in made.entities} >= {"customers", "payments"}
    beside = design.find("document")(grown(shop[1], "order_lines", 1000))
    assert not beside.entity("orders").detail["parts"]
    assert "past the limits of one document" in beside.steps[1]


def test_partitions_get_the_coarsest_bucket_that_stays_in_the_limits(shop):
    def bucket(times):
        made = design.find("wide_column")(grown(shop[1], "orders", times))
        return made.entity("orders_by_customer_id").detail["bucket"]

    found = [bucket(10**n) for n in range(8)]
    order = ["", "year", "quarter", "month", "week", "day"]
    assert found[0] == ""
    assert found[-1] == "day"
    assert [order.index(b) for b in found] == sorted(order.index(b) for b in found)


def test_retention_becomes_the_life_of_a_row_and_of_an_index(shop):
    said = Context(retention=(Statement(2, "years", "CLAUDE.md", 7, "kept two years"),))
    evidence = replace(shop[1], context=said)
    wide = cells(design.find("wide_column")(evidence), evidence)[0]
    assert "default_time_to_live = 63115200" in wide.source
    assert '"min_age": "730d"' in cells(design.find("search")(evidence), evidence)[0].source


def test_a_hot_parent_is_no_key_of_a_stream(shop):
    payments = read(shop[1])["payments"]
    assert stream.keying(payments, 3, Kafka).whose == "orders"
    hot = replace(payments, parents=tuple(replace(k, children_max=60) for k in payments.parents))
    assert stream.keying(hot, 3, Kafka).share >= 60 / 121


def test_more_events_make_more_partitions(shop):
    made = design.find("stream")(grown(shop[1], "payments", 10**10))
    assert made.entity("shop.payments").detail["partitions"] > 3
    assert "worth weighing" in made.warnings[0]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [(["the cause of it", "not for sale"], "english"), (["das ist nicht gut", "und der Rest"], "german"), (["東京都", "大阪"], "cjk"),
     (["Москва", "Казань"], "russian"), (["zx81 qy", "foo bar"], "standard")],
)  # fmt: skip
def test_analysers_follow_script_and_language(shop, values, wanted):
    column = shop[1].profile.table("products").column("product_name")
    assert search.analyser(replace(column, top=tuple((v, 1) for v in values))) == wanted


def test_codes_are_keywords_and_names_are_searched(shop):
    index = next(e for e in design.find("search")(shop[1]).entities if e.sources[0] == "products")
    assert index.detail["mapping"]["product_id"] == {"type": "keyword"}
    assert index.detail["mapping"]["product_name"]["fields"]["typed"] == {"type": "search_as_you_type"}
    assert index.detail["mapping"]["list_price"]["type"] == "double"


def test_empty_tables_are_not_applicable(shop):
    empty = replace(shop[1], profile=replace(shop[1].profile, tables=tuple(
        replace(t, rows=0, primary_key=None) for t in shop[1].profile.tables), foreign_keys=()))  # fmt: skip
    for kind in KINDS:
        with pytest.raises(NotApplicable):
            design.find(kind)(empty)


@settings(max_examples=10, deadline=None)
@given(hurt.names)
def test_names_that_hurt_survive_every_store(n):
    evidence = hurt.evidence_of(n)
    keys = tuple(replace(k, children_max=2, children_p50=2.0, children_p99=2.0) for k in evidence.profile.foreign_keys)
    tables = tuple(
        replace(t, time=TimeProfile(n[7], "2024-01-02", "2024-01-05", 1.0) if n[7] in [c.name for c in t.columns] else None)
        for t in evidence.profile.tables
    )
    evidence = replace(evidence, profile=replace(evidence.profile, foreign_keys=keys, tables=tables))
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA source")
    hurt.fill(connection, evidence, "source.")
    for kind in KINDS:
        try:
            made = design.find(kind)(evidence)
        except NotApplicable:
            assert kind in ("search", "stream")
            continue
        for cell in cells(made, evidence):
            if cell.language == "python":
                compile(cell.source, cell.path, "exec")
            elif cell.language == "cql":
                assert all(cql.accepted(s) for s in cql.statements(cell.source)), cell.source
            elif cell.language == "console":
                assert elastic.requests(cell.source)
            else:
                connection.execute(cell.source)
                sides = [[connection.execute(q).fetchone()[0] for q in (e.left, e.right)] for e in cell.expects]
                assert all(a == b or (e.relation == "<=" and a <= b) for e, (a, b) in zip(cell.expects, sides, strict=True))


@given(st.text(max_size=40))
def test_plain_names_hold_ascii_only(text):
    name = access.plain(text)
    assert name.isascii()
    assert all(c.isalnum() or c == "_" for c in name)
    assert not name[:1].isdigit()


def test_generated_store_files_are_as_reviewed(shop):
    wrong = []
    for kind in KINDS:
        for cell in cells(design.find(kind)(shop[1]), shop[1]):
            file = GOLDEN / (cell.path + (".txt" if cell.language == "python" else ""))
            if os.environ.get("KIT_GOLDEN") == "write":
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(cell.source, "utf-8")
            elif not file.exists() or file.read_text("utf-8") != cell.source:
                wrong.append(cell.path)
    assert not wrong, (
        f"differ from tests/golden: {wrong}. If meant: KIT_GOLDEN=write pytest {Path(__file__).name}, then read the diff"
    )
