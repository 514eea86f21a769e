"""Shapes that a table takes in pages, JSON and workbooks: spans, envelopes, several tables, sheets without cells."""

import json
import re
import zipfile

import openpyxl
import pytest

from dataeng_kit.data import open_data
from dataeng_kit.errors import KitError


def read(path):
    data = open_data((str(path),))
    try:
        return {
            s.table.name: ([c.name for c in s.table.columns], data.rows(f"SELECT * FROM {s.relation}"), s.table.reading)
            for s in data.sources
        }
    finally:
        data.close()


BODY = "".join(f"<tr><td>R{i}</td><td>{i}</td><td>{i * 2}</td></tr>" for i in range(1, 6))
HEADS = {
    "header_cells": "<tr><th rowspan=2>Region</th><th colspan=2>2023</th></tr><tr><th>Q1</th><th>Q2</th></tr>",
    "plain_cells": "<tr><td rowspan=2>Region</td><td colspan=2>2023</td></tr><tr><td>Q1</td><td>Q2</td></tr>",
    "a_title": "<tr><th colspan=3>Sales</th></tr><tr><th rowspan=2>Region</th><th colspan=2>2023</th></tr><tr><th>Q1</th><th>Q2</th></tr>",
}


@pytest.mark.parametrize("head", HEADS)
def test_spanned_header_cells_name_every_column_below(head, tmp_path):
    (tmp_path / "page.html").write_text(f"<html><body><table>{HEADS[head]}{BODY}</table>")
    ((names, rows, reading),) = read(tmp_path / "page.html").values()
    assert names == ["Region", "2023 Q1", "2023 Q2"]
    assert rows == [(f"R{i}", i, i * 2) for i in range(1, 6)]
    assert (reading.header, reading.lost) == (2, 0)


def test_a_cell_over_several_rows_holds_for_each(tmp_path):
    (tmp_path / "page.html").write_text(
        "<html><table><tr><th>region</th><th>shop</th><th>sales</th><th>unit</th></tr>"
        "<tr><td rowspan=2>North</td><td>A</td><td>1</td><td rowspan=99>EUR</td></tr><tr><td>B</td><td>2</td></tr>"
        "<tr><td>South</td><td>C</td><td>3</td></tr></table>"
    )
    ((_, rows, reading),) = read(tmp_path / "page.html").values()
    assert rows == [("North", "A", 1, "EUR"), ("North", "B", 2, "EUR"), ("South", "C", 3, "EUR")]
    assert reading.lost == 0


PRETTY = [json.dumps({"id": i, "name": "x\n{"}, indent=2) for i in range(3)]
ONE_TABLE = {
    "one_after_the_other": "\n".join(PRETTY),
    "with_commas_between": ",\n".join(PRETTY),
    "columns_and_rows": json.dumps({"columns": ["id", "name"], "rows": [[i, "x\n{"] for i in range(3)]}),
    "columns_with_types": json.dumps(
        {"fields": [{"name": "id", "type": "int"}, {"name": "name"}], "data": [[i, "x\n{"] for i in range(3)]}
    ),
    "split": json.dumps({"columns": ["id", "name"], "index": [0, 1, 2], "data": [[i, "x\n{"] for i in range(3)]}),
    "arrays": json.dumps([["id", "name"], *([i, "x\n{"] for i in range(3))]),
}


@pytest.mark.parametrize("shape", ONE_TABLE)
def test_json_records_in_other_shapes(shape, tmp_path):
    (tmp_path / "people.json").write_text(ONE_TABLE[shape])
    assert read(tmp_path / "people.json")["people"][:2] == (["id", "name"], [(i, "x\n{") for i in range(3)])


def test_a_damaged_object_is_told_with_its_line_and_the_rest_is_read(tmp_path):
    (tmp_path / "log.json").write_text("\n".join([PRETTY[0], '{\n  "id": oops\n}', *PRETTY[1:]]))
    _, rows, reading = read(tmp_path / "log.json")["log"]
    assert [r[0] for r in rows] == [0, 1, 2]
    assert [(r.line, r.reason) for r in reading.rejects] == [(5, "no JSON object")]


def test_an_array_of_too_many_cells_is_kept_beside_the_table(tmp_path):
    (tmp_path / "t.json").write_text(json.dumps({"columns": ["a"], "rows": [[1], [2], [3, 4]]}))
    _, rows, reading = read(tmp_path / "t.json")["t"]
    assert rows == [(1,), (2,)]
    assert reading.rejected == 1


def test_several_lists_in_one_object_are_several_tables(tmp_path):
    lines = [{"sku": "a"}, {"sku": "b"}]
    held = {"version": 1, "customers": [{"id": 1}], "orders": [{"id": 7, "customer_id": 1, "lines": lines}]}
    (tmp_path / "shop.json").write_text(json.dumps(held))
    found = read(tmp_path / "shop.json")
    assert {n: rows for n, (_, rows, _) in found.items()} == {
        "shop/customers": [(1,)], "shop/orders": [(7, 1)], "shop/orders/lines": [(7, "a"), (7, "b")],
    }  # fmt: skip


@pytest.mark.parametrize("value", [[[1, 2], [3, 4]], {"a": {"b": 1}, "c": [{"d": 1}], "e": [{"d": 1}]}, {"columns": ["a"]}, []])
def test_what_names_no_columns_is_no_table(value, tmp_path):
    (tmp_path / "t.json").write_text(json.dumps(value))
    with pytest.raises(KitError, match="No table"):
        read(tmp_path / "t.json")


def test_a_chart_sheet_without_a_chart_is_passed_over(tmp_path):
    book = openpyxl.Workbook()
    for row in [("id", "value"), (1, 2), (2, 3)]:
        book.active.append(row)
    book.create_chartsheet("Chart")
    book.save(tmp_path / "made.xlsx")
    with zipfile.ZipFile(tmp_path / "made.xlsx") as made, zipfile.ZipFile(tmp_path / "empty.xlsx", "w") as empty:
        for name in made.namelist():
            if not name.startswith(("xl/chartsheets/_rels", "xl/drawings")):
                empty.writestr(name, re.sub(rb"<drawing[^>]*/>", b"", made.read(name)))
    assert read(tmp_path / "empty.xlsx")["empty"][:2] == (["id", "value"], [(1, 2), (2, 3)])


def test_a_workbook_is_known_by_its_content(tmp_path):
    book = openpyxl.Workbook()
    for row in [("id", "value"), (1, 2), (2, 3)]:
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as sent:
        sent.write(tmp_path / "book.xlsx", "book.xlsx")
    (tmp_path / "book.xlsx").rename(tmp_path / "book.ods")
    for name in ("book.ods", "sent.zip"):
        ((names, rows, _),) = read(tmp_path / name).values()
        assert (names, rows) == (["id", "value"], [(1, 2), (2, 3)])


def test_an_opendocument_workbook_is_read_or_said_how_to_save(tmp_path):
    path = tmp_path / "book.ods"
    try:
        import odf  # noqa: F401  # only whether it is there
        import pandas
    except ImportError:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        with pytest.raises(KitError, match=r"Save it as \.xlsx"):
            read(path)
        return
    pandas.DataFrame({"id": [1, 2], "day": pandas.to_datetime(["2024-01-31", "2024-02-29"])}).to_excel(str(path), index=False)
    names, rows, _ = read(path)["book"]
    assert (names, [(r[0], str(r[1])) for r in rows]) == (["id", "day"], [(1, "2024-01-31"), (2, "2024-02-29")])
