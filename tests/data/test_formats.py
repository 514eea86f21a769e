"""Every format but delimited text: the same small tables, written by the format's own library, read back."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import sqlite3
import zipfile

import duckdb
import pytest

from dataeng_kit.data import open_data, read_answer, write_clean
from dataeng_kit.nouns import DeclaredKey


@pytest.fixture
def opened():
    held = []

    def open_(*where):
        held.append(open_data(tuple(w if not hasattr(w, "__fspath__") else str(w) for w in where)))
        return held[-1]

    yield open_
    for data in held:
        data.close()


def types(data, name):
    return {c.name: c.type for c in data.source(name).table.columns}


def test_excel_sheets_with_notes_above_and_below(tmp_path, opened):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sales"
    for row in (
        ["Quarterly sales", None, None],
        ["draft", None, "by us"],
        [None] * 3,
        ["item", "sold on", "paid"],
        ["A1", dt.datetime(2024, 1, 5), True],
        ["B2", dt.datetime(2024, 2, 6), False],
        ["C3", dt.datetime(2024, 3, 7), True],
        [None] * 3,
        ["Source: till", None, None],
    ):
        sheet.append(row)
    book.create_sheet("Stock").append(["k", "n"])
    book["Stock"].append(["x", 4.0])
    book.create_sheet("Empty")
    book.save(tmp_path / "w.xlsx")
    data = opened(tmp_path / "w.xlsx")
    assert [t.name for t in data.tables] == ["w/Sales", "w/Stock"]
    assert types(data, "w/Sales") == {"item": "text", "sold on": "date", "paid": "boolean"}
    assert data.source("w/Sales").table.reading.rows == 3
    assert types(data, "w/Stock") == {"k": "text", "n": "integer"}


def test_nested_json_becomes_child_tables_with_keys(tmp_path, opened):
    file = tmp_path / "orders.json"
    file.write_text(
        json.dumps(
            {
                "count": 2,
                "orders": [
                    {
                        "id": 11,
                        "who": {"name": "A", "zip": "01234"},
                        "lines": [{"sku": "x", "n": 1}, {"sku": "y", "n": 2}],
                        "tags": ["p", "q"],
                    },
                    {"id": 12, "who": {"name": "B"}, "lines": []},
                ],
            }
        )
    )
    data = opened(file)
    assert types(data, "orders") == {"id": "integer", "who.name": "text", "who.zip": "text", "tags": "text"}
    child = data.source("orders/lines").table
    assert child.declared == (DeclaredKey("foreign", ("parent_id",), "orders", ("id",)),)
    assert data.rows(f"SELECT parent_id, sku, n FROM {data.relation('orders/lines')} ORDER BY n") == [(11, "x", 1), (11, "y", 2)]


def test_broken_lines_of_ndjson_are_kept_with_their_number(tmp_path):
    file = tmp_path / "log.ndjson"
    file.write_text('{"a": 1}\n{"a": 2}\n{broken\n{"a": 3}\n')
    answer = read_answer(file)
    assert [r["line"] for r in answer["rejected"]] == [3]
    assert answer["lost_rows"] == 0
    assert len(answer["rows"]) == 3
    written = write_clean(file, tmp_path / "out.parquet")
    assert [p.name for p in written] == ["out.parquet", "out.rejected.csv"]
    assert duckdb.sql(f"SELECT sum(a) FROM '{written[0]}'").fetchall() == [(6,)]


def test_parquet_stays_a_view_and_wide_parquet_is_loaded(tmp_path, opened):
    duckdb.sql("SELECT i, 'x' || i AS t FROM range(10) r(i)").write_parquet(str(tmp_path / "n.parquet"))
    wide = ", ".join(f"{i} AS c{i}" for i in range(120))
    duckdb.sql(f"SELECT {wide}").write_parquet(str(tmp_path / "wide.parquet"))
    data = opened(tmp_path)
    kinds = dict(data.rows("SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'main'"))
    assert kinds == {"n": "VIEW", "wide": "BASE TABLE"}


def test_arrow_and_frames(tmp_path, opened):
    import pandas as pd
    import polars as pl

    frame = pl.DataFrame({"a": [1, 2], "b": ["x", None]})
    frame.write_ipc(tmp_path / "f.feather")
    data = opened(
        tmp_path / "f.feather",
        frame,
        {"cars": pd.DataFrame({"k": ["u", "v"], "d": pd.to_datetime(["2024-01-01", "2024-01-02"])})},
    )
    assert {t.name for t in data.tables} == {"f", "frame", "cars"}
    assert types(data, "cars") == {"k": "text", "d": "datetime"}
    assert data.together("f", "frame", "cars")


def test_mixed_objects_of_a_frame_become_text(opened):
    import pandas as pd

    data = opened(pd.DataFrame({"v": [*range(3_000), {"x": 1}, "word"], "n": range(3_002)}))
    assert types(data, "frame") == {"v": "text", "n": "integer"}


def test_sqlite_brings_its_keys(tmp_path, opened):
    connection = sqlite3.connect(tmp_path / "shop.sqlite")
    connection.executescript("""CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT UNIQUE, zip TEXT, born DATE);
        CREATE TABLE "order"(no INTEGER, line INTEGER, person INTEGER REFERENCES person(id), at TIMESTAMP, PRIMARY KEY(no, line));
        INSERT INTO person VALUES (1, 'A', '007', '2000-02-03'), (2, '', NULL, NULL);
        INSERT INTO "order" VALUES (1, 1, 1, '2024-01-01 10:00:00');""")
    data = opened(tmp_path / "shop.sqlite")
    assert types(data, "person") == {"id": "integer", "name": "text", "zip": "text", "born": "date"}
    assert data.source("order").table.declared == (
        DeclaredKey("primary", ("no", "line")),
        DeclaredKey("foreign", ("person",), "person", ("id",)),
    )
    assert DeclaredKey("unique", ("name",)) in data.source("person").table.declared
    assert data.rows("SELECT name, zip FROM person ORDER BY id") == [("A", "007"), ("", None)]
    again = opened(connection, f"sqlite:///{tmp_path / 'shop.sqlite'}")
    assert len(again.tables) == 4
    connection.close()


def test_duckdb_files_are_attached_with_keys_and_schemas(tmp_path, opened):
    with duckdb.connect(str(tmp_path / "d.duckdb")) as connection:
        connection.execute(
            "CREATE SCHEMA x; CREATE TABLE x.a(i INTEGER PRIMARY KEY); CREATE TABLE b(i INTEGER UNIQUE, t VARCHAR); INSERT INTO b VALUES (1, 'q')"
        )
    (tmp_path / "c.csv").write_text("i,n\n1,2\n")
    data = opened(tmp_path)
    assert sorted(t.name for t in data.tables) == ["b", "c", "x.a"]
    assert data.source("x.a").table.declared == (DeclaredKey("primary", ("i",)),)
    assert data.together("b", "c")
    assert data.rows(f"SELECT t, n FROM {data.relation('b')} JOIN {data.relation('c')} USING (i)") == [("q", 2)]


def test_markup(tmp_path, opened):
    (tmp_path / "page.xls").write_text(
        "<html><body><table><tr><th>id</th><th>name</th></tr><tr><td>1</td><td>A &amp; B</td></tr><tr><td>2<td>C</table></body></html>"
    )
    (tmp_path / "list.xml").write_text(
        '<list><item id="1"><name>a</name></item><item id="2"><name>b</name><more><x>5</x></more></item></list>'
    )
    data = opened(tmp_path)
    assert data.rows(f"SELECT * FROM {data.relation('page')}") == [(1, "A & B"), (2, "C")]
    assert types(data, "list") == {"id": "integer", "name": "text", "more.x": "integer"}


def test_packed_files(tmp_path, opened):
    (tmp_path / "claims.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as z:
        z.writestr("../../evil.csv", "a,b\n1,2\n")
        z.writestr("second.csv", "k;v\n1;2,5\n2;3,5\n")
        z.writestr("README.md", "x")
    data = opened(tmp_path)
    assert sorted(t.name for t in data.tables) == ["claims", "z/evil", "z/second"]
    assert not (tmp_path.parent.parent / "evil.csv").exists()


def test_blank_delimited_without_header(tmp_path, opened):
    (tmp_path / "sample.txt").write_text(
        "\n".join(f" {i:05d}  1997010{i % 9 + 1}  {i * 3 % 7} {i * 1.5:8.2f}" for i in range(1, 40)) + "\n"
    )
    data = opened(tmp_path / "sample.txt")
    assert [c.type for c in data.tables[0].columns] == ["text", "integer", "integer", "number"]
    assert data.tables[0].reading.rows == 39


def test_fixed_width_columns(tmp_path, opened):
    rows = [("Anna Lund", "Oslo", "12.50"), ("Bo", "New York", "3.25"), ("Cara de Sá", "Rio de Janeiro", "100.75")] * 5
    text = "".join(f"{a:<14}{b:<18}{c:>8}\n" for a, b, c in [("full name", "town", "amount"), *rows])
    (tmp_path / "t.txt").write_text(text, "utf-8")
    data = opened(tmp_path / "t.txt")
    assert types(data, "t") == {"full name": "text", "town": "text", "amount": "number"}
    assert data.rows("SELECT count(*), sum(amount) FROM t") == [(15, 582.5)]


def test_records_in_an_envelope(tmp_path):
    file = tmp_path / "t.json"
    file.write_text('{"meta": {"page": 1}, "data": [{"x": 1}, {"x": 2}]}')
    assert read_answer(file)["rows"] == [["1"], ["2"]]
