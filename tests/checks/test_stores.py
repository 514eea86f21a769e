"""Checks of stores beside SQL: the grammar and shapes refuse what is wrong, missing engines are said, and the real ones hold."""

import importlib.util
import shutil
import threading
import time
from dataclasses import replace

import pytest

from dataeng_kit import design
from dataeng_kit.checks import cql, elastic, emulators, redis_server, run_cells
from dataeng_kit.design.cells import cells
from dataeng_kit.errors import Stopped
from dataeng_kit.nouns import Cell, Expectation
from dataeng_kit.run import Run

TABLE = "CREATE TABLE orders (customer bigint, day date, id bigint, note text, PRIMARY KEY ((customer, day), id));"


def cell(technology, language, source):
    sides = {"cassandra": ("queries", "keyed"), "elasticsearch": ("requests", "accepted")}[technology]
    return Cell("x", "t", technology, language, "x", "", source, expects=(Expectation("all hold", "rows", *sides),))


def checked(technology, language, source, tmp_path):
    module = {"cassandra": cql, "elasticsearch": elastic}[technology]
    return module.run_chain([cell(technology, language, source)], "", tmp_path, None)["x"]


@pytest.mark.parametrize("query", [
    "SELECT * FROM orders WHERE customer = ? AND day = ?;", "SELECT id FROM orders WHERE day = ? AND customer = ? AND id > 5 LIMIT 3;",
    "-- a comment; with a sign\nSELECT * FROM orders WHERE customer IN (1, 2) AND day = '2024-01-01';",
])  # fmt: skip
def test_queries_that_give_the_partition_key_are_parsed(query, tmp_path):
    check = checked("cassandra", "cql", f"{TABLE}\n{query}", tmp_path)
    assert (check.level, check.ok) == ("parsed", True), check.why


@pytest.mark.parametrize(("statement", "why"), [
    ("SELECT * FROM orders WHERE customer = ?;", "DAY of ORDERS's partition key is not given"),
    ("SELECT * FROM orders WHERE customer = ? AND day > ?;", "DAY"), ("SELECT * FROM orders;", "CUSTOMER, DAY"),
    ("SELECT * FROM orders WHERE note = 'x' ALLOW FILTERING;", "ALLOW FILTERING"), ("CREATE TABEL b (a int PRIMARY KEY);", "refuses"),
    ("SELECT * FROM orders JOIN b;", "refuses"), ("CREATE TABLE b (a int PRIMARY KEY) WITH banana = 1;", "BANANA"),
])  # fmt: skip
def test_cql_that_is_wrong_fails_with_the_reason(statement, why, tmp_path):
    check = checked("cassandra", "cql", f"{TABLE}\n{statement}", tmp_path)
    assert check.level == "failed"
    assert why in check.why


def body(mapping):
    text = '{"index_patterns": ["a-*"], "template": {"settings": {}, "mappings": {"properties": MAPPING}}}'
    return "# first\nPUT /_index_template/a\n" + text.replace("MAPPING", mapping)


def test_requests_are_shaped_without_node(tmp_path, monkeypatch):
    monkeypatch.setenv(elastic.PLACE, str(tmp_path))
    good = checked("elasticsearch", "console", body('{"n": {"type": "text", "analyzer": "english"}}'), tmp_path)
    assert (good.level, good.ok) == ("shaped", True), good.why
    for wrong in ('{"n": {"type": "strng"}}', '{"n": {"typ": "text"}}', '{"n": {"type": "text", "analyzer": "englisch"}}'):
        assert checked("elasticsearch", "console", body(wrong), tmp_path).level == "failed"
    assert checked("elasticsearch", "console", "PUT /_nonsense/x\n{}", tmp_path).level == "failed"
    assert checked("elasticsearch", "console", "PUT /a\n{", tmp_path).level == "failed"


def test_what_is_not_installed_is_not_checked_and_says_what_to_install(shop, monkeypatch):
    made = cells(design.find("key_value")(shop[1]), shop[1])
    monkeypatch.setattr(redis_server.shutil, "which", lambda name: None)
    why = redis_server.run_chain(list(made), "", None, None)[made[0].id]
    assert (why.level, "apt-get install redis-server" in why.why) == ("not_checked", True)

    def absent(package):
        raise emulators.PackageNotFoundError(package)

    monkeypatch.setattr(emulators, "version", absent)
    for kind in ("document", "stream", "key_value", "wide_column", "search"):
        chain = [c for c in cells(design.find(kind)(shop[1]), shop[1]) if c.technology != "duckdb"]
        found = run_cells(chain, shop[0])
        assert {c.level for c in found.values()} == {"not_checked"}
        assert all("not installed (pip install" in c.why for c in found.values())


def test_partitions_are_measured_in_duckdb(shop):
    twin = [c for c in cells(design.find("wide_column")(shop[1]), shop[1]) if c.technology == "duckdb"]
    check = run_cells(twin, shop[0])[twin[0].id]
    assert (check.level, check.ok) == ("ran", True), check.why
    assert any("overwrites" in r.name for r in check.reconciliation)


@pytest.mark.heavy
@pytest.mark.parametrize(("kind", "level"), [("document", "emulated"), ("key_value", "ran"), ("stream", "emulated")])
def test_the_case_s_rows_arrive_and_reconcile(shop, kind, level):
    if kind == "key_value" and not shutil.which("redis-server"):
        pytest.skip("apt-get install -y --no-install-recommends redis-server")
    made = cells(design.find(kind)(shop[1]), shop[1])
    found = run_cells(made, shop[0])
    for check in found.values():
        assert (check.level, check.ok) == (level, True), check.why
        assert check.reconciliation


@pytest.mark.heavy
def test_a_lost_document_is_noticed(shop):
    made = cells(design.find("document")(shop[1]), shop[1])[0]
    every = 'rows(connection, one["sql"], one["hide"])'
    fewer = replace(made, source=made.source.replace(every, f"list({every})[1:]"))
    assert fewer.source != made.source
    check = run_cells([fewer], shop[0])[made.id]
    assert not check.ok
    assert "documents of categories" in check.why


@pytest.mark.heavy
def test_stop_ends_a_script_and_its_server(shop):
    made = cells(design.find("key_value")(shop[1]), shop[1])[0]
    slow = replace(made, source="import time\ntime.sleep(60)\n")
    run = Run()
    threading.Timer(4, run.stop).start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        run_cells([slow], shop[0], run)
    assert time.monotonic() - begun < 40


@pytest.mark.skipif(importlib.util.find_spec("cqlshlib") is None, reason="needs cqlsh")
@pytest.mark.parametrize("columns", [2, 5, 6, 7, 12, 13])
def test_a_table_of_any_width_meets_the_grammar(columns):
    from dataeng_kit.checks.cql import accepted, slices

    listed = ", ".join(f'"c{n}" text' for n in range(columns))
    table = f'CREATE TABLE IF NOT EXISTS "wide" ({listed}, PRIMARY KEY ("c0", "c1")) WITH CLUSTERING ORDER BY ("c1" DESC)'
    assert all(map(accepted, slices(table)))
    assert not all(map(accepted, slices(table.replace("PRIMARY KEY", "PRIMARY"))))
