"""MySQL by its URL, on a real MariaDB: every row, types, declared keys, comments; and Stop's error without the password."""

import datetime as dt

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.errors import KitError
from dataeng_kit.profile import profile_data

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
    assert [c.type for c in orders.columns[:4]] == ["integer", "integer", "datetime", "number"]
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


def test_a_wrong_password_is_not_repeated(shop):
    with pytest.raises(KitError) as refused:
        open_data((shop.replace("root@", "nobody:hunter2@"),))
    assert "hunter2" not in str(refused.value)
