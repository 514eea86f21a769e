"""A versioned dimension over several loads: versions are added, types 0 and 1 overwritten, facts meet the version of their day."""

import duckdb
import pytest

from dataeng_kit import checks, design
from dataeng_kit.design.cells import chain


@pytest.fixture
def mart(shop, tmp_path):
    """The star of the shop, loaded once; returns the connection and a function that loads again and proves it."""
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{checks.copy_sources(shop[0], tmp_path / 'copy.duckdb')}' AS source")
    ddl, load, proof = chain(design.find("dimensional")(shop[1]), shop[1], "duckdb")

    def again():
        connection.execute(load.source)
        broken = [row for row in connection.execute(proof.source).fetchall() if not row[-1]]
        assert not broken

    connection.execute(ddl.source)
    again()
    return connection, again


def versions(connection, customer=1003):
    return connection.execute(
        "SELECT city, customer_name, valid_from = DATE '1900-01-01', valid_to = DATE '9999-12-31', is_current "
        f"FROM mart.dim_customer WHERE customer_id = {customer} ORDER BY valid_from"
    ).fetchall()


def test_a_change_opens_a_version_and_a_second_run_changes_nothing(mart):
    connection, again = mart
    assert versions(connection) == [("Ghent", "Customer 3", True, True, True)]
    connection.execute("UPDATE source.customers SET city = 'Lviv' WHERE customer_id = 1003")
    again()
    now = [("Ghent", "Customer 3", True, False, False), ("Lviv", "Customer 3", False, True, True)]
    assert versions(connection) == now
    again()
    assert versions(connection) == now


def test_a_correction_overwrites_every_version(mart):
    connection, again = mart
    connection.execute("UPDATE source.customers SET city = 'Lviv', customer_name = 'Renamed' WHERE customer_id = 1003")
    again()
    assert [v[1] for v in versions(connection)] == ["Renamed", "Renamed"]


def test_two_changes_on_one_day_are_one_version(mart):
    connection, again = mart
    for city in ("Lviv", "Riga"):
        connection.execute(f"UPDATE source.customers SET city = '{city}' WHERE customer_id = 1003")
        again()
    assert [v[0] for v in versions(connection)] == ["Ghent", "Riga"]


def test_facts_meet_the_version_of_their_day(mart):
    connection, again = mart
    connection.execute("UPDATE source.customers SET city = 'Lviv' WHERE customer_id = 1003")
    connection.execute("UPDATE source.orders SET ordered_on = CURRENT_DATE WHERE order_id = 5003")
    again()
    met = connection.execute(
        "SELECT DISTINCT f.order_id, c.city FROM mart.fact_order_line f JOIN mart.dim_customer c ON c.dim_customer_key = f.customer_key "
        "WHERE c.customer_id = 1003 ORDER BY 1"
    ).fetchall()
    assert met == [(5003, "Lviv"), (5053, "Ghent"), (5103, "Ghent")]


def test_a_member_that_the_source_drops_stays(mart):
    connection, again = mart
    connection.execute("DELETE FROM source.customers WHERE customer_id = 1003")
    connection.execute("DELETE FROM source.orders WHERE customer_id = 1003")
    connection.execute("DELETE FROM source.order_lines WHERE order_id NOT IN (SELECT order_id FROM source.orders)")
    connection.execute("DELETE FROM source.payments WHERE order_id NOT IN (SELECT order_id FROM source.orders)")
    again()
    assert len(versions(connection)) == 1
