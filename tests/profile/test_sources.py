"""A source and its extract: rows, keys, columns and values reconciled, each number a fact with its query."""

from __future__ import annotations

import pytest

import dataeng_kit as dk
from dataeng_kit.data import open_data
from dataeng_kit.profile import profile_data
from dataeng_kit.profile.sources import reconcile


@pytest.fixture
def places(tmp_path):
    rows = [(i, f"C{i % 7}", i * 1.5, f"2024-01-{i % 28 + 1:02d}") for i in range(1, 201)]
    for name in ("erp", "extract"):
        (tmp_path / name).mkdir()
    source = "\n".join(["order_id,customer,amount,day", *(",".join(map(str, r)) for r in rows)])
    kept = [(*r[:2], r[2] + 1 if r[0] in (50, 60) else r[2], "x") for r in rows if r[0] not in (3, 4, 5)] + [
        (999, "C1", 2.0, "x")
    ]
    extract = "\n".join(["Order_ID,customer,amount,note", *(",".join(map(str, r)) for r in kept)])
    (tmp_path / "erp" / "orders.csv").write_text(source)
    (tmp_path / "extract" / "orders_2024-02-01.csv").write_text(extract)
    (tmp_path / "erp" / "customers.csv").write_text("id,name\n" + "\n".join(f"C{i},n{i}" for i in range(7)))
    (tmp_path / "extract" / "customers.csv").write_text("id,name\n" + "\n".join(f"C{i},n{i}" for i in range(7)))
    return tmp_path / "erp", tmp_path / "extract"


def test_two_folders_are_reconciled(places):
    data = open_data(tuple(map(str, places)))
    assert sorted(t.name for t in data.tables) == ["erp/customers", "extract/customers", "orders", "orders_2024-02-01"]
    profile = profile_data(data, only=frozenset({"keys", "relations"}))
    pairs = {p.extract: p for p in reconcile(data, profile)}
    pair = pairs["orders_2024-02-01"]
    assert (pair.source, pair.rows, pair.gone, pair.new, pair.key) == ("orders", (200, 198), ("day",), ("note",), ("order_id",))
    assert (pair.missing, pair.surplus, pair.kept, pair.differing, pair.failing) == (3, 1, 197, (("amount", 2),), 6)
    assert len(data.rows(pair.query)) == 6
    assert {f.id for f in pair.facts} <= set(profile.by_id)
    assert all(data.rows(f.query)[0][0] == f.value for f in pair.facts)
    assert pairs["extract/customers"].failing == 0
    data.close()


def test_what_disagrees_is_one_finding(places):
    found = [f for f in dk.open(*map(str, places)).findings if f.rule == "sources_disagree"]
    assert len(found) == 1
    for words in ("198 rows against 200", "3 keys missing", "1 key too many", "amount on 2", "without day", "with note added"):
        assert words in found[0].condition


def test_tables_of_two_engines_meet(places):
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE orders AS FROM read_csv('{places[0] / 'orders.csv'}')")
    data = open_data((connection, str(places[1])))
    pair = next(p for p in reconcile(data, profile_data(data, only=frozenset({"keys", "relations"}))) if p.source == "orders")
    assert (pair.missing, pair.surplus, pair.differing, pair.facts, pair.query) == (3, 1, (("amount", 2),), (), "")
    data.close()
