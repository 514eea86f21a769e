"""One catalogue, two engines: PostgreSQL's facts equal DuckDB's on the same rows; declared keys are read and checked."""

import csv
import random

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.nouns.base import plain
from dataeng_kit.profile import profile_data

psycopg = pytest.importorskip("psycopg")
ONLY = frozenset({"columns", "keys", "relations"})


def rows():
    rnd = random.Random(11)
    return [
        [
            i,
            rnd.choice(["red", "blue", "green"]),
            rnd.randint(1, 20),
            f"2024-0{rnd.randint(1, 9)}-1{rnd.randint(0, 9)}",
            round(rnd.random() * 100, 2),
        ]
        for i in range(1, 401)
    ]


@pytest.mark.heavy
def test_postgres_equals_duckdb(tmp_path, postgres_database):
    header = ["sale_id", "colour", "shop_id", "sold_on", "price"]
    sales = rows()
    with psycopg.connect(postgres_database, autocommit=True) as c:
        c.execute("CREATE TABLE shop (shop_id bigint PRIMARY KEY, town text)")
        c.execute(
            "CREATE TABLE sale (sale_id bigint PRIMARY KEY, colour text, shop_id bigint REFERENCES shop, sold_on date, price double precision)"
        )
        c.cursor().executemany("INSERT INTO shop VALUES (%s, %s)", [(i, f"Town {i}") for i in range(1, 21)])
        c.cursor().executemany("INSERT INTO sale VALUES (%s, %s, %s, %s, %s)", sales)
    for name, head, body in (("sale", header, sales), ("shop", ["shop_id", "town"], [[i, f"Town {i}"] for i in range(1, 21)])):
        with (tmp_path / f"{name}.csv").open("w", newline="") as f:
            csv.writer(f).writerows([head, *body])
    there, here = open_data((postgres_database,)), open_data((str(tmp_path),))
    try:
        remote, local = profile_data(there, only=ONLY), profile_data(here, only=ONLY)
    finally:
        there.close()
        here.close()
    assert remote.engine == "postgresql"
    assert remote.by_id.keys() == local.by_id.keys()
    for id, fact in local.by_id.items():
        mine, theirs = plain(fact.value), plain(remote.by_id[id].value)
        assert theirs == (pytest.approx(mine) if isinstance(mine, float) else mine), id
    assert remote.table("sale").key_reasons[0] == "declared by the database"
    key = next(k for k in remote.foreign_keys if k.table == "sale")
    assert (key.ref_table, key.orphans, key.declared) == ("shop", 0, True)
