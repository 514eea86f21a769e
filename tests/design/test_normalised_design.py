"""The normalised design: load order, references, keys spoilt by duplicates, and a wide table split without loss."""

import duckdb
import pytest

from dataeng_kit import design
from dataeng_kit.design.cells import chain
from dataeng_kit.nouns import ColumnProfile, Context, Evidence, Law, Profile, Table, TableProfile


@pytest.fixture(scope="module")
def core(shop):
    return design.find("normalised")(shop[1])


def test_parents_come_first(core):
    order = [e.name for e in core.entities]
    for entity in core.entities:
        assert all(r.entity == entity.name or order.index(r.entity) < order.index(entity.name) for r in entity.references)


def test_references_are_declared_on_primary_keys(core):
    line = core.entity("order_line")
    assert {r.entity for r in line.references} == {"order", "product"}
    assert line.key == ("order_id", "line_no")


def wide(rows):
    """Orders with the customer's facts repeated: no 26 of 60 orders, each customer with one city."""
    columns = ("order_no", "customer_no", "city", "amount")
    kinds = ("integer", "integer", "text", "number")
    distinct = (90, 30, 30, 90)
    table = TableProfile(
        "wide",
        rows,
        tuple(ColumnProfile(c, k, "", i, rows, 0, d) for i, (c, k, d) in enumerate(zip(columns, kinds, distinct, strict=True))),
        ("order_no",),
    )
    law = Law(
        "dependency", "wide", ("wide.customer_no", "wide.city"), "customer_no determines city", rows, rows, "law", "SELECT 1"
    )
    return Evidence("wide", Context(), (Table("wide", "", ()),), Profile((table,), laws=(law,)))


@pytest.mark.parametrize("spoil", [False, True])
def test_split_is_proven_lossless_by_joining_back(spoil):
    evidence = wide(90)
    made = design.find("normalised")(evidence)
    assert [e.name for e in made.entities] == ["wide_customer_no", "wide"]
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA source")
    connection.execute(
        "CREATE TABLE source.wide AS SELECT i AS order_no, i % 30 AS customer_no, 'city ' || i % 30 AS city, i * 1.5 AS amount FROM range(90) AS r(i)"
    )
    if spoil:  # a second city for one customer: the proof must fail
        connection.execute("UPDATE source.wide SET city = 'elsewhere' WHERE order_no = 7")
    for cell in chain(made, evidence, "duckdb"):
        result = connection.execute(cell.source)
    agreed = {promise: agrees for _, promise, _, _, agrees in result.fetchall()}
    lossless = next(v for k, v in agreed.items() if "loses nothing" in k)
    assert lossless is not spoil
    assert all(v for k, v in agreed.items() if "loses nothing" not in k)
