"""One catalogue, many engines: each engine's facts equal DuckDB's on the same rows, within the method it declares."""

import datetime as dt
import re
import sqlite3

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.nouns.base import plain
from dataeng_kit.profile import profile_data
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.mysql import MySQL
from tests.profile.made_engines import COLUMNS, tables

ONLY = frozenset({"columns", "keys", "relations"})
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
        if there.by_id[id].method.startswith("approximate"):
            assert len(theirs) == len(mine), id
            continue
        assert theirs == (pytest.approx(mine) if isinstance(mine, float) else mine), id


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """Return the whole profile and the facts alone, measured by DuckDB."""
    import duckdb

    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        fill(connection, "duckdb", DuckDB.quote, "?")
    data = open_data((str(path),))
    yield profile_data(data), profile_data(data, only=ONLY)
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
    compare(local[1], profile_data(data, only=ONLY))
    same_story(local[0], profile)
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
    compare(local[1], profile_data(data, only=ONLY))
    same_story(local[0], profile)
    again(data, profile)
    assert profile.engine == "mysql"
    data.close()


def test_sqlite_through_its_copy(local, tmp_path):
    path = tmp_path / "shop.sqlite"
    connection = sqlite3.connect(path)
    sqlite3.register_adapter(dt.datetime, str)
    fill_plain(connection)
    data = open_data((connection,))
    compare(local[1], profile_data(data, only=ONLY))
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
