"""One small, hostile shop for every engine: the same rows as Python values, and what each engine needs to hold them."""

import datetime as dt
import random
from decimal import Decimal

COLUMNS = {
    "sale_id": "integer",
    'odd "name` ü': "text",
    "v": "text",
    "n": "number",
    "price": "decimal",
    "shop_id": "integer",
    "sold_on": "date",
    "seen_at": "datetime",
    "zoned": "zoned",
    "paid": "boolean",
    "empty": "text",
    "order": "integer",
}
WORDS = ("Zoë", "zoë", "Zoe", "", " ", "x ", "x", "N/A", "n/a", "😀😀", "it's", "back\\slash", "%s", "O'Brien", "Ünïcode")


def sales(rows: int = 300) -> list[tuple]:
    """Return the rows of the table of sales: nulls, blanks, words that only collate alike, emoji, zoned moments, decimals."""
    rnd = random.Random(11)
    start = dt.datetime(2024, 1, 1, 6, 30)
    made = []
    for i in range(1, rows + 1):
        seen = start + dt.timedelta(hours=7 * i, microseconds=1000 * (i % 7))
        made.append((
            i,
            rnd.choice((*WORDS, None)),
            f"k{rnd.randint(1, 40)}",
            None if i % 11 == 0 else rnd.randint(0, 400) / 8,
            Decimal(rnd.randint(0, 90_000)) / 100,
            None if i % 13 == 0 else rnd.choice((*range(1, 21), 99)),
            dt.date(1970, 1, 1) if i % 50 == 0 else seen.date(),
            seen,
            (seen + dt.timedelta(hours=2)).replace(tzinfo=dt.UTC),
            None if i % 17 == 0 else bool(rnd.getrandbits(1)),
            None,
            rnd.randint(-5, 5),
        ))  # fmt: skip
    return made


SHOPS = [(i, f"Town {i}") for i in range(1, 21)]
TYPES = {
    "duckdb": {
        "integer": "BIGINT", "text": "VARCHAR", "number": "DOUBLE", "decimal": "DECIMAL(10, 2)", "date": "DATE",
        "datetime": "TIMESTAMP", "zoned": "TIMESTAMPTZ", "boolean": "BOOLEAN",
    },
    "postgresql": {
        "integer": "bigint", "text": "text", "number": "double precision", "decimal": "numeric(10, 2)", "date": "date",
        "datetime": "timestamp", "zoned": "timestamptz", "boolean": "boolean",
    },
    "mysql": {
        "integer": "BIGINT", "text": "VARCHAR(60)", "number": "DOUBLE", "decimal": "DECIMAL(10, 2)", "date": "DATE",
        "datetime": "DATETIME(6)", "zoned": "TIMESTAMP(6) NULL", "boolean": "BOOLEAN",
    },
    "sqlite": {
        "integer": "INTEGER", "text": "TEXT", "number": "REAL", "decimal": "DECIMAL(10, 2)", "date": "DATE",
        "datetime": "TIMESTAMP", "zoned": "TIMESTAMP", "boolean": "BOOLEAN",
    },
}  # fmt: skip


def tables(engine: str, quote) -> list[tuple[str, str, list[tuple]]]:
    """Return (name, CREATE TABLE, rows) of every table, parents first."""
    types = TYPES[engine]
    columns = ", ".join(f"{quote(n)} {types[t]}" for n, t in COLUMNS.items())
    keys = ", PRIMARY KEY (sale_id)"
    return [
        ("shop", f"CREATE TABLE shop (shop_id {types['integer']} PRIMARY KEY, town {types['text']})", SHOPS),
        ("sale", f"CREATE TABLE sale ({columns}{keys})", sales()),
        ("hollow", f"CREATE TABLE hollow (a {types['integer']}, b {types['text']}, c {types['date']})", []),
    ]
