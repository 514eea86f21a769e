"""One catalogue, many engines: each engine's facts equal DuckDB's on the same rows, within the method it declares."""

import datetime as dt
import re
import sqlite3
import threading
import time

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.nouns.base import plain
from dataeng_kit.profile import profile_data
from dataeng_kit.run import Run
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.mysql import MySQL
from tests.profile.made_engines import COLUMNS, tables

ZONED = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d:\d\d)")


def fill(cursor, engine, quote, mark):
    """Create and fill the shop through a DB-API cursor."""
    for name, create, rows in tables(engine, quote):
        cursor.execute(create)
        if rows:
            cursor.executemany(f"INSERT INTO {name} VALUES ({', '.join([mark] * len(rows[0]))})", rows)


def normal(value):
    """Return a fact's value with moments in UTC without a zone, and seconds without trailing zeros."""
    if isinstance(value, list):
        return [normal(v) for v in value]
    if isinstance(value, str) and (found := ZONED.fullmatch(value)):
        return str(dt.datetime.fromisoformat(value).astimezone(dt.UTC).replace(tzinfo=None)) + found[3][:0]
    return value


def compare(here, there):
    """Hold every fact of one profile against another's; an approximate one must lie within what it declares."""
    assert there.by_id.keys() == here.by_id.keys()
    for id, fact in here.by_id.items():
        mine, theirs = normal(plain(fact.value)), normal(plain(there.by_id[id].value))
        assert theirs == (pytest.approx(mine) if isinstance(mine, float) else mine), id


@pytest.fixture(scope="module")
def shop_file(tmp_path_factory):
    """Return a DuckDB file of the shop."""
    import duckdb

    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        fill(connection, "duckdb", DuckDB.quote, "?")
    return path


@pytest.fixture(scope="module")
def local(shop_file):
    """Return the whole profile as DuckDB measures it."""
    data = open_data((str(shop_file),))
    yield profile_data(data)
    data.close()


def same_story(here, there):
    """Keys, references, laws and time tell the same on both engines."""
    for mine in here.tables:
        theirs = there.table(mine.name)
        assert (theirs.rows, theirs.primary_key, theirs.grain, theirs.duplicates) == (
            mine.rows,
            mine.primary_key,
            mine.grain,
            mine.duplicates,
        )
        assert (theirs.time and (theirs.time.start, theirs.time.pattern)) == (mine.time and (mine.time.start, mine.time.pattern))
    assert [
        (k.table, k.columns, k.ref_table, k.orphans, k.orphan_values, k.children_p50, k.children_p99, k.nulls)
        for k in there.foreign_keys
    ] == [
        (k.table, k.columns, k.ref_table, k.orphans, k.orphan_values, k.children_p50, k.children_p99, k.nulls)
        for k in here.foreign_keys
    ]
    assert {(w.kind, w.columns, w.holds, w.of) for w in there.laws} == {(w.kind, w.columns, w.holds, w.of) for w in here.laws}


def again(data, profile):
    """Every query that a profile shows answers on its engine as it stands there, and every count comes out the same."""
    engine = data.source("sale").engine
    for fact in profile.facts:
        assert engine.technology.spelled(fact.query) == fact.query
        value = engine.value(fact.query) if fact.query else None
        if fact.method == "exact" and isinstance(fact.value, int) and not isinstance(fact.value, bool):
            assert value == fact.value, fact.query
    for key in profile.foreign_keys:
        assert len(engine.run(key.query)) == key.orphans


@pytest.mark.heavy
def test_postgresql_in_place(local, postgres_database):
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        fill(connection.cursor(), "postgresql", DuckDB.quote, "%s")
    data = open_data((postgres_database,))
    profile = profile_data(data)
    compare(local, profile)
    same_story(local, profile)
    again(data, profile)
    assert profile.engine == "postgresql"
    data.close()


@pytest.mark.heavy
def test_mysql_in_place(local, mysql_url):
    import pymysql

    with pymysql.connect(
        host="127.0.0.1",
        port=int(mysql_url.split(":")[-1].split("/")[0]),
        user="root",
        autocommit=True,
        init_command="SET time_zone='+00:00'",
    ) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE DATABASE engines CHARACTER SET utf8mb4")
        cursor.execute("USE engines")
        fill(cursor, "mysql", MySQL.quote, "%s")
    data = open_data((mysql_url.replace("/shop", "/engines"),))
    profile = profile_data(data)
    compare(local, profile)
    same_story(local, profile)
    again(data, profile)
    assert profile.engine == "mysql"
    data.close()


