"""Live databases on a real server: tables, comments, keys, change counters, Stop, and refusals without a password."""

from __future__ import annotations

import threading
import time

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.nouns import DeclaredKey
from dataeng_kit.run import Run

SCHEMA = """
CREATE TABLE customer (id integer PRIMARY KEY, email text UNIQUE, born date, since timestamptz, extra jsonb, "odd.name" numeric(10, 2));
COMMENT ON TABLE customer IS 'people who buy'; COMMENT ON COLUMN customer.email IS 'where we write';
CREATE SCHEMA sales;
CREATE TABLE sales."order" (no integer, line integer, customer integer REFERENCES customer (id), PRIMARY KEY (no, line));
CREATE TABLE sales.log (at date, n integer) PARTITION BY RANGE (at);
CREATE TABLE sales.log_2024 PARTITION OF sales.log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE VIEW adults AS SELECT id FROM customer;
INSERT INTO customer VALUES (1, 'a@x', '2000-01-01', now(), '{}', 1.5), (2, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sales."order" VALUES (1, 1, 1), (1, 2, 1); INSERT INTO sales.log VALUES ('2024-05-05', 3);
"""


@pytest.fixture
def shop(postgres_database):
    import psycopg

    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(SCHEMA)
    return postgres_database


@pytest.mark.heavy
def test_postgresql_is_described_where_it_lies(shop, tmp_path):
    data = open_data((shop,))
    assert sorted(t.name for t in data.tables) == ["adults", "customer", "sales.log", "sales.order"]
    customer = data.source("customer").table
    assert [c.type for c in customer.columns] == ["integer", "text", "date", "datetime", "json", "number"]
    assert (customer.comment, customer.column("email").comment) == ("people who buy", "where we write")
    assert customer.declared == (DeclaredKey("unique", ("email",)), DeclaredKey("primary", ("id",)))
    assert DeclaredKey("foreign", ("customer",), "customer", ("id",)) in data.source("sales.order").table.declared
    assert data.measure("customer#rows", f"SELECT count(*) FROM {data.relation('customer')}").value == 2
    assert data.together("customer", "sales.order")
    engine = data.source("customer").engine
    assert engine.technology.id == "postgresql"
    with pytest.raises(KitError, match="read-only"):
        data.rows("DELETE FROM customer", engine=engine)
    before = customer.fingerprint
    assert before.startswith("database ")
    assert not before.startswith("database as of")
    assert data.source("adults").table.fingerprint.startswith("database as of 2")  # a view counts no changes
    data.close()
    import psycopg

    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute("INSERT INTO customer VALUES (3)")
        (tmp_path / "t.csv").write_text("a,b\n1,2\n")
        with open_data_of(connection, tmp_path) as both:
            assert "t" in [t.name for t in both.tables]
            assert not both.together("t", "customer")
            assert both.source("customer").table.fingerprint != before
        assert connection.execute("SELECT 1").fetchall() == [(1,)]


class open_data_of:
    def __init__(self, *where):
        self.where = where

    def __enter__(self):
        self.data = open_data(tuple(str(w) if hasattr(w, "__fspath__") else w for w in self.where))
        return self.data

    def __exit__(self, *_):
        self.data.close()


@pytest.mark.heavy
def test_stop_cancels_the_server_s_query(shop):
    data, run = open_data((shop,)), Run()
    threading.Timer(0.5, run.stop).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        data.rows("SELECT pg_sleep(30)", run)
    assert time.monotonic() - started < 15
    data.close()


@pytest.mark.heavy
def test_a_connection_with_a_dialect_name_is_copied(shop):
    import psycopg

    class Wrapped:
        """A DB-API connection of a library the kit does not know."""

        def __init__(self, inner):
            self.inner = inner

        def cursor(self):
            return self.inner.cursor()

    with psycopg.connect(shop, autocommit=True) as connection, open_data_of((Wrapped(connection), "redshift")) as data:
        assert "customer" in [t.name for t in data.tables]
        customer = data.source("customer").table
        assert customer.reading.rows == 2
        assert DeclaredKey("primary", ("id",)) in customer.declared
        keys = data.source("sales.order").table.declared
        assert any(k.kind == "foreign" and k.ref_columns == ("id",) for k in keys)
        assert data.source("customer").engine.technology.id == "duckdb"


@pytest.mark.heavy
def test_a_connection_in_the_user_s_own_transaction_survives_a_refused_query(shop):
    import psycopg

    with psycopg.connect(shop) as connection, open_data_of(connection) as data:
        with pytest.raises(KitError, match="refused"):
            data.rows("SELECT no_such_column FROM customer")
        assert data.rows("SELECT count(*) FROM customer") == [(2,)]
        blocks = list(data.source("customer").engine.stream("SELECT generate_series(1, 45000)"))
        assert [len(b) for b in blocks] == [20_000, 20_000, 5_000]


def test_a_sqlite_connection_is_read_with_its_keys():
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE a (id INTEGER PRIMARY KEY, word TEXT)")
    connection.execute("INSERT INTO a VALUES (1, 'x'), (2, NULL)")
    for place in (connection, (connection, "sqlite")):
        data = open_data((place,))
        assert (data.tables[0].reading.rows, data.tables[0].declared) == (2, (DeclaredKey("primary", ("id",)),))
        assert data.tables[0].fingerprint.startswith("copy as of")
        data.close()


@pytest.mark.parametrize("kind", ["memory", "file", "uncommitted"])
def test_a_case_reads_a_sqlite_connection_of_another_thread(tmp_path, kind):
    import sqlite3

    import dataeng_kit as dk

    connection = sqlite3.connect(":memory:" if kind == "memory" else tmp_path / "shop.sqlite")
    connection.execute("CREATE TABLE a (id INTEGER PRIMARY KEY, word TEXT)")
    connection.executemany("INSERT INTO a VALUES (?, ?)", [(i, "xy"[i % 2]) for i in range(30)])
    if kind != "uncommitted":
        connection.commit()
    case = dk.open(connection, dialect="sqlite")
    assert [t.rows for t in case.profile.tables] == [30]
    assert connection.execute("SELECT count(*) FROM a").fetchone() == (30,)
    case.data.close()
    connection.close()


def test_an_unknown_dialect_names_the_nearest_and_an_unknown_driver_is_asked():
    class Connection:
        def cursor(self):
            raise AssertionError("nothing is asked of it")

    with pytest.raises(KitError, match="postgresql"):
        open_data(((Connection(), "postgresq"),))
    with pytest.raises(KitError, match="dialect="):
        open_data((Connection(),))


@pytest.mark.parametrize(
    "url", ["postgresql://u:se-cret@127.0.0.1:1/db", "mysql://u:se-cret@127.0.0.1:1/db", "sqlite:///nowhere.db"]
)
def test_what_cannot_be_reached_says_so_without_the_password(url):
    with pytest.raises(KitError) as caught:
        open_data((url,))
    assert "se-cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_places_name_the_nearest():
    with pytest.raises(KitError, match="postgres"):
        open_data(("postgers://u@h/db",))
    with pytest.raises(KitError, match="no data"):
        open_data((42,))
