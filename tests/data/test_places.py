"""What is data, what is skipped and why, and how tables and columns are called."""

from __future__ import annotations

import json

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.errors import KitError


@pytest.fixture
def folder(tmp_path):
    def put(**files: str):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path

    return lambda files: put(**files)


TABLE = "id,name\n1,a\n2,b\n"


def names(where, **kw):
    data = open_data((str(where),), **kw)
    try:
        return sorted(t.name for t in data.tables), {s.path.rsplit("/", 1)[-1]: s for s in data.skipped}
    finally:
        data.close()


def test_only_data_is_read_and_the_rest_is_listed(folder):
    where = folder(
        {
            "orders.csv": TABLE,
            "CLAUDE.md": "# x",
            "make.py": "1",
            "README": "x",
            "README.csv": TABLE,
            "LICENSE.txt": "x",
            "readme.txt": "x",
            ".hidden.csv": TABLE,
            ".dataeng_kit__cache.csv": TABLE,
            "dataeng_kit.toml": "",
            "truth.json": json.dumps({"a": {"b": 1}, "c": [1, 2]}),
            "picture.png": "x",
            "licenses.csv": TABLE,
            "people.json": json.dumps([{"id": 1}, {"id": 2}]),
        }
    )
    found, skipped = names(where)
    assert found == ["licenses", "orders", "people"]
    assert "records" in skipped["truth.json"].why
    assert not any(s.bad for s in skipped.values())
    assert {
        "CLAUDE.md",
        "make.py",
        "README",
        "README.csv",
        "LICENSE.txt",
        "readme.txt",
        ".hidden.csv",
        "dataeng_kit.toml",
        "picture.png",
    } <= set(skipped)


def test_one_bad_file_among_good_ones_is_no_error(folder):
    where = folder({"good.csv": TABLE})
    (where / "bad.parquet").write_bytes(b"PAR1 not really")
    (where / "worse.csv").write_bytes(bytes(range(256)) * 20)
    (where / "empty.csv").write_bytes(b"")
    found, skipped = names(where)
    assert found == ["good"]
    assert skipped["empty.csv"].bad
    assert skipped["bad.parquet"].bad
    assert skipped["worse.csv"].bad


def test_nothing_readable_is_an_error(tmp_path):
    (tmp_path / "CLAUDE.md").write_text("x")
    with pytest.raises(KitError, match="No table"):
        open_data((str(tmp_path),))
    with pytest.raises(KitError, match="does not exist"):
        open_data((str(tmp_path / "nowhere"),))
    with pytest.raises(KitError, match="does not exist"):
        open_data((str(tmp_path / "*.csv"),))


def test_a_clash_keeps_the_ending_or_the_folder(folder):
    where = folder(
        {
            "orders.csv": TABLE,
            "orders.tsv": TABLE.replace(",", "\t"),
            "a__items.csv": TABLE,
            "b__items.csv": TABLE,
            "a__x.csv": TABLE,
        }
    )
    assert names(where)[0] == ["a/items", "b/items", "orders.csv", "orders.tsv", "x"]


def test_parts_of_a_sub_folder_are_one_table(folder):
    where = folder(
        {
            "daily__2024-01-01.csv": TABLE,
            "daily__2024-01-02.csv": TABLE.replace("1,a", "3,c"),
            "2024_a.csv": TABLE,
            "2025_a.csv": TABLE,
        }
    )
    data = open_data((str(where),))
    assert sorted(t.name for t in data.tables) == ["2024_a", "2025_a", "daily"]
    daily = data.source("daily").table
    assert daily.parts == ("daily/2024-01-01.csv", "daily/2024-01-02.csv")
    assert daily.reading.rows == 4
    assert data.rows(f"SELECT count(*) FROM {data.relation('daily')}") == [(4,)]
    assert data.together("daily", "2024_a")
    data.close()


def test_look_alikes_and_drifted_parts_stay_apart(folder):
    where = folder(
        {
            "shops__north.csv": TABLE,
            "shops__south.csv": TABLE,
            "log__1.csv": TABLE,
            "log__2.csv": TABLE,
            "log__3.csv": "id,name,more\n1,a,x\n",
        }
    )
    data = open_data((str(where),))
    assert sorted(t.name for t in data.tables) == ["3", "log", "north", "south"]
    said = " ".join(data.source("log").table.reading.problems)
    assert "3.csv" in said
    assert "more: more" in said
    data.close()


def test_several_places_prefix_on_clash(folder, tmp_path):
    where = folder({"a__t.csv": TABLE, "b__t.csv": TABLE, "b__u.csv": TABLE})
    data = open_data((str(where / "a"), str(where / "b")))
    assert sorted(t.name for t in data.tables) == ["a/t", "b/t", "u"]
    assert {s.table.name: s.place for s in data.sources} == {"a/t": 0, "b/t": 1, "u": 1}
    data.close()


def test_parts_of_two_places_are_never_joined(folder):
    where = folder(
        {"a__d__2024-01.csv": TABLE, "a__d__2024-02.csv": TABLE, "b__d__2024-03.csv": TABLE, "b__d__2024-04.csv": TABLE}
    )
    data = open_data((str(where / "a"), str(where / "b")))
    assert sorted((t.name, t.reading.rows) for t in data.tables) == [("a/d", 4), ("b/d", 4)]
    data.close()


def test_folders_of_key_and_value_become_columns(folder):
    where = folder(
        {
            "sales__year=2024__region=north%20sea__part-0.csv": TABLE,
            "sales__year=2025__region=south__y.csv": TABLE,
            "one__day=2024-05-06__t.csv": TABLE,
        }
    )
    unknown = where / "sales" / "year=2024" / "region=__HIVE_DEFAULT_PARTITION__" / "x.csv"
    unknown.parent.mkdir()
    unknown.write_text(TABLE)
    data = open_data((str(where),))
    sales = data.source("sales").table
    assert [(c.name, c.type) for c in sales.columns][-2:] == [("year", "integer"), ("region", "text")]
    assert "column 'year' comes from the folders year=…" in sales.reading.evidence
    rows = data.rows(f"SELECT year, region, count(*) FROM {data.relation('sales')} GROUP BY 1, 2 ORDER BY 1, 2 NULLS LAST")
    assert rows == [(2024, "north sea", 2), (2024, None, 2), (2025, "south", 2)]
    assert data.source("one").table.column("day").type == "date"
    data.close()
    data = open_data((str(where / "sales"),))
    assert [t.name for t in data.tables] == ["sales"]
    data.close()


def test_names_that_differ_by_case_only(folder):
    where = folder({"x__T.csv": "Id,id,ID\n1,2,3\n", "y__t.csv": TABLE})
    data = open_data((str(where),))
    assert [c.name for c in data.source("x/T").table.columns] == ["Id", "id_2", "ID_3"]
    data.close()


def test_fingerprints_follow_the_content(folder):
    where = folder({"t.csv": TABLE})

    def seen() -> str:
        data = open_data((str(where),))
        data.close()
        return data.tables[0].fingerprint

    before = seen()
    assert seen() == before
    (where / "t.csv").write_text(TABLE + "3,c\n")
    assert seen() != before