def test_sqlite_through_its_copy(local, tmp_path):
    path = tmp_path / "shop.sqlite"
    connection = sqlite3.connect(path)
    sqlite3.register_adapter(dt.datetime, str)
    fill_plain(connection)
    data = open_data((connection,))
    compare(local, profile_data(data))
    data.close()


def fill_plain(connection):
    for name, create, rows in tables("sqlite", DuckDB.quote):
        connection.execute(create)
        if rows:
            cells = [[v if v is None or isinstance(v, bool | int | float | str) else text(v) for v in r] for r in rows]
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", cells)


def text(value):
    if isinstance(value, dt.datetime):
        return str(value.replace(tzinfo=None))
    return float(value) if not isinstance(value, dt.date) else str(value)


def test_every_column_kind_is_compared():
    assert {"integer", "text", "number", "decimal", "date", "datetime", "zoned", "boolean"} == set(COLUMNS.values())


@pytest.mark.heavy
def test_spark_in_place(local, shop_file, spark_session, tmp_path):
    import duckdb

    assert spark_session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1 == 2  # workers, beside the driver
    with duckdb.connect(str(shop_file), read_only=True) as connection:
        for name, _, _ in tables("duckdb", DuckDB.quote):
            (tmp_path / name).mkdir()
            for part in range(2):
                some = f"SELECT * EXCLUDE part FROM (SELECT *, row_number() OVER () % 2 AS part FROM {name}) WHERE part = {part}"
                connection.execute(f"COPY ({some}) TO '{tmp_path / name / f'{part}.parquet'}'")
    frames = {name: spark_session.read.parquet(str(tmp_path / name)) for name in ("shop", "sale", "hollow")}
    data = open_data((frames,))
    profile = profile_data(data)
    compare(local, profile)
    same_story(local, profile)
    assert profile.engine == "spark"
    assert {f.method for f in profile.facts if f.id.endswith("#quantiles")} == {"approximate ±0.01 % of the rank"}
    for law in profile.laws[:5]:
        assert len(data.source(law.table).engine.run(law.query)) == law.exceptions
    data.close()
    assert not [t for t in spark_session.catalog.listTables() if t.name.startswith("dataeng_kit_")]


@pytest.mark.heavy
def test_spark_reads_a_folder_and_stops(spark_session, tmp_path):
    spark_session.range(50_000, numPartitions=2).write.parquet(str(tmp_path / "numbers"))
    data, run = open_data(((spark_session, str(tmp_path / "numbers")),)), Run()
    assert [(t.name, t.reading.rows) for t in data.tables] == [("numbers", 50_000)]
    assert data.tables[0].fingerprint.startswith("database as of")
    assert sum(map(len, data.sources[0].engine.stream(f"SELECT id FROM {data.relation('numbers')}"))) == 50_000
    engine = data.sources[0].engine
    moment = engine.value("SELECT array(TIMESTAMP '2024-01-01 00:00:00+05:00')")
    assert moment == [dt.datetime(2023, 12, 31, 19, tzinfo=dt.UTC)]
    threading.Timer(2, run.stop).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        data.rows("SELECT sum(a.id * b.id % 7) FROM range(400000) AS a CROSS JOIN range(400000) AS b", run)
    assert time.monotonic() - started < 60
    with pytest.raises(KitError, match="Spark refused"):
        data.rows("SELECT no_such_column")
    data.close()
    with pytest.raises(KitError, match="cannot read"):
        open_data(((spark_session, str(tmp_path / "nowhere")),))


def test_references_between_engines_meet_in_bounded_memory(tmp_path):
    import duckdb

    duckdb.execute(
        f"COPY (SELECT i AS order_id, 1 + i % 60007 AS customer_id FROM range(120000) AS t(i)) TO '{tmp_path / 'orders.parquet'}'"
    )
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE customers AS SELECT i AS customer_id, 'c' || i AS name FROM range(1, 60001) AS t(i)")
        data = open_data((connection, str(tmp_path)))
        assert not data.together("orders", "customers")
        profile = profile_data(data, only=frozenset({"keys", "relations"}))
        (key,) = [k for k in profile.foreign_keys if k.columns == ("customer_id",)]
        assert (key.table, key.ref_table, key.ref_columns) == ("orders", "customers", ("customer_id",))
        assert (key.orphan_values, key.children_max, key.nulls, key.parents_without) == (7, 2, 0, 0)
        engine = data.source("orders").engine
        assert len(engine.run(key.query)) == key.orphans == engine.value(profile.fact(key.fact).query) == 7
        data.close()
