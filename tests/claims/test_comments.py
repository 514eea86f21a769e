"""Comments that a database keeps on its tables and columns are claims, each with its place; on DuckDB and on PostgreSQL."""

import duckdb
import pytest

from dataeng_kit.data import open_data
from dataeng_kit.findings.claims import test_claims as verdicts
from dataeng_kit.nouns import Context
from dataeng_kit.profile import profile_data

SHOP = """
CREATE TABLE customers (customer_id INT, email VARCHAR(80), country VARCHAR(2), card VARCHAR(8));
CREATE TABLE orders (order_id INT, customer_id INT, status VARCHAR(20), total NUMERIC(10, 2));
INSERT INTO customers VALUES (1, 'a@example.org', 'DE', 'AB-1234'), (2, NULL, 'FR', 'CD-5678'), (3, 'c@example.org', 'NL', 'x');
INSERT INTO orders VALUES (10, 1, 'paid', 5), (11, 2, 'paid', 7), (12, 9, 'void', -1);
COMMENT ON TABLE customers IS 'One row per customer_id.';
COMMENT ON COLUMN customers.email IS 'mandatory';
COMMENT ON COLUMN customers.country IS 'DE, FR or NL';
COMMENT ON COLUMN customers.card IS 'looks like `AB-1234`';
COMMENT ON COLUMN orders.order_id IS 'Primary key';
COMMENT ON COLUMN orders.total IS 'never negative';
COMMENT ON COLUMN orders.status IS 'Wert: paid, open; siehe Handbuch | Seite 3';
"""
WANTED = {
    "database:customers": "holds",
    "database:customers.email": "contradicted",
    "database:customers.country": "holds",
    "database:customers.card": "contradicted",
    "database:orders.order_id": "holds",
    "database:orders.total": "contradicted",
}


def said(place: str) -> dict[str, str]:
    data = open_data((place,))
    found = verdicts(Context(), data, profile_data(data, only=frozenset({"columns", "keys"})))
    data.close()
    return {r.file: r.verdict for r in found if r.verdict != "not_testable"}


def test_duckdb(tmp_path):
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(SHOP)
    found = said(str(tmp_path / "shop.duckdb"))
    assert {place: found.get(place) for place in WANTED} == WANTED


@pytest.mark.heavy
def test_postgresql(postgres_database):
    import psycopg

    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(SHOP)
    found = said(postgres_database)
    assert {place: found.get(place) for place in WANTED} == WANTED
