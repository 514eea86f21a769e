"""Column facts against Python's own arithmetic, on ordinary and on hostile tables."""

import csv
import datetime as dt
import math
import statistics
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit.data import open_data
from dataeng_kit.profile import profile_data
from dataeng_kit.profile.sentinels import find_sentinels, mask

COLUMNS = frozenset({"columns", "keys"})


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(header)
        out.writerows(rows)


def measured(folder, only=COLUMNS):
    data = open_data((str(folder),))
    try:
        return profile_data(data, only=only)
    finally:
        data.close()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(-1000, 1000), st.sampled_from(["red", "blue", "green", ""])), min_size=5, max_size=60))
def test_counts_equal_python(rows):
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "t.csv", ["n", "colour"], rows)
        table = measured(folder).table("t")
    numbers, colours = [n for n, _ in rows], [c for _, c in rows if c]
    n = table.column("n")
    assert (n.rows, n.nulls, n.distinct, n.min, n.max) == (len(rows), 0, len(set(numbers)), min(numbers), max(numbers))
    assert math.isclose(n.mean, statistics.mean(numbers), abs_tol=1e-9)
    assert n.quantiles[2] == sorted(numbers)[max(1, math.ceil(0.5 * len(numbers))) - 1]
    assert dict(n.top) == dict(sorted(Counter(numbers).items(), key=lambda i: (-i[1], i[0]))[:10])
    if "colour" in [c.name for c in table.columns] and colours:
        colour = table.column("colour")
        assert (colour.nulls, colour.distinct) == (len(rows) - len(colours), len(set(colours)))


def test_hostile_names_and_empty_tables(tmp_path):
    names = ['a"b', "c'd", "😀", "x" * 500, "{c}", "%s", "drop table;--", "a.b#c", "select"]
    write(
        tmp_path / "odd 'name'.csv", names, [[i, 2 * i, f"t{i}", "2024-01-01", i / 3, "", "N/A", "o'k", "é"] for i in range(40)]
    )
    (tmp_path / "header.csv").write_text("a,b\n", "utf-8")
    (tmp_path / "nothing.csv").write_text("", "utf-8")
    profile = measured(tmp_path, None)
    odd = profile.table("odd 'name'")
    assert [c.name for c in odd.columns] == names
    assert odd.rows == 40
    assert odd.primary_key == ('a"b',)
    assert profile.table("header").rows == 0
    assert profile.table("header").primary_key is None


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(-500, 500), min_size=5, max_size=80), st.booleans())
def test_histograms_count_every_row_once(numbers, dates):
    values = [dt.date(2020, 1, 1) + dt.timedelta(days=n) for n in numbers] if dates else numbers
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "t.csv", ["id", "x"], list(enumerate(values)))
        column = measured(folder).table("t").column("x")
    assert len(column.histogram) <= 20
    assert sum(n for *_, n in column.histogram) == (len(numbers) if len(set(numbers)) > 1 else 0)
    for at, (low, high, n) in enumerate(column.histogram):
        inside = [v for v in (map(str, values) if dates else values) if low <= v < high]
        ends = at in (0, len(column.histogram) - 1)  # what lies beyond them is counted there
        assert n == len(inside) or (ends and n > len(inside))


def test_a_placeholder_does_not_flatten_the_picture(tmp_path):
    write(tmp_path / "t.csv", ["x"], [[i] for i in range(1000)] + [[999_999_999]])
    histogram = measured(tmp_path).table("t").column("x").histogram
    assert len(histogram) > 5
    assert histogram[-1][1] < 10_000


def test_wide_tables_answer(tmp_path):
    import duckdb

    fields = ", ".join(f"(r * {i}) % 97 AS c{i}" for i in range(1, 1201))
    duckdb.execute(f"COPY (SELECT {fields} FROM range(30) AS x(r)) TO '{tmp_path / 'wide.parquet'}'")
    table = measured(tmp_path, frozenset({"columns"})).table("wide")
    assert len(table.columns) == 1200
    assert table.column("c7").distinct == len({r * 7 % 97 for r in range(30)})
    assert sum(n for *_, n in table.column("c7").histogram) == 30
    assert table.column("c7").top[0] == (0, 1)


def test_masks_and_blanks(tmp_path):
    write(tmp_path / "t.csv", ["code", "pad"], [[f"AB-{i:03d}", " x" if i % 2 else "yy"] for i in range(50)])
    table = measured(tmp_path).table("t")
    assert table.column("code").masks == (("AA-999", 50),)
    assert table.column("code").unique
    assert mask("Zoë 12") == "Aaa 99"


def test_sentinels_are_told_from_values():
    dates = [("1970-01-01", 7), ("2024-05-01", 1)]
    assert find_sentinels("date", dates, {"min": "1970-01-01"}) == [("1970-01-01", 7)]
    assert find_sentinels("text", [("N/A", 3), ("available", 9)], {}) == [("N/A", 3)]
    assert find_sentinels("integer", [(-1, 4), (3, 2)], {"min": -1, "max": 3}) == [(-1, 4)]
    serial = [(n, 1) for n in range(995, 1005)]
    assert find_sentinels("integer", serial, {"min": 1, "max": 2000}) == []
