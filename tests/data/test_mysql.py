"""MySQL where it lies, on a real MariaDB: rows, types, declared keys, comments, change times, Stop, and no word of the password."""

import datetime as dt
import threading
import time

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.profile import profile_data
from dataeng_kit.run import Run

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def shop(mysql_url):
    import pymysql

    host = mysql_url.split("@")[1]
    with pymysql.connect(
        host="127.0.0.1", port=int(host.split(":")[1].split("/")[0]), user="root", database="shop", autocommit=True
    ) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(40) COMMENT 'as printed', born DATE) COMMENT 'people'"
        )
        cursor.execute(
            "CREATE TABLE `odd ``orders` (order_id BIGINT PRIMARY KEY, customer_id INT, placed DATETIME, total DECIMAL(10,2), paid TINYINT(1),"
            " FOREIGN KEY (customer_id) REFERENCES customers (id))"
        )
        cursor.executemany(
            "INSERT INTO customers VALUES (%s, %s, %s)", [(i, f"Zoë {i}", dt.date(1970, 1, 1 + i % 28)) for i in range(1, 51)]
        )
        rows = [
            (1000 + i, i % 50 + 1 if i % 10 else None, dt.datetime(2024, 1, 1 + i % 28, 8), i + 0.25, i % 2) for i in range(400)
        ]
        cursor.executemany("INSERT INTO `odd ``orders` VALUES (%s, %s, %s, %s, %s)", rows)
    return mysql_url


def test_every_row_type_and_declared_key(shop):
    data = open_data((shop,))
    tables = {t.name: t for t in data.tables}
    assert set(tables) == {"customers", "odd `orders"}
    orders = tables["odd `orders"]
    assert [c.type for c in orders.columns] == ["integer", "integer", "datetime", "number", "boolean"]
    assert (tables["customers"].comment, tables["customers"].column("name").comment) == ("people", "as printed")
    assert data.source("customers").engine.technology.id == "mysql"
    assert {(k.kind, k.columns, k.ref_table) for k in orders.declared} >= {
        ("primary", ("order_id",), ""),
        ("foreign", ("customer_id",), "customers"),
    }
    assert data.rows(f"SELECT count(*), sum(total) FROM {data.relation('odd `orders')}") == [(400, 79900.0)]
    assert data.rows(f"SELECT name FROM {data.relation('customers')} WHERE id = 7") == [("Zoë 7",)]
    profile = profile_data(data)
    (key,) = profile.foreign_keys
    assert (key.table, key.columns, key.ref_table, key.orphans, key.nulls) == (
        "odd `orders",
        ("customer_id",),
        "customers",
        0,
        40,
    )
    data.close()


def test_stop_kills_the_server_s_query(shop):
    data, run = open_data((shop,)), Run()
    threading.Timer(0.5, run.stop).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        data.rows("SELECT count(*) FROM customers a, customers b, customers c, customers d, customers e, customers f", run)
    assert time.monotonic() - started < 15
    assert data.rows("SELECT 1") == [(1,)]
    with pytest.raises(KitError, match="READ ONLY"):
        data.rows("DELETE FROM customers")
    data.close()


def test_a_change_moves_the_fingerprint_and_a_view_is_as_of_now(shop):
    import pymysql

    at = pymysql.connect(
        host="127.0.0.1", port=int(shop.split(":")[-1].split("/")[0]), user="root", database="shop", autocommit=True
    )
    with at as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE moving (id INT PRIMARY KEY, word TEXT)")
        cursor.execute("INSERT INTO moving VALUES (1, 'a')")
        cursor.execute("CREATE VIEW seen AS SELECT id FROM moving")

        def prints():
            data = open_data((shop,))
            held = {t.name: t.fingerprint for t in data.tables}
            data.close()
            return held

        before = prints()
        assert prints()["moving"] == before["moving"]
        assert before["seen"].startswith("database as of 2")
        time.sleep(1.1)
        cursor.execute("UPDATE moving SET word = 'b'")
        assert prints()["moving"] != before["moving"]
        data = open_data((connection,))
        assert data.source("moving").table.reading.rows == 1
        data.close()
        cursor.execute("SELECT word FROM moving")
        assert cursor.fetchall() == (("b",),)
        cursor.execute("DROP VIEW seen")
        cursor.execute("DROP TABLE moving")


def test_a_wrong_password_is_not_repeated(shop):
    with pytest.raises(KitError) as refused:
        open_data((shop.replace("root@", "nobody:hunter2@"),))
    assert "hunter2" not in str(refused.value)


def test_another_driver_with_a_dialect_is_copied_with_its_keys(shop):
    import pymysql

    class Driver:
        """A connection of a library the kit does not know."""

        def __init__(self, inner):
            self.cursor = inner.cursor

    at = {"host": "127.0.0.1", "port": int(shop.split(":")[-1].split("/")[0]), "user": "root", "database": "shop"}
    with pymysql.connect(**at) as connection:
        data = open_data(((Driver(connection), "MariaDB"),))
    orders = data.source("odd `orders").table
    assert data.source("odd `orders").engine.technology.id == "duckdb"
    assert orders.reading.rows == 400
    assert {(k.kind, k.columns, k.ref_table) for k in orders.declared} >= {
        ("primary", ("order_id",), ""),
        ("foreign", ("customer_id",), "customers"),
    }
    data.close()
