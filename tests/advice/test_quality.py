"""Tests from measured facts: they count what the profile counted, and catch a worse delivery."""

import duckdb
import pytest

from dataeng_kit import advice, checks
from dataeng_kit.advice.tests_of_facts import tests as data_tests
from dataeng_kit.technologies.duckdb import DuckDB


@pytest.fixture(scope="module")
def quality(shop):
    return advice.advise("quality", shop[1])


def test_every_test_counts_what_the_profile_measured(shop, quality):
    found = checks.run_cells(quality.cells, shop[0])
    assert all(c.level == "ran" and c.ok for c in found.values()), {k: c.why for k, c in found.items()}
    assert all(d.alternatives and d.flips_if for d in quality.decisions)


def test_known_exceptions_do_not_block_and_laws_do(shop):
    found = {t.name: t for t in data_tests(shop[1], DuckDB)}
    orphans = found["orders.customer_id names an existing row of customers"]
    assert (orphans.known, orphans.strict) == (2, False)
    assert found["orders: (order_id) does not repeat"].strict


def test_a_worse_delivery_is_caught(shop, quality, tmp_path):
    source = checks.copy_sources(shop[0], tmp_path / "s.duckdb")
    view = next(c for c in quality.cells if c.id == "quality.duckdb.tests")
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{source}' AS source")
        connection.execute(view.source)
        worse = "SELECT test FROM governance.data_tests WHERE worse ORDER BY 1"
        assert connection.execute(worse).fetchall() == []
        connection.execute("UPDATE source.orders SET order_id = 5001 WHERE order_id = 5002")
        names = [n for (n,) in connection.execute(worse).fetchall()]
    assert "orders: (order_id) does not repeat" in names
    assert "order_lines.order_id names an existing row of orders" in names
