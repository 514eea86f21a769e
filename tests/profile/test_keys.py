"""Keys: chosen with reasons, composite ones proved, almost-keys with their repeats, the user's word first."""

import csv

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.nouns import Inputs
from dataeng_kit.profile import profile_data
from dataeng_kit.profile.names import looks_key, shared_prefix, stem, words

KEYS = frozenset({"keys"})


def table(folder, name, header, rows, **inputs):
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as f:
        csv.writer(f).writerows([header, *rows])
    data = open_data((str(folder),))
    found = profile_data(data, inputs=Inputs(**inputs), only=KEYS)
    proofs = [(t, data.sources[0].engine.value(t.grain_query)) for t in found.tables if t.grain_query]
    assert all(n == (0 if t.primary_key else t.duplicates) for t, n in proofs)
    data.close()
    return found.table(name)


def test_single_key_by_position_and_name(tmp_path):
    rows = [[f"user{i}@example.com", i + 100, f"Name {i}"] for i in range(30)]
    found = table(tmp_path, "customers", ["email", "customer_id", "name"], rows)
    assert found.primary_key == ("customer_id",)
    assert any("unique" in r for r in found.key_reasons)
    assert found.grain == "One row per customer_id"
    assert ("email",) in [k.columns for k in found.candidate_keys]


def test_composite_key_of_lines(tmp_path):
    rows = [[o, line, 7 * o % 11, line * 2] for o in range(60) for line in range(1, 4)]
    found = table(tmp_path, "order_lines", ["order_id", "line_no", "product_id", "qty"], rows)
    assert found.primary_key == ("order_id", "line_no")


def test_long_composite_key_is_proved_exactly(tmp_path):
    import duckdb

    lines = "SELECT r // 4 AS order_id, r % 4 + 1 AS line_no, (r * 7919) % 5000 AS product FROM range(600000) AS x(r)"
    duckdb.execute(f"COPY ({lines}) TO '{tmp_path / 'lines.parquet'}'")
    data = open_data((str(tmp_path),))
    assert profile_data(data, only=KEYS).table("lines").primary_key == ("order_id", "line_no")
    data.close()


def test_almost_key_shows_repeats(tmp_path):
    rows = [[i if i != 150 else 149, i % 7, "x"] for i in range(200)]
    found = table(tmp_path, "usage", ["usage_id", "kind", "note"], rows)
    assert found.primary_key is None or found.primary_key != ("usage_id",)
    almost = {k.columns: k for k in found.almost_keys}
    assert almost["usage_id",].repeats == 1
    assert not almost["usage_id",].holds


def test_whole_rows_that_repeat_are_counted(tmp_path):
    found = table(tmp_path, "log", ["a", "b"], [[1, "x"], [1, "x"], [2, "y"], [2, "z"]])
    assert found.primary_key is None
    assert found.duplicates == 1


def test_the_users_key_wins(tmp_path):
    rows = [[i, i * 10] for i in range(20)]
    found = table(tmp_path, "t", ["id", "ref"], rows, keys={"t": ("ref",)})
    assert found.primary_key == ("ref",)
    assert found.key_reasons == ("named by you",)


@pytest.mark.parametrize(
    ("name", "said"),
    [("CustomerId", ("customer", "id")), ("l_orderkey", ("l", "order", "key")), ("valid", ("valid",)), ("Straße Nr", ("straße", "nr"))],
)
def test_words(name, said):
    assert words(name) == said


def test_names():
    assert stem("categories") == "category"
    assert looks_key("kundennummer") is False or looks_key("kunden_nr")
    assert shared_prefix(["l_a", "l_b", "l_c"]) == "l"
