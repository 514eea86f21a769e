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
    [
        ("CustomerId", ("customer", "id")),
        ("l_orderkey", ("l", "order", "key")),
        ("valid", ("valid",)),
        ("Straße Nr", ("straße", "nr")),
    ],
)
def test_words(name, said):
    assert words(name) == said


def test_names():
    assert stem("categories") == "category"
    assert looks_key("kundennummer") is False or looks_key("kunden_nr")
    assert shared_prefix(["l_a", "l_b", "l_c"]) == "l"


def test_a_key_spoilt_by_repeats_is_not_padded(tmp_path):
    """A payment sent twice seconds apart: time and order part the two rows by accident, they are no key."""
    rows = [[f"pay_{i:05d}", i % 640, f"2024-01-{i % 28 + 1:02d} 10:00:{i % 60:02d}", i % 97 + 0.5] for i in range(1500)]
    rows += [[*rows[i][:2], rows[i][2][:-2] + f"{(i + 7) % 60:02d}", rows[i][3]] for i in (3, 400, 900)]
    found = table(tmp_path, "payments", ["payment_id", "order_id", "paid_at", "amount"], rows)
    assert found.primary_key is None
    assert (found.almost_keys[0].columns, found.almost_keys[0].repeats) == (("payment_id",), 3)
    assert found.grain.startswith("Nearly one row per payment_id")


def test_a_line_number_still_completes_a_nearly_unique_key(tmp_path):
    rows = [[i, 1, i % 7] for i in range(300)] + [[5, 2, 3]]
    assert table(tmp_path, "order_lines", ["order_id", "line_no", "qty"], rows).primary_key == ("order_id", "line_no")


def test_a_unique_half_of_a_long_tables_name_is_the_key(tmp_path):
    rows = [[i, i // 3, i % 13] for i in range(1, 900)]
    assert table(tmp_path, "claim_payments", ["payment_id", "claim_id", "amount"], rows).primary_key == ("payment_id",)
